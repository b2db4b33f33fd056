"""Correlation: of values (Pearson), of ranks (Spearman), of pairs in the same order (Kendall's tau-b).

Each is None where it means nothing: of fewer than two organisations that have both values, and where
all of those have the same of one.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FEWEST = 2
_ROUNDED = 1e-6  # of the squares of a column: of less than that, too few digits are left
_SMALL = 1e-12  # against the largest value: deviations that are rounding, and no difference


def pearson(one: Floats, other: Floats) -> float | None:
    """Return the correlation of two columns over the rows that have both."""
    both = ~(np.isnan(one) | np.isnan(other))
    if both.sum() < _FEWEST:
        return None
    deviations = [_deviations(each[both]) for each in (one, other)]
    if not all(each.any() for each in deviations):
        return None
    here, there = (each / np.sqrt(each @ each) for each in deviations)
    return float(np.clip(here @ there, -1.0, 1.0))


def spearman(one: Floats, other: Floats) -> float | None:
    """Return the correlation of the ranks of two columns; those that tie share the mean rank."""
    both = ~(np.isnan(one) | np.isnan(other))
    return pearson(mean_ranks(one[both]), mean_ranks(other[both]))


def kendall(one: Floats, other: Floats) -> float | None:
    """Return tau-b: by how many more pairs stand in the same order than in opposite ones."""
    both = ~(np.isnan(one) | np.isnan(other))
    here, there = (np.unique(each[both], return_inverse=True)[1] for each in (one, other))
    order = np.lexsort((there, here))
    pairs, opposite = _pairs(len(here)), _inversions(there[order])
    tied, tied_there = (_pairs_of(np.unique(each, return_counts=True)[1]) for each in (here, there))
    together = np.unique(np.stack([here, there]), axis=1, return_counts=True)[1]
    differing = (pairs - tied) * (pairs - tied_there)
    if differing == 0:
        return None
    agreeing = pairs - tied - tied_there + _pairs_of(together) - opposite
    return float((agreeing - opposite) / sqrt(differing))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _pairs_of(counts: NDArray[np.int64]) -> int:
    return int((counts * (counts - 1)).sum()) // 2


def _inversions(ranks: NDArray[np.int64]) -> int:
    """Return how many pairs stand in descending order.

    Sorted runs are merged, two and two; each time, those of the left that exceed one of the right
    are counted, of all runs in one search, which offsets keep apart.
    """
    count = len(ranks)
    runs = np.full(1 << max(count - 1, 0).bit_length(), count, np.int64)  # filled up from the top
    runs[:count] = ranks
    found, width = 0, 1
    while width < len(runs):
        halves = runs.reshape(-1, 2, width)
        apart = np.arange(len(halves))[:, None] * (count + 1)
        left, right = ((halves[:, side] + apart).ravel() for side in (0, 1))
        up_to = np.searchsorted(left, right, "right")  # of all runs before, and of its own
        found += int((np.repeat(np.arange(1, len(halves) + 1), width) * width - up_to).sum())
        runs = np.sort(runs.reshape(-1, 2 * width), axis=1).ravel()
        width *= 2
    return found


def mean_ranks(values: Floats) -> Floats:
    """Return ranks from 1, the lowest first; those that tie share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: Floats = (last - (counts - 1) / 2)[place]
    return found


def matrix(columns: Floats) -> Floats:
    """Return the correlations of all columns, over the rows that have both of a pair.

    Args:
        columns: Shape (organisations, columns).

    Returns:
        Shape (columns, columns), `nan` where a correlation means nothing.
    """
    if np.isnan(columns).any():
        return _pair_by_pair(columns)
    deviations = np.stack([_deviations(one) for one in columns.T], axis=1)
    lengths = np.sqrt((deviations**2).sum(axis=0))
    lengths[lengths == 0] = np.nan
    together = (
        deviations.T @ deviations
    )  # before it is divided: of no rows that is 0, and no 0 by 0
    found: Floats = np.clip(together / lengths / lengths[:, None], -1.0, 1.0)
    return found


def _pair_by_pair(columns: Floats) -> Floats:
    """Return the same where values are missing: by sums over the rows that have both, of all pairs."""
    there = ~np.isnan(columns)
    parts = np.zeros_like(columns)
    for column, rows in enumerate(there.T):
        parts[rows, column] = _deviations(columns[rows, column])
    has = there.astype(float)
    counts = np.maximum(has.T @ has, 1)
    sums, squares = parts.T @ has, (parts**2).T @ has  # of the one, over the rows that have both
    spread = squares - sums**2 / counts
    together = parts.T @ parts - sums * sums.T / counts
    # where hardly anything of a column's spread lies in these rows, what is left would be rounding
    whole = (parts**2).sum(axis=0)[:, None]
    sound = spread > _ROUNDED * whole
    sound &= sound.T
    unsure = ~sound & (whole > 0) & (whole.T > 0) & (counts >= _FEWEST)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(sound, together / np.sqrt(spread * spread.T), np.nan).clip(-1.0, 1.0)
    for row, column in np.argwhere(np.triu(unsure)).tolist():
        value = pearson(columns[:, row], columns[:, column])
        found[row, column] = found[column, row] = np.nan if value is None else value
    return found


def _deviations(values: Floats) -> Floats:
    """Return values less their mean, in parts of the furthest; all 0 where rounding alone differs."""
    found = values - values.mean() if len(values) else values
    furthest = np.abs(found).max(initial=0.0)
    if furthest <= _SMALL * np.abs(values).max(initial=0.0):
        return np.zeros_like(values)
    parts: Floats = found / furthest  # squares of what is very small would be nothing
    return parts
