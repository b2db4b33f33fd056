"""Whatever is changed in a log is found and named, and what is not is not."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from survey_service.conduct.checkpoints import Checkpoint
from survey_service.conduct.merkle import EMPTY, Peaks, leaf_hash
from survey_service.conduct.trail import Break, Entry
from survey_service.conduct.verification import verified

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Leaf = tuple[int, bytes, Entry | None]


def _log(*actors: str) -> tuple[list[Leaf], list[bytes]]:
    """Return the leaves of a log and its root at every size."""
    tree, leaves, roots = Peaks(), list[Leaf](), [EMPTY]
    for number, actor in enumerate(actors, 1):
        entry = Entry(number, AT, actor, "-", "save", "x")
        hashes = b"".join(one for _, one in tree.append(leaf_hash(entry.leaf)))
        leaves.append((number, hashes, entry))
        roots.append(tree.root)
    return leaves, roots


LEAVES, ROOTS = _log(*"abcdefg")
KEPT = [Checkpoint("x", size, root) for size, root in enumerate(ROOTS)]


def _with(number: int, hashes: bytes | None = None, entry: Entry | None = None) -> list[Leaf]:
    _, known, said = LEAVES[number - 1]
    changed = (number, known if hashes is None else hashes, said if entry is None else entry)
    return [*LEAVES[: number - 1], changed, *LEAVES[number:]]


def test_a_log_that_nobody_touched_is_whole_at_every_checkpoint() -> None:
    assert list(verified(LEAVES, KEPT)) == []
    assert list(verified([], KEPT[:1])) == []


def test_a_changed_entry_is_named_and_no_other() -> None:
    changed = Entry(3, AT, "mallory", "-", "save", "x")

    assert list(verified(_with(3, entry=changed), KEPT)) == [Break("changed", 3)]


def test_an_entry_that_is_gone_is_named() -> None:
    gone = [*LEAVES[:2], (3, LEAVES[2][1], None), *LEAVES[3:]]

    assert list(verified(gone, KEPT)) == [Break("removed", 3)]


def test_a_number_that_is_gone_is_named_and_what_follows_it_is_still_looked_at() -> None:
    changed = structs.replace(LEAVES[5][2], actor="mallory")  # type: ignore[type-var] # there is one

    found = list(verified([*LEAVES[:2], *LEAVES[3:5], (6, LEAVES[5][1], changed), LEAVES[6]], KEPT))

    forked = [Break("forked", size) for size in range(3, 8)]
    assert found == [Break("removed", 3), Break("changed", 6), *forked]


def test_a_number_far_beyond_the_end_takes_no_time() -> None:
    far = (2**62, *LEAVES[6][1:])

    assert list(verified([*LEAVES[:6], far])) == [Break("removed", 7)]


@pytest.mark.parametrize("cut", [32, 64])
def test_a_tree_that_is_not_what_its_leaves_make_is_named(cut: int) -> None:
    hashes = LEAVES[3][1]

    assert len(hashes) == 96  # of the fourth leaf, of two and of four
    assert list(verified(_with(4, hashes=hashes[:cut]))) == [Break("tree", 4)]
    assert list(verified(_with(4, hashes=hashes[:cut] + bytes(96 - cut)))) == [Break("tree", 4)]


def test_a_log_that_lost_its_end_is_shorter_than_what_was_kept_of_it() -> None:
    assert list(verified(LEAVES[:5])) == []
    assert list(verified(LEAVES[:5], KEPT)) == [Break("shorter", 6), Break("shorter", 7)]


def test_a_log_that_was_written_anew_is_not_what_was_kept_of_it() -> None:
    rewritten, _ = _log(*"abcdXfg")

    assert list(verified(rewritten)) == []
    assert list(verified(rewritten, KEPT)) == [
        Break("forked", 5),
        Break("forked", 6),
        Break("forked", 7),
    ]


@given(st.integers(1, 7), st.sampled_from(["at", "actor", "address", "action", "about", "before"]))
def test_whatever_is_changed_is_found(number: int, field: str) -> None:
    said = LEAVES[number - 1][2]
    assert said is not None
    value = AT + dt.timedelta(seconds=1) if field == "at" else "otherwise"

    found = list(verified(_with(number, entry=structs.replace(said, **{field: value}))))

    assert found == [Break("changed", number)]
