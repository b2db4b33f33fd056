"""Who moved between two cycles: by how much, and from which rank to which.

Values are whole numbers of a unit, `NOTHING` where there is none; see `maturity.cards`.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.distributions import Whole
from survey_service.maturity.cards import NOTHING, Units

Ids = NDArray[np.int64]


class Moves(Struct, frozen=True):
    """Those who have a value in both cycles, from who rose most to who fell most.

    All columns have a row for each of them: `change` is `after - before`, in units; ranks are among
    themselves, who have the same sharing the better one. `joined` and `left` have a value in one of
    the cycles alone.
    """

    ids: Ids
    before: Whole
    after: Whole
    change: Whole
    rank_before: Whole
    rank_after: Whole
    joined: Ids
    left: Ids


def moves(ids_before: Ids, before: Units | Whole, ids_after: Ids, after: Units | Whole) -> Moves:
    """Return who moved, each organisation once in a cycle.

    Args:
        ids_before: Of the organisations of the earlier cycle, shape (n,).
        before: Their values, shape (n,).
        ids_after: Of those of the later one, shape (m,).
        after: Their values, shape (m,).
    """
    then, now = before != NOTHING, after != NOTHING
    ids_then, ids_now = ids_before[then], ids_after[now]
    both, from_, to = np.intersect1d(ids_then, ids_now, assume_unique=True, return_indices=True)
    earlier = before[then][from_].astype(np.int64)
    later = after[now][to].astype(np.int64)
    order = np.lexsort((both, earlier - later))
    return Moves(
        both[order],
        earlier[order],
        later[order],
        (later - earlier)[order],
        competition_ranks(earlier)[order],
        competition_ranks(later)[order],
        np.setdiff1d(ids_now, ids_then, assume_unique=True),
        np.setdiff1d(ids_then, ids_now, assume_unique=True),
    )


def competition_ranks(values: Whole) -> Whole:
    """Return the rank of each value, the highest first, as in competitions: 1, 2, 2, 4."""
    ascending = np.sort(values)
    return 1 + len(values) - np.searchsorted(ascending, values, "right").astype(np.int64)
