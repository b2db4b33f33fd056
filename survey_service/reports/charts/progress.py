"""How many of those who take part handed in, and are final, day by day, with the deadlines as lines."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from survey_service import i18n
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    LIGHT,
    MAIN,
    TRACK,
    WIDE,
    Mark,
    circle,
    legend,
    line,
    named,
    svg,
    text,
)

_HEIGHT = 250
_LEFT, _RIGHT, _TOP, _FOOT = 52.0, 20.0, 50.0, 214.0  # room at the sides, and heights
_DOTS = 60  # days that are marked one by one
_TOLD = 24  # days told in words; between them nobody would miss one
_LINE = 14


class SoFar(Struct, frozen=True):
    """How many had handed in, and were final, by the end of a day."""

    on: dt.date
    handed_in: int
    final: int


class Deadline(Struct, frozen=True):
    """The last day of a stage."""

    on: dt.date
    name: str


def progress(
    days: Sequence[SoFar],
    deadlines: Sequence[Deadline],
    count: int,
    title: str,
    language: str,
    width: int = WIDE,
) -> str:
    """Return the chart of days, at least one, ascending, of `count` who take part."""
    found = _Place(days, deadlines, count, width)
    drawn = [*_frame(found, language), *_deadlines(found, deadlines)]
    drawn += _steps(found, [(one.on, one.final) for one in days], LIGHT)
    drawn += _steps(found, [(one.on, one.handed_in) for one in days], MAIN)
    if len(days) <= _DOTS:
        for one in days:
            dot = circle(*found.at(one.on, one.handed_in), 4, MAIN)
            drawn.append(named(_said(one, language), dot))
    entries: list[tuple[Mark, str]] = [
        (
            lambda x, y: line((x - 7, y, x + 8, y), stroke=MAIN, width=2),
            i18n.translate("Handed in so far", language),
        ),
        (
            lambda x, y: line((x - 7, y, x + 8, y), stroke=LIGHT, width=2),
            i18n.translate("Final so far", language),
        ),
        (
            lambda x, y: line((x, y - 7, x, y + 7), stroke=ACCENT, dashed=True),
            i18n.translate("last day", language),
        ),
    ]
    told, height = legend(entries, _LEFT, width, _HEIGHT + 4)
    step = -(-len(days) // _TOLD)
    words = [_said(one, language) for one in [*days[:-1:step], days[-1]]]
    return svg(width, _HEIGHT + height, title, words, [*drawn, *told])


class _Place:
    """Where a day and a number lie in the chart."""

    def __init__(
        self, days: Sequence[SoFar], deadlines: Sequence[Deadline], count: int, width: int
    ) -> None:
        known = [*(one.on for one in days), *(one.on for one in deadlines)]
        self.first, self.last = min(known), max(known)
        self.most = max(count, days[-1].handed_in, 1)
        self.right = width - _RIGHT

    def at(self, on: dt.date, number: int) -> tuple[float, float]:
        part = (on - self.first).days / max((self.last - self.first).days, 1)
        return _LEFT + (self.right - _LEFT) * part, _FOOT - (_FOOT - _TOP) * number / self.most


def _frame(found: _Place, language: str) -> Iterator[str]:
    for number in sorted({0, found.most // 2, found.most}):
        _, y = found.at(found.first, number)
        yield line((_LEFT, y, found.right, y), stroke=TRACK)
        yield text(_LEFT - 8, y + 4, str(number), size=11, fill=FAINT, anchor="end")
    ends = ((_LEFT, found.first, "start"), (found.right, found.last, "end"))
    for x, on, anchor in ends[: 1 if found.first == found.last else 2]:
        yield text(x, _FOOT + 18, i18n.day(on, language), size=11, fill=FAINT, anchor=anchor)


def _deadlines(found: _Place, deadlines: Sequence[Deadline]) -> Iterator[str]:
    """Yield a line for each last day, with the stages that end on it above, at changing heights."""
    days = sorted({one.on for one in deadlines})
    for number, day in enumerate(days):
        x, _ = found.at(day, 0)
        names = ", ".join(one.name for one in deadlines if one.on == day)
        yield line((x, _TOP, x, _FOOT), stroke=ACCENT, dashed=True)
        height = _TOP - 8 - _LINE * (len(days) - 1 - number)
        anchor = "end" if x > (_LEFT + found.right) / 2 else "start"
        yield text(x, height, names, size=11, fill=FAINT, anchor=anchor)


def _steps(found: _Place, points: Sequence[tuple[dt.date, int]], stroke: str) -> Iterator[str]:
    for (on, number), (following, higher) in pairwise([(points[0][0], 0), *points]):
        (x, y), (end, top) = found.at(on, number), found.at(following, higher)
        yield line((x, y, end, y), stroke=stroke, width=2)
        yield line((end, y, end, top), stroke=stroke, width=2)


def _said(one: SoFar, language: str) -> str:
    return i18n.translate(
        "{day}: {handed_in} handed in, {final} final",
        language,
        day=i18n.day(one.on, language),
        handed_in=one.handed_in,
        final=one.final,
    )
