"""Tags of what several people read and edit: a change says what it was based on, or is refused."""

import hashlib
from collections.abc import Callable, Collection
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.errors.requests import StaleEditError
from survey_service.store.database import Reader

P = ParamSpec("P")
T = TypeVar("T")


def tag(value: object) -> str:
    """Return what changes whenever a value does: the start of the SHA-256 of its JSON."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]


def require_match(value: object, seen: str) -> None:
    """Raise `StaleEditError`, with the value as it is now, unless it is what was `seen`."""
    if tag(value) != seen:
        raise StaleEditError(current=value)


class Form(Struct, frozen=True):
    """How something is told: in which language, and by which edition of the program."""

    language: str
    edition: str


def unless_known(
    tx: Reader,
    actor: Actor,
    known: Collection[str],
    form: Form,
    state: Callable[[Reader, Actor, int], str],
    query: Callable[Concatenate[Reader, Actor, int, P], T],
    id_: int,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> tuple[str, T | None]:
    """Return what a query says of a thing, with its tag; None where its reader has just this.

    Args:
        tx: A snapshot, the same for both.
        actor: Who reads.
        known: The tags of what they have.
        form: How it is told to them.
        state: Returns the tag of the thing as it is for the actor.
        query: Returns what is read.
        id_: Of what.
        args: What else the query takes.
        kwargs: What else the query takes by name.
    """
    found = tag((form, state(tx, actor, id_)))
    return found, None if found in known else query(tx, actor, id_, *args, **kwargs)
