"""Whether a log is whole: every leaf is what its entry says, and the tree is what its leaves make.

One pass over the leaves in their order, with nothing in memory but the tree's right edge; what is
kept of the tree is compared with what follows from the entries alone.
"""

from collections.abc import Iterable, Iterator, Sequence
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
    one break; a kept checkpoint shows where both were changed. After a number that is gone nobody can
    tell what the tree was, and only the leaves are looked at.

    Args:
        leaves: Each number with the hashes that are kept at it and its entry, None for one that is
            gone; in the order of the numbers.
        kept: Checkpoints that were signed by the log's key.
    """
    tree, last, roots = Peaks(), 0, {0: EMPTY}
    sizes = {one.size for one in kept}
    for number, hashes, entry in leaves:
        if number != last + 1:
            yield Break("removed", last + 1)
        wrong = _wrong(tree if number == tree.size + 1 else None, hashes, entry)
        if wrong is not None:
            yield Break(wrong, number)
        last = number
        if number in sizes and number == tree.size:
            roots[number] = tree.root
    for one in kept:
        if one.size > last:
            yield Break("shorter", one.size)
        elif roots.get(one.size) != one.root:
            yield Break("forked", one.size)


def _wrong(
    tree: Peaks | None, hashes: bytes, entry: Entry | None
) -> Literal["removed", "changed", "tree"] | None:
    """Add a leaf to the tree, while there is one; return what is wrong with it."""
    found = hashes[:_HASH]
    filled = None if tree is None else b"".join([one for _, one in tree.append(found)])
    if entry is None:
        return "removed"
    if leaf_hash(entry.leaf) != found:
        return "changed"
    return None if filled is None or filled == hashes else "tree"
