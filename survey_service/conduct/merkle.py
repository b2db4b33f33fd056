"""A Merkle tree over a log that only grows: hashes, and short proofs that anyone can check.

The hashing is that of RFC 9162, section 2.1 (the same as RFC 6962's): a leaf is hashed behind the
byte 0, a node's two children behind the byte 1, and a tree is split at the largest power of two
below its size. A subtree over `2**level` leaves that is full never changes again; it is named by its
level and by how many of its level stand to its left, and kept. All else follows from those:

    leaves a b c d e, five of them:    root = H(1, abcd, e)
    abcd = H(1, ab, cd), kept as (2, 0);  e kept as (0, 4)

That d, of index 3, is in this tree is proven by three hashes, that of c, that of ab and that of e:
`inclusion(3, 5)` names their leaves, [(2, 3), (0, 2), (4, 5)], from the leaf up.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

Range = tuple[int, int]
"""Leaves, by their indices from 0: the first one, and the one after the last."""

Place = tuple[int, int]
"""Where a full subtree stands: its level, and how many of its level stand to its left."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of a log in which nothing is."""


class Peaks:
    """The full subtrees at the right edge of a growing log: all that is needed to go on with it."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        self.size = size
        self._hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Add a leaf by its hash; return every subtree that became full, the leaf itself first."""
        place, found = (0, self.size), leaf
        filled = [(place, found)]
        self.size += 1
        while place[1] % 2:
            found = node_hash(self._hashes.pop(), found)
            place = (place[0] + 1, place[1] // 2)
            filled.append((place, found))
        self._hashes.append(found)
        return filled

    @property
    def root(self) -> bytes:
        """The root of the log as it is now."""
        return folded(self._hashes)


class Inclusion(Struct, frozen=True):
    """That a leaf is in a tree: its index from 0, the tree's size, and the hashes that lead to its root."""

    index: int
    size: int
    hashes: tuple[bytes, ...]


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of what an entry says."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def cover(leaves: Range) -> Iterator[Place]:
    """Yield the largest full subtrees that together hold a range of leaves, from the left.

    The range begins where a subtree of its size can: at 0, or as those of `inclusion` do.
    """
    begin, end = leaves
    while begin < end:
        level = (end - begin).bit_length() - 1
        yield level, begin >> level
        begin += 1 << level


def hash_of(leaves: Range, kept: Mapping[Place, bytes]) -> bytes:
    """Return the hash of a range of leaves, from the full subtrees that are kept."""
    return folded([kept[place] for place in cover(leaves)])


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the hash of full subtrees side by side, each smaller than the one before."""
    if not hashes:
        return EMPTY
    *others, found = hashes
    for left in reversed(others):
        found = node_hash(left, found)
    return found


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges of leaves whose hashes prove that a leaf is in a tree, from the leaf up."""
    begin, end, ranges = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return ranges[::-1]


def consistency(old: int, new: int) -> list[Range]:
    """Return the ranges of leaves whose hashes prove that a tree begins with an older one.

    Both have leaves, and the older one is not the larger.
    """
    begin, end, ranges, whole = 0, new, [], True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin, whole = middle, False
    return ranges[::-1] if whole else [(begin, end), *ranges[::-1]]


def root_from(leaf: bytes, proof: Inclusion) -> bytes | None:
    """Return the root to which a proof leads from a leaf's hash; None where it is no proof.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= proof.index < proof.size:
        return None
    at, last, found = proof.index, proof.size - 1, leaf
    for each in proof.hashes:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = node_hash(each, found)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(old: int, new: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of size `new` begins with that of size `old`.

    Args:
        old: The size of the older tree, at least 1.
        new: The size of the newer one.
        roots: The root of each.
        proof: The hashes of the ranges that `consistency` names.

    Source: RFC 9162, section 2.1.4.2.
    """
    if old == new:
        return roots[0] == roots[1] and not proof
    hashes = [roots[0], *proof] if old & (old - 1) == 0 else list(proof)
    if not 0 < old < new or not hashes:
        return False
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    first = second = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at % 2 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return (first, second) == roots and last == 0


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
