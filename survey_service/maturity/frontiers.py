"""Frontiers: what something can be worth, and the least effort for each of its values.

Where a better part never makes the whole worse, only the values count that no other reaches with as
little effort; else every value is kept, with its least effort. Two parts are joined by trying every
pair of their entries, which for sums is called max-plus convolution:

    A   effort 0 value 1, effort 2 value 3          A + B   0: 1+1   2: 3+1   3: 1+4   5: 3+4
    B   effort 0 value 1, effort 3 value 4

Values are whole numbers over the `unit` of their frontier, so that all of this is exact.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_service.maturity.better_answers import Climb, Rung

Whole: TypeAlias = NDArray[Any]
"""Whole numbers: of 64 bits where they fit, else Python's, which have no end."""

_FITS = 2**62
_DENSE = 500_000  # efforts up to which joining goes through a table of all of them
MOST = 20_000
"""Entries of a frontier that keeps every value; what is beyond is dropped, and said."""


class Frontier:
    """Entries by rising effort.

    `trail` yields the steps that an entry stands for; `exact` is False where entries were dropped.
    """

    def __init__(
        self,
        efforts: NDArray[np.int64],
        values: Whole,
        unit: int,
        trail: Callable[[int], Iterator[Climb]],
        *,
        exact: bool = True,
    ) -> None:
        self.efforts, self.values, self.unit = efforts, values, unit
        self.trail, self.exact = trail, exact

    def __len__(self) -> int:
        return len(self.efforts)

    def value(self, at: int) -> Fraction:
        """Return the value of an entry."""
        return Fraction(int(self.values[at]), self.unit)

    @cached_property
    def fractions(self) -> list[Fraction]:
        """The values of all entries."""
        return [Fraction(int(value), self.unit) for value in self.values]

    def over(self, unit: int) -> Whole:
        """Return the values over a multiple of the unit."""
        return _whole(self.values, unit // self.unit)

    def times(self, factor: Fraction) -> "Frontier":
        """Return the same with every value multiplied by a factor above nothing."""
        values, unit = _whole(self.values, factor.numerator), self.unit * factor.denominator
        common = gcd(int(np.gcd.reduce(values)), unit)
        return Frontier(
            self.efforts, values // common, unit // common, self.trail, exact=self.exact
        )

    def plus(self, constant: Fraction) -> "Frontier":
        """Return the same with something added to every value."""
        return self.changed([value + constant for value in self.fractions])

    def changed(self, values: Sequence[Fraction]) -> "Frontier":
        """Return the same with other values."""
        numbers, unit = _numbers(values)
        return Frontier(self.efforts, numbers, unit, self.trail, exact=self.exact)

    def picked(self, positions: Sequence[int]) -> "Frontier":
        """Return some of the entries."""
        efforts, values = self.efforts[positions], self.values[positions]
        return Frontier(
            efforts, values, self.unit, lambda at: self.trail(positions[at]), exact=self.exact
        )


def _whole(values: Whole, factor: int) -> Whole:
    """Return whole numbers times another one, in a form in which they fit."""
    if values.dtype != np.object_ and max(int(np.abs(values).max()), 1) * factor >= _FITS:
        values = values.astype(np.object_)
    return values if factor == 1 else values * factor


def _numbers(values: Sequence[Fraction]) -> tuple[Whole, int]:
    """Return fractions as whole numbers over one unit."""
    unit = lcm(*(value.denominator for value in values))
    numbers = [value.numerator * (unit // value.denominator) for value in values]
    fits = max(map(abs, numbers)) < _FITS
    return np.array(numbers, dtype=np.int64 if fits else np.object_), unit


Entry: TypeAlias = tuple[int, Fraction, Callable[[], Iterator[Climb]]]
"""An effort, what it brings about, and the steps that it stands for."""


def of(entries: Sequence[Entry], *, every: bool) -> Frontier:
    """Return the frontier of entries, in any order."""
    numbers, unit = _numbers([value for _, value, _ in entries])
    efforts = np.array([effort for effort, _, _ in entries], dtype=np.int64)
    return pruned(Frontier(efforts, numbers, unit, lambda at: entries[at][2]()), every=every)


def of_rungs(rungs: Sequence[tuple[Rung, Fraction]], *, every: bool) -> Frontier:
    """Return the frontier of an indicator, from its rungs and what each comes to."""
    return of([(rung.effort, value, rung.climbs.__iter__) for rung, value in rungs], every=every)


def cheapest(found: Frontier) -> Frontier:
    """Return the entry of least effort."""
    return found.picked([0])


def pruned(found: Frontier, *, every: bool) -> Frontier:
    """Return the entries that count: the least effort of `every` value, or what nothing surpasses."""
    values = found.values
    if every:
        order = np.lexsort((found.efforts, _ranks(values)))
        first = np.ones(len(order), dtype=bool)
        first[1:] = values[order][1:] != values[order][:-1]
        kept = np.sort(order[first])
        kept = kept[np.argsort(found.efforts[kept], kind="stable")]
    else:
        order = np.lexsort((-_ranks(values), found.efforts))
        highest = np.maximum.accumulate(values[order])
        better = np.ones(len(order), dtype=bool)
        better[1:] = highest[1:] > highest[:-1]
        kept = order[better]
    dropped = len(kept) > MOST
    result = found if len(kept) == len(found) == 1 else found.picked(kept[:MOST].tolist())
    result.exact = found.exact and not dropped
    return result


def _ranks(values: Whole) -> Whole:
    """Return numbers in the order of the values, in a form that can be sorted by."""
    if values.dtype != np.object_:
        return values
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.array([ranks[value] for value in values], dtype=np.int64)


def union(found: Sequence[Frontier], *, every: bool) -> Frontier:
    """Return the entries of several frontiers together."""
    if len(found) == 1:
        return pruned(found[0], every=every)
    unit = lcm(*(one.unit for one in found))
    starts = np.cumsum([0, *(len(one) for one in found)])

    def trail(at: int) -> Iterator[Climb]:
        which = int(np.searchsorted(starts, at, side="right")) - 1
        return found[which].trail(at - int(starts[which]))

    together = Frontier(
        np.concatenate([one.efforts for one in found]),
        np.concatenate([one.over(unit) for one in found]),
        unit,
        trail,
        exact=all(one.exact for one in found),
    )
    return pruned(together, every=every)


Join = Callable[[Whole, Any], Whole]


def first_of(values: Whole, other: Any) -> Whole:
    """Join values with a part that has effort and no value of its own."""
    del other
    return values


def joined(left: Frontier, right: Frontier, join: Join, *, every: bool) -> Frontier:
    """Return what two parts come to together: the efforts add up, and `join` tells the values."""
    unit = lcm(left.unit, right.unit)
    ones, others = left.over(unit), right.over(unit)
    if ones.dtype != others.dtype or _beyond(ones, others):
        ones, others = ones.astype(np.object_), others.astype(np.object_)
    exact = left.exact and right.exact
    tried = _best if not every and int(left.efforts[-1] + right.efforts[-1]) < _DENSE else _all
    efforts, values = tried((left.efforts, ones), (right.efforts, others), join)

    def trail(at: int) -> Iterator[Climb]:
        places, others_at = _pairs(int(efforts[at]) - left.efforts, right.efforts)
        fits = np.flatnonzero(join(ones[places], others[others_at]) == values[at])
        chosen = fits[-1]  # of equals, what comes first in the file
        yield from left.trail(int(places[chosen]))
        yield from right.trail(int(others_at[chosen]))

    return pruned(Frontier(efforts, values, unit, trail, exact=exact), every=every)


_Places: TypeAlias = NDArray[np.int64]


def _pairs(rest: _Places, efforts: _Places) -> tuple[_Places, _Places]:
    """Return each pair of a place in `rest` and one in `efforts`, which rise, that are equal there."""
    first = np.searchsorted(efforts, rest, side="left")
    counts = np.searchsorted(efforts, rest, side="right") - first
    places = np.repeat(np.arange(len(rest)), counts)
    nth = np.arange(len(places)) - np.repeat(np.cumsum(counts) - counts, counts)
    return places, nth + np.repeat(first, counts)


def _beyond(ones: Whole, others: Whole) -> bool:
    return ones.dtype != np.object_ and int(np.abs(ones).max()) + int(np.abs(others).max()) >= _FITS


_Entries: TypeAlias = tuple[NDArray[np.int64], Whole]


def _all(left: _Entries, right: _Entries, join: Join) -> _Entries:
    """Return every pair."""
    efforts = np.concatenate([left[0] + effort for effort in right[0]])
    return efforts, np.concatenate([join(left[1], value) for value in right[1]])


def _best(left: _Entries, right: _Entries, join: Join) -> _Entries:
    """Return the best pair for each effort; `join` never falls as a part rises."""
    if len(left[0]) < len(right[0]):
        left, right = right, left
    table: Whole = np.zeros(int(left[0][-1] + right[0][-1]) + 1, dtype=left[1].dtype)
    filled = np.zeros(len(table), dtype=bool)
    for effort, value in zip(right[0], right[1], strict=True):
        places = left[0] + effort
        values = join(left[1], value)
        table[places] = np.where(filled[places], np.maximum(table[places], values), values)
        filled[places] = True
    efforts = np.flatnonzero(filled)
    return efforts.astype(np.int64), table[efforts]
