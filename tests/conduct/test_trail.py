"""The chain: what is changed, removed or put in is found, and named."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from survey_service.conduct.throttling import ACCOUNT, ADDRESS, PAIR, Failures, must_wait
from survey_service.conduct.trail import Break, Entry, Event, Head, breaks, sealed

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    head = Head()
    for number in range(length):
        event = Event("save", f"responses/{number}", None, '{"level":3}')
        entries.append(sealed(head, event, "alice", "10.0.0.1", AT + dt.timedelta(number)))
        head = entries[-1].head
    return entries


CHAIN = _chain(5)


def test_an_untouched_chain_is_whole() -> None:
    assert list(breaks(CHAIN)) == []
    assert list(breaks([])) == []
    assert [entry.number for entry in CHAIN] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", AT),
        ("actor", "bob"),
        ("address", "10.0.0.2"),
        ("action", "read"),
        ("about", "responses/9"),
        ("before", "{}"),
        ("after", '{"level":4}'),
    ],
)
def test_a_changed_entry_is_named(field: str, value: object) -> None:
    changed = structs.replace(CHAIN[2], **{field: value})

    assert list(breaks([*CHAIN[:2], changed, *CHAIN[3:]])) == [Break(3, "changed")]


def test_a_removed_entry_is_named() -> None:
    assert list(breaks([*CHAIN[:2], *CHAIN[3:]])) == [Break(3, "removed")]
    assert list(breaks(CHAIN[1:])) == [Break(1, "removed")]


def test_an_entry_that_continues_nothing_was_put_in() -> None:
    foreign = sealed(Head(5, "f" * 64), Event("save", "x"), "mallory", "-", AT)

    assert list(breaks([*CHAIN, foreign])) == [Break(6, "inserted")]


def test_renumbering_to_make_room_is_found() -> None:
    room = [structs.replace(entry, number=entry.number + 1) for entry in CHAIN[2:]]
    put_in = sealed(CHAIN[1].head, Event("save", "x"), "mallory", "-", AT)

    found = list(breaks([*CHAIN[:2], put_in, *room]))

    assert Break(4, "inserted") in found
    assert Break(4, "changed") in found


def test_a_kept_head_shows_that_the_end_was_cut_off_or_written_anew() -> None:
    rewritten = sealed(CHAIN[3].head, Event("save", "y"), "mallory", "-", AT)

    assert list(breaks(CHAIN, CHAIN[-1].head)) == []
    assert list(breaks(CHAIN, CHAIN[1].head)) == []
    assert list(breaks(CHAIN, Head())) == []
    assert list(breaks(CHAIN[:4], CHAIN[-1].head)) == [Break(5, "removed")]
    assert list(breaks([*CHAIN[:4], rewritten], CHAIN[-1].head)) == [Break(5, "changed")]


@given(st.sets(st.integers(0, 4), max_size=4))
def test_whatever_is_removed_but_the_end_is_found(gone: set[int]) -> None:
    left = [entry for at, entry in enumerate(CHAIN) if at not in gone]
    inner = {at for at in gone if any(entry.number > at + 1 for entry in left)}

    assert bool(list(breaks(left))) == bool(inner)


@pytest.mark.parametrize(
    ("failures", "waits"),
    [
        (Failures(PAIR - 1, ADDRESS - 1, ACCOUNT - 1, known=False), False),
        (Failures(PAIR, 0, 0, known=True), True),
        (Failures(0, ADDRESS, 0, known=True), True),
        (Failures(0, 0, ACCOUNT, known=False), True),
        (Failures(0, 0, ACCOUNT, known=True), False),
    ],
)
def test_who_must_wait(failures: Failures, *, waits: bool) -> None:
    assert must_wait(failures) is waits
