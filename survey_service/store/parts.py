"""Many ids in parts, each for one query."""

from collections.abc import Iterator, Sequence

_AT_ONCE = 10_000  # SQLite takes no more than 32,766 values


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids, as many at a time as one query takes."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
