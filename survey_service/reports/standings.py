"""The board of a cycle in charts, each with the table behind it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.spread import Spread, median, spread
from survey_service.analysis.standings import (
    Standing,
    Standings,
    by_kind,
    compared_names,
    coverage,
    of_node,
    peers,
)
from survey_service.conduct.life import STATES
from survey_service.maturity.cards import exact_unit
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.showing import USUAL, digits, least
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.charts.distribution import distribution
from survey_service.reports.charts.dots import Dot, dots
from survey_service.reports.charts.heatmap import heatmap
from survey_service.reports.charts.radar import radar
from survey_service.reports.tables import Cell, Table

HEATED = 60  # organisations in one field; all of them are in its table
JOINED = 40  # organisations whose two indices are joined
_QUARTERS = 4

Row = tuple[Cell, ...]


class Figure(Struct, frozen=True):
    """A chart and its table; `drawn` is "" where there is nothing to draw yet.

    The table may be the beginning of a longer one: `rows` counts all there are.
    """

    code: str
    drawn: str
    table: Table
    rows: int


Drawing = Callable[[Questionnaire, Standings, str, int | None], Figure]


def figures(
    questionnaire: Questionnaire, standings: Standings, language: str, limit: int | None = None
) -> list[Figure]:
    """Return what the board of a cycle shows, in the order in which it is read.

    While nobody is compared that is who takes part, and the list of those who were withdrawn.

    Args:
        questionnaire: What is asked.
        standings: Where those who take part stand, by name.
        language: Of words and numbers.
        limit: Rows of a table at the most; None for all.
    """
    return [
        drawing(questionnaire, standings, language, limit)
        for code, drawing in _FIGURES.items()
        if _says_something(code, standings)
    ]


def _says_something(code: str, standings: Standings) -> bool:
    if code == "coverage" or any(one.counts for one in standings.rows):
        return True
    return code == "index" and any(one.withdrawn is not None for one in standings.rows)


def figure(
    code: str, questionnaire: Questionnaire, standings: Standings, language: str
) -> Figure | None:
    """Return one of the figures, its table whole; None where none has this code."""
    drawing = _FIGURES.get(code)
    return None if drawing is None else drawing(questionnaire, standings, language, None)


def among_peers(
    questionnaire: Questionnaire, standings: Standings, one: Standing, language: str
) -> tuple[Figure, str]:
    """Return an organisation's dimensions beside the median of its peers, and the same as a web.

    The target is the lower bound of the highest grade, where the questionnaire has grades.
    """
    others = peers(standings, one)
    target = max((grade.bound for grade in questionnaire.grades), default=None)
    if questionnaire.points:
        target = None
    own = standings.nodes[standings.rows.index(one)].tolist()
    rows = [
        Dot(
            node.name.in_(language),
            exact_unit(value, standings.digits),
            median(of_node(others, node.code), standings.digits),
            target,
            _digits(questionnaire, exact_unit(value, standings.digits), node.code),
        )
        for node, value in zip(questionnaire.nodes, own, strict=True)
    ]
    count = len(others.rows)
    title = i18n.translate("{name} among {count} peers", language, name=one.name, count=count)
    among = i18n.translate("median of peers", language)
    pairs = [(row.label, row.value, row.other) for row in rows]
    codes = () if questionnaire.points else [node.code for node in questionnaire.nodes]
    table = Table(title, (_dimension(language), one.name, among), pairs, codes, by_row=True)
    names, scale = (one.name, among, i18n.translate("target", language)), _scale(questionnaire)
    drawn = dots(rows, names, scale, title, language)
    return Figure("peers", drawn, table, len(pairs)), radar(
        pairs, scale, title, (one.name, among), language, [row.digits for row in rows]
    )


def _scale(questionnaire: Questionnaire) -> Scale:
    return Scale(Decimal(0), Decimal(100)) if questionnaire.points else questionnaire.scale


def _progress(
    _questionnaire: Questionnaire, standings: Standings, language: str, _limit: int | None
) -> Figure:
    counted = coverage(standings.rows)
    rows: list[tuple[str, int]] = [
        (
            i18n.translate(f"state.{state}" if state else "not begun", language),
            counted.get(state, 0),
        )
        for state in (None, *STATES)
    ]
    if withdrawn := counted.get("withdrawn"):
        rows.append((i18n.translate("withdrawn", language), withdrawn))
    title = i18n.translate("Progress", language)
    headings = (i18n.translate("State", language), i18n.translate("Organisations", language))
    whole = len(standings.rows)
    highest = Decimal(-(-whole // _QUARTERS) * _QUARTERS)  # so that its marks are whole
    counts = [Bar(name, Decimal(count), digits=0) for name, count in rows]
    drawn = bars(counts, Scale(Decimal(0), highest), title, language) if whole else ""
    return Figure("coverage", drawn, Table(title, headings, rows), len(rows))


def _indices(
    questionnaire: Questionnaire, standings: Standings, language: str, limit: int | None
) -> Figure:
    scale, kept = questionnaire.index_scale, standings.index_digits
    ends = scale.lowest, scale.highest
    groups = [
        (
            i18n.translate(f"kind.{kind}", language),
            spread(values, kept, ends, compared_names(standings, kind)),
        )
        for kind, values in by_kind(standings).items()
    ]
    title = i18n.translate("Index by kind of organisation", language)
    drawn = distribution(groups, scale, title, language, least(questionnaire)) if groups else ""
    headings, rows = index_rows(standings, questionnaire, language, limit)
    codes = (None, None, None, "")
    return Figure("index", drawn, Table(title, headings, rows, codes), len(standings.rows))


def index_rows(
    standings: Standings, questionnaire: Questionnaire, language: str, limit: int | None = None
) -> tuple[tuple[str, ...], list[Row]]:
    """Return the headings of a table of organisations and their rows: where each stands, and its index."""
    headings = (
        _organisation(language),
        i18n.translate("Kind", language),
        i18n.translate("State", language),
        i18n.translate("Index", language),
        i18n.translate("Grade", language),
        i18n.translate("Answered", language),
        i18n.translate("Carried over, to be confirmed", language),
        i18n.translate("Withdrawn, because", language),
    )
    names = {grade.code: grade.name.in_(language) for grade in questionnaire.grades}
    words = _words(standings, language)
    return headings, [_row(one, names, words) for one in islice(standings.rows, limit)]


def _words(standings: Standings, language: str) -> Mapping[str, str]:
    """Return what kinds and places are called, by `kind.<kind>` and the like; each looked up once."""
    kinds = {one.kind for one in standings.rows}
    named = {f"kind.{kind}": i18n.translate(f"kind.{kind}", language) for kind in kinds}
    named |= {f"state.{state}": i18n.translate(f"state.{state}", language) for state in STATES}
    withdrawn = i18n.translate("withdrawn", language)
    return {
        **named,
        "state.None": i18n.translate("not begun", language),
        "state.withdrawn": withdrawn,
    }


def _row(one: Standing, grades: Mapping[str, str], words: Mapping[str, str]) -> Row:
    return (
        one.name,
        words[f"kind.{one.kind}"],
        words[f"state.{one.place}"],
        one.index,
        grades.get(one.grade or ""),
        one.answered,
        one.to_confirm,
        one.withdrawn,
    )


def _dimensions(
    questionnaire: Questionnaire, standings: Standings, language: str, _limit: int | None
) -> Figure:
    scale = _scale(questionnaire)
    ends = scale.lowest, scale.highest
    compared = compared_names(standings)
    groups: list[tuple[str, Spread]] = [
        (
            node.name.in_(language),
            spread(of_node(standings, node.code), standings.digits, ends, compared),
        )
        for node in questionnaire.nodes
    ]
    title = i18n.translate("Dimensions", language)
    found = [(name, one) for name, one in groups if one.count]
    drawn = distribution(found, scale, title, language) if found else ""
    headings = (
        _dimension(language),
        i18n.translate("median", language),
        i18n.translate("lowest", language),
        i18n.translate("highest", language),
    )
    rows: list[Row] = [(name, one.median, one.lowest, one.highest) for name, one in groups]
    return Figure("dimensions", drawn, Table(title, headings, rows), len(rows))


def _field(
    questionnaire: Questionnaire, standings: Standings, language: str, limit: int | None
) -> Figure:
    columns = [node.name.in_(language) for node in questionnaire.nodes]
    names = compared_names(standings)
    values = standings.nodes[standings.compared]
    shown = None if limit is None else max(limit, HEATED)
    rows = [
        (name, [exact_unit(value, standings.digits) for value in row])
        for name, row in zip(names[:shown], values[:shown].tolist(), strict=True)
    ]
    title = i18n.translate("Organisations by dimension", language)
    codes = [node.code for node in questionnaire.nodes]

    def written(column: int, value: Decimal | None) -> str:
        return i18n.decimal(value, language, _digits(questionnaire, value, codes[column]))

    drawn = (
        heatmap(rows[:HEATED], columns, _scale(questionnaire), title, written, language)
        if rows
        else ""
    )
    table = [(name, *each) for name, each in rows[:limit]]
    headings = (_organisation(language), *columns)
    whose = () if questionnaire.points else (None, *codes)  # of points it is percentages
    return Figure("field", drawn, Table(title, headings, table, whose), len(names))


def _verified(
    questionnaire: Questionnaire, standings: Standings, language: str, limit: int | None
) -> Figure:
    title = i18n.translate("Self-assessment and verified result", language)
    pairs: list[tuple[str, Decimal, Decimal]] = [
        (one.name, one.own, one.index)
        for one in standings.rows
        if one.counts and one.own is not None and one.index is not None and one.own != one.index
    ]
    pairs.sort(key=lambda pair: pair[2] - pair[1])
    own, verified = i18n.translate("Self", language), i18n.translate("Verified", language)
    rows = [
        Dot(name, after, before, None, max(digits(questionnaire, one) for one in (before, after)))
        for name, before, after in pairs[:JOINED]
    ]
    names, scale = (verified, own, ""), questionnaire.index_scale
    drawn = dots(rows, names, scale, title, language) if rows else ""
    headings = (_organisation(language), own, verified, i18n.translate("Difference", language))
    table: Sequence[Row] = [
        (name, before, after, after - before) for name, before, after in pairs[:limit]
    ]
    return Figure("verified", drawn, Table(title, headings, table, (None, "", "")), len(pairs))


def _digits(questionnaire: Questionnaire, value: Decimal | None, code: str) -> int:
    """Return the digits of a dimension's index; of points it is a percentage."""
    if value is None or questionnaire.points:
        return USUAL
    return digits(questionnaire, value, code)


def _organisation(language: str) -> str:
    return i18n.translate("Organisation", language)


def _dimension(language: str) -> str:
    return i18n.translate("Dimension", language)


_FIGURES: dict[str, Drawing] = {
    "coverage": _progress,
    "index": _indices,
    "dimensions": _dimensions,
    "field": _field,
    "verified": _verified,
}
