"""What changed between two versions of a questionnaire, and how far their indices compare.

What bears the same code in both versions continues. The comparable share of an index is the part
of it that rests on indicators which continue with the same criteria: an agency's change of index
between two versions says something about the agency only as far as that.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from survey_service.maturity.instrument import Indicator, Node, Questionnaire

Kind = Literal["added", "removed", "moved", "reweighted", "reworded"]


class Change(Struct, frozen=True):
    """One thing that a reader of both versions wants to know.

    `code` is a node's or an indicator's. `before` and `after` are the parents' codes of what
    moved, the shares of the index in percent of what was re-weighted, and None otherwise.
    """

    kind: Kind
    code: str
    before: str | Decimal | None = None
    after: str | Decimal | None = None


class Comparison(Struct, frozen=True):
    """The changes from one version to another, in the order of the questionnaire.

    `comparable` is the share of each version's index, in percent, that rests on indicators which
    continue with the same criteria: first of the old one, then of the new one.
    """

    changes: tuple[Change, ...]
    comparable: tuple[Decimal, Decimal]


class _Place(Struct, frozen=True):
    """Where a node or indicator stands: below `parent` ("" at the top), with its share of all."""

    thing: Node | Indicator
    parent: str
    share: Fraction


def compare(old: Questionnaire, new: Questionnaire) -> Comparison:
    """Return what changed from `old` to `new`."""
    before, after = _places(old), _places(new)
    removed = [Change("removed", code) for code in before if code not in after]
    kept = _unchanged(old, new)
    return Comparison(
        changes=(*_changes(before, after, kept), *removed),
        comparable=(_percent(before, kept), _percent(after, kept)),
    )


def _changes(
    before: Mapping[str, _Place], after: Mapping[str, _Place], unchanged: frozenset[str]
) -> Iterator[Change]:
    for code, now in after.items():
        then = before.get(code)
        if then is None:
            yield Change("added", code)
            continue
        if then.parent != now.parent:
            yield Change("moved", code, then.parent, now.parent)
        if then.share != now.share:
            yield Change("reweighted", code, _rounded(then.share), _rounded(now.share))
        if isinstance(now.thing, Indicator) and code not in unchanged:
            yield Change("reworded", code)


def _unchanged(old: Questionnaire, new: Questionnaire) -> frozenset[str]:
    """Return the indicators of both versions that ask the same by the same criteria."""
    return frozenset(
        code
        for code, indicator in new.indicators.items()
        if (earlier := old.indicators.get(code)) is not None
        and earlier.name == indicator.name
        and old.scale == new.scale
        and [level.criteria for level in old.levels(earlier)]
        == [level.criteria for level in new.levels(indicator)]
    )


def _places(questionnaire: Questionnaire) -> dict[str, _Place]:
    return {place.thing.code: place for place in _family(questionnaire.nodes, "", Fraction(1))}


def _family(children: Sequence[Node | Indicator], parent: str, share: Fraction) -> Iterator[_Place]:
    """Yield siblings and all below them, each with its part of the `share` they have together."""
    weights = [1 if child.weight is None else Fraction(child.weight) for child in children]
    for child, weight in zip(children, weights, strict=True):
        place = _Place(child, parent, share * weight / sum(weights))
        yield place
        if isinstance(child, Node):
            yield from _family(child.children, child.code, place.share)


def _percent(places: Mapping[str, _Place], codes: frozenset[str]) -> Decimal:
    return _rounded(sum((places[code].share for code in codes), Fraction(0)))


def _rounded(share: Fraction) -> Decimal:
    """Return a share in percent to four decimals: for reading, not for reckoning on."""
    percent = 100 * Decimal(share.numerator) / Decimal(share.denominator)
    return percent.quantize(Decimal("0.0001"))
