"""The assessment report: what it says, worked out here; how it looks, in its template."""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from survey_service import i18n
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import ANYBODY, Card, Cards, cards
from survey_service.maturity.showing import digits
from survey_service.reports.actions import actions
from survey_service.reports.appendix import sections
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.charts.slope import Slope, slope
from survey_service.reports.comparison import compared, scored_otherwise
from survey_service.reports.letter import findings
from survey_service.reports.method import asked, method
from survey_service.reports.papers import Paper, papers
from survey_service.reports.qr import verifying
from survey_service.reports.record import Judged, Record
from survey_service.reports.scores import alone, reason
from survey_service.reports.summary import extremes, moved_by, sentences

BARS = 20  # that fit on a page
_IN_ONE = (
    10  # bars in one piece of a report: a page that has no room for them is half full at the least
)
_LETTERS, _GROUP = 15, 5  # of a code: 75 bits, so that nobody comes upon one by trying


class Report(Struct, frozen=True):
    """What a report is made of; the same report always gives the same page.

    `digest` is that of the questionnaire's published file, `at` the moment that the answers stand
    for, in the zone it is shown in, `notes` what respondents wrote beside their answers, by indicator code.
    `cards` are the score where it is known; else the answers are scored. `stages` are those whose scores
    are known, in their order, and `record` is what lies beside; None where there is only a file.
    `source` is the text of the questionnaire's file.
    Of the answers, those `to_confirm` were carried over from the time before.
    """

    questionnaire: Questionnaire
    digest: str
    organisation: str
    answers: Mapping[str, Answer]
    notes: Mapping[str, str]
    at: dt.datetime
    profile: Profile = ANYBODY
    cards: Cards | None = None
    stages: tuple[Judged, ...] = ()
    record: Record | None = None
    source: str = ""
    to_confirm: int = 0


def content(report: Report) -> str:
    """Return the digest of all that a report says; the questionnaire's own digest stands for it."""
    said = {**structs.asdict(report), "questionnaire": None, "source": None}
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def code(report: Report) -> str:
    """Return the short code of a report, by which people name it: fifteen letters in groups of five."""
    letters = base64.b32encode(bytes.fromhex(content(report))).decode()[:_LETTERS]
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


def page(report: Report, language: str, templates: Path, paper: Paper = "report") -> str:
    """Return a paper on an assessment as an HTML page that refers to `template:` and `asset:` alone."""
    return papers(templates).render(f"{paper}.html", language, **values(report, language))


def values(report: Report, language: str) -> dict[str, object]:
    """Return what templates may use, by name; `report_templates/README.md` tells what each is."""
    questionnaire = report.questionnaire.for_kind(report.profile.kind)
    running, card = report.cards or cards(questionnaire, report.answers, report.profile)
    record, stages = report.record, report.stages
    strongest, weakest = extremes(questionnaire, card, record)
    otherwise = scored_otherwise(questionnaire, stages, language)
    agreed = () if record is None else record.agreed
    to_do = actions(questionnaire, (report.answers, report.profile), card, agreed, language)
    return {
        "report": report,
        "record": record,
        "questionnaire": questionnaire,
        "code": code(report),
        "qr": "" if record is None else verifying(record.address, code(report), language),
        "card": card,
        "running": running,
        "alone": alone(questionnaire, card, language),
        "sentences": sentences(questionnaire, report.organisation, card, record, language),
        "moved": None if record is None else moved_by(record),
        "strongest": strongest,
        "weakest": weakest,
        "refused": [(one.grade, reason(questionnaire, one, language)) for one in card.refused],
        "asks": {
            grade.code: [asked(questionnaire, gate, language) for gate in grade.gates]
            for grade in questionnaire.grades
        },
        "overview": node_bars(questionnaire, card, language),
        "comparison": compared(questionnaire, card, stages, record),
        "otherwise": otherwise,
        "findings": findings(questionnaire, card, weakest, otherwise, language),
        "actions": to_do,
        "ranked": sorted(
            (one for _, steps in to_do.first for one in steps), key=lambda one: one.rank
        ),
        "sections": sections(
            questionnaire, (report.answers, report.notes, report.profile), stages, record, language
        ),
        "general": [] if record is None else [one for one in record.remarks if not one.indicator],
        "method": method(questionnaire, language),
        "tiers": tier_names(questionnaire, language),
    }


def node_bars(
    questionnaire: Questionnaire, card: Card, language: str, in_one: int = _IN_ONE
) -> str:
    """Return the index of every node as bars, in the order of the questionnaire.

    Where points are counted, each bar shows how much of its own points a node has. Of a large
    tree only the upper tiers are drawn. `in_one` is how many are drawn together.
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
        bars(rows[start : start + in_one], marked, title, language)
        for start in range(0, len(rows), in_one)
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
    """Return what the questionnaire calls its tiers, from the top: "dimension, aspect"; else "part"."""
    called = ", ".join(tier.name.in_(language).lower() for tier in questionnaire.tiers)
    return called or i18n.translate("part", language)
