"""Signing in and out, and acting as the person who is signed in."""

import asyncio
import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from msgspec import Struct

from survey_service import clock
from survey_service.errors import SignInRequiredError, TooManyAttemptsError, WrongPasswordError
from survey_service.maturity.access import Actor
from survey_service.maturity.throttling import WINDOW, must_wait
from survey_service.operations import audit
from survey_service.store import attempts, people
from survey_service.store.database import Database, Reader, Writer

P = ParamSpec("P")
T = TypeVar("T")
Tx = TypeVar("Tx", bound=Reader)

# OWASP's floor for argon2id: 53 sign-ins a second on two cores, where the library's default has 8.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = ThreadPoolExecutor(2, "hashing")  # more at a time would slow everybody else down


def hashed(password: str) -> str:
    """Return the argon2id hash under which a password is kept."""
    return _HASHER.hash(password)


class Caller(Struct, frozen=True):
    """Who makes a request, as far as the request tells: its session's token, and its address."""

    token: str | None
    address: str = ""


async def sign_in(
    db: Database, login: str, password: str, lasts: dt.timedelta, address: str = ""
) -> str:
    """Open a session and return its token; only the token's digest is kept.

    Raises:
        TooManyAttemptsError: Too many attempts failed of late; see `maturity.throttling`.
        WrongPasswordError: Name and password do not belong together. It takes as long as success.
    """
    failures = await db.read(attempts.failures, login, address, clock.now())
    if must_wait(failures):
        await db.write(audit.record_stranger, login, address, "session.throttle")
        raise TooManyAttemptsError(minutes=int(WINDOW.total_seconds()) // 60)
    known = await db.read(people.credential, login)
    kept = known.password if known else _nobody()
    matches = await asyncio.get_running_loop().run_in_executor(_hashing, _matches, kept, password)
    if known is None or not matches:
        await db.write(_refuse, login, address)
        raise WrongPasswordError
    token = secrets.token_urlsafe(32)
    await db.write(_open, token, known.person_id, lasts, login, address)
    return token


def _refuse(tx: Writer, login: str, address: str) -> None:
    attempts.add(tx, login, address, clock.now(), succeeded=False)
    audit.record_stranger(tx, login, address, "session.refuse")


def _open(
    tx: Writer, token: str, person_id: int, lasts: dt.timedelta, login: str, address: str
) -> None:
    people.add_session(tx, digest(token), person_id, clock.now() + lasts)
    attempts.add(tx, login, address, clock.now(), succeeded=True)
    audit.record_stranger(tx, login, address, "session.open")


def sign_out(tx: Writer, caller: Caller) -> None:
    """Close the session."""
    token = digest(caller.token or "")
    actor = people.actor(tx, token, caller.address, clock.now())
    people.remove_session(tx, token, clock.now())
    if actor is not None:
        audit.record(tx, actor, "session.close", "sessions")


def sign_out_everywhere(tx: Writer, actor: Actor) -> None:
    """Close every session of the person, this one included."""
    people.remove_sessions(tx, actor.id)
    audit.record(tx, actor, "session.close_all", "sessions")


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
    """
    if caller.token is None:
        raise SignInRequiredError
    actor = people.actor(tx, digest(caller.token), caller.address, clock.now())
    if actor is None:
        raise SignInRequiredError
    return operation(tx, actor, *args, **kwargs)


def digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe(32))


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except VerifyMismatchError:
        return False
