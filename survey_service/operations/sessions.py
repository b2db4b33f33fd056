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

from survey_service import clock
from survey_service.errors import SignInRequiredError, WrongPasswordError
from survey_service.maturity.access import Actor
from survey_service.store import people
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


async def sign_in(db: Database, login: str, password: str, lasts: dt.timedelta) -> str:
    """Open a session and return its token; only the token's digest is kept.

    Raises:
        WrongPasswordError: Name and password do not belong together. It takes as long as success.
    """
    known = await db.read(people.credential, login)
    kept = known.password if known else _nobody()
    matches = await asyncio.get_running_loop().run_in_executor(_hashing, _matches, kept, password)
    if known is None or not matches:
        raise WrongPasswordError
    token = secrets.token_urlsafe(32)
    await db.write(people.add_session, _digest(token), known.person_id, clock.now() + lasts)
    return token


def sign_out(tx: Writer, token: str) -> None:
    """Close the session."""
    people.remove_session(tx, _digest(token), clock.now())


def signed_in(
    tx: Tx,
    token: str | None,
    operation: Callable[Concatenate[Tx, Actor, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run an operation as the person whose session bears the token, in the same transaction.

    Raises:
        SignInRequiredError: There is no token, or its session has ended.
    """
    actor = people.actor(tx, _digest(token), clock.now()) if token else None
    if actor is None:
        raise SignInRequiredError
    return operation(tx, actor, *args, **kwargs)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@lru_cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe(32))


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except VerifyMismatchError:
        return False
