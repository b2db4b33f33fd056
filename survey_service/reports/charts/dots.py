"""Dots on a common scale, each joined to what it is measured against, and a target."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    INK,
    LIGHT,
    MAIN,
    TRACK,
    WIDE,
    Mark,
    axis,
    circle,
    cut,
    diamond,
    legend,
    line,
    named,
    share,
    svg,
    text,
)

_ROW, _LEFT, _RIGHT = 30, 260, 80
_WIDTH = WIDE - _LEFT - _RIGHT


class Dot(Struct, frozen=True):
    """A row: its value, another one beside it, and what it is to reach; None where there is none.

    They are written with so many `digits`.
    """

    label: str
    value: Decimal | None
    other: Decimal | None = None
    target: Decimal | None = None
    digits: int = 2

    @property
    def values(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """What is drawn, in the order of the names."""
        return self.value, self.other, self.target


def dots(
    rows: Sequence[Dot], names: tuple[str, str, str], scale: Scale, title: str, language: str
) -> str:
    """Return a row for each, from the top: a dot, a diamond for the other, a bar for the target.

    Args:
        rows: What is drawn.
        names: What the value, the other one and the target are called.
        scale: Of all three.
        title: The chart's name.
        language: Of the numbers.
    """
    foot = len(rows) * _ROW
    drawn = list(axis(scale, _LEFT, _WIDTH, 0, foot, language))
    for number, row in enumerate(rows):
        mark = _row(row, number * _ROW + _ROW / 2, scale, language)
        drawn.append(named(_said(row, names, language), *mark))
    occurring = [any(row.values[place] is not None for row in rows) for place in range(3)]
    told, height = _legend(names, occurring, foot + 36)
    words = [_said(row, names, language) for row in rows]
    return svg(WIDE, foot + 28 + height, title, words, [*drawn, *told])


def _row(row: Dot, y: float, scale: Scale, language: str) -> list[str]:
    value, other, target = (
        None if each is None else _LEFT + _WIDTH * share(each, scale) for each in row.values
    )
    drawn = [
        text(0, y + 4, cut(row.label, 38)),
        line((_LEFT, y, _LEFT + _WIDTH, y), stroke=TRACK, width=2),
    ]
    if target is not None:
        drawn.append(_bar(target, y))
    if value is not None and other is not None:
        drawn.append(line((other, y, value, y), stroke=LIGHT, width=4))
    if other is not None:
        drawn.append(diamond(other, y, 7, ACCENT))
    if value is not None:
        drawn.append(circle(value, y, 7, MAIN))
    number = i18n.decimal(row.value, language, row.digits)
    drawn.append(text(_LEFT + _WIDTH + _RIGHT, y + 4, number, anchor="end", weight=600))
    return drawn


def _bar(x: float, y: float) -> str:
    return line((x, y - 9, x, y + 9), stroke=INK, width=3)


def _legend(names: Sequence[str], occurring: Sequence[bool], y: float) -> tuple[list[str], int]:
    drawing: tuple[Mark, ...] = (
        lambda x, at: circle(x, at, 6, MAIN),
        lambda x, at: diamond(x, at, 6, ACCENT),
        _bar,
    )
    entries = [
        (mark, name) for mark, name, occurs in zip(drawing, names, occurring, strict=True) if occurs
    ]
    return legend(entries, _LEFT, WIDE, y)


def _said(row: Dot, names: Sequence[str], language: str) -> str:
    said = [
        f"{name} {i18n.decimal(each, language, row.digits)}"
        for name, each in zip(names, row.values, strict=True)
        if each is not None
    ]
    return f"{row.label}: {', '.join(said) or i18n.NOTHING}"
