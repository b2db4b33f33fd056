"""The audit trail: what happened, chained so that nothing can be changed, removed or put in between.

Every entry holds the digest of the one before it, and its own digest covers everything it says:

    digest = SHA-256 of the JSON list [number, at, actor, address, action, about, before, after, previous]

Numbers run without a gap from 1; the first entry continues sixty-four zeros. A chain that is intact
can still have lost its end: compare it with a head that was exported earlier and kept elsewhere.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from msgspec import Struct
from typing_extensions import override

ORIGIN = "0" * 64


class Event(Struct, frozen=True):
    """Something that happened: the action, what it was about, and how that was before and after.

    `about` is a path such as `assessments/3/responses/M1.1`; `before` and `after` are JSON.
    """

    action: str
    about: str
    before: str | None = None
    after: str | None = None


class Head(Struct, frozen=True):
    """The end of the chain: the newest entry's number and digest."""

    number: int = 0
    digest: str = ORIGIN

    @override
    def __str__(self) -> str:
        """Return it as it is written down: `NUMBER:DIGEST`."""
        return f"{self.number}:{self.digest}"

    @classmethod
    def parsed(cls, written: str) -> "Head":
        """Return what was written down.

        Raises:
            ValueError: It is no head.
        """
        number, colon, digest = written.partition(":")
        if not (colon and number.isdecimal()):
            raise ValueError(written)
        return cls(int(number), digest)


class Entry(Struct, frozen=True):
    """An event as it was recorded: when, by whom, from where, and what it continues."""

    number: int
    at: dt.datetime
    actor: str
    address: str
    action: str
    about: str
    before: str | None
    after: str | None
    previous: str
    digest: str

    @property
    def head(self) -> Head:
        """The chain's end, were this the newest entry."""
        return Head(self.number, self.digest)


class Break(Struct, frozen=True):
    """Where the chain is broken: an entry that was changed, or put in, or the first one missing."""

    number: int
    reason: Literal["changed", "inserted", "removed"]


def sealed(head: Head, event: Event, actor: str, address: str, at: dt.datetime) -> Entry:
    """Return the entry that continues the chain with an event."""
    loose = Entry(
        head.number + 1,
        at,
        actor,
        address,
        event.action,
        event.about,
        event.before,
        event.after,
        head.digest,
        "",
    )
    return msgspec.structs.replace(loose, digest=_digest(loose))


def breaks(entries: Iterable[Entry], kept: Head | None = None) -> Iterator[Break]:
    """Yield where a chain, in the order of its numbers, is broken.

    Args:
        entries: All of the trail.
        kept: A head exported earlier: the chain must still run through it.
    """
    head = Head()
    found = kept is None or kept.number == 0
    for entry in entries:
        if entry.number > head.number + 1:
            yield Break(head.number + 1, "removed")
        elif entry.previous != head.digest:
            yield Break(entry.number, "inserted")
        if entry.digest != _digest(entry):
            yield Break(entry.number, "changed")
        if kept is not None and entry.number == kept.number:
            found = True
            if entry.digest != kept.digest:
                yield Break(entry.number, "changed")
        head = entry.head
    if not found and kept is not None:
        yield Break(head.number + 1, "removed")


def _digest(entry: Entry) -> str:
    said = msgspec.json.encode(
        [
            entry.number,
            entry.at.astimezone(dt.UTC).isoformat(),
            entry.actor,
            entry.address,
            entry.action,
            entry.about,
            entry.before,
            entry.after,
            entry.previous,
        ]
    )
    return hashlib.sha256(said).hexdigest()
