"""The best index for every effort, as a line that rises by steps, with the plan's place on it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    MAIN,
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

_HEIGHT = 260
_LEFT, _RIGHT, _TOP, _FOOT = 44.0, WIDE - 20.0, 14.0, 224.0
_TOLD = 24  # points told in words; between them nobody would miss one

Point = tuple[int, Decimal]
"""An effort, and an index."""


def curve(points: Sequence[Point], plan: Point, scale: Scale, language: str, digits: int) -> str:
    """Return the chart of points by rising effort, at least one, and of the plan among them.

    Indices have so many `digits`.
    """
    most = max(points[-1][0], plan[0], 1)

    def at(effort: int, index: Decimal) -> tuple[float, float]:
        x = _LEFT + (_RIGHT - _LEFT) * effort / most
        return x, _FOOT - (_FOOT - _TOP) * share(index, scale)

    drawn = []
    for mark in marks(scale):
        _, y = at(0, mark)
        drawn.append(line((_LEFT, y, _RIGHT, y), stroke=TRACK))
        number = i18n.decimal(mark, language, exact=True)
        drawn.append(text(_LEFT - 8, y + 4, number, size=11, fill=FAINT, anchor="end"))
    for (effort, index), (following, higher) in pairwise([*points, (most, points[-1][1])]):
        (x, y), (end, top) = at(effort, index), at(following, higher)
        drawn.append(line((x, y, end, y), stroke=MAIN, width=2))
        drawn.append(line((end, y, end, top), stroke=MAIN, width=2))
    drawn += [named(_point(one, language, digits), circle(*at(*one), 4, MAIN)) for one in points]
    this = i18n.translate("this plan", language)
    drawn.append(named(f"{this}: {_point(plan, language, digits)}", diamond(*at(*plan), 7, ACCENT)))
    ends = ((_LEFT, "0", "start"), (_RIGHT, str(most), "end"))
    drawn += [text(x, _FOOT + 16, words, size=11, fill=FAINT, anchor=end) for x, words, end in ends]
    axis = i18n.translate("effort", language)
    drawn.append(text((_LEFT + _RIGHT) / 2, _FOOT + 16, axis, size=11, fill=FAINT, anchor="middle"))
    title = i18n.translate("The best index for each effort", language)
    entries: list[tuple[Mark, str]] = [
        (lambda x, y: line((x - 7, y, x + 8, y), stroke=MAIN, width=2), title),
        (lambda x, y: diamond(x, y, 6, ACCENT), this),
    ]
    told, height = legend(entries, _LEFT, WIDE, _HEIGHT + 4)
    return svg(WIDE, _HEIGHT + height, title, _told(points, language, digits), [*drawn, *told])


def _told(points: Sequence[Point], language: str, digits: int) -> list[str]:
    """Return some of the points in words, first and last among them."""
    step = -(-len(points) // _TOLD)
    return [_point(one, language, digits) for one in [*points[:-1:step], points[-1]]]


def _point(point: Point, language: str, digits: int) -> str:
    effort, index = point
    words = i18n.translate("effort {effort}", language, effort=str(effort))
    return f"{words}: {i18n.decimal(index, language, digits)}"
