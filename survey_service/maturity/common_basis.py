"""Many assessments of one organisation on what continues through all of their versions.

What the latest version asks is followed back from version to version, as crosswalks and equal codes
tell; what cannot be followed all the way, or was not answered everywhere, is left out. The rest is
weighted as in the latest version, and comes to an index on its scale:

    2023    A 1, B 3      index 2.0
    2024    A 2, B 3, C 5    C is new    index 3.3
    common basis A, B, equal weights:  2.0 and 2.5, which the change of 0.5 is about
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import (
    Place,
    continuations,
    in_percent,
    index_of_ways,
    places_of,
    ways_of,
)
from survey_service.maturity.scoring import Card

_Parts = dict[str, Fraction]
"""By code in an earlier version: the part that it has in an indicator of the latest one."""


class CommonBasis(Struct, frozen=True):
    """The index of each assessment on the common basis, exact or to 28 digits; None without one.

    `covered` is the share of the latest version's index, in percent, that rests on `indicators`.
    """

    values: tuple[Decimal | None, ...]
    indicators: tuple[str, ...]
    covered: Decimal


def common_basis(assessed: Sequence[tuple[Questionnaire, Card]]) -> CommonBasis:
    """Return assessments on their common basis.

    Args:
        assessed: What was asked, and what the answers were worth, from the earliest on; at least one.
    """
    latest = assessed[-1][0]
    places = places_of(latest)
    ways = [ways_of(questionnaire, card) for questionnaire, card in assessed]
    found = [
        _through(parts, known)
        for parts, known in zip(_followed([one for one, _ in assessed]), ways, strict=True)
    ]
    common = [code for code in latest.indicators if all(code in one for one in found)]
    weights = [places[code].share for code in common]
    return CommonBasis(
        tuple(index_of_ways(latest, weights, [one[code] for code in common]) for one in found),
        tuple(common),
        in_percent(sum(weights, Fraction(0))),
    )


def _followed(versions: Sequence[Questionnaire]) -> list[dict[str, _Parts]]:
    """Return, for each version, of what in it each indicator of the latest one is made."""
    parts: dict[str, _Parts] = {code: {code: Fraction(1)} for code in versions[-1].indicators}
    found = [parts]
    for old, new in zip(versions[-2::-1], versions[:0:-1], strict=True):
        if old != new:
            places = places_of(old)
            earlier = {one.new: one.old for one in continuations(old, new)}
            parts = {
                code: dict(_further(of, earlier, places))
                for code, of in parts.items()
                if all(each in earlier for each in of)
            }
        found.append(parts)
    return found[::-1]


def _further(
    parts: _Parts, earlier: Mapping[str, tuple[str, ...]], places: Mapping[str, Place]
) -> Iterator[tuple[str, Fraction]]:
    """Yield the parts a version earlier: of what continues several, each by its weight."""
    summed: _Parts = {}
    for code, part in parts.items():
        shares = [places[each].share for each in earlier[code]]
        whole = sum(shares, Fraction(0))
        for each, share in zip(earlier[code], shares, strict=True):
            of = share / whole if whole else Fraction(1, len(shares))
            summed[each] = summed.get(each, Fraction(0)) + part * of
    yield from summed.items()


def _through(followed: Mapping[str, _Parts], ways: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the way of each indicator of the latest version, where all it is made of has one."""
    return {
        code: sum((part * ways[each] for each, part in parts.items()), Fraction(0))
        for code, parts in followed.items()
        if all(each in ways for each in parts)
    }
