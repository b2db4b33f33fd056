"""Correlation, alpha and correlation ratio from sums of whole numbers alone.

Whoever sums them, in whatever order and on however many machines, comes to the same sums, and so to
the same figures to the last digit. `coherence` has what they are, and the sources.

    correlation   (n·Σxy - Σx·Σy) / √((n·Σx² - (Σx)²) · (n·Σy² - (Σy)²))
    alpha         k/(k - 1) · (1 - Σ(n·Σx² - (Σx)²) / (n·Σt² - (Σt)²)), where t = x + … of all k
    ratio         1 - (Σy² - Σ(Σy)²/n of each level) / (n - levels) · (n - 1) / (Σy² - (Σy)²/n)

Values are counted in `PARTS` of their span, so that parts of different scales can be added, and a
64-bit sum of squares has room for 900 million organisations.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from msgspec import Struct

from survey_service.analysis.coherence import EACH, FEWEST, LEVELS

PARTS = 10**5


class Pair(Struct, frozen=True):
    """The sums of two columns over the rows that have both: of values, squares, and products."""

    count: int
    one: int
    other: int
    one_squares: int
    other_squares: int
    products: int


class Items(Struct, frozen=True):
    """The sums of the columns of a family over the rows that have all, and the squares of what they add up to."""

    count: int
    sums: tuple[int, ...]
    squares: tuple[int, ...]
    together: int


class Level(Struct, frozen=True):
    """How many have a level of one column, and the sum of another one over these."""

    count: int
    total: int


def correlation(of: Pair) -> float | None:
    """Return the correlation; None of fewer than `FEWEST` rows, or where one column is all alike."""
    spreads = (
        _spread(of.count, of.one, of.one_squares),
        _spread(of.count, of.other, of.other_squares),
    )
    if of.count < FEWEST or not all(spreads):
        return None
    together = of.count * of.products - of.one * of.other
    size = sqrt(Fraction(together * together, spreads[0] * spreads[1]))
    return size if together > 0 else -size if together else 0.0


def alpha(of: Items) -> float | None:
    """Return Cronbach's alpha; None for fewer than two items or rows, or where the sums are all alike."""
    items = len(of.sums)
    whole = _spread(of.count, sum(of.sums), of.together)
    if min(of.count, items) <= 1 or not whole:
        return None
    each = sum(_spread(of.count, *one) for one in zip(of.sums, of.squares, strict=True))
    return float(Fraction(items, items - 1) * (1 - Fraction(each, whole)))


def ratio(of: Pair, levels: Sequence[Level]) -> float | None:
    """Return the part of the variance of the other column that knowing the one explains, 0 to 1.

    Args:
        of: The sums of both.
        levels: Of the one; none where it has more than `LEVELS` different values.
    """
    linear = correlation(of)
    if linear is None or not levels or len(levels) > LEVELS or of.count < EACH * len(levels):
        return None if linear is None else linear**2
    between = sum(Fraction(one.total**2, one.count) for one in levels)
    within = (of.other_squares - between) / (of.count - len(levels))
    variance = Fraction(_spread(of.count, of.other, of.other_squares), of.count * (of.count - 1))
    return max(float(1 - within / variance), 0.0)


def _spread(count: int, total: int, squares: int) -> int:
    return count * squares - total * total
