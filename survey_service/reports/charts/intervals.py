"""Ranks as intervals: a bar from the best rank to the worst, with the middle and the official one."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.reports.charts.drawing import (
    ACCENT,
    BOX,
    FAINT,
    MAIN,
    PAPER,
    TRACK,
    WIDE,
    Mark,
    circle,
    cut,
    legend,
    line,
    named,
    rect,
    svg,
    text,
)

_ROW, _LEFT, _RIGHT, _TOP = 26, 250, 120, 24
_WIDTH = WIDE - _LEFT - _RIGHT
_MARKS = 5  # of the ranks, at the most


class Interval(Struct, frozen=True):
    """Where the rank of an organisation lies, 1 for the best, and the `rank` that it has."""

    name: str
    low: int
    median: int
    high: int
    rank: int

    @property
    def words(self) -> str:
        """The bar's ends in figures."""
        return f"{self.low} {i18n.NOTHING} {self.high}"


def intervals(rows: Sequence[Interval], count: int, title: str, language: str) -> str:
    """Return a row for each organisation; ranks go from 1, on the left, to their `count`."""
    foot = _TOP + len(rows) * _ROW
    drawn = list(_axis(count, foot))
    for number, one in enumerate(rows):
        drawn += _row(one, _TOP + number * _ROW + _ROW / 2, count)
    told, height = legend(_entries(language), _LEFT, WIDE, foot + 20)
    words = [f"{one.name}: {one.rank} ({one.words})" for one in rows]
    return svg(WIDE, foot + 12 + height, title, words, [*drawn, *told])


def _entries(language: str) -> list[tuple[Mark, str]]:
    band = i18n.translate("where the rank lies in 90 of 100 draws", language)
    middle = i18n.translate("the rank in the middle of all draws", language)
    official = i18n.translate("the rank as decided", language)
    return [
        (lambda x, y: rect((x - 6, y - 5, 12, 10), BOX), band),
        (lambda x, y: line((x, y - 7, x, y + 7), stroke=ACCENT, width=3), middle),
        (lambda x, y: circle(x, y, 4, MAIN, PAPER), official),
    ]


def _axis(count: int, foot: float) -> Iterator[str]:
    steps = min(count - 1, _MARKS - 1) or 1
    for rank in sorted({1 + (count - 1) * step // steps for step in range(steps + 1)}):
        x = _place(rank, count)
        yield line((x, _TOP - 6, x, foot), stroke=TRACK)
        yield text(x, _TOP - 10, str(rank), size=11, fill=FAINT, anchor="middle")


def _row(one: Interval, y: float, count: int) -> Iterator[str]:
    left, right, middle = (_place(rank, count) for rank in (one.low, one.high, one.median))
    yield text(0, y + 4, cut(one.name, 36))
    band = rect((left - 3, y - 7, right - left + 6, 14), BOX)
    median = line((middle, y - 9, middle, y + 9), stroke=ACCENT, width=3)
    official = circle(_place(one.rank, count), y, 4, MAIN, PAPER)
    yield named(f"{one.name}: {one.rank} ({one.words})", band, median, official)
    yield text(WIDE, y + 4, one.words, anchor="end", weight=600, fill=MAIN)


def _place(rank: int, count: int) -> float:
    return _LEFT + _WIDTH * (rank - 1) / max(count - 1, 1)
