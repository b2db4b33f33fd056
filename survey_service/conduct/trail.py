"""The audit trail: what happened, each entry a leaf of the log that `merkle` makes of them.

A leaf is the entry as JSON, its fields in their order and those left out that say nothing: no field
can be changed, emptied or filled in without giving another leaf. A field that entries get later does
not change the leaves that there are.

Entries from before the log held one another together in a chain, and are still checked that way:

    digest = SHA-256 of the JSON list [number, at, actor, address, action, about, before, after, previous]

where `number` is what is their `id` now. The chain begins with sixty-four zeros and has no gap.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from msgspec import Struct
from typing_extensions import override

from survey_service.conduct.merkle import leaf_hash

_BEGINNING = "0" * 64
_DIGEST = "sha256:"  # of a place, in front of it


class Event(Struct, frozen=True):
    """Something that happened: the action, what it was about, and how that was before and after.

    `about` is a path such as `assessments/3/responses/M1.1`; `before` and `after` are JSON.
    """

    action: str
    about: str
    before: str | None = None
    after: str | None = None


class Place(Struct, frozen=True):
    """From where something was done, where an entry holds only a digest of that.

    So those who may not know it can still be given the entry's proof, and who may can check it. The
    salt keeps them from finding it by trying all addresses.
    """

    address: str
    salt: str

    @property
    def digest(self) -> str:
        """What the entry holds."""
        return _DIGEST + hashlib.sha256(f"{self.salt} {self.address}".encode()).hexdigest()


class Entry(Struct, frozen=True, omit_defaults=True):
    """An event as it was recorded: when, by whom, from where, in the trail of which assessment.

    `previous` and `digest` are those of the chain; None since there is the log. `name` is what the
    actor was called when it happened; None in entries from before it was kept, and where it is nobody.
    `address` is the digest of a `Place` where those who stand above whom it is about did it.
    """

    id: int
    at: dt.datetime
    actor: str
    address: str
    action: str
    about: str
    before: str | None = None
    after: str | None = None
    assessment_id: int | None = None
    previous: str | None = None
    digest: str | None = None
    name: str | None = None

    @property
    def is_placeless(self) -> bool:
        """Whether it does not tell by itself from where something was done."""
        return self.address.startswith(_DIGEST)

    @property
    def leaf(self) -> bytes:
        """Everything that the entry says, as the log holds it."""
        return msgspec.json.encode(self)


class Head(Struct, frozen=True):
    """The end of the log, as a backup keeps it: its size and root; of the chain, number and digest."""

    size: int
    digest: str

    @override
    def __str__(self) -> str:
        """Return it as it is written down: `SIZE:DIGEST`."""
        return f"{self.size}:{self.digest}"

    @classmethod
    def parsed(cls, written: str) -> "Head":
        """Return what was written down.

        Raises:
            ValueError: It is no head.
        """
        size, colon, digest = written.partition(":")
        if not (colon and size.isdecimal()):
            raise ValueError(written)
        return cls(int(size), bytes.fromhex(digest).hex())


class Recorded(Struct, frozen=True):
    """An entry of the trail: what happened, when, by whom and from where.

    `number` is its place in the log, None for the second until it has one, and `leaf` its hash there;
    `before` and `after` are JSON. `name` is what whoever did it was called then. For a reader who may
    not know where that was, `address` is "", and so is a `leaf` from which it could be guessed.
    """

    id: int
    number: int | None
    at: dt.datetime
    actor: str
    address: str
    action: str
    about: str
    before: str | None
    after: str | None
    leaf: str
    name: str


class Numbered(Struct, frozen=True):
    """An entry with its place in the log, from 1; None for the moment until it has one."""

    number: int | None
    entry: Entry

    def told(self, called: str | None, place: Place | None, *, placed: bool) -> Recorded:
        """Return the entry as a reader gets it.

        Args:
            called: What whoever did it is called now, for entries that do not say it; None for nobody.
            place: Of what the entry holds the digest; None where it says itself from where it was.
            placed: Whether the reader may know from where they did it.
        """
        said = self.entry
        address = place.address if place and place.digest == said.address else said.address
        return Recorded(
            said.id,
            self.number,
            said.at,
            said.actor,
            address if placed else "",
            said.action,
            said.about,
            said.before,
            said.after,
            leaf_hash(said.leaf).hex() if placed or said.is_placeless else "",
            said.name or called or said.actor,
        )


class Break(Struct, frozen=True):
    """Where the log is not what it must be.

    The entry with this `number` was changed, or removed; the tree is not what its leaves make, from
    this one on; the chain of before does not hold at this one; the entry with this id was put in and
    never got a number; the log is shorter than a kept checkpoint of this size, or another one.
    """

    reason: Literal["changed", "removed", "tree", "chain", "unnumbered", "shorter", "forked"]
    number: int


def breaks(entries: Iterable[Entry]) -> Iterator[Break]:
    """Yield where the chain of before is broken.

    Args:
        entries: Those that have a digest, in the order of their ids.
    """
    number, digest = 0, _BEGINNING
    for entry in entries:
        if entry.id != number + 1 or entry.previous != digest or entry.digest != _digest(entry):
            yield Break("chain", entry.id)
        number, digest = entry.id, entry.digest or ""


def _digest(entry: Entry) -> str:
    said = msgspec.json.encode(
        [
            entry.id,
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
