"""What organisations claim against what those who checked found: bias, over- and under-claims.

Values are whole numbers of a unit, `NOTHING` where there is none; see `maturity.cards`. Differences
are claimed less verified, so that what is above zero was claimed too high.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from math import isfinite, nan, pi, sqrt, tan
from statistics import NormalDist
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.agreement import Floats
from survey_service.analysis.distributions import Whole
from survey_service.maturity.cards import NOTHING, Units

FEWEST = 20  # items; of fewer nobody is said to claim too much or too little
CONFIDENCE = 0.95
_CATEGORIES = 60  # different values; more of them are no levels, and agree by chance only
_TOGETHER = 2**17  # items that are compared as one, so that it takes little memory
_LAST = np.iinfo(np.int64).max  # comes after all values
_SAME = 1e-6  # of a unit, which whole numbers never differ by
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Claims(Struct, frozen=True):
    """How claims compare with what was found, over `items` that have both values.

    `over` and `under` count the items that were claimed too high and too low, and `total` is the sum
    of the differences in units. `bias` is their mean, exact, and `interval` where it lies with 95 %
    confidence. `raw` is the part of items that agree, within `raw_interval`, and `corrected` Gwet's AC
    of them, beyond chance. All of them are None where they mean nothing.
    `flag` tells that claims are too high, or too low, beyond chance; never of fewer than `FEWEST`.
    """

    items: int
    over: int
    under: int
    total: int
    bias: Fraction | None
    interval: tuple[float, float] | None
    raw: float | None
    raw_interval: tuple[float, float] | None
    corrected: float | None
    flag: Literal["over", "under"] | None


class _Compared(Struct, frozen=True):
    """Claims of several, a row for each: what was `said` and `found` of the items that have `both`."""

    said: Whole
    found: Whole
    both: NDArray[np.bool_]

    @property
    def apart(self) -> Whole:
        """Claimed less verified, 0 where one of them is missing."""
        return np.where(self.both, self.said - self.found, 0)


def claims(claimed: Units | Whole, verified: Units | Whole, levels: Sequence[int] = ()) -> Claims:
    """Return how claims compare with what was found.

    Args:
        claimed: In units, shape (items,).
        verified: Of the same items.
        levels: All values that can be given, ascending; those that were where it is empty.
    """
    (found,) = by_organisation(claimed[None], verified[None], levels)
    return found


def by_code(
    codes: Sequence[str],
    claimed: Units | Whole,
    verified: Units | Whole,
    levels: Sequence[int] = (),
) -> dict[str, Claims]:
    """Return the claims on each node or indicator over all organisations.

    Args:
        codes: Of the columns.
        claimed: In units, shape (organisations, codes).
        verified: Of the same.
        levels: As those of `claims`.
    """
    return dict(zip(codes, by_organisation(claimed.T, verified.T, levels), strict=True))


def by_organisation(
    claimed: Units | Whole, verified: Units | Whole, levels: Sequence[int] = ()
) -> list[Claims]:
    """Return the claims of each organisation over all its indicators.

    All rows are reckoned at once, for there can be 20,000 of them.

    Args:
        claimed: In units, shape (organisations, indicators).
        verified: Of the same.
        levels: As those of `claims`.
    """
    rows = max(_TOGETHER // max(claimed.shape[1], 1), 1)
    starts = range(0, len(claimed), rows)
    parts = (slice(start, start + rows) for start in starts)
    return [one for some in parts for one in _told(claimed[some], verified[some], levels)]


def _told(
    claimed: Units | Whole, verified: Units | Whole, levels: Sequence[int]
) -> Iterator[Claims]:
    both = (claimed != NOTHING) & (verified != NOTHING)
    of = _Compared(claimed.astype(np.int64), verified.astype(np.int64), both)
    apart, items = of.apart, both.sum(axis=1)
    means = apart.sum(axis=1) / np.maximum(items, 1)
    squares = (np.where(both, apart - means[:, None], 0.0) ** 2).sum(axis=1)
    corrected, few = _beyond_chance(of, levels)
    columns = (
        items,
        (apart > 0).sum(axis=1),
        (apart < 0).sum(axis=1),
        apart.sum(axis=1),
        np.sqrt(squares / np.maximum(items - 1, 1)),
        corrected,
        few,
    )
    for row in zip(*(column.tolist() for column in columns), strict=True):
        yield _claims(*row)


def _claims(
    items: int, over: int, under: int, total: int, deviation: float, corrected: float, few: int
) -> Claims:
    bias = Fraction(total, items) if items else None
    interval = _interval(items, total, deviation)
    equal = items - over - under
    is_level = bool(items and few)
    return Claims(
        items,
        over,
        under,
        total,
        bias,
        interval,
        equal / items if is_level else None,
        wilson(equal, items) if is_level else None,
        corrected if is_level and isfinite(corrected) else None,
        _flag(items, interval),
    )


def _beyond_chance(of: _Compared, levels: Sequence[int]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return Gwet's AC2 with linear weights of each row, and whether its values are few enough.

    The same as `agreement.gwet` of each: what stands here are the sums it comes to for two raters.
    `nan` where it means nothing.
    """
    rows, items = len(of.both), of.both.sum(axis=1)
    given = np.concatenate([np.where(of.both, one, _LAST) for one in (of.said, of.found)], axis=1)
    given.sort(axis=1)
    row, values, uses = _categories(given, 2 * items)
    many = np.bincount(row, minlength=rows)
    firsts = np.cumsum(many) - many
    place = np.arange(len(row)) - firsts[row]
    # of ascending values, all differences of two of them add up to this
    apart = np.bincount(row, values * (2.0 * place - many[row] + 1), rows)
    span = np.bincount(row, values * (place == many[row] - 1.0), rows)
    span -= np.bincount(row, values * (place == 0.0), rows)
    kinds, whole, all_apart = many, span, apart
    if levels:
        known = np.array(levels, float)
        kinds = np.full(rows, len(known))
        whole = np.full(rows, known[-1] - known[0])
        all_apart = np.full(rows, (known * (2.0 * np.arange(len(known)) - len(known) + 1)).sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = 1 - np.abs(of.apart).sum(axis=1) / (whole * items)
        spread = 1 - np.bincount(row, uses.astype(float) ** 2, rows) / (2.0 * items) ** 2
        chance = (kinds**2 - 2 * all_apart / whole) * spread / (kinds * (kinds - 1.0))
        found = np.where(chance < 1, (observed - chance) / (1 - chance), np.nan)
    # where nothing else could be given, all agree, and by no chance
    return np.where(kinds == 1, 1.0, found), many <= _CATEGORIES


def _categories(given: Whole, counts: Whole) -> tuple[Whole, Whole, Whole]:
    """Return the different values of each row: whose they are, ascending, and how often they occur.

    Args:
        given: Ascending in each row, those that count first.
        counts: How many of each row count.
    """
    width = given.shape[1]
    new = np.ones(given.shape, np.bool_)
    new[:, 1:] = given[:, 1:] != given[:, :-1]
    new &= np.arange(width) < counts[:, None]
    starts = np.flatnonzero(new)
    row = starts // max(width, 1)
    ends = row * width + counts[row]
    ends[:-1] = np.where(row[1:] == row[:-1], starts[1:], ends[:-1])
    return row, given.ravel()[starts], ends - starts


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return where a share of at least one lies with 95 % confidence.

    Source: Wilson 1927.
    """
    z = _Z
    share, more = count / of, z**2 / of
    middle = (share + more / 2) / (1 + more)
    half = z * sqrt(share * (1 - share) / of + more / (4 * of)) / (1 + more)
    return max(middle - half, 0.0), min(middle + half, 1.0)


@cache
def student(freedom: int) -> float:
    """Return how many standard errors to either side hold 95 % of means, by degrees of freedom.

    Source: Abramowitz and Stegun 1964, 26.7.5; exact for 1 and 2 degrees, where that is far off.
    """
    part = (1 + CONFIDENCE) / 2
    if freedom == 1:
        return tan(pi * (part - 0.5))
    if freedom == 2:  # noqa: PLR2004 - the other one that can be written down
        return (2 * part - 1) * sqrt(1 / (2 * part * (1 - part)))
    z = _Z
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


def _interval(items: int, total: int, deviation: float) -> tuple[float, float] | None:
    if items <= 1 or (items < FEWEST and deviation <= _SAME):
        return None  # a few that differ by the same do not tell by how much others would
    mean, error = total / items, deviation / sqrt(items)
    half = student(items - 1) * error
    return mean - half, mean + half


def _flag(items: int, interval: tuple[float, float] | None) -> Literal["over", "under"] | None:
    lowest, highest = interval if interval and items >= FEWEST else (nan, nan)
    if lowest > 0:
        return "over"
    return "under" if highest < 0 else None
