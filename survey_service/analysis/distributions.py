"""How many stand where: counts, sums and quantiles of the index and of every node, by group.

Values are whole numbers of a unit, a row for each organisation and a column for each code, `NOTHING`
where there is none; see `maturity.cards`. All that comes out is whole numbers too, so that parts of a
country add up to exactly the whole, and every engine comes to the same. A quantile is a value that
occurs: the lowest that so many percent of the values do not exceed (SQL's `percentile_disc`).
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.maturity.cards import NOTHING, Units

Whole = NDArray[np.int64]

_BITS = 33  # hold any 32-bit value above `NOTHING`
PERCENTS = (0, 5, 25, 50, 75, 95, 100)


class Distributions(Struct, frozen=True):
    """The values of each group and code.

    `groups` are sorted. `counts`, `missing` and `totals` (sums, in units) have a row for each group
    and a column for each code; `quantiles` moreover a layer for each of `percents`, shape
    (groups, codes, percents), and `NOTHING` where a group has no value.
    """

    groups: tuple[str, ...]
    counts: Whole
    missing: Whole
    totals: Whole
    quantiles: Whole
    percents: tuple[int, ...] = PERCENTS

    @property
    def means(self) -> Whole:
        """The mean of each group and code in units, cut off; `NOTHING` where there is no value."""
        found = self.totals // np.maximum(self.counts, 1)
        return np.where(self.counts > 0, found, NOTHING)


class Tally(Struct, frozen=True):
    """How often each value occurs, which says all that parts of a country need to be put together.

    `values` are different ones, ascending, and `counts` beside them; `missing` have none.
    """

    values: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    missing: int = 0


class Strength(Struct, frozen=True):
    """How well a code does over all organisations.

    `reached` is the mean part of its span that they reach, 0 to 1, exact; `levels` how many stand in
    each of the levels that were asked for.
    """

    code: str
    count: int
    total: int
    reached: Fraction
    levels: tuple[int, ...]


def distributions(
    values: Units | Whole,
    groups: Sequence[str] | NDArray[np.str_],
    percents: tuple[int, ...] = PERCENTS,
) -> Distributions:
    """Return how the values of every code are distributed in every group.

    Args:
        values: In units, shape (organisations, codes).
        groups: The group of each organisation; use one for all of them to have no groups.
        percents: Of which quantiles, 0 to 100.
    """
    of_each: list[str] = np.asarray(groups, np.str_).tolist()  # numpy's texts are none to encoders
    names = sorted(set(of_each))
    numbers = {name: number for number, name in enumerate(names)}
    places = np.fromiter((numbers[group] for group in of_each), np.int64, len(of_each))
    shape = (len(names), values.shape[1])
    counts, totals = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    quantiles = np.full((*shape, len(percents)), NOTHING, np.int64)
    for column in range(values.shape[1]):
        there = np.flatnonzero(values[:, column] != NOTHING)
        of = places[there]
        counts[:, column] = np.bincount(of, minlength=len(names))
        # one sort of whole numbers, the group above the value, takes a tenth of the time of two keys
        keys = np.sort((of << _BITS) + (values[there, column].astype(np.int64) - NOTHING))
        ascending = (keys & ((1 << _BITS) - 1)) + NOTHING
        _summed_up(ascending, counts[:, column], totals[:, column])
        _quantiles(ascending, counts[:, column], percents, quantiles[:, column])
    sizes = np.bincount(places, minlength=len(names))
    return Distributions(
        tuple(names), counts, sizes[:, None] - counts, totals, quantiles, tuple(percents)
    )


def tally(values: Units | Whole) -> Tally:
    """Return how often each value of one code occurs.

    Args:
        values: In units, shape (organisations,).
    """
    found, counts = np.unique(values[values != NOTHING], return_counts=True)
    there = int(counts.sum())
    return Tally(tuple(found.tolist()), tuple(counts.tolist()), len(values) - there)


def merged(tallies: Sequence[Tally]) -> Tally:
    """Return several parts as if they had been counted together."""
    counted: dict[int, int] = {}
    for one in tallies:
        for value, count in zip(one.values, one.counts, strict=True):
            counted[value] = counted.get(value, 0) + count
    ascending = sorted(counted)
    missing = sum(one.missing for one in tallies)
    return Tally(tuple(ascending), tuple(counted[value] for value in ascending), missing)


def quantile(of: Tally, percent: int) -> int | None:
    """Return the value at so many percent, one that occurs; None where there is none."""
    rest = max(-(-percent * sum(of.counts) // 100), 1)
    for value, count in zip(of.values, of.counts, strict=True):
        rest -= count
        if rest <= 0:
            return value
    return None


def at_levels(values: Units | Whole, bounds: Sequence[int]) -> Whole:
    """Return how many of each code stand at which level, shape (codes, levels).

    Args:
        values: In units, shape (organisations, codes).
        bounds: The lowest value of each level in units, ascending; what lies under the first counts
            to it.
    """
    # so many at a bound or above it, all codes at once: what has no value is below any bound
    least = [NOTHING + 1, *bounds[1:]]
    reached = [np.count_nonzero(values >= bound, axis=0) for bound in least]
    return -np.diff([*reached, np.zeros_like(reached[0])], axis=0).T


def strengths(
    codes: Sequence[str],
    values: Units | Whole,
    spans: Sequence[tuple[int, int]],
    bounds: Sequence[int],
) -> list[Strength]:
    """Return the codes from the strongest to the weakest; those nobody has a value of are left out.

    Args:
        codes: Of the columns.
        values: In units, shape (organisations, codes).
        spans: The lowest and the highest value of each code in units.
        bounds: The lowest value of each level, as those of `at_levels`.
    """
    levels = at_levels(values, bounds)
    counts = levels.sum(axis=1).tolist()
    totals = np.where(values == NOTHING, 0, values).sum(axis=0, dtype=np.int64).tolist()
    found = []
    for column, (code, (lowest, highest)) in enumerate(zip(codes, spans, strict=True)):
        count, total = counts[column], totals[column]
        if count:
            reached = Fraction(total - lowest * count, max(highest - lowest, 1) * count)
            found.append(Strength(code, count, total, reached, tuple(levels[column].tolist())))
    return sorted(found, key=lambda one: -one.reached)


def ordered(values: Units | Whole, *, descending: bool = True) -> NDArray[np.intp]:
    """Return the places of organisations in the order of one code; what has no value comes last.

    Who have the same keep the order that they came in.

    Args:
        values: In units, shape (organisations,).
        descending: From the highest to the lowest.
    """
    keys = values.astype(np.int64)
    if descending:
        keys = -keys
    return np.lexsort((keys, values == NOTHING))


def _summed_up(ascending: Whole, counts: Whole, into: Whole) -> None:
    """Fill in the sums of one code, whose values stand group after group."""
    through = np.concatenate([[0], np.cumsum(ascending)])
    ends = np.cumsum(counts)
    into[:] = through[ends] - through[ends - counts]


def _quantiles(ascending: Whole, counts: Whole, percents: tuple[int, ...], into: Whole) -> None:
    """Fill in the quantiles of one code, whose values stand group after group, each ascending."""
    there = counts > 0
    starts = np.cumsum(counts) - counts
    for place, percent in enumerate(percents):
        nth = np.maximum(-(-percent * counts // 100) - 1, 0)
        into[there, place] = ascending[(starts + nth)[there]]
