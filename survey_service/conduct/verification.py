"""Whether a log is whole: every leaf is what its entry says, and the tree is what its leaves make.

One pass over the leaves in their order, with nothing in memory but the tree's right edge; what is
kept of the tree is compared with what follows from the entries alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from survey_service.conduct.checkpoints import Checkpoint
from survey_service.conduct.merkle import EMPTY, Peaks, leaf_hash
from survey_service.conduct.trail import Break, Entry

_HASH = 32  # bytes


def verified(
    leaves: Iterable[tuple[int, bytes, Entry | None]], kept: Sequence[Checkpoint] = ()
) -> Iterator[Break]:
    """Yield where a log is broken.

    After a leaf that is not what it was, the tree follows what is kept of it, so that one change is
    one break; a kept checkpoint shows where both were changed.

    Args:
        leaves: Each number with the hashes that are kept at it and its entry, None for one that is
            gone; in the order of the numbers.
        kept: Checkpoints that were signed by the log's key.
    """
    tree, roots = Peaks(), {one.size: EMPTY for one in kept}
    for number, hashes, entry in leaves:
        while tree.size + 1 < number:  # nobody knows what was there: its place is filled
            yield Break("removed", tree.size + 1)
            tree.append(EMPTY)
        wrong = _wrong(tree, hashes, entry)
        if wrong is not None:
            yield Break(wrong, number)
        if number in roots:
            roots[number] = tree.root
    yield from _forks(tree.size, roots, kept)


def _wrong(
    tree: Peaks, hashes: bytes, entry: Entry | None
) -> Literal["removed", "changed", "tree"] | None:
    """Add a leaf to the tree; return what is wrong with it."""
    found = hashes[:_HASH]
    filled = tree.append(found)
    if entry is None:
        return "removed"
    if leaf_hash(entry.leaf) != found:
        return "changed"
    return None if b"".join([one for _, one in filled]) == hashes else "tree"


def _forks(size: int, roots: Mapping[int, bytes], kept: Sequence[Checkpoint]) -> Iterator[Break]:
    for one in kept:
        if one.size > size:
            yield Break("shorter", one.size)
        elif roots[one.size] != one.root:
            yield Break("forked", one.size)
