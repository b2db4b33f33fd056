"""Regions as equal squares in the order of their names: no map is needed, and no large one shouts."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    FAINT,
    INK,
    PAPER,
    TRACK,
    cut,
    rect,
    share,
    svg,
    text,
)
from survey_service.reports.charts.heatmap import DARK, SHADES

_SIDE, _GAP, _ACROSS = 104, 4, 7


class Tile(Struct, frozen=True):
    """A region: its name, its value (None: nothing to show), and of how many that is."""

    name: str
    value: Decimal | None
    count: int


def tiles(shown: Sequence[Tile], scale: Scale, title: str, language: str, digits: int = 2) -> str:
    """Return a square for each region, from left to right."""
    drawn: list[str] = []
    for number, one in enumerate(shown):
        left = (number % _ACROSS) * (_SIDE + _GAP)
        top = (number // _ACROSS) * (_SIDE + _GAP)
        drawn += _tile(one, left, top, scale, i18n.decimal(one.value, language, digits))
    words = [
        f"{one.name} {i18n.decimal(one.value, language, digits)} ({one.count})" for one in shown
    ]
    down = -(-len(shown) // _ACROSS)
    return svg(_ACROSS * (_SIDE + _GAP), down * (_SIDE + _GAP), title, words, drawn)


def _tile(one: Tile, left: float, top: float, scale: Scale, number: str) -> list[str]:
    middle = left + _SIDE / 2
    box = (left, top, _SIDE, _SIDE)
    if one.value is None:
        return [
            rect(box, TRACK),
            text(middle, top + 30, cut(one.name, 15), size=12, fill=FAINT, anchor="middle"),
            text(middle, top + 60, i18n.NOTHING, anchor="middle", fill=FAINT),
        ]
    shade = min(int(share(one.value, scale) * len(SHADES)), len(SHADES) - 1)
    fill = PAPER if shade >= DARK else INK
    return [
        rect(box, SHADES[shade]),
        text(middle, top + 30, cut(one.name, 15), size=12, fill=fill, anchor="middle"),
        text(middle, top + 60, number, size=18, fill=fill, anchor="middle", weight=600),
        text(middle, top + 86, str(one.count), size=12, fill=fill, anchor="middle"),
    ]
