"""Letting somebody try a secret: counted before it is looked at, and no more once too many failed."""

import asyncio
import secrets as random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from msgspec import Struct

from survey_service import clock
from survey_service.characters import normal
from survey_service.conduct.throttling import KNOWN_FOR, WINDOW, must_wait
from survey_service.errors.accounts import TooManyAttemptsError, WrongCodeError, WrongPasswordError
from survey_service.operations import secrets
from survey_service.operations.sealing import Sealer
from survey_service.store import attempts, people
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Writer

# More at once would not be faster, as two threads compare; but what is under way counts as failed, and
# many who come in from one address would keep one another out.
_AT_ONCE = 4
_lines: WeakKeyDictionary[Database, asyncio.Semaphore] = WeakKeyDictionary()


class Trial(Struct, frozen=True):
    """Whose secret somebody tries, under the name that they typed, and from where.

    `device` is what the request shows of having signed in on this device before; see `device_of`.
    """

    login: str
    address: str = ""
    device: str = ""


def device_of(person_id: int, sealer: Sealer) -> str:
    """Return what a device is to show from now on, where somebody has signed in."""
    return sealer.seal(f"device:{person_id}:{random.token_urlsafe(12)}")


@asynccontextmanager
async def trying(db: Database, trial: Trial, sealer: Sealer, about: str) -> AsyncIterator[Reserved]:
    """Let a secret be tried; whoever finds it right releases what is reserved as they go on.

    Of as many as come at once, no more are looked at than one after the other would have been.

    Args:
        db: Where attempts are counted.
        trial: Whose secret, and from where.
        sealer: Opens the key under which what is typed is digested.
        about: What is tried: `session`, `password`, `second_factor`.

    Raises:
        TooManyAttemptsError: Too many failed of late; see `conduct.throttling`.
    """
    async with _lines.setdefault(db, asyncio.Semaphore(_AT_ONCE)):
        reserved = await db.write(_reserve, trial, sealer)
        if must_wait(await db.read(attempts.failures, reserved, clock.now())):
            await db.write(_turn_away, reserved, trial)
            raise TooManyAttemptsError(minutes=int(WINDOW.total_seconds()) // 60)
        try:
            yield reserved
        except (WrongCodeError, WrongPasswordError):
            await db.write(attempts.refuse, f"{about}.refuse", trial.address, clock.now())
            raise
        except Exception:
            await db.write(attempts.release, reserved)  # what went wrong was not the secret
            raise


def _reserve(tx: Writer, trial: Trial, sealer: Sealer) -> Reserved:
    known, now = people.credential(tx, trial.login), clock.now()
    # By the account, where there is one: else name, address and each spelling had tries of their own.
    name = normal(trial.login) if known is None else known.login
    typed = secrets.digested(secrets.attempts_key(tx, sealer), name)
    device = None if known is None else _device(trial, known.person_id, sealer)
    if device is not None:
        return attempts.reserve(tx, typed, (f"device {device}",), now, known=True)
    here = trial.address
    if known is not None and attempts.is_familiar(tx, known.person_id, here, now):
        # A name of its own: what people mistype at their own address keeps no neighbour out.
        return attempts.reserve(tx, typed, (f"known {here}", here), now, known=True)
    return attempts.reserve(tx, typed, (here,), now, known=False)


def _device(trial: Trial, person_id: int, sealer: Sealer) -> str | None:
    """Return which of a person's devices it is; None where it shows none of theirs."""
    shown = (sealer.open(trial.device, KNOWN_FOR) or "").split(":")
    return shown[2] if shown[:2] == ["device", str(person_id)] else None


def _turn_away(tx: Writer, reserved: Reserved, trial: Trial) -> None:
    attempts.release(tx, reserved)
    attempts.count(tx, "session.throttle", trial.address, clock.now())
