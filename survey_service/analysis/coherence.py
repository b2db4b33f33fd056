"""Whether what is put together belongs together: correlations, Cronbach's alpha, effective weights.

Values are floating-point numbers, `nan` where there is none. Statistics that mean nothing (of one
organisation, of columns that tell nobody apart) are None.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from survey_service.analysis.composite import Composite, Floats
from survey_service.analysis.correlations import matrix, pearson
from survey_service.analysis.structures import Structure

FEWEST = 3  # organisations; through two points goes a line whatever they are
LEVELS = 10  # different values that are taken as levels, each with a mean of its own
_SMALL = 1e-9  # against the largest value: deviations that are rounding, and no difference
EACH = 5  # organisations that a level has in the mean, or else its mean says little


class Coherence(Struct, frozen=True):
    """How well a composite hangs together.

    `families` has the children of each node. `correlations` are of each indicator and node with
    each other one, by their codes; `negative` the pairs of siblings whose correlation is below
    zero, which thus work against one another. `alpha` is that of the children of each node,
    `effective` the weight that each indicator turns out to have in the composite and `nominal` the
    one it was given, both of sum 1.
    """

    families: dict[str, tuple[str, ...]]
    correlations: dict[str, dict[str, float | None]]
    negative: tuple[tuple[str, str, float], ...]
    alpha: dict[str, float | None]
    effective: dict[str, float | None]
    nominal: dict[str, float]


def coherence(structure: Structure, found: Composite) -> Coherence:
    """Return how well a composite hangs together.

    Args:
        structure: Of the composite.
        found: What it came to; see `composite.composite`.
    """
    codes = (*found.columns, *found.codes)
    values = np.concatenate([found.normalised, found.nodes], axis=1)
    column = dict(zip(codes, values.T, strict=True))
    there = ~np.isnan(values)
    few = there.T.astype(float) @ there < FEWEST
    correlated = _told(codes, np.where(few, np.nan, matrix(values)))
    families = {
        code: tuple(child.code for child in branch.children)
        for code, (branch, _) in structure.branches.items()
    }
    return Coherence(
        families,
        correlated,
        tuple(_negative(families, correlated)),
        {
            code: cronbach(np.stack([column[child] for child in children], axis=1))
            for code, children in families.items()
        },
        effective_weights(found),
        nominal_weights(structure),
    )


def cronbach(items: Floats) -> float | None:
    """Return Cronbach's alpha over the rows that have all items.

    Variances are those of samples; of a population the ratio would be the same.

    Args:
        items: Shape (organisations, items).

    Returns:
        At most 1; None for fewer than two items or rows, or where the sums are all alike.

    Source: Cronbach 1951.
    """
    whole = items[~np.isnan(items).any(axis=1)]
    rows, count = whole.shape
    if min(rows, count) <= 1:
        return None
    total = float(whole.sum(axis=1).var(ddof=1))
    each = whole.var(axis=0, ddof=1)
    noise = (_SMALL * float(np.abs(whole).max())) ** 2
    if total <= max(1e-12 * float(each.sum()), noise):
        return None
    return float(count / (count - 1) * (1 - each.sum() / total))


def effective_weights(found: Composite) -> dict[str, float | None]:
    """Return the part that each indicator has in who stands where, of sum 1.

    It is the correlation ratio of the composite with the indicator, over that of all of them.

    Source: Paruolo, Saisana and Saltelli 2013, "Ratings and rankings: voodoo or science?"
    """
    ratios = {
        code: correlation_ratio(column, found.index)
        for code, column in zip(found.columns, found.normalised.T, strict=True)
    }
    whole = sum(one for one in ratios.values() if one is not None)
    return {code: None if one is None or not whole else one / whole for code, one in ratios.items()}


def correlation_ratio(by: Floats, of: Floats) -> float | None:
    """Return the part of the variance of one column that knowing another one explains, 0 to 1.

    Where the other one has few different values, levels, each of them has its own mean, and the
    part is less by what so many means explain of mere chance (Kelley 1935); else it is that of a
    straight line. None for fewer than `FEWEST` rows that have both, or where one is all alike.
    """
    both = ~(np.isnan(by) | np.isnan(of))
    x, y = by[both], of[both]
    linear = pearson(x, y)
    if len(x) < FEWEST or linear is None:
        return None
    values, level, counts = np.unique(x, return_inverse=True, return_counts=True)
    if len(values) > LEVELS or len(x) < EACH * len(values):
        return linear**2
    means = np.bincount(level, y) / counts
    within = float(((y - means[level]) ** 2).sum()) / (len(x) - len(values))
    return max(1 - within / float(y.var(ddof=1)), 0.0)


def nominal_weights(structure: Structure) -> dict[str, float]:
    """Return the weight that each indicator was given in the whole, of sum 1."""
    shares = {structure.code: 1.0}
    for code, (branch, _) in reversed(structure.branches.items()):
        weights = [1.0 if one.weight is None else float(one.weight) for one in branch.children]
        for child, weight in zip(branch.children, weights, strict=True):
            shares[child.code] = shares[code] * weight / sum(weights)
    return {code: shares[code] for code in structure.columns}


def _told(codes: tuple[str, ...], found: Floats) -> dict[str, dict[str, float | None]]:
    rows = [[None if value != value else value for value in row] for row in found.tolist()]  # noqa: PLR0124 - nan is what differs from itself
    return {code: dict(zip(codes, row, strict=True)) for code, row in zip(codes, rows, strict=True)}


def _negative(
    families: Mapping[str, Sequence[str]], correlated: Mapping[str, Mapping[str, float | None]]
) -> list[tuple[str, str, float]]:
    """Return the siblings that work against one another, the worst first."""
    found = []
    for codes in families.values():
        for place, one in enumerate(codes):
            for other in codes[:place]:
                value = correlated[other][one]
                if value is not None and value < 0:
                    found.append((other, one, value))
    return sorted(found, key=lambda pair: pair[2])
