"""A series over the years: lines that are not joined where the method or the organisation is another."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    MAIN,
    PAPER,
    TRACK,
    WIDE,
    Mark,
    circle,
    diamond,
    legend,
    line,
    marks,
    named,
    share,
    svg,
    text,
)

_LEFT, _RIGHT, _TOP, _HEIGHT = 60, 40, 20, 260
_WIDTH = WIDE - _LEFT - _RIGHT
_PERCENT = Scale(Decimal(0), Decimal(100))


class Dot(Struct, frozen=True):
    """A value on a day, in percent of its scale, with what it is called."""

    on: dt.date
    percent: Decimal
    words: str


class Stroke(Struct, frozen=True):
    """Dots that are joined; of the `common` basis, dashed."""

    dots: Sequence[Dot]
    common: bool = False


def series(strokes: Sequence[Stroke], title: str, language: str) -> str:
    """Return the strokes over the years; between two of the same sort there is a gap."""
    days = sorted(dot.on for stroke in strokes for dot in stroke.dots)
    foot = _TOP + _HEIGHT
    drawn = [*_levels(language), *_years(days, foot)]
    for stroke in strokes:
        drawn += _stroke(stroke, days)
    entries: list[tuple[Mark, str]] = [
        (lambda x, y: circle(x, y, 5, MAIN, PAPER), i18n.translate("official", language)),
    ]
    if any(stroke.common for stroke in strokes):
        common = i18n.translate("on the common basis", language)
        entries.append((lambda x, y: diamond(x, y, 6, ACCENT), common))
    told, height = legend(entries, _LEFT, WIDE, foot + 40)
    words = [dot.words for stroke in strokes for dot in stroke.dots]
    return svg(WIDE, foot + 32 + height, title, words, [*drawn, *told])


def _levels(language: str) -> Iterator[str]:
    for level in marks(_PERCENT):
        y = _y(level)
        yield line((_LEFT, y, _LEFT + _WIDTH, y), stroke=TRACK)
        number = f"{i18n.decimal(level, language, exact=True)} %"
        yield text(_LEFT - 8, y + 4, number, size=11, fill=FAINT, anchor="end")


def _years(days: Sequence[dt.date], foot: float) -> Iterator[str]:
    first = {day.year: day for day in reversed(days)}
    for year, day in sorted(first.items()):
        yield text(_x(day, days), foot + 16, str(year), size=11, fill=FAINT, anchor="middle")


def _stroke(stroke: Stroke, days: Sequence[dt.date]) -> Iterator[str]:
    places = [(_x(dot.on, days), _y(dot.percent)) for dot in stroke.dots]
    colour = ACCENT if stroke.common else MAIN
    for (x1, y1), (x2, y2) in pairwise(places):
        yield line((x1, y1, x2, y2), stroke=colour, width=2, dashed=stroke.common)
    for (x, y), dot in zip(places, stroke.dots, strict=True):
        mark = diamond(x, y, 6, colour) if stroke.common else circle(x, y, 5, colour, PAPER)
        yield named(dot.words, mark)


def _x(day: dt.date, days: Sequence[dt.date]) -> float:
    span = (days[-1] - days[0]).days
    return _LEFT + 20 + (_WIDTH - 40) * ((day - days[0]).days / span if span else 0.5)


def _y(percent: Decimal) -> float:
    return _TOP + _HEIGHT * (1 - share(percent, _PERCENT))
