"""The second factor: codes of an authenticator application (TOTP, RFC 6238), each good for once."""

import datetime as dt

import pyotp
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.errors import (
    SecondFactorRequiredError,
    WrongCodeError,
    WrongPasswordError,
)
from survey_service.operations import audit
from survey_service.operations.passwords import matches
from survey_service.operations.sealing import Sealer
from survey_service.store import people, sessions
from survey_service.store.database import Database, Writer
from survey_service.store.people import Credential

LASTS = dt.timedelta(minutes=15)  # to scan the code and confirm it
_SECONDS = 30  # of one step
_ISSUER = "Survey service"


class Enrolment(Struct, frozen=True):
    """What an authenticator application is set up with, shown this once.

    `uri` is what its camera reads; `ticket` comes back with the first code.
    """

    secret: str
    uri: str
    ticket: str


def offer(actor: Actor, sealer: Sealer) -> Enrolment:
    """Return a new secret; nothing is changed until its first code is confirmed."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.login, issuer_name=_ISSUER)
    return Enrolment(secret, uri, sealer.seal(f"{actor.id}:{secret}"))


async def confirm(
    db: Database, actor: Actor, ticket: str, code: str, password: str, sealer: Sealer
) -> None:
    """Keep a second factor once its first code is right; every session ends, this one included.

    Raises:
        WrongCodeError: The code is wrong, or the offer too old or somebody else's.
        WrongPasswordError: It is not the person's password.
    """
    known = await db.read(people.credential_of, actor.id)
    if known is None or (known.password and not await matches(known.password, password)):
        raise WrongPasswordError
    opened = sealer.open(ticket, LASTS) or ""
    owner, _, secret = opened.partition(":")
    step = _step(secret, code, clock.now()) if owner == str(actor.id) else None
    if step is None:
        raise WrongCodeError
    await db.write(_keep, actor, sealer.seal(secret), step)


def _keep(tx: Writer, actor: Actor, sealed: str, step: int) -> None:
    people.save_second_factor(tx, actor.id, sealed, step)
    sessions.remove_all(tx, actor.id)
    audit.record(tx, actor, "second_factor.set", f"people/{actor.id}")


def accepted(known: Credential, code: str, sealer: Sealer, at: dt.datetime) -> int | None:
    """Return the step whose code it is; None for somebody without a second factor.

    Raises:
        SecondFactorRequiredError: A code is wanted and none was given.
        WrongCodeError: It is wrong, of a step that was used, or the secret cannot be opened.
    """
    if known.totp is None:
        return None
    if not code:
        raise SecondFactorRequiredError
    step = _step(sealer.open(known.totp) or "", code, at)
    if step is None or step <= (known.step or 0):
        raise WrongCodeError
    return step


def use(tx: Writer, person_id: int, step: int, sealer: Sealer) -> None:
    """Let the code of a step be used no more, and seal the secret with the newest of ours.

    Raises:
        WrongCodeError: Somebody was quicker.
    """
    known = people.credential_of(tx, person_id)
    if known is None or known.totp is None or step <= (known.step or 0):
        raise WrongCodeError
    people.save_second_factor(tx, person_id, sealer.renew(known.totp), step)


def reseal(tx: Writer, sealer: Sealer) -> int:
    """Seal every second factor with the newest of our secrets, and return how many there are."""
    found = people.second_factors(tx)
    for person_id, sealed in found.items():
        renewed = sealer.renew(sealed)
        if renewed is not None:
            people.save_sealed(tx, person_id, renewed)
    return len(found)


def _step(secret: str, code: str, at: dt.datetime) -> int | None:
    """Return the step, of the present one and those beside it, whose code it is; None for none."""
    if not secret:
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // _SECONDS
    steps = (now - 1, now, now + 1)  # clocks differ, and people take their time
    matching = [step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), code)]
    return max(matching, default=None)
