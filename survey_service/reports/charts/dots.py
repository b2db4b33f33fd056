"""Dots on a common scale, each beside the median of its peers and a target."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    INK,
    MAIN,
    TRACK,
    axis,
    circle,
    cut,
    diamond,
    line,
    share,
    svg,
    text,
)

_ROW, _LEFT, _WIDTH, _RIGHT = 30, 230, 420, 60


class Dot(Struct, frozen=True):
    """A row: its value, the median of its peers, and what it is to reach; None where there is none."""

    label: str
    value: Decimal | None
    median: Decimal | None = None
    target: Decimal | None = None


def dots(rows: Sequence[Dot], scale: Scale, title: str, language: str) -> str:
    """Return a row for each, from the top: a dot, a diamond for the median, a bar for the target."""
    foot = len(rows) * _ROW
    drawn = list(axis(scale, _LEFT, _WIDTH, 0, foot, language))
    for number, row in enumerate(rows):
        drawn += _row(row, number * _ROW + _ROW / 2, scale, language)
    drawn += _legend(foot + 34, language)
    words = [_said(row, language) for row in rows]
    return svg(_LEFT + _WIDTH + _RIGHT, foot + 44, title, words, drawn)


def _row(row: Dot, y: float, scale: Scale, language: str) -> list[str]:
    drawn = [
        text(0, y + 4, cut(row.label, 34)),
        line((_LEFT, y, _LEFT + _WIDTH, y), stroke=TRACK, width=2),
    ]
    if row.target is not None:
        x = _LEFT + _WIDTH * share(row.target, scale)
        drawn.append(line((x, y - 10, x, y + 10), stroke=INK, width=3))
    if row.median is not None:
        drawn.append(diamond(_LEFT + _WIDTH * share(row.median, scale), y, 7, ACCENT))
    if row.value is not None:
        drawn.append(circle(_LEFT + _WIDTH * share(row.value, scale), y, 7, MAIN))
    number = i18n.decimal(row.value, language)
    drawn.append(text(_LEFT + _WIDTH + _RIGHT, y + 4, number, anchor="end", weight=600))
    return drawn


def _legend(y: float, language: str) -> list[str]:
    named = (
        (circle(_LEFT, y, 6, MAIN), i18n.translate("value", language)),
        (diamond(_LEFT + 110, y, 6, ACCENT), i18n.translate("median of peers", language)),
        (
            line((_LEFT + 270, y - 8, _LEFT + 270, y + 8), stroke=INK, width=3),
            i18n.translate("target", language),
        ),
    )
    places = (0, 110, 270)
    return [
        each
        for place, (mark, words) in zip(places, named, strict=True)
        for each in (mark, text(_LEFT + place + 12, y + 4, words, size=12, fill=FAINT))
    ]


def _said(row: Dot, language: str) -> str:
    value = i18n.decimal(row.value, language)
    if row.median is None:
        return f"{row.label} {value}"
    median = i18n.translate("median of peers", language)
    return f"{row.label} {value}, {median} {i18n.decimal(row.median, language)}"
