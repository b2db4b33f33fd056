"""The assessment report: what it says, worked out here; how it looks, in its template."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.assessment import Response
from survey_service.conduct.life import Stage
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import ANYBODY, Card, Cards, cards
from survey_service.maturity.showing import digits
from survey_service.maturity.tree import Indicator, Node
from survey_service.reports.answers import Said, advice, said
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.charts.slope import Slope, slope
from survey_service.reports.method import asked, method
from survey_service.reports.pages import Pages
from survey_service.reports.scores import reason

BARS = 20  # that fit on a page of the report
EXTREMES = 3  # how many nodes are named as strongest and as weakest


class Report(Struct, frozen=True):
    """What a report is made of; the same report always gives the same page.

    `digest` is that of the questionnaire's published file, `at` the moment that the answers stand
    for, in the zone it is shown in, `notes` what respondents wrote beside their answers, by indicator code.
    `reasoned` are the scores by code, the agency's first, where a later stage changed one or gave a
    reason. `cards` are the score where it is known; else the answers are scored.
    """

    questionnaire: Questionnaire
    digest: str
    organisation: str
    answers: Mapping[str, Answer]
    notes: Mapping[str, str]
    at: dt.datetime
    profile: Profile = ANYBODY
    cards: Cards | None = None
    reasoned: Mapping[str, Sequence[Response]] = {}


class Answered(Struct, frozen=True):
    """An indicator in the appendix: its answer in words, the note, and what the stages made of it.

    `course` has each stage that says something of it, its score in words, and its reason.
    """

    indicator: Indicator
    said: Said
    note: str
    course: list[tuple[Stage, Said, str]]


def page(report: Report, language: str, templates: Path) -> str:
    """Return the report as an HTML page whose only references are `template:` and `asset:`."""
    questionnaire = report.questionnaire.for_kind(report.profile.kind)
    running, card = report.cards or cards(questionnaire, report.answers, report.profile)
    ranked = _ranked(questionnaire, card)
    return _pages(templates / "assessment").render(
        "report.html",
        language,
        report=report,
        questionnaire=questionnaire,
        card=card,
        running=running,
        refused=[
            (refusal.grade, reason(questionnaire, refusal, language)) for refusal in card.refused
        ],
        overview=node_bars(questionnaire, card, language),
        strongest=ranked[:EXTREMES],
        weakest=ranked[-EXTREMES:][::-1] if len(ranked) > EXTREMES else [],
        recommendations=advice(
            questionnaire, recommend(questionnaire, report.answers, report.profile), language
        ),
        asks={
            grade.code: [asked(questionnaire, gate, language) for gate in grade.gates]
            for grade in questionnaire.grades
        },
        method=method(questionnaire, language),
        sections=_sections(questionnaire, report, language),
        tiers=tier_names(questionnaire, language),
    )


def node_bars(questionnaire: Questionnaire, card: Card, language: str) -> str:
    """Return the index of every node as bars, in the order of the questionnaire.

    Where points are counted, each bar shows how much of its own points a node has. Of a large
    tree only the upper tiers are drawn.
    """
    points, scale = questionnaire.points, questionnaire.scale
    rows: list[Bar] = []
    deepest = _deepest(questionnaire)
    for code, node in questionnaire.all_nodes.items():
        if questionnaire.depths[code] > deepest:
            continue
        index = card.nodes[code].index
        value = percent(questionnaire, code, index) if points else index
        name, depth = node.name.in_(language), questionnaire.depths[code]
        enough = 0 if index is None else digits(questionnaire, index, code)
        rows.append(Bar(name, value, depth, index if points else None, enough))
    title = questionnaire.name.in_(language)
    marked = Scale(Decimal(0), Decimal(100)) if points else scale
    return "".join(
        bars(rows[start : start + BARS], marked, title, language)
        for start in range(0, len(rows), BARS)
    )


def course_lines(
    questionnaire: Questionnaire,
    earlier: tuple[Questionnaire, Card, str],
    now: tuple[Card, str],
    common: tuple[Decimal, Decimal],
    language: str,
) -> str:
    """Return the index from the assessment before to this one, as lines.

    Within one version every dimension has its line. Over a change of version there is one, of what
    both ask, and it is visibly broken.

    Args:
        questionnaire: What is asked now.
        earlier: What was asked before, its card, and what it is called.
        now: The card, and what it is called.
        common: The index before and now, of what both ask.
        language: Of names and numbers.
    """
    asked_before, before, called = earlier
    card, here = now
    title = i18n.translate("From the assessment before to this one", language)
    if asked_before.reference != questionnaire.reference or questionnaire.points:
        row = Slope(i18n.translate("what both ask", language), *common)
        broken = asked_before.reference != questionnaire.reference
        return slope([row], (called, here), questionnaire.scale, title, language, broken=broken)
    rows = [_joined(questionnaire, i18n.translate("Index", language), *common)]
    for node in questionnaire.nodes:
        first, second = (one.nodes[node.code].index for one in (before, card))
        if first is not None and second is not None:
            rows.append(_joined(questionnaire, node.name.in_(language), first, second, node.code))
    return slope(rows, (called, here), questionnaire.scale, title, language)


def _joined(
    questionnaire: Questionnaire, label: str, before: Decimal, after: Decimal, code: str = ""
) -> Slope:
    both = digits(questionnaire, before, code), digits(questionnaire, after, code)
    return Slope(label, before, after, both)


def _deepest(questionnaire: Questionnaire) -> int:
    """Return the lowest tier down to which the bars of a tree fit on two pages."""
    depths = questionnaire.depths.values()
    fitting = [depth for depth in set(depths) if sum(at <= depth for at in depths) <= 2 * BARS]
    return max(fitting, default=0)


def percent(questionnaire: Questionnaire, code: str, index: Decimal | None) -> Decimal | None:
    """Return how much of its span an index reaches."""
    if index is None:
        return None
    lowest, highest = questionnaire.spans[code]
    way = 100 * (Fraction(index) - lowest) / (highest - lowest)
    return exact(way)


def tier_names(questionnaire: Questionnaire, language: str) -> str:
    """Return what the questionnaire calls its tiers, from the top: "dimension, aspect"."""
    return ", ".join(tier.name.in_(language).lower() for tier in questionnaire.tiers)


@lru_cache
def _pages(folder: Path) -> Pages:
    return Pages(folder)


def _ranked(questionnaire: Questionnaire, card: Card) -> list[tuple[Node, Decimal]]:
    """Return the nodes that indicators hang on and that apply, those first that reach most."""
    found = [
        (node, index)
        for code, node in questionnaire.all_nodes.items()
        if node.indicators and (index := card.nodes[code].index) is not None
    ]
    return sorted(
        found, key=lambda pair: -(percent(questionnaire, pair[0].code, pair[1]) or Decimal(0))
    )


def _sections(
    questionnaire: Questionnaire, report: Report, language: str
) -> list[tuple[Node, list[Answered]]]:
    return [
        (node, [_answered(report, indicator, language) for indicator in node.indicators])
        for node in questionnaire.all_nodes.values()
    ]


def _answered(report: Report, indicator: Indicator, language: str) -> Answered:
    answer = report.answers.get(indicator.code)
    words = said(report.questionnaire, indicator, answer, language)
    course = [
        (one.stage, said(report.questionnaire, indicator, one.answer, language), one.note)
        for one in report.reasoned.get(indicator.code, ())
    ]
    return Answered(indicator, words, report.notes.get(indicator.code, ""), course)
