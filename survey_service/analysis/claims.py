"""What organisations claim against what those who checked found: bias, over- and under-claims.

Values are whole numbers of a unit, `NOTHING` where there is none; see `maturity.cards`. Differences
are claimed less verified, so that what is above zero was claimed too high.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import nan, pi, sqrt, tan
from statistics import NormalDist
from typing import Literal

import numpy as np
from msgspec import Struct

from survey_service.analysis.agreement import Agreement, Floats, agreement
from survey_service.analysis.distributions import Whole
from survey_service.maturity.cards import NOTHING, Units

FEWEST = 20  # items; of fewer nobody is said to claim too much or too little
CONFIDENCE = 0.95
_CATEGORIES = (
    60  # different values; where there are more they are no levels, and agree by chance only
)


class Claims(Struct, frozen=True):
    """How claims compare with what was found, over `items` that have both values.

    `over` and `under` count the items that were claimed too high and too low, and `total` is the sum
    of the differences in units. `bias` is their mean, exact, and `interval` where it lies with 95 %
    confidence; `over_share` is the same of the part that was claimed too high. `raw` is the part of
    items that agree, within `raw_interval`, and `corrected` Gwet's AC of them, beyond chance. All of
    them are None where they mean nothing.
    `flag` tells that claims are too high, or too low, beyond chance; never of fewer than `FEWEST`.
    """

    items: int
    over: int
    under: int
    total: int
    bias: Fraction | None
    interval: tuple[float, float] | None
    over_share: tuple[float, float] | None
    raw: float | None
    raw_interval: tuple[float, float] | None
    corrected: float | None
    flag: Literal["over", "under"] | None


def claims(claimed: Units | Whole, verified: Units | Whole, levels: Sequence[int] = ()) -> Claims:
    """Return how claims compare with what was found.

    Args:
        claimed: In units, shape (items,).
        verified: Of the same items.
        levels: All values that can be given, ascending; those that were where it is empty.
    """
    both = (claimed != NOTHING) & (verified != NOTHING)
    said, found = claimed[both].astype(np.int64), verified[both].astype(np.int64)
    apart = said - found
    items, over, total = len(apart), int((apart > 0).sum()), int(apart.sum())
    interval = _interval(apart)
    ratings = np.stack([said, found], axis=1).astype(float)
    agreed = agreement(ratings, levels) if _few(said, found) else Agreement(items, None, None)
    return Claims(
        items,
        over,
        int((apart < 0).sum()),
        total,
        Fraction(total, items) if items else None,
        interval,
        wilson(over, items),
        agreed.raw,
        None if agreed.raw is None else wilson(round(agreed.raw * items), items),
        agreed.corrected,
        _flag(items, interval),
    )


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
    return {
        code: claims(claimed[:, column], verified[:, column], levels)
        for column, code in enumerate(codes)
    }


def by_organisation(
    claimed: Units | Whole, verified: Units | Whole, levels: Sequence[int] = ()
) -> list[Claims]:
    """Return the claims of each organisation over all its indicators.

    Args:
        claimed: In units, shape (organisations, indicators).
        verified: Of the same.
        levels: As those of `claims`.
    """
    return [claims(said, found, levels) for said, found in zip(claimed, verified, strict=True)]


def wilson(count: int, of: int) -> tuple[float, float] | None:
    """Return where a share lies with 95 % confidence; None of nothing.

    Source: Wilson 1927.
    """
    if not of:
        return None
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, more = count / of, z**2 / of
    middle = (share + more / 2) / (1 + more)
    half = z * sqrt(share * (1 - share) / of + more / (4 * of)) / (1 + more)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def student(freedom: int) -> float:
    """Return how many standard errors to either side hold 95 % of means, by degrees of freedom.

    Source: Abramowitz and Stegun 1964, 26.7.5; exact for 1 and 2 degrees, where that is far off.
    """
    part = (1 + CONFIDENCE) / 2
    if freedom == 1:
        return tan(pi * (part - 0.5))
    if freedom == 2:  # noqa: PLR2004 - the other one that can be written down
        return (2 * part - 1) * sqrt(1 / (2 * part * (1 - part)))
    z = NormalDist().inv_cdf(part)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


def _interval(apart: Whole) -> tuple[float, float] | None:
    if len(apart) <= 1:
        return None
    mean, error = float(apart.mean()), float(apart.std(ddof=1)) / sqrt(len(apart))
    half = student(len(apart) - 1) * error
    return mean - half, mean + half


def _flag(items: int, interval: tuple[float, float] | None) -> Literal["over", "under"] | None:
    lowest, highest = interval if interval and items >= FEWEST else (nan, nan)
    if lowest > 0:
        return "over"
    return "under" if highest < 0 else None


def _few(said: Whole, found: Whole) -> bool:
    return len(np.unique(np.concatenate([said, found]))) <= _CATEGORIES


def as_ratings(*stages: Units | Whole) -> Floats:
    """Return values of several who judged the same as ratings: shape (items, raters).

    Args:
        stages: In units, each of shape (items,).
    """
    table = np.stack(stages, axis=1).astype(float)
    table[table == NOTHING] = np.nan
    return table
