"""What is wrong with grades and bands; `gates` has what grades ask for beside them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from survey_service.maturity.answer_types import Number
from survey_service.maturity.bands import Bounded
from survey_service.maturity.checking.extremes import on_index, together
from survey_service.maturity.checking.findings import (
    Finding,
    Place,
    error,
    indicators,
    nodes,
    warning,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Bands, Grade


class _Stretch(Struct, frozen=True):
    """What bands should cover: from `lowest`, to `highest` where there is an end.

    `most` is the highest bound that something reaches, and values lie a `step` apart where they are
    rounded.
    """

    lowest: Decimal
    highest: Decimal | None = None
    most: Decimal | None = None
    step: Decimal | None = None


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with the bands of the index, of nodes and of numbers."""
    if questionnaire.grades:
        yield from _codes(questionnaire.grades, ("grades",))
        yield from _bands(questionnaire.grades, ("grades",), _whole(questionnaire))
    for position, bands in enumerate(questionnaire.bands):
        yield from _own_bands(questionnaire, bands, ("bands", position, "grades"))
    for path, indicator in indicators(questionnaire):
        if indicator.number is not None and indicator.number.bands:
            at = (*path, "number", "bands")
            yield from _bands(
                indicator.number.bands, at, _of_number(questionnaire, indicator.number)
            )
    for path, node in nodes(questionnaire):
        if node.convert is not None:
            by_points = node.convert.over == "points"
            ends = (
                (Fraction(0), questionnaire.wholes[node.code]) if by_points else questionnaire.ends
            )
            lowest, highest = map(exact, ends)
            yield from _bands(
                node.convert.bands, (*path, "convert", "bands"), _Stretch(lowest, highest)
            )


def _whole(questionnaire: Questionnaire) -> _Stretch:
    """Return what grades should cover, from the least that the index of the whole can be."""
    least, _ = on_index(questionnaire, "", together(questionnaire, questionnaire.nodes, None))
    highest = questionnaire.index_scale.highest
    most = highest + sum(_bonus(questionnaire), Decimal(0))
    return _Stretch(exact(least), highest, most, _step(questionnaire, {"index"}))


def _of_number(questionnaire: Questionnaire, number: Number) -> _Stretch:
    scale = questionnaire.scale
    lowest = scale.lowest if number.lowest is None else number.lowest
    highest = scale.highest if number.highest is None else number.highest
    return _Stretch(lowest, highest, step=Decimal(1).scaleb(-number.decimals))


def _step(questionnaire: Questionnaire, places: set[str]) -> Decimal | None:
    """Return how far apart indices lie that are rounded at all of the places; None where some are not."""
    rounding = questionnaire.rounding
    if rounding is None or not places.issubset(rounding.at):
        return None
    return Decimal(1).scaleb(-rounding.digits)


def _codes(grades: Sequence[Grade], path: Place) -> Iterator[Finding]:
    used: set[str] = set()
    for position, grade in enumerate(grades):
        if grade.code in used:
            yield error("code_reused", *path, position, "code", used=grade.code)
        used.add(grade.code)


def _own_bands(questionnaire: Questionnaire, bands: Bands, path: Place) -> Iterator[Finding]:
    """Yield what is wrong with the bands of nodes and indicators, whose indices may run otherwise."""
    codes = [code for code, grades in questionnaire.banded.items() if grades is bands.grades]
    spans = [questionnaire.spans[code] for code in codes] or [questionnaire.ends]
    lowest, highest = (exact(min(low for low, _ in spans)), exact(max(high for _, high in spans)))
    places = {"indicators" if code in questionnaire.indicators else "nodes" for code in codes}
    stretch = _Stretch(lowest, highest, highest, _step(questionnaire, places))
    yield from _codes(bands.grades, path)
    yield from _bands(bands.grades, path, stretch)
    for number, grade in enumerate(bands.grades):
        if grade.gates:
            yield error("band_gates", *path, number, "gates", grade=grade.code)


def _bonus(questionnaire: Questionnaire) -> Iterator[Decimal]:
    """Yield the weights of what is a bonus on top of the whole."""
    yield from (node.weight or Decimal(0) for node in questionnaire.nodes if node.bonus)


def _bands(bands: Sequence[Bounded], path: Place, stretch: _Stretch) -> Iterator[Finding]:
    """Find what is wrong with bands that should cover a stretch, once."""
    yield from _bounds(bands, path, stretch)
    for position, (lower, higher) in enumerate(pairwise(bands), start=1):
        point = lower.above is None and higher.above is not None  # from 3, then above 3
        if higher.bound < lower.bound or (higher.bound == lower.bound and not point):
            yield error("grade_order", *path, position, _key(higher), bound=higher.bound)
        elif higher.bound == lower.bound:
            yield warning("grade_single", *path, position - 1, "from", bound=lower.bound)
        yield from _meets(lower, higher, (*path, position), stretch.step)
    yield from _ends(bands[-1], (*path, len(bands) - 1), stretch)


def _bounds(bands: Sequence[Bounded], path: Place, stretch: _Stretch) -> Iterator[Finding]:
    """Find bounds that are none, that nothing reaches, or that leave the lowest values aside."""
    lowest = stretch.lowest
    for position, band in enumerate(bands):
        if (band.at_least is None) == (band.above is None):
            yield error("grade_bound", *path, position)
        if stretch.most is not None and band.bound > stretch.most:
            yield error("grade_beyond", *path, position, _key(band), bound=band.bound)
    first = bands[0]
    if first.bound > lowest:
        yield error("grade_hole", *path, 0, _key(first), bound=first.bound, lowest=lowest)
    elif first.above is not None and first.bound == lowest:
        yield warning("grade_end", *path, 0, "above", lowest=lowest)


def _ends(last: Bounded, path: Place, stretch: _Stretch) -> Iterator[Finding]:
    """Find a printed upper end of the last band that leaves something of the stretch above it."""
    end, highest = last.to if last.below is None else last.below, stretch.highest
    if end is None or highest is None:
        return
    if end < highest or (last.below is not None and end == highest):
        key = "to" if last.below is None else "below"
        yield error("band_short", *path, key, end=end, highest=highest)


def _meets(lower: Bounded, higher: Bounded, path: Place, step: Decimal | None) -> Iterator[Finding]:
    """Find a printed upper end that leaves a hole below the next band, or overlaps with it.

    Values that lie a step apart leave none between two that follow one another.
    """
    end = lower.to if lower.below is None else lower.below
    if end is None:
        return
    details = {"end": end, "bound": higher.bound}
    included, begins = lower.to is not None, higher.above is None
    follows = step is not None and included and begins and end + step == higher.bound
    if end > higher.bound or (end == higher.bound and included and begins):
        yield error("band_overlap", *path, _key(higher), **details)
    elif (end < higher.bound and not follows) or not (included or begins):
        yield error("band_hole", *path, _key(higher), **details)


def _key(band: Bounded) -> str:
    return "from" if band.above is None else "above"
