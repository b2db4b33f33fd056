"""Values brought to one scale, column by column; what happens to them on the way there, in this order.

    ends          what lies beyond `lowest` or `highest` counts as the end
    outliers      while skewness (either way) and kurtosis are both beyond their bounds, the furthest
                  values on the longer side are brought to the next one, up to `winsorise` times
    logarithm     log(x), or log(1 + x), natural; of given ends too
    min-max       low + (high - low) * (x - least) / (greatest - least), over all organisations
    z-score       (x - mean) / deviation, of a sample (over n - 1) unless said otherwise; then around
                  the mean and as wide as `z_scores` says, and between its ends
    rank          1 for the lowest, n for the highest; those that tie share the mean of theirs
    percentile    low + (high - low) * (rank - 1) / (n - 1)
    inverted      the other way round: what was least becomes greatest

Skewness and kurtosis are those of samples, G1 and G2 of Joanes and Gill 1998, as spreadsheets have them;
kurtosis is 0 for the normal distribution.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from survey_service.analysis.correlations import mean_ranks
from survey_service.analysis.structures import Column, Outliers, Structure

Floats = NDArray[np.float64]

_SMALL = 1e-9  # against the largest: what a deviation of equal floating-point numbers comes to
_FOUR = 4  # values, of which kurtosis can be told


def normalise(structure: Structure, values: Floats) -> tuple[Floats, list[str]]:
    """Return values on one scale, and the columns that tell nobody apart and so have none on it.

    Args:
        structure: Says how.
        values: Shape (organisations, columns).
    """
    found, alike = np.array(values, float), []
    for place, column in enumerate(structure.columns.values()):
        there = ~np.isnan(found[:, place])
        normal = _normal(structure, column, found[there, place])
        if normal is None:
            alike.append(column.code)
            found[:, place] = np.nan
        else:
            found[there, place] = normal
    return found, alike


def line(values: Floats, ends: tuple[float, float]) -> tuple[float, float] | None:
    """Return what min-max takes off values, and what it multiplies the rest with; None of equals.

    The product and the lower end make the value on the scale.

    Args:
        values: Shape (organisations,), `nan` where there is none.
        ends: Of the scale.
    """
    given = values[~np.isnan(values)]
    if not len(given):
        return None
    least, greatest = float(given.min()), float(given.max())
    if greatest - least <= _SMALL * max(abs(least), abs(greatest)):
        return None
    return least, (ends[1] - ends[0]) / (greatest - least)


def brought_in(given: Floats, most: int, outliers: Outliers) -> Floats:
    """Return values whose outliers are brought to the next value, one after another.

    Args:
        given: Values, none of them missing.
        most: So many steps; the values that are alike at an end go together.
        outliers: What tells that there are some.
    """
    found = given.copy()
    for _ in range(most):
        skewness, kurtosis = _shape(found)
        if abs(skewness) <= outliers.skewness or kurtosis <= outliers.kurtosis:
            break
        if skewness > 0:
            furthest = found == found.max()
            found[furthest] = found[~furthest].max()
        else:
            furthest = found == found.min()
            found[furthest] = found[~furthest].min()
    return found


def _normal(structure: Structure, column: Column, given: Floats) -> Floats | None:
    """Return values on the scale of their column; None where they tell nobody apart."""
    way = structure.way(column)
    found, ends = _prepared(structure, column, given)
    if way == "none":
        return found
    if not len(found):
        return None
    if way == "z-score":
        return _z_scores(structure, column, found)
    if way == "min-max":
        return _min_max(found, ends, structure.ends, inverted=column.inverted)
    if found.min() == found.max():
        return None
    ranks = mean_ranks(-found if column.inverted else found)
    if way == "rank":
        return ranks
    low, high = structure.ends
    percentiles: Floats = low + (high - low) * (ranks - 1) / (len(ranks) - 1)
    return percentiles


def _prepared(
    structure: Structure, column: Column, given: Floats
) -> tuple[Floats, tuple[float | None, float | None]]:
    """Return values within their ends, without outliers, as logarithms; and the ends that are given."""
    least, greatest = (
        None if end is None else float(end) for end in (column.lowest, column.highest)
    )
    found = given
    if least is not None or greatest is not None:
        found = np.clip(given, least, greatest)
    most = structure.winsorise if column.winsorise is None else column.winsorise
    if most:
        found = brought_in(found, most, structure.outliers)
    if column.transform is None:
        return found, (least, greatest)
    logarithm = np.log if column.transform == "log" else np.log1p
    ends = tuple(None if end is None else float(logarithm(end)) for end in (least, greatest))
    return logarithm(found), (ends[0], ends[1])


def _min_max(
    given: Floats,
    ends: tuple[float | None, float | None],
    onto: tuple[float, float],
    *,
    inverted: bool,
) -> Floats | None:
    least = float(given.min()) if ends[0] is None else ends[0]
    greatest = float(given.max()) if ends[1] is None else ends[1]
    if least >= greatest:
        return None
    way = np.clip((given - least) / (greatest - least), 0.0, 1.0)
    return onto[0] + (onto[1] - onto[0]) * (1 - way if inverted else way)


def _z_scores(structure: Structure, column: Column, given: Floats) -> Floats | None:
    if column.mean is not None and column.deviation is not None:
        mean, deviation = float(column.mean), float(column.deviation)
    else:
        degrees = int(structure.deviation == "sample")
        if len(given) <= degrees:
            return None
        mean, deviation = float(given.mean()), float(given.std(ddof=degrees))
        if deviation <= _SMALL * float(np.abs(given).max()):
            return None
    onto = structure.z_scores
    way = (mean - given if column.inverted else given - mean) / deviation
    found: Floats = float(onto.mean) + float(onto.deviation) * way
    if onto.lowest is None and onto.highest is None:
        return found
    low, high = (None if end is None else float(end) for end in (onto.lowest, onto.highest))
    return np.clip(found, low, high)


def _shape(given: Floats) -> tuple[float, float]:
    """Return skewness and excess kurtosis, as of a sample; both 0 of fewer than four, or of equals."""
    count = len(given)
    if count < _FOUR:
        return 0.0, 0.0
    away = given - given.mean()
    second = float((away**2).mean())
    if sqrt(second) <= _SMALL * float(np.abs(given).max()):
        return 0.0, 0.0
    skewness = float((away**3).mean()) / second**1.5
    kurtosis = float((away**4).mean()) / second**2 - 3
    return (
        skewness * sqrt(count * (count - 1)) / (count - 2),
        ((count + 1) * kurtosis + 6) * (count - 1) / ((count - 2) * (count - 3)),
    )
