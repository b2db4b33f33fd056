"""Of whom several tables together tell something, when their sums are added and subtracted.

Members that are in the same block of every table cannot be told apart, and count as one column; a
block is a row of sums. Whatever can be reckoned from the tables is a combination of rows. One that
touches only columns of few members tells of those: then these columns of the projection onto what
the rows leave open are linearly dependent, which their determinant shows.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

M = TypeVar("M", bound=Hashable)
Table = Mapping[M, str]
"""The block of each member; who is in none is not in the table."""

_BLOCKS = 500  # rows that are solved; further tables are only held against one another in pairs
_TRIED = 200_000  # sets of columns; where there are more, none of so many columns is tried
_ZERO = 1e-9  # determinants of projections, which lie between 0 and 1


def small_set(tables: Sequence[Table[M]], fewest: int) -> frozenset[M] | None:
    """Return fewer than `fewest` members of whom the tables together tell; None where there are none.

    Sets of up to four columns are tried, of one and two always.
    """
    solved = _solved(tables)
    columns: dict[tuple[str | None, ...], list[M]] = {}
    for member in {member: None for one in solved for member in one}:
        columns.setdefault(tuple(one.get(member) for one in solved), []).append(member)
    sizes = np.array([len(members) for members in columns.values()], np.int64)
    small = np.flatnonzero(sizes < fewest)
    if not len(small):
        return None
    opened = _left_open(list(columns), small)
    members = list(columns.values())
    for count in range(1, min(fewest, 5)):
        if count > 2 and comb(len(small), count) > _TRIED:  # noqa: PLR2004 - pairs are always tried
            return None
        tried = np.array(list(combinations(range(len(small)), count)), np.int64).reshape(-1, count)
        tried = tried[sizes[small[tried]].sum(axis=1) < fewest]
        dependent = np.linalg.det(opened[tried[:, :, None], tried[:, None, :]]) < _ZERO
        for places in tried[dependent][:1].tolist():
            return frozenset(one for place in places for one in members[int(small[place])])
    return None


def _solved(tables: Sequence[Table[M]]) -> list[Table[M]]:
    """Return the first tables, but for those that would have too many rows with those before."""
    found: list[Table[M]] = []
    left = _BLOCKS
    for one in tables:
        if (count := len(set(one.values()))) <= left:
            found.append(one)
            left -= count
    return found


def _left_open(
    columns: Sequence[tuple[str | None, ...]], small: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the projection onto what all rows leave open, of the small columns."""
    rows: dict[tuple[int, str], int] = {}
    for column in columns:
        for table, block in enumerate(column):
            if block is not None:
                rows.setdefault((table, block), len(rows))
    matrix = np.zeros((len(columns), len(rows)))
    for place, column in enumerate(columns):
        for table, block in enumerate(column):
            if block is not None:
                matrix[place, rows[table, block]] = 1.0
    left, sizes, _ = np.linalg.svd(matrix, full_matrices=False)
    spanned = left[small][:, sizes > _ZERO * sizes.max(initial=0.0)]
    opened: NDArray[np.float64] = np.eye(len(small)) - spanned @ spanned.T
    return opened
