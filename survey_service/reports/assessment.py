"""The assessment report: what it says, worked out here; how it looks, in its template."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Indicator, Node, Questionnaire
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import Card, score
from survey_service.reports.answers import Said, said
from survey_service.reports.charts import Bar, bars
from survey_service.reports.pages import Pages
from survey_service.reports.scores import reason

EXTREMES = 3  # how many nodes are named as strongest and as weakest


class Report(Struct, frozen=True):
    """What a report is made of; the same report always gives the same page.

    `digest` is that of the questionnaire's published file, `at` the moment that the answers stand
    for, in the zone it is shown in, `notes` what respondents wrote beside their answers, by indicator code.
    """

    questionnaire: Questionnaire
    digest: str
    organisation: str
    answers: Mapping[str, Answer]
    notes: Mapping[str, str]
    at: dt.datetime


class Answered(Struct, frozen=True):
    """An indicator in the appendix: its answer in words, and the note."""

    indicator: Indicator
    said: Said
    note: str


def page(report: Report, language: str, templates: Path) -> str:
    """Return the report as an HTML page whose only references are `template:` and `asset:`."""
    questionnaire = report.questionnaire
    card = score(questionnaire, report.answers, official=True)
    ranked = _ranked(questionnaire, card)
    return _pages(templates / "assessment").render(
        "report.html",
        language,
        report=report,
        questionnaire=questionnaire,
        card=card,
        running=score(questionnaire, report.answers),
        refused=[
            (refusal.grade, reason(questionnaire, refusal, language)) for refusal in card.refused
        ],
        overview=node_bars(questionnaire, card, language),
        strongest=ranked[:EXTREMES],
        weakest=ranked[-EXTREMES:][::-1] if len(ranked) > EXTREMES else [],
        recommendations=recommend(questionnaire, report.answers),
        sections=_sections(report, language),
        tiers=tier_names(questionnaire, language),
    )


def node_bars(questionnaire: Questionnaire, card: Card, language: str) -> str:
    """Return the index of every node as bars, in the order of the questionnaire."""
    rows = [
        Bar(node.name.in_(language), card.nodes[code].index, questionnaire.depths[code])
        for code, node in questionnaire.all_nodes.items()
    ]
    return bars(rows, questionnaire.scale, questionnaire.name.in_(language), language)


def tier_names(questionnaire: Questionnaire, language: str) -> str:
    """Return what the questionnaire calls its tiers, from the top: "dimension, aspect"."""
    return ", ".join(tier.name.in_(language).lower() for tier in questionnaire.tiers)


@lru_cache
def _pages(folder: Path) -> Pages:
    return Pages(folder)


def _ranked(questionnaire: Questionnaire, card: Card) -> list[tuple[Node, Decimal]]:
    """Return the nodes that indicators hang on and that apply, highest index first."""
    found = [
        (node, index)
        for code, node in questionnaire.all_nodes.items()
        if node.indicators and (index := card.nodes[code].index) is not None
    ]
    return sorted(found, key=lambda pair: -pair[1])


def _sections(report: Report, language: str) -> list[tuple[Node, list[Answered]]]:
    return [
        (node, [_answered(report, indicator, language) for indicator in node.indicators])
        for node in report.questionnaire.all_nodes.values()
    ]


def _answered(report: Report, indicator: Indicator, language: str) -> Answered:
    answer = report.answers.get(indicator.code)
    words = said(report.questionnaire, indicator, answer, language)
    return Answered(indicator, words, report.notes.get(indicator.code, ""))
