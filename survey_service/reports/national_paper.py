"""The national report: a release of a cycle as a paper. It tells nothing that the release does not.

Of a release without organisations it is made of the figures of groups alone: whatever else were told
of all could be subtracted from what the next release tells.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.analyses import Analysis, analysed, seed_of_results
from survey_service.analysis.distributions import strengths
from survey_service.analysis.movers import competition_ranks, moves
from survey_service.analysis.publications import Earlier
from survey_service.analysis.releases import ATTRIBUTE, KIND, WHOLE, Figure, Release, Row, groupings
from survey_service.analysis.robustness import DRAWS, affordable
from survey_service.analysis.spread import spread
from survey_service.analysis.stored_composites import stored, weighed
from survey_service.maturity.cards import NOTHING, Units, digits, exact_unit, unit
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.rules import Grade
from survey_service.maturity.showing import least
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.charts.distribution import distribution
from survey_service.reports.method import method
from survey_service.reports.national.coverage import Course, progress
from survey_service.reports.national.view import View
from survey_service.reports.national_sentences import Moved, robust, sentences
from survey_service.reports.papers import papers
from survey_service.reports.qr import verifying
from survey_service.reports.release_changes import said

_ENDS = 6  # indicators, and movers, that are shown at each end
_GROUPS = 60  # of one grouping, in the paper; the release has them all
_CHANGES = 40  # in the paper, as above
_WIDTH = 640  # of a chart, in pixels: as wide as the text on a page
_PERCENT = Scale(Decimal(0), Decimal(100))


class National(Struct, frozen=True):
    """What a national report is made of; the same always gives the same page.

    `organisation` publishes it, `at` is the moment that the results stand for, in the zone it is shown
    in. `places` counts who stands where, "" for who has not begun. `code` and `address` are where anybody
    learns whether it stands; "" of a draft, which is in no log. `earlier` is None where nothing is
    compared, and `course` where nobody knows who handed in when.
    """

    release: Release
    organisation: str
    at: dt.datetime
    places: Mapping[str, int]
    code: str = ""
    address: str = ""
    earlier: Earlier | None = None
    course: Course | None = None
    is_published: bool = False


class Placed(Struct, frozen=True):
    """An organisation in its place: its rank, and between which ranks it may as well stand."""

    row: Row
    rank: int
    band: tuple[int, int] | None


def page(report: National, language: str, templates: Path) -> str:
    """Return the report as an HTML page that refers to `template:` and `asset:` alone."""
    return papers(templates).render("national.html", language, **values(report, language))


def values(report: National, language: str) -> dict[str, object]:
    """Return what its template may use, by name; `report_templates/README.md` tells what each is."""
    release = report.release
    asked, rows = release.questionnaire, release.rows or ()
    figures = {one.code: one for one in release.figures if one.grouping == WHOLE}
    analysis = _analysis(release)
    moved = _moved(report)
    return {
        "report": report,
        "release": release,
        "record": None,
        "questionnaire": asked,
        "code": report.code,
        "qr": verifying(report.address, report.code, language) if report.code else "",
        "whole": figures.get(WHOLE),
        "sentences": sentences(release, figures, moved, language),
        "grades": _grades(asked, rows),
        "drawn": _drawn(release, language) if figures else "",
        "nodes": [(node, asked.depths[code], figures.get(code)) for code, node in asked.all_nodes.items()],
        "extremes": _extremes(release, language) if figures else [],
        "groups": groups(release.figures, language),
        "untold": _untold(release),
        "places": [(_place(one, language), count) for one, count in report.places.items() if count],
        "course": _course(report, language),
        "moved": moved,
        "robust": [] if analysis is None else list(robust(analysis.robustness, language)),
        "analysis": analysis,
        "placed": _placed(release, analysis),
        "changes": list(said(release.edition.changes[:_CHANGES], asked, language)),
        "method": method(asked, language),
    }  # fmt: skip


def named(asked: Questionnaire, language: str) -> Mapping[str, str]:
    """Return what nodes and indicators are called by their codes, and the whole by ""."""
    things = {code: thing.name.in_(language) for code, thing in asked.things.items()}
    return {WHOLE: i18n.translate("index", language), **things}


def _grades(asked: Questionnaire, rows: Sequence[Row]) -> list[tuple[Grade | None, int]]:
    """Return how many have which grade, from the highest, and how many none."""
    found = [row.grade for row in rows]
    counted = [(grade, found.count(grade.code)) for grade in asked.grades]
    return [*counted, (None, found.count(None))] if rows and asked.grades else []


def _units(asked: Questionnaire, rows: Sequence[Row]) -> tuple[Units, Units]:
    """Return the index with every node, and every indicator, in units."""
    nodes = [[row.index, *(row.nodes[code] for code in asked.all_nodes)] for row in rows]
    worth = [[row.worth[code] for code in asked.indicators] for row in rows]
    return _in_units(asked, nodes), _in_units(asked, worth)


def _in_units(asked: Questionnaire, table: Sequence[Sequence[Decimal | None]]) -> Units:
    unit_ = digits(asked)
    found = [[NOTHING if one is None else unit(one, unit_) for one in row] for row in table]
    return np.array(found, np.int32)


def _analysis(release: Release) -> Analysis | None:
    """Return how far ranks can be believed; None where nobody is named or the index is no mean."""
    rows = release.rows
    if not rows or len(rows) < release.fewest:
        return None
    asked = weighed(release.questionnaire, sorted({row.kind for row in rows}))
    found = stored(asked, *_units(asked, rows))
    if found is None:
        return None
    seed, draws = seed_of_results(release.digest), affordable(len(rows), DRAWS)
    return analysed(found.structure, found.values, seed, draws)


def _placed(release: Release, analysis: Analysis | None) -> list[Placed]:
    """Return all organisations from the highest to the lowest; who has no index comes last."""
    rows = release.rows or ()
    if not rows:
        return []
    index, _ = _units(release.questionnaire, rows)
    ranks = competition_ranks(index[:, 0].astype(np.int64)).tolist()
    bands = [None] * len(rows) if analysis is None else analysis.robustness.bands.tolist()
    found = [
        Placed(row, rank, None if band is None or not band[0] else (band[0], band[-1]))
        for row, rank, band in zip(rows, ranks, bands, strict=True)
    ]
    return sorted(found, key=lambda one: (one.rank, one.row.name))


def _drawn(release: Release, language: str) -> str:
    """Return how the index is spread, as a picture; "" where nobody is named."""
    asked, rows = release.questionnaire, release.rows
    if not rows:
        return ""
    index, _ = _units(asked, rows)
    lowest, highest = (Decimal(end.numerator) / end.denominator for end in asked.spans[WHOLE])
    found = spread(index[:, 0], digits(asked), (lowest, highest))
    title = i18n.translate("index", language)
    scale, digits_ = Scale(lowest, highest), least(asked)
    return distribution([(title, found)], scale, title, language, digits_, _WIDTH)


def _extremes(release: Release, language: str) -> list[tuple[str, str]]:
    """Return pictures of the strongest and the weakest indicators, each with its heading."""
    asked, rows = release.questionnaire, release.rows
    if not rows:
        return []
    _, worth = _units(asked, rows)
    unit_ = 10 ** digits(asked)
    spans = [tuple(int(end * unit_) for end in asked.spans[code]) for code in asked.indicators]
    found = strengths(list(asked.indicators), worth, [(one[0], one[1]) for one in spans], [0])
    shown = min(_ENDS, len(found) // 2)
    headings = (i18n.translate("Strongest", language), i18n.translate("Weakest", language))
    both = (found[:shown], found[: -shown - 1 : -1] if shown else [])
    drawn = []
    for heading, some in zip(headings, both, strict=True):
        rows_ = [
            Bar(
                f"{one.code} {asked.indicators[one.code].name.in_(language)}",
                Decimal(100 * one.reached.numerator) / one.reached.denominator,
                digits=1,
            )
            for one in some
        ]
        if rows_:
            drawn.append((heading, bars(rows_, _PERCENT, heading, language)))
    return drawn


def groups(
    told: Sequence[Figure], language: str
) -> list[tuple[str, list[tuple[str, Figure]], int]]:
    """Return what groups are made by, with the index of each as far as shown, and how many there are."""
    found: dict[str, list[Figure]] = {}
    for one in told:
        if one.grouping != WHOLE and one.code == WHOLE:
            found.setdefault(one.grouping, []).append(one)
    return [
        (
            _grouping(grouping, language),
            [
                (_group(grouping, one.group, language), one)
                for one in sorted(figures, key=lambda one: -(one.mean or 0))[:_GROUPS]
            ],
            len(figures),
        )
        for grouping, figures in found.items()
    ]


def _grouping(grouping: str, language: str) -> str:
    return (
        i18n.translate("kind", language) if grouping == KIND else grouping.removeprefix(ATTRIBUTE)
    )


def _group(grouping: str, group: str, language: str) -> str:
    return i18n.translate(f"kind.{group}", language) if grouping == KIND else group


def _untold(release: Release) -> int | None:
    """Return of how many groups nothing is told; None where that is not to be known either."""
    if release.rows is None:
        return None
    there = {
        (grouping, group)
        for grouping, places in groupings(release.rows).items()
        for group in places.values()
        if grouping != WHOLE
    }
    return len(there - {(one.grouping, one.group) for one in release.figures})


def _moved(report: National) -> Moved | None:
    """Return who moved since the cycle before; None where nobody is named or nothing compared."""
    rows, earlier = report.release.rows, report.earlier
    if rows is None or earlier is None:
        return None
    asked = report.release.questionnaire
    then, now = (
        _in_units(asked, [list(some)])[0]
        for some in (earlier.indices.values(), (one.index for one in rows))
    )
    ids_then, ids_now = (
        np.array(list(some), np.int64) for some in (earlier.indices, (one.id for one in rows))
    )
    found, unit_ = moves(ids_then, then, ids_now, now), digits(asked)
    names = {row.id: row.name for row in rows}
    told = [
        (names[int(id_)], exact_unit(int(before), unit_), exact_unit(int(after), unit_),
         exact_unit(int(change), unit_), int(first), int(second))
        for id_, before, after, change, first, second in zip(
            found.ids, found.before, found.after, found.change, found.rank_before, found.rank_after,
            strict=True,
        )
    ]  # fmt: skip
    up = [one for one in told if (one[3] or 0) > 0]
    down = [one for one in told if (one[3] or 0) < 0]
    mean = exact_unit(round(float(found.change.mean())), unit_) if told else None
    return Moved(
        earlier.cycle,
        len(told),
        len(up),
        len(down),
        mean,
        tuple(up[:_ENDS]),
        tuple(down[::-1][:_ENDS]),
        len(found.joined),
        len(found.left),
    )


def _course(report: National, language: str) -> View | None:
    """Return how far those who take part came over the days; None where nobody handed in."""
    course = report.course
    if course is None or not course.days:
        return None
    return progress(course.days, course.windows, course.count, language, _WIDTH)


def _place(place: str, language: str) -> str:
    if place == "withdrawn":
        return i18n.translate("withdrawn", language)
    return i18n.translate(f"state.{place}" if place else "not begun", language)
