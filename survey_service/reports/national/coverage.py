"""How far those who take part are, group by group, and what was handed in day by day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.columns import Member
from survey_service.analysis.selection import Filters, Selection
from survey_service.conduct.cycles import Window
from survey_service.conduct.life import STATES, Stage
from survey_service.reports.charts.drawing import WIDE
from survey_service.reports.charts.progress import Deadline, SoFar
from survey_service.reports.charts.progress import progress as chart
from survey_service.reports.national.view import Asked, Field, View, group_name, group_title
from survey_service.reports.tables import Cell

_WITHDRAWN = "withdrawn"


class NotBegun(Struct, frozen=True):
    """Some, alike, who take part and have opened nothing: their kind and their attributes, in words."""

    kind: str
    attributes: dict[str, str]
    withdrawn: bool = False
    count: int = 1


class Day(Struct, frozen=True):
    """How many handed in, and how many became final, on a day."""

    on: dt.date
    handed_in: int
    final: int


class Course(Struct, frozen=True):
    """Days, ascending, with the windows of a cycle's stages, and how many take part in it."""

    days: tuple[Day, ...]
    windows: Mapping[Stage, Window]
    count: int


def coverage(
    selection: Selection, not_begun: Sequence[NotBegun], asked: Asked, language: str
) -> View:
    """Return the view: a row for each group, with how many stand where."""
    states = ["", *STATES, _WITHDRAWN]
    counted: dict[str, Counter[str]] = {}
    for (group, state), count in _places(selection, not_begun, asked.by).items():
        counted.setdefault(group, Counter())[state] = count
    rows: list[list[Cell]] = []
    for group in sorted(counted):
        found = counted[group]
        taking_part = found.total() - found[_WITHDRAWN]
        handed_in = taking_part - found[""] - found["draft"] - found["returned"]
        label = (
            group_name(asked.by, group, language) if asked.by else i18n.translate("All", language)
        )
        share = _percent(handed_in, taking_part)
        rows.append([label, found.total(), *(found[state] for state in states), share])
    fields = [
        Field(
            "group",
            "string",
            group_title(asked.by, language) if asked.by else i18n.translate("Group", language),
        ),
        Field("participants", "integer", i18n.translate("Taking part", language)),
        *(Field(state or "not_begun", "integer", _named(state, language)) for state in states),
        Field(
            "handed_in_percent",
            "integer",
            i18n.translate("Handed in, in percent", language),
            unit="%",
        ),
    ]
    title = i18n.translate("Coverage", language)
    return View("coverage", title, fields, rows, len(rows))


def progress(
    days: Sequence[Day],
    windows: Mapping[Stage, Window],
    count: int,
    language: str,
    width: int = WIDE,
) -> View:
    """Return the view: a row for each day on which something was handed in or became final.

    Args:
        days: Ascending.
        windows: The days of each stage of the cycle, which end with the deadlines.
        count: How many take part.
        language: In which to tell.
        width: Of its chart.
    """
    found = list(_so_far(days))
    rows: list[list[Cell]] = [
        [day.on, day.handed_in, one.handed_in, day.final, one.final]
        for day, one in zip(days, found, strict=True)
    ]
    fields = [
        Field("day", "date", i18n.translate("Day", language)),
        Field("handed_in", "integer", i18n.translate("Handed in", language)),
        Field("handed_in_so_far", "integer", i18n.translate("Handed in so far", language)),
        Field("final", "integer", i18n.translate("Final", language)),
        Field("final_so_far", "integer", i18n.translate("Final so far", language)),
    ]
    title = i18n.translate("Progress over time", language)
    ends = [
        Deadline(window.closes, i18n.translate(f"stage.{stage}", language))
        for stage, window in windows.items()
    ]
    words = _told(found, ends, count, language)
    drawn = chart(found, ends, count, title, language, width) if found else ""
    return View("progress", title, fields, rows, len(rows), drawn, words=words)


def days(members: Sequence[Member]) -> list[Day]:
    """Return the days on which any was handed in, or became final, for the first time; ascending."""
    handed_in = Counter(one.handed_in.date() for one in members if one.handed_in)
    final = Counter(one.final.date() for one in members if one.final)
    return [Day(on, handed_in[on], final[on]) for on in sorted({*handed_in, *final})]


def _so_far(days: Sequence[Day]) -> Iterator[SoFar]:
    handed_in = final = 0
    for day in days:
        handed_in, final = handed_in + day.handed_in, final + day.final
        yield SoFar(day.on, handed_in, final)


def _told(found: Sequence[SoFar], deadlines: Sequence[Deadline], count: int, language: str) -> str:
    """Return how many handed in, and when each stage ends."""
    said = [
        i18n.translate(
            "Handed in, over all: {number}, of {all} that take part.",
            language,
            number=found[-1].handed_in,
            all=count,
        )
        if found
        else i18n.translate("Nobody has handed in yet.", language)
    ]
    if deadlines:
        ends = "; ".join(f"{one.name}: {i18n.day(one.on, language)}" for one in deadlines)
        said.append(i18n.translate("Last days: {ends}.", language, ends=ends))
    return " ".join(said)


def meant(one: NotBegun, filters: Filters) -> bool:
    """Whether somebody who has not begun is among those that are looked at."""
    if filters.kind and one.kind != filters.kind:
        return False
    return not filters.attribute or one.attributes.get(filters.attribute, "") == filters.value


def _places(
    selection: Selection, not_begun: Sequence[NotBegun], by: str
) -> Counter[tuple[str, str]]:
    """Return how many of each group stand where."""
    groups = selection.groups(by).tolist()
    states = [one.state if one.withdrawn is None else _WITHDRAWN for one in selection.members]
    found: Counter[tuple[str, str]] = Counter(zip(groups, states, strict=True))
    for other in not_begun:
        group = other.kind if by == "kind" else other.attributes.get(by, "") if by else ""
        found[group, _WITHDRAWN if other.withdrawn else ""] += other.count
    return found


def _named(state: str, language: str) -> str:
    if state == _WITHDRAWN:
        return i18n.translate("withdrawn", language)
    return i18n.translate(f"state.{state}" if state else "not begun", language)


def _percent(part: int, whole: int) -> int | None:
    """Return a part in whole percent; 0 and 100 only of nobody and of all."""
    if not whole or part in {0, whole}:
        return (100 * part // whole) if whole else None
    return min(max((200 * part + whole) // (2 * whole), 1), 99)
