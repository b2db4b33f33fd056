"""Dots on a common scale, each joined to what it is measured against, and a target."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    INK,
    LIGHT,
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
_ENTRY = 170  # from one entry of the legend to the next


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
        drawn += _row(row, number * _ROW + _ROW / 2, scale, language)
    occurring = [any(row.values[place] is not None for row in rows) for place in range(3)]
    drawn += _legend(names, occurring, foot + 34)
    words = [_said(row, names, language) for row in rows]
    return svg(_LEFT + _WIDTH + _RIGHT, foot + 44, title, words, drawn)


def _row(row: Dot, y: float, scale: Scale, language: str) -> list[str]:
    value, other, target = (
        None if each is None else _LEFT + _WIDTH * share(each, scale) for each in row.values
    )
    drawn = [
        text(0, y + 4, cut(row.label, 34)),
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


def _legend(names: Sequence[str], occurring: Sequence[bool], y: float) -> list[str]:
    left, drawn = float(_LEFT), []
    for place, (name, occurs) in enumerate(zip(names, occurring, strict=True)):
        if not occurs:
            continue
        mark = (circle(left, y, 6, MAIN), diamond(left, y, 6, ACCENT), _bar(left, y))[place]
        drawn += [mark, text(left + 12, y + 4, name, size=12, fill=FAINT)]
        left += _ENTRY
    return drawn


def _said(row: Dot, names: Sequence[str], language: str) -> str:
    said = [
        f"{name} {i18n.decimal(each, language, row.digits)}"
        for name, each in zip(names, row.values, strict=True)
        if each is not None
    ]
    return f"{row.label}: {', '.join(said) or i18n.NOTHING}"
