"""Passwords: which will do, and how they are kept and compared."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from survey_service.errors.accounts import WeakPasswordError

SHORTEST = 10  # letters
LONGEST = 1000
_SAFE = 3  # of zxcvbn's 0 to 4: holds against guessing with what is known of passwords
_LOOKED_AT = 72  # letters that zxcvbn takes

# OWASP's floor for argon2id: 53 sign-ins a second on two cores, where the library's default has 8.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = ThreadPoolExecutor(2, "hashing")  # more at a time would slow everybody else down


def hashed(password: str) -> str:
    """Return the argon2id hash under which a password is kept."""
    return _HASHER.hash(password)


async def hashed_aside(password: str) -> str:
    """Return the hash of a password without holding up other requests."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, hashed, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; takes as long where none is."""
    known = kept if kept is not None else _nobody()
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_hashing, _matches, known, password)
    return found and kept is not None


def require_strong(password: str, *known: str) -> None:
    """Raise `WeakPasswordError` for a password that is short, common, or made of what is `known`."""
    words = [
        *" ".join(known).replace(".", " ").split(),
        "survey",
        "asesmen",
        "penilaian",
        "reformasi",
        "birokrasi",
        "indonesia",
    ]
    if len(password) < SHORTEST or _guessed(password, words):
        raise WeakPasswordError(shortest=SHORTEST)


async def require_strong_aside(password: str, *known: str) -> None:
    """Raise as `require_strong` does, without holding up others: some passwords take it a second."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_hashing, require_strong, password, *known)


def _guessed(password: str, words: list[str]) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its words of many languages, for who sets a password

    return bool(zxcvbn(password[:_LOOKED_AT], user_inputs=words)["score"] < _SAFE)


@lru_cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe(32))


def _matches(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except VerifyMismatchError:
        return False
