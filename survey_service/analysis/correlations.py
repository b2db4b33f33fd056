"""Correlation: of values (Pearson), of ranks (Spearman), of pairs in the same order (Kendall's tau-b).

Each is None where it means nothing: of fewer than two organisations that have both values, and where
all of those have the same of one.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FEWEST = 2
_SMALL = 1e-12  # against the largest value: deviations that are rounding, and no difference
_TOGETHER = 4_000_000  # pairs that are compared as one


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
    here, there = one[both], other[both]
    agreeing, differing = 0, [0, 0]
    step = max(_TOGETHER // max(len(here), 1), 1)
    for start in range(0, len(here), step):
        rows = slice(start, start + step)
        signs = [
            (each[rows, None] > each).astype(np.int8) - (each[rows, None] < each).astype(np.int8)
            for each in (here, there)
        ]
        agreeing += int((signs[0] * signs[1]).sum(dtype=np.int64))
        differing = [
            count + int(np.count_nonzero(each))
            for count, each in zip(differing, signs, strict=True)
        ]
    if not all(differing):
        return None
    return float(agreeing / np.sqrt(float(differing[0]) * differing[1]))


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
    unit = deviations / lengths
    return np.clip(unit.T @ unit, -1.0, 1.0)


def _pair_by_pair(columns: Floats) -> Floats:
    width = columns.shape[1]
    found = np.full((width, width), np.nan)
    for row in range(width):
        for column in range(row, width):
            value = pearson(columns[:, row], columns[:, column])
            if value is not None:
                found[row, column] = found[column, row] = value
    return found


def _deviations(values: Floats) -> Floats:
    """Return values less their mean; all of them 0 where they differ by rounding alone."""
    found = values - values.mean() if len(values) else values
    if np.abs(found).max(initial=0.0) <= _SMALL * np.abs(values).max(initial=0.0):
        return np.zeros_like(values)
    return found
