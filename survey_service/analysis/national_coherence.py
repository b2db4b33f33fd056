"""How the parts of a questionnaire go along nationally, in sums that any engine finds alike.

`coherence` tells the same of a composite that is worked out anew; here what is stored speaks: the index
as it was published, and the parts as they stand.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.columns import INDEX
from survey_service.analysis.moments import PARTS, Items, Level, Pair, alpha, correlation, ratio
from survey_service.analysis.result_rows import Number, numbers
from survey_service.analysis.selection import Selection
from survey_service.maturity.cards import NOTHING, Units

Pairs = Mapping[tuple[str, str], Pair]
_Wholes = NDArray[np.int64]
_LOW = 20  # bits: squares of sums are summed in two halves, which have room


class Correlated(Struct, frozen=True):
    """How two parts go along over the `count` organisations that have both; None where nobody can tell."""

    one: str
    other: str
    count: int
    correlation: float | None


class Coherent(Struct, frozen=True):
    """How the parts of a questionnaire go along, by their codes, "" for the whole.

    `correlations` are of the parts of the same with one another, of each with what it is part of, and
    of each indicator with the whole. `alpha` is that of the parts of each node, and `effective_weights`
    the part that each indicator turns out to have in who stands where, of sum 1. `negative` are parts
    of the same that work against one another, the worst first.
    """

    correlations: Sequence[Correlated]
    alpha: Mapping[str, float | None]
    effective_weights: Mapping[str, float | None]
    negative: Sequence[Correlated]


def families(known: Sequence[Number]) -> dict[str, list[Number]]:
    """Return the parts of the whole and of each node, by its code."""
    found: dict[str, list[Number]] = {}
    for one in known:
        if one.code != INDEX:
            found.setdefault(one.parent, []).append(one)
    return found


def pairs(known: Sequence[Number]) -> list[tuple[Number, Number]]:
    """Return which parts are compared, each pair once."""
    by_code = {one.code: one for one in known}
    found: dict[tuple[Number, Number], None] = {}
    for code, family in families(known).items():
        found |= dict.fromkeys((one, by_code[code]) for one in family)
        found |= dict.fromkeys(combinations(family, 2))
    whole = by_code[INDEX]
    return list(found | dict.fromkeys((one, whole) for one in _indicators(known)))


def coherent(
    known: Sequence[Number],
    sums: Pairs,
    items: Mapping[str, Items],
    levels: Mapping[str, Sequence[Level]],
) -> Coherent:
    """Return what sums come to, whoever found them.

    Args:
        known: The columns.
        sums: Of each of `pairs`.
        items: Of each of `families`.
        levels: Of each indicator with few different values.
    """
    ratios = {
        one.code: ratio(sums[one.code, INDEX], levels.get(one.code, ()))
        for one in _indicators(known)
    }
    whole = sum(one for one in ratios.values() if one is not None)
    found = [Correlated(*codes, of.count, correlation(of)) for codes, of in sums.items()]
    return Coherent(
        found,
        {code: alpha(of) for code, of in items.items()},
        {code: None if one is None or not whole else one / whole for code, one in ratios.items()},
        _negative(known, found),
    )


def _negative(known: Sequence[Number], found: Sequence[Correlated]) -> list[Correlated]:
    parents = {one.code: one.parent for one in known if one.code != INDEX}
    siblings = (one for one in found if parents[one.one] == parents.get(one.other))
    below = [(one.correlation, one) for one in siblings if one.correlation and one.correlation < 0]
    return [one for _, one in sorted(below, key=lambda each: each[0])]


def national_coherence(of: Selection) -> Coherent:
    """Return how the parts go along of those who are compared."""
    known, counted = numbers(of.questionnaire), of.counted
    return of_columns(known, {one.code: counted.column(one.code) for one in known})


def of_columns(known: Sequence[Number], units: Mapping[str, Units]) -> Coherent:
    """Return how columns go along, by their codes, each with a value for everybody."""
    columns = {one.code: _parts(one, units[one.code]) for one in known}
    return coherent(
        known,
        {
            (one.code, other.code): _pair(columns[one.code], columns[other.code])
            for one, other in pairs(known)
        },
        {
            code: _items(np.stack([columns[one.code] for one in family]))
            for code, family in families(known).items()
        },
        {one.code: list(_levels(columns[one.code], columns[INDEX])) for one in _indicators(known)},
    )


def _indicators(known: Sequence[Number]) -> Iterator[Number]:
    return (one for one in known if one.tier == "indicator")


def _parts(one: Number, column: Units) -> _Wholes:
    """Return which of the equal parts of its span each value lies in; -1 where there is none."""
    span = max(one.highest - one.lowest, 1)
    within = np.clip(column.astype(np.int64), one.lowest, one.highest)
    ends = np.where(column > one.highest, PARTS, (within - one.lowest) * PARTS // span)
    return np.where(column == NOTHING, -1, ends)


def _pair(one: _Wholes, other: _Wholes) -> Pair:
    both = (one >= 0) & (other >= 0)
    x, y = one[both], other[both]
    return Pair(len(x), *map(int, (x.sum(), y.sum(), x @ x, y @ y, x @ y)))


def _items(columns: _Wholes) -> Items:
    there = columns[:, (columns >= 0).all(axis=0)]
    together = there.sum(axis=0) ** 2
    high, low = together >> _LOW, together & ((1 << _LOW) - 1)
    return Items(
        there.shape[1],
        tuple(there.sum(axis=1).tolist()),
        tuple((there**2).sum(axis=1).tolist()),
        (int(high.sum()) << _LOW) + int(low.sum()),
    )


def _levels(one: _Wholes, index: _Wholes) -> Iterator[Level]:
    there = (one >= 0) & (index >= 0)
    _, level, counts = np.unique(one[there], return_inverse=True, return_counts=True)
    totals = np.zeros(len(counts), np.int64)
    np.add.at(totals, level, index[there])
    return (Level(*of) for of in zip(counts.tolist(), totals.tolist(), strict=True))
