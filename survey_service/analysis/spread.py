"""How values are spread: their middle, their quarters, and the values themselves or how many lie where.

Values are whole numbers of a unit, as results keep them; see `maturity.cards`.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from msgspec import Struct

from survey_service.maturity.cards import NOTHING, Units

FEW = 120  # values that are seen one by one
BINS = 60  # in which more than that are counted, from the lowest to the highest end of the scale


class Spread(Struct, frozen=True):
    """How `count` values are spread.

    `quarters` are the lower and the upper quartile. `values` are there where they are few, ascending,
    with whose they are, where that is known; else `bins` counts how many lie in each equal part of the
    scale.
    """

    count: int
    lowest: Decimal | None = None
    median: Decimal | None = None
    highest: Decimal | None = None
    quarters: tuple[Decimal, Decimal] | None = None
    values: tuple[Decimal, ...] = ()
    bins: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


def spread(
    units: Units, digits: int, ends: tuple[Decimal, Decimal], names: Sequence[str] = ()
) -> Spread:
    """Return how values are spread, those that are `NOTHING` left aside.

    Args:
        units: The values.
        digits: Decimals of each of them.
        ends: The lowest and the highest end of their scale.
        names: Whose each of them is; none where nobody asks.
    """
    there = np.flatnonzero(units != NOTHING)
    ascending = there[np.argsort(units[there], kind="stable")]
    found = units[ascending]
    count = len(found)
    if not count:
        return Spread(0)
    few = count <= FEW
    return Spread(
        count,
        _exact(int(found[0]), digits),
        median(found, digits),
        _exact(int(found[-1]), digits),
        (_quantile(found, 0.25, digits), _quantile(found, 0.75, digits)),
        tuple(_exact(value, digits) for value in found.tolist()) if few else (),
        () if few else _bins(found, digits, ends),
        tuple(names[place] for place in ascending.tolist()) if few and names else (),
    )


def median(units: Units, digits: int) -> Decimal | None:
    """Return the median; None of nothing.

    Of an even number it is the mean of two values that were cut off, and so has a digit less.
    """
    found = np.sort(units[units != NOTHING])
    if not len(found):
        return None
    middle = len(found) // 2
    if len(found) % 2:
        return _exact(int(found[middle]), digits)
    both = Decimal(int(found[middle - 1]) + int(found[middle])).scaleb(-digits) / 2
    return both.quantize(Decimal(1).scaleb(1 - digits), ROUND_HALF_UP)


def _quantile(ascending: Units, part: float, digits: int) -> Decimal:
    return _exact(round(float(np.quantile(ascending, part))), digits)


def _bins(ascending: Units, digits: int, ends: tuple[Decimal, Decimal]) -> tuple[int, ...]:
    lowest, highest = (float(end.scaleb(digits)) for end in ends)
    within = np.clip(ascending, lowest, highest)  # bonuses go beyond the scale
    counted, _ = np.histogram(within, BINS, (lowest, highest))
    return tuple(counted.tolist())


def _exact(value: int, digits: int) -> Decimal:
    return Decimal(value).scaleb(-digits)
