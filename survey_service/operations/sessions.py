"""Signing in and out, and acting as the person who is signed in."""

import datetime as dt
import hashlib
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Action, Actor, Scope, require
from survey_service.errors.accounts import (
    SecondFactorMissingError,
    SignInRequiredError,
    WrongPasswordError,
)
from survey_service.errors.sign_on import (
    SharedAddressError,
    SubjectTakenError,
    UnknownSubjectError,
)
from survey_service.operations import audit, second_factors
from survey_service.operations.passwords import matches
from survey_service.operations.sealing import Sealer
from survey_service.operations.second_factors import Shown
from survey_service.operations.throttling import Trial, trying
from survey_service.outside.single_sign_on import Subject
from survey_service.store import attempts, people, sessions
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.people import Credential

P = ParamSpec("P")
T = TypeVar("T")
Tx = TypeVar("Tx", bound=Reader)

TOUCHED_EVERY = dt.timedelta(minutes=5)  # not at each request: to record that is a write


class Caller(Struct, frozen=True):
    """Who makes a request, as far as it tells: its session's token, and where it comes from.

    A session in which nothing came for as long as `idle` has ended.
    """

    token: str | None
    address: str = ""
    idle: dt.timedelta = dt.timedelta(hours=1)


class SignIn(Struct, frozen=True):
    """What somebody signs in with: their name or address, and password; `code` is that of their second factor, where they have one."""

    login: str
    password: str
    code: str = ""


class Opening(Struct, frozen=True):
    """How a session is opened: for how long at the most, for a request from where, on which device."""

    lasts: dt.timedelta
    address: str = ""
    device: str = ""


async def sign_in(db: Database, given: SignIn, opening: Opening, sealer: Sealer) -> str:
    """Open a session and return its token; only the token's digest is kept.

    Raises:
        TooManyAttemptsError: Too many attempts failed of late; see `conduct.throttling`.
        WrongPasswordError: Name and password do not belong together. It takes as long as success.
        SecondFactorRequiredError: They do, and the code of the second factor is wanted.
        WrongCodeError: The code is wrong, or was used before.
    """
    trial = Trial(given.login, opening.address, opening.device)
    async with trying(db, trial, sealer, "session") as reserved:
        known = await db.read(people.credential, given.login)
        right = await matches(known.password if known else None, given.password)
        if known is None or not right:
            raise WrongPasswordError
        shown = await second_factors.accepted(db, known, given.code, sealer, clock.now())
        return await db.write(_open, known, opening, sealer, shown, reserved)


async def sign_in_by_provider(db: Database, subject: Subject, opening: Opening) -> str:
    """Open a session for whom a provider vouches, and return its token.

    The first time, the person is found by the address that the provider has verified, and bound to
    the provider's subject, by which they are known from then on. A second factor is the provider's
    affair.

    Raises:
        UnknownSubjectError: It is nobody who has an account here.
        SharedAddressError: Several people have this address, so that it tells nobody.
    """
    try:
        return await db.write(_open_by_provider, subject, opening)
    except (UnknownSubjectError, SharedAddressError):
        await db.write(attempts.count, "session.unknown", opening.address, clock.now())
        raise


def _open_by_provider(tx: Writer, subject: Subject, opening: Opening) -> str:
    known = people.by_subject(tx, subject.key) or _by_address(tx, subject, opening.address)
    return _opened(tx, known, opening, "write")


def _by_address(tx: Writer, subject: Subject, address: str) -> Credential:
    """Bind the one person who has the address that the provider verified, and return who it is."""
    found = [] if subject.email is None else people.by_email(tx, subject.email)
    if len(found) > 1:
        raise SharedAddressError(email=subject.email)
    if not found or people.is_bound(tx, found[0].person_id):
        raise UnknownSubjectError
    people.bind(tx, found[0].person_id, subject.key)
    audit.record_account(tx, found[0], address, "person.bind")
    return found[0]


def bind(tx: Writer, actor: Actor, subject: Subject) -> None:
    """Have a provider vouch for the actor from now on, whatever their address.

    Raises:
        SubjectTakenError: It vouches for somebody else here.
    """
    known = people.by_subject(tx, subject.key)
    if known is not None and known.person_id != actor.id:
        raise SubjectTakenError
    people.bind(tx, actor.id, subject.key)
    audit.record(tx, actor, "person.bind", f"people/{actor.id}")


def _open(
    tx: Writer,
    known: Credential,
    opening: Opening,
    sealer: Sealer,
    shown: Shown | None,
    reserved: Reserved,
) -> str:
    if shown is not None:
        second_factors.use(tx, known, shown, sealer, opening.address)
    attempts.release(tx, reserved)
    lacking = sessions.lacks_second_factor(tx, known.person_id)
    return _opened(tx, known, opening, "enrol" if lacking else "write")


def _opened(tx: Writer, known: Credential, opening: Opening, scope: Scope) -> str:
    token, now = token_urlsafe(32), clock.now()
    sessions.add(tx, digest(token), known.person_id, now, now + opening.lasts, scope=scope)
    attempts.succeed(tx, known.person_id, opening.address, now)
    audit.record_account(tx, known, opening.address, "session.open")
    return token


def open_with_new_password(tx: Writer, person_id: int, opening: Opening) -> str | None:
    """Open a session for who has set their password with a link just now, and return its token.

    None where a second factor is asked for: the link stands for a password, and for no more.
    """
    known = people.credential_of(tx, person_id)
    if known is None or known.totp is not None:
        return None
    lacking = sessions.lacks_second_factor(tx, person_id)
    return _opened(tx, known, opening, "enrol" if lacking else "write")


def sign_out(tx: Writer, caller: Caller) -> None:
    """Close the session."""
    token = digest(caller.token or "")
    actor = sessions.actor(tx, token, caller.address, clock.now(), caller.idle)
    sessions.remove(tx, token)
    if actor is not None:
        audit.record(tx, actor, "session.close", "sessions")


def sign_out_everywhere(tx: Writer, actor: Actor) -> None:
    """Close every session of the person, this one included, and end their programs' tokens."""
    sessions.remove_all(tx, actor.id)
    audit.record(tx, actor, "session.close_all", "sessions")


def list_all(tx: Reader, actor: Actor) -> list[sessions.Session]:
    """Return the actor's sessions."""
    return sessions.sessions(tx, actor.id, clock.now())


def myself(_: Reader, actor: Actor) -> Actor:
    """Return the actor."""
    return actor


def permitted(_: Reader, actor: Actor, action: Action) -> None:
    """Raise `ForbiddenError` unless the actor may take an action on their own behalf."""
    require(actor, action)


def touch(tx: Writer, caller: Caller) -> None:
    """Record that the session is in use; see `TOUCHED_EVERY`."""
    sessions.touch(tx, digest(caller.token or ""), clock.now())


def signed_in(
    tx: Tx,
    caller: Caller,
    operation: Callable[Concatenate[Tx, Actor, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run an operation as the person whose session bears the token, in the same transaction.

    Raises:
        SignInRequiredError: There is no token, or its session has ended.
        SecondFactorMissingError: The person must set up a second factor first.
    """
    actor = known(tx, caller)
    if actor.scope == "enrol":
        raise SecondFactorMissingError
    return operation(tx, actor, *args, **kwargs)


def known(tx: Reader, caller: Caller) -> Actor:
    """Return the person whose session bears the token, whatever the session is good for.

    Raises:
        SignInRequiredError: There is no token, or its session has ended.
    """
    if caller.token is None:
        raise SignInRequiredError
    token = digest(caller.token)
    actor = sessions.actor(tx, token, caller.address, clock.now(), caller.idle)
    if actor is None:
        raise SignInRequiredError
    return actor


def digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
