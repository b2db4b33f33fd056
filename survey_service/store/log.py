"""The log: entries get their number, and the hashes from which its root and every proof follow.

A leaf keeps, after its own hash, that of each subtree which is full with it. The subtree at a place
(see `conduct.merkle`) is with the leaf at its end, so that a proof takes a row for each level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from survey_service.conduct.merkle import EMPTY, Peaks, Place, cover, folded, hash_of, leaf_hash
from survey_service.conduct.trail import Entry, Head
from survey_service.store.tables.log import entry, leaf, pending

if TYPE_CHECKING:  # `database` sees to it that what it commits is numbered
    from collections.abc import Iterable, Iterator, Sequence

    from survey_service.conduct.merkle import Range
    from survey_service.store.database import Reader, Writer

BATCH = 1000  # entries numbered at a time
_HASH = 32  # bytes
_LOCK = 6962  # the advisory lock of whoever numbers entries, on PostgreSQL

ENTRY = tuple(entry.c[field] for field in Entry.__struct_fields__)
_SIZE = sa.select(sa.func.max(leaf.c.number))
_WAITING = (
    sa.select(*ENTRY)
    .join_from(pending, entry, entry.c.id == pending.c.entry_id)
    .outerjoin(leaf, leaf.c.entry_id == entry.c.id)
    .where(leaf.c.number.is_(None))  # else one put there again would hold up all others
    # not by the entry's own id: SQLite would walk all entries there ever were
    .order_by(pending.c.entry_id)
    .limit(BATCH)
)
_BEHIND = sa.select(sa.exists(sa.select(pending.c.entry_id)))
_top = sa.select(sa.func.max(leaf.c.number).label("n")).cte("edge", recursive=True)
_edge = _top.union_all(
    sa.select(_top.c.n.bitwise_and(_top.c.n - 1)).where(_top.c.n.bitwise_and(_top.c.n - 1) > 0)
)
_EDGE = (  # the leaves with which the full subtrees end that make up the log, from the left
    sa.select(leaf.c.number, leaf.c.hashes)
    .join_from(_edge, leaf, leaf.c.number == _edge.c.n)
    .order_by(leaf.c.number)
)
_ADD = sa.insert(leaf)
_TRY = sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK))
_TAKE = sa.select(sa.true()).where(sa.func.pg_advisory_xact_lock(_LOCK).is_not(None))
_NUMBERED = sa.delete(pending).where(
    pending.c.entry_id <= sa.bindparam("newest", type_=sa.BigInteger),
    sa.exists().where(leaf.c.entry_id == pending.c.entry_id),
)


def size(tx: Reader) -> int:
    """Return how many entries have a number."""
    return tx.execute(_SIZE).scalar() or 0


def is_behind(tx: Reader) -> bool:
    """Whether entries wait for their number, as they do on PostgreSQL for a moment."""
    return bool(tx.execute(_BEHIND).scalar())


def root(tx: Reader, at: int) -> bytes:
    """Return the root of the log when it had so many entries; it has them still."""
    ends = [_end(place) for place in cover((0, at))]
    rows = _hashes(tx, ends)
    return folded([rows[end][-_HASH:] for end in ends])


def head(tx: Reader) -> Head:
    """Return the end of the log."""
    at = size(tx)
    return Head(at, root(tx, at).hex())


def proof(tx: Reader, ranges: Sequence[Range]) -> tuple[bytes, ...]:
    """Return the hash of each of some ranges of leaves."""
    places = [place for leaves in ranges for place in cover(leaves)]
    rows = _hashes(tx, [_end(place) for place in places])
    kept = {place: rows[_end(place)][_HASH * place[0] : _HASH * (place[0] + 1)] for place in places}
    return tuple(hash_of(leaves, kept) for leaves in ranges)


def numbered(tx: Reader, number: int) -> Entry | None:
    """Return the entry with a number; None if there is none."""
    query = sa.select(*ENTRY).join_from(leaf, entry).where(leaf.c.number == number)
    row = tx.execute(query).first() if number < 1 << 63 else None
    return Entry(*row) if row else None


def leaves(tx: Reader) -> Iterator[tuple[int, bytes, Entry | None]]:
    """Yield every number with the hashes that are kept at it and its entry, None if that is gone."""
    query = sa.select(leaf.c.number, leaf.c.hashes, *ENTRY).outerjoin_from(leaf, entry)
    ordered = query.order_by(leaf.c.number).execution_options(yield_per=BATCH)
    for number, hashes, *said in tx.execute(ordered):
        yield number, hashes, None if said[0] is None else Entry(*said)


def unnumbered(tx: Reader) -> list[int]:
    """Return the ids of entries that neither have a number nor wait for one."""
    known = (sa.exists().where(table.c.entry_id == entry.c.id) for table in (leaf, pending))
    left = sa.select(entry.c.id).where(*(~one for one in known))
    return list(tx.execute(left.order_by(entry.c.id)).scalars())


def sequence(tx: Writer, *, wait: bool = False) -> int:
    """Give up to `BATCH` entries that wait their numbers, the oldest first; return how many.

    Whoever does so on PostgreSQL is alone at it: where somebody else is, there is nothing to do, or
    it is to `wait` for them.
    """
    if tx.dialect.name == "postgresql" and not tx.execute(_TAKE if wait else _TRY).scalar():
        return 0
    waiting = [Entry(*row) for row in tx.execute(_WAITING)]
    if waiting:
        tree = _edge_of(tx.execute(_EDGE).all())
        tx.execute(_ADD, [_leaf(tree, one) for one in waiting])
        tx.execute(_NUMBERED, {"newest": max(one.id for one in waiting)})
    return len(waiting)


def sequence_all(tx: Writer) -> None:
    """Give every entry that waits its number."""
    while sequence(tx) == BATCH:
        pass


def _edge_of(rows: Sequence[sa.Row[Any, Any]]) -> Peaks:
    """Return the right edge of the log: what goes on even where somebody took a part of it away."""
    kept = {row.number: row.hashes[-_HASH:] for row in rows}
    at = max(kept, default=0)
    return Peaks(at, [kept.get(_end(place), EMPTY) for place in cover((0, at))])


def _leaf(tree: Peaks, one: Entry) -> dict[str, object]:
    filled = tree.append(leaf_hash(one.leaf))
    hashes = b"".join(found for _, found in filled)
    return {"number": tree.size, "entry_id": one.id, "hashes": hashes}


def _hashes(tx: Reader, numbers: Iterable[int]) -> dict[int, bytes]:
    query = sa.select(leaf.c.number, leaf.c.hashes).where(leaf.c.number.in_(set(numbers)))
    return {row.number: row.hashes for row in tx.execute(query)}


def _end(place: Place) -> int:
    """Return the number of the leaf with which the subtree at a place is full."""
    level, index = place
    return (index + 1) << level
