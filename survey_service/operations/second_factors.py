"""The second factor: codes of an authenticator application (TOTP, RFC 6238), each good for once.

Who has lost the application has ten recovery codes, each of which stands for a code of it once.
"""

import datetime as dt
import re
import secrets

import pyotp
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.errors.accounts import (
    SecondFactorRequiredError,
    WrongCodeError,
    WrongPasswordError,
)
from survey_service.operations import audit
from survey_service.operations.passwords import hashed_aside, matches
from survey_service.operations.sealing import Sealer
from survey_service.operations.throttling import Trial, trying
from survey_service.store import attempts, people, sessions
from survey_service.store import second_factors as stored
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.people import Credential

LASTS = dt.timedelta(minutes=15)  # to scan the code and confirm it
CODES = 10  # recovery codes
_SECONDS = 30  # of one step
_ISSUER = "Survey service"
_DIGITS = 16  # of a recovery code: 53 bits, and argon2id over them
_GROUP = 4


class Enrolment(Struct, frozen=True):
    """What an authenticator application is set up with, shown this once.

    `uri` is what its camera reads; `ticket` comes back with the first code.
    """

    secret: str
    uri: str
    ticket: str


class Confirmation(Struct, frozen=True):
    """The ticket of an offer with the application's first code, and who it is that confirms it.

    `present` is a code of the second factor that is there already, or a recovery code; "" where
    there is none.
    """

    ticket: str
    code: str
    password: str = ""
    present: str = ""


class Shown(Struct, frozen=True):
    """By what somebody showed their second factor: a code of a step, or else a recovery code."""

    step: int = 0
    recovery_code: str = ""  # its hash


def offer(actor: Actor, sealer: Sealer) -> Enrolment:
    """Return a new secret; nothing is changed until its first code is confirmed."""
    secret = pyotp.random_base32()
    return _enrolment(actor, secret, sealer.seal(f"{actor.id}:{secret}"))


def offered(actor: Actor, ticket: str, sealer: Sealer) -> Enrolment:
    """Return what was offered, as it was; another offer where the ticket is no good any more."""
    secret = _secret(actor, ticket, sealer)
    return _enrolment(actor, secret, ticket) if secret else offer(actor, sealer)


def _enrolment(actor: Actor, secret: str, ticket: str) -> Enrolment:
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.login, issuer_name=_ISSUER)
    return Enrolment(secret, uri, ticket)


def _secret(actor: Actor, ticket: str, sealer: Sealer) -> str:
    """Return the secret that was offered to the actor; "" where the ticket is too old or not theirs."""
    owner, _, secret = (sealer.open(ticket, LASTS) or "").partition(":")
    return secret if owner == str(actor.id) else ""


async def confirm(
    db: Database, actor: Actor, given: Confirmation, trial: Trial, sealer: Sealer
) -> list[str]:
    """Keep a second factor once its first code is right, and return ten recovery codes.

    Every session ends, this one included. A first code that is wrong is no guess at anybody's secret,
    and is not counted.

    Raises:
        WrongCodeError: A code is wrong, or the offer too old or somebody else's.
        SecondFactorRequiredError: There is one already, and a code of it is wanted.
        WrongPasswordError: It is not the person's password.
        TooManyAttemptsError: Too many attempts failed of late.
    """
    secret = _secret(actor, given.ticket, sealer)
    step = _step(secret, given.code, clock.now())
    if step is None:
        raise WrongCodeError
    async with trying(db, trial, sealer, "second_factor") as reserved:
        shown = await _shown(db, actor, given.password, given.present, sealer)
        codes = _new_codes()
        hashes = [await hashed_aside(_bare(code)) for code in codes]
        sealed = sealer.seal(secret)
        await db.write(_keep, actor, reserved, shown, (sealed, step), hashes, sealer)
    return codes


async def renew_recovery_codes(
    db: Database, actor: Actor, password: str, code: str, trial: Trial, sealer: Sealer
) -> list[str]:
    """Return ten new recovery codes; those from before are worth nothing.

    Raises:
        WrongCodeError: The code of the second factor is wrong, or there is no second factor.
        SecondFactorRequiredError: A code of it is wanted.
        WrongPasswordError: It is not the person's password.
        TooManyAttemptsError: Too many attempts failed of late.
    """
    async with trying(db, trial, sealer, "second_factor") as reserved:
        shown = await _shown(db, actor, password, code, sealer)
        if shown is None:
            raise WrongCodeError
        codes = _new_codes()
        hashes = [await hashed_aside(_bare(code)) for code in codes]
        await db.write(_renew, actor, reserved, shown, hashes, sealer)
    return codes


async def _shown(
    db: Database, actor: Actor, password: str, code: str, sealer: Sealer
) -> Shown | None:
    """Return what an actor shows of who they are beside their session; that it was wrong is recorded."""
    known = await db.read(people.credential_of, actor.id)
    try:
        return await _proven(db, known, password, code, sealer)
    except (WrongCodeError, WrongPasswordError):
        await db.write(audit.record, actor, "second_factor.refuse", f"people/{actor.id}")
        raise


async def _proven(
    db: Database, known: Credential | None, password: str, code: str, sealer: Sealer
) -> Shown | None:
    if known is None or (known.password and not await matches(known.password, password)):
        raise WrongPasswordError
    return await accepted(db, known, code, sealer, clock.now())


def _keep(
    tx: Writer,
    actor: Actor,
    reserved: Reserved,
    shown: Shown | None,
    kept: tuple[str, int],
    hashes: list[str],
    sealer: Sealer,
) -> None:
    known = people.credential_of(tx, actor.id)
    if known is None or (shown is None) != (known.totp is None):
        raise WrongCodeError  # somebody was quicker
    if shown is not None:
        use(tx, known, shown, sealer, actor.address)
    people.save_second_factor(tx, actor.id, *kept)
    stored.keep_recovery_codes(tx, actor.id, hashes)
    sessions.remove_all(tx, actor.id)
    attempts.release(tx, reserved)
    audit.record(tx, actor, "second_factor.set", f"people/{actor.id}")


def _renew(
    tx: Writer, actor: Actor, reserved: Reserved, shown: Shown, hashes: list[str], sealer: Sealer
) -> None:
    known = people.credential_of(tx, actor.id)
    if known is None:
        raise WrongCodeError
    use(tx, known, shown, sealer, actor.address)
    stored.keep_recovery_codes(tx, actor.id, hashes)
    attempts.release(tx, reserved)
    audit.record(tx, actor, "second_factor.recovery_codes", f"people/{actor.id}")


def recovery_codes_left(tx: Reader, actor: Actor) -> int:
    """Return how many of the actor's recovery codes can still be used."""
    return len(stored.recovery_codes(tx, actor.id))


async def accepted(
    db: Database, known: Credential, code: str, sealer: Sealer, at: dt.datetime
) -> Shown | None:
    """Return by what somebody shows their second factor; None for somebody without one.

    Raises:
        SecondFactorRequiredError: A code is wanted and none was given.
        WrongCodeError: It is wrong, was used before, or the secret cannot be opened.
    """
    if known.totp is None:
        return None
    if not code:
        raise SecondFactorRequiredError
    if len(_bare(code)) == _DIGITS:
        return await _recovering(db, known, _bare(code))
    step = _step(sealer.open(known.totp) or "", code, at)
    if step is None or step <= (known.step or 0):
        raise WrongCodeError
    return Shown(step)


async def _recovering(db: Database, known: Credential, code: str) -> Shown:
    kept = await db.read(stored.recovery_codes, known.person_id)
    for each in kept.values():
        if await matches(each, code):
            return Shown(recovery_code=each)
    raise WrongCodeError


def use(tx: Writer, known: Credential, shown: Shown, sealer: Sealer, address: str) -> None:
    """Let a code be used no more, and seal the secret with the newest of ours.

    Raises:
        WrongCodeError: Somebody was quicker.
    """
    found = people.credential_of(tx, known.person_id)
    if found is None or found.totp is None:
        raise WrongCodeError
    if shown.recovery_code:
        if not stored.spend_recovery_code(tx, found.person_id, shown.recovery_code):
            raise WrongCodeError
        audit.record_account(tx, found, address, "second_factor.recover")
        return
    if shown.step <= (found.step or 0):
        raise WrongCodeError
    people.save_second_factor(tx, found.person_id, sealer.renew(found.totp), shown.step)


def remove(tx: Writer, person_id: int) -> None:
    """Take a second factor away, with its recovery codes; every session ends."""
    people.save_second_factor(tx, person_id, None, None)
    stored.keep_recovery_codes(tx, person_id, [])
    sessions.remove_all(tx, person_id)


def _step(secret: str, code: str, at: dt.datetime) -> int | None:
    """Return the step, of the present one and those beside it, whose code it is; None for none."""
    if not secret:
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // _SECONDS
    steps = (now - 1, now, now + 1)  # clocks differ, and people take their time
    matching = [step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), code)]
    return max(matching, default=None)


def _new_codes() -> list[str]:
    """Return recovery codes, digits alone: a telephone then shows the keys for them."""
    return [_grouped(f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}") for _ in range(CODES)]


def _grouped(digits: str) -> str:
    return "-".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def _bare(code: str) -> str:
    """Return a code without what people put between its groups."""
    return re.sub(r"[\s-]", "", code)
