"""Over many cycles: what was official with its breaks, the common basis, and what a change is made of."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.series import Line, Point, Split, changed, lines, official, way
from survey_service.conduct.successions import Succession
from survey_service.maturity import cards, showing
from survey_service.maturity.answers import Answer
from survey_service.maturity.common_basis import CommonBasis, common_basis
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.overlap import under_new, under_old
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import Card
from survey_service.maturity.showing import USUAL
from survey_service.reports.charts.series import Dot, Stroke
from survey_service.reports.charts.series import series as chart
from survey_service.reports.national.view import Field, View, rounded
from survey_service.reports.tables import Cell

_Row = tuple[list[Cell], list[int]]
"""The cells of a row, and with how many decimals each is shown."""


class Assessed(Struct, frozen=True):
    """What became final of an organisation, called `name` then, in a cycle that ended `on` a day.

    The questionnaire is as the organisation was asked it, with the answers that stand.
    """

    organisation_id: int
    name: str
    cycle: str
    on: dt.date
    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    card: Card
    profile: Profile

    @property
    def point(self) -> Point:
        """What was official."""
        return Point(self.organisation_id, self.on, self.questionnaire.reference, self.card.index)


class Median(Struct, frozen=True):
    """What the organisations of a cycle, which ended `on` a day, had in the middle, shown with so many digits."""

    cycle: str
    on: dt.date
    questionnaire: str
    count: int
    median: Decimal | None
    digits: int = USUAL


def series(
    organisation_id: int,
    assessed: Sequence[Assessed],
    successions: Sequence[Succession],
    language: str,
) -> View:
    """Return the view: a row for each cycle, of the organisation and then of each that it follows.

    Args:
        organisation_id: Whose series.
        assessed: Its own and those of its predecessors.
        successions: All that lead to it, and what follows it.
        language: Of the words.
    """
    found = lines(organisation_id, [one.point for one in assessed], successions)
    names = {one.organisation_id: one.name for one in sorted(assessed, key=lambda one: one.on)}
    names |= {one.predecessor_id: one.predecessor for one in successions}
    names |= {one.successor_id: one.successor for one in successions}
    rows: list[_Row] = []
    said: list[str] = []
    common: list[Stroke] = []
    for one in found:
        theirs = (each for each in assessed if each.organisation_id == one.organisation_id)
        own = sorted(theirs, key=lambda each: each.on)
        known, covered = _basis(own)
        rows += _rows(one, known, own, language)
        common += _on_common_basis(known, own, language)
        said += _line_told(one, names, covered, language)
    said += _followed(organisation_id, successions, language)
    title = _title(names.get(organisation_id), language)
    if not rows:
        none = i18n.translate("Nothing has become final in any cycle yet.", language)
        return _view(title, rows, none, language)
    drawn = chart([*_official(found, assessed, language), *common], title, language)
    return _view(title, rows, "\n".join([_explained(language), *said]), language, drawn)


def _official(
    found: Sequence[Line], assessed: Sequence[Assessed], language: str
) -> Iterator[Stroke]:
    known = {one.point: one for one in assessed}
    for one in found:
        for stretch in one.stretches:
            dots = (_dot(known[point], _way(known[point]), language) for point in stretch.points)
            yield Stroke(list(dots))


def _on_common_basis(
    known: Mapping[Point, Decimal | None], own: Sequence[Assessed], language: str
) -> Iterator[Stroke]:
    """Yield the values on the common basis, which are on the scale of the latest version."""
    values = [(one, value) for one in own if (value := known.get(one.point)) is not None]
    if values:
        latest = own[-1].questionnaire
        dots = (_dot(one, way(latest, value), language) for one, value in values)
        yield Stroke(list(dots), common=True)


def _dot(one: Assessed, reached: Fraction, language: str) -> Dot:
    percent = rounded(exact(100 * reached), 1)
    said = i18n.decimal(percent, language, 1)
    return Dot(one.on, percent, f"{one.name}, {one.cycle}: {said} %")


def _basis(
    own: Sequence[Assessed],
) -> tuple[dict[Point, Decimal | None], CommonBasis | None]:
    """Return the values on the common basis of as many cycles as have one, counted from the last."""
    for start in range(len(own) - 1):
        together = own[start:]
        found = common_basis([(one.questionnaire, one.card) for one in together])
        if found.indicators:
            points = [one.point for one in together]
            return dict(zip(points, found.values, strict=True)), found
    return {}, None


def _rows(
    one: Line,
    basis: Mapping[Point, Decimal | None],
    own: Sequence[Assessed],
    language: str,
) -> Iterator[_Row]:
    known = {each.point: each for each in own}
    in_order = [known[point] for stretch in one.stretches for point in stretch.points]
    splits = {after.point: _split(in_order, place) for place, after in enumerate(in_order)}
    for number, stretch in enumerate(one.stretches):
        for place, point in enumerate(stretch.points):
            found, told = splits[point] or (None, "")
            broken = number > 0 and place == 0
            index, digits = _shown(known[point].questionnaire, point.index)
            common, common_digits = _shown(own[-1].questionnaire, basis.get(point))
            cells: list[Cell] = [
                known[point].name,
                known[point].cycle,
                point.on,
                point.questionnaire,
                index,
                _breaks(stretch.breaks, language) if broken else None,
                common,
                *_percents(found),
                _how(told, language),
            ]
            yield cells, _digits({4: digits, 6: common_digits}, len(cells))


def _shown(asked: Questionnaire, value: Decimal | None) -> tuple[Decimal | None, int]:
    """Return an index as other views and files have it, cut off, and how many decimals of it to show."""
    if value is None:
        return None, USUAL
    places = cards.digits(asked)
    return cards.exact_unit(cards.unit(value, places), places), showing.digits(asked, value)


def _digits(of: Mapping[int, int], count: int) -> list[int]:
    """Return how many decimals the numbers of a row have: those of some columns, and of others the usual."""
    return [of.get(column, USUAL) for column in range(count)]


def _split(own: Sequence[Assessed], place: int) -> tuple[Split | None, str] | None:
    """Return what the change to a point is made of, and how that is known; None for the first one."""
    if place == 0:
        return None
    before, after = own[place - 1], own[place]
    if before.questionnaire.reference == after.questionnaire.reference:
        apart = _way(after) - _way(before)
        return Split(apart, apart, Fraction(0), both_ways=True), "same"
    then = own[place - 2] if place > 1 else None
    overlaps = (
        before.on.year == after.on.year
        and then is not None
        and then.questionnaire.reference == before.questionnaire.reference
    )
    if overlaps and then is not None:
        return _changed(then, after, before.card.index), "overlap"
    later = under_old(before.questionnaire, after.questionnaire, after.answers, after.profile)
    found = _changed(before, after, later)
    return found, "none" if found is None else "both" if found.both_ways else "one"


def _changed(before: Assessed, after: Assessed, after_under_old: Decimal | None) -> Split | None:
    """Return the change between two versions; both have an index."""
    old, new = before.questionnaire, after.questionnaire
    return changed(
        (old, before.card.index or Decimal(0)),
        (new, after.card.index or Decimal(0)),
        after_under_old=after_under_old,
        before_under_new=under_new(old, new, before.answers, before.profile),
    )


def _way(one: Assessed) -> Fraction:
    return way(one.questionnaire, one.card.index or Decimal(0))


def _percents(found: Split | None) -> list[Cell]:
    """Return change, performance and method in percent of the span, so rounded that they add up."""
    if found is None:
        return [None, None, None]
    change, performance = (
        rounded(exact(100 * part), 2) for part in (found.change, found.performance)
    )
    return [change, performance, change - performance]


def _how(told: str, language: str) -> str | None:
    return {
        "": None,
        "same": i18n.translate("the same version: all of it is performance", language),
        "overlap": i18n.translate("one year was scored under both versions", language),
        "both": i18n.translate("both years reckoned under both versions", language),
        "one": i18n.translate("one of the years reckoned under both versions", language),
        "none": i18n.translate(
            "cannot be told: no year answers all that both versions ask", language
        ),
    }[told]


def _breaks(breaks: Sequence[str], language: str) -> str:
    said = {
        "instrument": i18n.translate("break: another questionnaire", language),
        "version": i18n.translate("break: another version", language),
        "organisation": i18n.translate("break: another organisation", language),
    }
    return "; ".join(said[one] for one in breaks) or i18n.translate("gap: no result", language)


def _line_told(
    one: Line, names: Mapping[int, str], basis: CommonBasis | None, language: str
) -> Iterator[str]:
    name = names.get(one.organisation_id, "")
    if one.until is not None and one.followed_by is not None:
        yield i18n.translate(
            "{name} kept its own series until {on}, when {later} followed it ({kind}).",
            language,
            name=name,
            on=one.until,
            later=names.get(one.followed_by, ""),
            kind=i18n.translate(f"succession.{one.kind}", language),
        )
    if basis is not None:
        yield i18n.translate(
            "The common basis of {name} rests on {count} indicators that all of these versions ask alike, {covered} % of the latest index.",
            language,
            name=name,
            count=len(basis.indicators),
            covered=i18n.decimal(basis.covered, language, 1),
        )


def _followed(
    organisation_id: int, successions: Sequence[Succession], language: str
) -> Iterator[str]:
    for one in successions:
        if one.predecessor_id == organisation_id:
            yield i18n.translate(
                "Since {on} {later} follows it ({kind}), with a series of its own.",
                language,
                on=one.on,
                later=one.successor,
                kind=i18n.translate(f"succession.{one.kind}", language),
            )


def _explained(language: str) -> str:
    return i18n.translate(
        "What was official stands as it was published, and breaks where the method or the organisation is another one. The common basis has only what all versions ask, weighted as in the latest. A change is performance (the same method, other answers) and method (the same answers, another method), which add up to it exactly.",
        language,
    )


def _title(name: str | None, language: str) -> str:
    if name is None:
        return i18n.translate("Over the cycles", language)
    return i18n.translate("{name} over the cycles", language, name=name)


def _view(title: str, rows: Sequence[_Row], words: str, language: str, drawn: str = "") -> View:
    percent = i18n.translate("Change, in percent of the scale", language)
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        *_common(language),
        Field("index", "number", i18n.translate("Official index", language)),
        Field("break", "string", i18n.translate("Break", language)),
        Field("common_basis", "number", i18n.translate("On the common basis", language)),
        Field("change", "number", percent, unit="%"),
        Field("performance", "number", i18n.translate("of it performance", language), unit="%"),
        Field("method", "number", i18n.translate("of it method", language), unit="%"),
        Field("known", "string", i18n.translate("How that is known", language)),
    ]
    cells, digits = [row for row, _ in rows], [one for _, one in rows]
    return View("series", title, fields, cells, len(cells), drawn, words=words, digits=digits)


def _common(language: str) -> list[Field]:
    return [
        Field("cycle", "string", i18n.translate("Cycle", language)),
        Field("on", "date", i18n.translate("Ends", language)),
        Field("questionnaire", "string", i18n.translate("Questionnaire", language)),
    ]


def medians(found: Sequence[Median], language: str) -> View:
    """Return the view of all organisations: a row for each cycle, with where the series breaks."""
    points = {Point(0, one.on, one.questionnaire, one.median): one for one in found}
    rows: list[_Row] = []
    for number, stretch in enumerate(official(list(points))):
        for place, point in enumerate(stretch.points):
            one = points[point]
            broken = _breaks(stretch.breaks, language) if number and not place else None
            cells: list[Cell] = [
                one.cycle,
                one.on,
                one.questionnaire,
                one.count,
                one.median,
                broken,
            ]
            rows.append((cells, _digits({4: one.digits}, len(cells))))
    fields = [
        *_common(language),
        Field("count", "integer", i18n.translate("Compared", language)),
        Field("median", "number", i18n.translate("Median", language)),
        Field("break", "string", i18n.translate("Break", language)),
    ]
    words = i18n.translate(
        "The middle of all organisations that had a result, cycle by cycle: who they are can differ. Choose an organisation for its own series.",
        language,
    )
    cells_, digits = [row for row, _ in rows], [one for _, one in rows]
    title = _title(None, language)
    return View("series", title, fields, cells_, len(cells_), words=words, digits=digits)
