"""The board of a cycle in charts, each with the table behind it."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct, structs

from survey_service import i18n
from survey_service.analysis.standings import Standing, by_kind, coverage, median, of_node, peers
from survey_service.conduct.life import STATES
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.reports.assessment import percent
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.charts.distribution import distribution
from survey_service.reports.charts.dots import Dot, dots
from survey_service.reports.charts.heatmap import heatmap
from survey_service.reports.charts.radar import radar
from survey_service.reports.tables import Cell, Table

HEATED = 60  # organisations in one field; all of them are in its table
JOINED = 40  # organisations whose two indices are joined
_QUARTERS = 4


class Figure(Struct, frozen=True):
    """A chart and its table; `drawn` is "" where there is nothing to draw yet."""

    code: str
    drawn: str
    table: Table


def figures(
    questionnaire: Questionnaire, standings: Sequence[Standing], language: str
) -> list[Figure]:
    """Return what the board of a cycle shows, in the order in which it is read."""
    standings = [_expressed(questionnaire, one) for one in standings]
    return [
        _progress(standings, language),
        _indices(questionnaire, standings, language),
        _dimensions(questionnaire, standings, language),
        _field(questionnaire, standings, language),
        _verified(questionnaire, standings, language),
    ]


def among_peers(
    questionnaire: Questionnaire, standings: Sequence[Standing], one: Standing, language: str
) -> tuple[Figure, str]:
    """Return an organisation's dimensions beside the median of its peers, and the same as a web.

    The target is the lower bound of the highest grade, where the questionnaire has grades.
    """
    standings = [_expressed(questionnaire, each) for each in standings]
    one = _expressed(questionnaire, one)
    others = peers(standings, one)
    target = max((grade.bound for grade in questionnaire.grades), default=None)
    if questionnaire.points:
        target = None
    rows = [
        Dot(
            node.name.in_(language),
            one.nodes.get(node.code),
            median(of_node(others, node.code)),
            target,
        )
        for node in questionnaire.nodes
    ]
    title = i18n.translate("{name} among {count} peers", language, name=one.name, count=len(others))
    among = i18n.translate("median of peers", language)
    pairs = [(row.label, row.value, row.other) for row in rows]
    table = Table(title, (_dimension(language), one.name, among), pairs)
    names, scale = (one.name, among, i18n.translate("target", language)), _scale(questionnaire)
    drawn = dots(rows, names, scale, title, language)
    return Figure("peers", drawn, table), radar(pairs, scale, title, language)


def _expressed(questionnaire: Questionnaire, one: Standing) -> Standing:
    """Return a standing whose dimensions are comparable: of points, how much of them is reached."""
    if not questionnaire.points:
        return one
    nodes = {code: percent(questionnaire, code, index) for code, index in one.nodes.items()}
    return structs.replace(one, nodes=nodes)


def _scale(questionnaire: Questionnaire) -> Scale:
    return Scale(Decimal(0), Decimal(100)) if questionnaire.points else questionnaire.scale


def _progress(standings: Sequence[Standing], language: str) -> Figure:
    counted = coverage(standings)
    rows = [
        (
            i18n.translate(f"state.{state}" if state else "not begun", language),
            counted.get(state, 0),
        )
        for state in (None, *STATES)
    ]
    title = i18n.translate("How far they are", language)
    headings = (i18n.translate("State", language), i18n.translate("Organisations", language))
    highest = Decimal(-(-len(standings) // _QUARTERS) * _QUARTERS)  # so that its marks are whole
    counts = [Bar(name, Decimal(count), digits=0) for name, count in rows]
    drawn = bars(counts, Scale(Decimal(0), highest), title, language) if standings else ""
    return Figure("coverage", drawn, Table(title, headings, rows))


def _indices(questionnaire: Questionnaire, standings: Sequence[Standing], language: str) -> Figure:
    groups = [
        (i18n.translate(f"kind.{kind}", language), values)
        for kind, values in sorted(by_kind(standings).items())
    ]
    title = i18n.translate("Index by kind of organisation", language)
    drawn = distribution(groups, questionnaire.index_scale, title, language) if groups else ""
    headings = (
        _organisation(language),
        i18n.translate("Kind", language),
        i18n.translate("State", language),
        i18n.translate("Index", language),
        i18n.translate("Grade", language),
        i18n.translate("Answered", language),
    )
    names = {grade.code: grade.name.in_(language) for grade in questionnaire.grades}
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            i18n.translate(f"kind.{one.kind}", language),
            i18n.translate(f"state.{one.state}" if one.state else "not begun", language),
            one.index,
            names.get(one.grade or ""),
            one.answered,
        )
        for one in standings
    ]
    return Figure("index", drawn, Table(title, headings, rows))


def _dimensions(
    questionnaire: Questionnaire, standings: Sequence[Standing], language: str
) -> Figure:
    groups = [
        (node.name.in_(language), of_node(standings, node.code)) for node in questionnaire.nodes
    ]
    title = i18n.translate("Dimensions", language)
    spread = [(name, values) for name, values in groups if values]
    drawn = distribution(spread, _scale(questionnaire), title, language) if spread else ""
    headings = (
        _dimension(language),
        i18n.translate("median", language),
        i18n.translate("lowest", language),
        i18n.translate("highest", language),
    )
    rows: list[tuple[Cell, ...]] = [
        (name, median(values), min(values, default=None), max(values, default=None))
        for name, values in groups
    ]
    return Figure("dimensions", drawn, Table(title, headings, rows))


def _field(questionnaire: Questionnaire, standings: Sequence[Standing], language: str) -> Figure:
    columns = [node.name.in_(language) for node in questionnaire.nodes]
    rows = [
        (one.name, [one.nodes.get(node.code) for node in questionnaire.nodes])
        for one in standings
        if one.counts
    ]
    title = i18n.translate("Organisations by dimension", language)
    drawn = heatmap(rows[:HEATED], columns, _scale(questionnaire), title, language) if rows else ""
    headings = (_organisation(language), *columns)
    return Figure("field", drawn, Table(title, headings, [(name, *each) for name, each in rows]))


def _verified(questionnaire: Questionnaire, standings: Sequence[Standing], language: str) -> Figure:
    title = i18n.translate("Self against verified", language)
    pairs: list[tuple[str, Decimal, Decimal]] = [
        (one.name, one.own, one.index)
        for one in standings
        if one.counts and one.own is not None and one.index is not None and one.own != one.index
    ]
    pairs.sort(key=lambda pair: pair[2] - pair[1])
    own, verified = i18n.translate("Self", language), i18n.translate("Verified", language)
    rows = [Dot(name, after, before) for name, before, after in pairs[:JOINED]]
    names, scale = (verified, own, ""), questionnaire.index_scale
    drawn = dots(rows, names, scale, title, language) if rows else ""
    headings = (_organisation(language), own, verified, i18n.translate("Difference", language))
    table = [(name, before, after, after - before) for name, before, after in pairs]
    return Figure("verified", drawn, Table(title, headings, table))


def _organisation(language: str) -> str:
    return i18n.translate("Organisation", language)


def _dimension(language: str) -> str:
    return i18n.translate("Dimension", language)
