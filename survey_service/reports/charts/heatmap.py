"""A field of values, rows by columns: the darker, the higher, and each with its number."""

from collections.abc import Callable, Sequence
from decimal import Decimal

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

_ROW, _LEFT, _COLUMN, _TOP = 28, 240, 110, 44
SHADES = ("#eaf3f6", "#c5dfe8", "#8fc0d2", "#3f87a3", "#0b5c7a")
DARK = 3  # from this shade on numbers are white


def heatmap(
    rows: Sequence[tuple[str, Sequence[Decimal | None]]],
    columns: Sequence[str],
    scale: Scale,
    title: str,
    written: Callable[[int, Decimal | None], str],
) -> str:
    """Return the field: a name and its values by row, in the order of the columns.

    Args:
        rows: The names and values.
        columns: What the columns are called.
        scale: Of the values.
        title: The chart's name.
        written: Writes a value of a column, by its place.
    """
    drawn = []
    for number, name in enumerate(columns):
        drawn += _heading(name, _LEFT + number * _COLUMN)
    for number, (name, values) in enumerate(rows):
        top = _TOP + number * _ROW
        drawn.append(text(0, top + 18, cut(name, 36)))
        for column, value in enumerate(values):
            drawn += _cell(value, _LEFT + column * _COLUMN, top, scale, written(column, value))
    words = [
        f"{name}: "
        + ", ".join(
            f"{column} {written(place, value)}"
            for place, (column, value) in enumerate(zip(columns, values, strict=True))
        )
        for name, values in rows
    ]
    width = _LEFT + len(columns) * _COLUMN
    return svg(width, _TOP + len(rows) * _ROW + 4, title, words, drawn)


def _heading(name: str, left: float) -> list[str]:
    """Return a column's name in up to two lines."""
    words = cut(name, 32).split()
    first = ""
    while words and len(first) + len(words[0]) < 17:  # noqa: PLR2004 - letters over a column
        first = f"{first} {words.pop(0)}".strip()
    middle = left + _COLUMN / 2
    rest = cut(" ".join(words), 17)
    return [
        text(middle, 16, first or rest, size=12, fill=FAINT, anchor="middle"),
        text(middle, 32, rest if first else "", size=12, fill=FAINT, anchor="middle"),
    ]


def _cell(value: Decimal | None, left: float, top: float, scale: Scale, number: str) -> list[str]:
    box = (left + 1, top + 1, _COLUMN - 2, _ROW - 2)
    place = (left + _COLUMN / 2, top + 18)
    if value is None:
        return [rect(box, TRACK), text(*place, i18n.NOTHING, anchor="middle", fill=FAINT)]
    shade = min(int(share(value, scale) * len(SHADES)), len(SHADES) - 1)
    fill = PAPER if shade >= DARK else INK
    return [rect(box, SHADES[shade]), text(*place, number, anchor="middle", fill=fill)]
