"""Doing a thing once, however often the request for it arrives."""

import hashlib
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.errors.requests import IdempotencyKeyReusedError
from survey_service.operations.sealing import Sealer
from survey_service.store import idempotency
from survey_service.store.database import Reader, Writer
from survey_service.store.idempotency import Repeat

P = ParamSpec("P")
T = TypeVar("T")


def once(
    tx: Writer,
    actor: Actor,
    key: str | None,
    outcome: type[T],
    sealer: Sealer,
    operation: Callable[Concatenate[Writer, Actor, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Run an operation, or return what it gave when it came with this key before.

    Args:
        tx: The effect and the memory of it are committed together.
        actor: Whose key it is.
        key: The request's `Idempotency-Key`; without one the operation simply runs.
        outcome: The type that the operation returns, to decode it from memory.
        sealer: What seals the outcome in memory: it may hold a secret that is told once.
        operation: What to do; its arguments follow.

    Raises:
        IdempotencyKeyReusedError: The key came with another operation or other arguments, or the
            secret that sealed the outcome is gone.
    """
    if key is None:
        return operation(tx, actor, *args, **kwargs)
    fingerprint = _digest(operation.__name__, args, kwargs)
    earlier = idempotency.earlier(tx, actor.id, key)
    if earlier is not None:
        opened = sealer.open(earlier.outcome)
        if earlier.fingerprint != fingerprint or opened is None:
            raise IdempotencyKeyReusedError
        return msgspec.json.decode(opened, type=outcome)
    result = operation(tx, actor, *args, **kwargs)
    repeat = Repeat(fingerprint, sealer.seal(msgspec.json.encode(result).decode()))
    idempotency.remember(tx, actor.id, key, repeat, clock.now())
    return result


def is_known(tx: Reader, actor: Actor, key: str) -> bool:
    """Whether anything was done already that came with a key of the actor's."""
    return idempotency.earlier(tx, actor.id, key) is not None


def key_of_form(token: str | None, name: str, args: object, kwargs: object) -> str | None:
    """Return the key under which what a form asks for is done once; None where it bears no token.

    Args:
        token: What the form bore, made with the page that showed it.
        name: Of the operation.
        args: Its arguments: a form that was changed and sent again asks for something else.
        kwargs: Those by name.
    """
    return None if token is None else f"form {_digest(token, name, args, kwargs)}"


def _digest(*request: object) -> str:
    return hashlib.sha256(msgspec.json.encode(request, enc_hook=_kind)).hexdigest()


def _kind(tool: object) -> str:
    """Return what stands for an argument that is no value: a tool, the same each time."""
    return type(tool).__name__
