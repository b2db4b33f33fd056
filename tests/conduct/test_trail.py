"""Entries: a leaf says all that an entry says, and the chain of before is still held together."""

import datetime as dt
import hashlib

import msgspec
import pytest
from msgspec import structs

from survey_service.conduct.throttling import ACCOUNT, ADDRESS, PAIR, Failures, must_wait
from survey_service.conduct.trail import Break, Entry, Numbered, Place, breaks

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ENTRY = Entry(7, AT, "alice", "10.0.0.1", "save", "responses/A", '{"level":2}', '{"level":3}', 4)
OTHERWISE = {
    "id": 8, "at": AT + dt.timedelta(microseconds=1), "actor": "bob", "address": "10.0.0.2",
    "action": "read", "about": "responses/B", "before": None, "after": None, "assessment_id": None,
    "previous": "0" * 64, "digest": "", "name": "Bob",
}  # fmt: skip


def test_a_leaf_says_all_that_an_entry_says() -> None:
    leaf = msgspec.json.decode(ENTRY.leaf)

    assert leaf == {
        "id": 7,
        "at": "2026-01-01T00:00:00Z",
        "actor": "alice",
        "address": "10.0.0.1",
        "action": "save",
        "about": "responses/A",
        "before": '{"level":2}',
        "after": '{"level":3}',
        "assessment_id": 4,
    }


@pytest.mark.parametrize("field", Entry.__struct_fields__)
def test_nothing_of_an_entry_can_change_without_its_leaf(field: str) -> None:
    changed = structs.replace(ENTRY, **{field: OTHERWISE[field]})

    assert changed.leaf != ENTRY.leaf


def test_an_entry_is_told_with_its_number_and_its_leaf() -> None:
    told = Numbered(3, ENTRY).told("Alice", None, placed=True)

    assert (told.number, told.id, told.actor, told.name) == (3, 7, "alice", "Alice")
    assert told.leaf == hashlib.sha256(b"\x00" + ENTRY.leaf).hexdigest()


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [("Ali", "Alice", "Ali"), (None, "Alice", "Alice"), (None, None, "alice")],
)
def test_who_did_something_is_called_what_they_were_called_then(
    then: str | None, now: str | None, told: str
) -> None:
    entry = structs.replace(ENTRY, name=then)

    assert Numbered(3, entry).told(now, None, placed=True).name == told


def test_from_where_something_was_done_shows_neither_by_itself_nor_by_its_hash() -> None:
    told = Numbered(3, ENTRY).told("Alice", None, placed=False)

    assert (told.address, told.leaf) == ("", "")


def test_an_entry_that_holds_a_digest_of_the_place_has_a_proof_for_all_and_a_place_for_some() -> (
    None
):
    place = Place("10.0.0.1", "salt")
    entry = structs.replace(ENTRY, address=place.digest)

    near = Numbered(3, entry).told("Alice", place, placed=True)
    far = Numbered(3, entry).told("Alice", place, placed=False)
    altered = Numbered(3, entry).told("Alice", Place("10.0.0.2", "salt"), placed=True)

    assert (near.address, far.address, altered.address) == ("10.0.0.1", "", place.digest)
    assert near.leaf == far.leaf == hashlib.sha256(b"\x00" + entry.leaf).hexdigest()
    assert b"10.0.0.1" not in entry.leaf
    assert Place("10.0.0.1", "other salt").digest != place.digest


def _chain(length: int) -> list[Entry]:
    """Return entries as they were made before the log."""
    entries: list[Entry] = []
    previous = "0" * 64
    for number in range(1, length + 1):
        at = AT + dt.timedelta(number)
        said = [number, at.isoformat(), "a", "b", "save", "c", None, "{}", previous]
        digest = hashlib.sha256(msgspec.json.encode(said)).hexdigest()
        entries.append(Entry(number, at, "a", "b", "save", "c", None, "{}", None, previous, digest))
        previous = digest
    return entries


CHAIN = _chain(5)


def test_an_untouched_chain_is_whole() -> None:
    assert list(breaks(CHAIN)) == []
    assert list(breaks([])) == []


@pytest.mark.parametrize("field", ["at", "actor", "address", "action", "about", "before", "after"])
def test_a_changed_entry_of_the_chain_is_named(field: str) -> None:
    changed = structs.replace(CHAIN[2], **{field: OTHERWISE[field] or "x"})

    assert list(breaks([*CHAIN[:2], changed, *CHAIN[3:]])) == [Break("chain", 3)]


def test_a_gap_in_the_chain_is_named() -> None:
    assert list(breaks([*CHAIN[:2], *CHAIN[3:]])) == [Break("chain", 4)]
    assert list(breaks(CHAIN[1:])) == [Break("chain", 2)]


@pytest.mark.parametrize(
    ("failures", "waits"),
    [
        (Failures(PAIR - 1, ADDRESS - 1, ACCOUNT - 1, known=False), False),
        (Failures(PAIR, 0, 0, known=True), True),
        (Failures(0, ADDRESS, 0, known=False), True),
        (Failures(0, ADDRESS, 0, known=True), False),
        (Failures(0, 0, ACCOUNT, known=False), True),
        (Failures(0, 0, ACCOUNT, known=True), False),
    ],
)
def test_who_must_wait(failures: Failures, *, waits: bool) -> None:
    assert must_wait(failures) is waits
