"""A field of values, rows by columns: the darker, the higher, and each with its number."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    FAINT,
    INK,
    PAPER,
    TRACK,
    WIDE,
    Mark,
    cut,
    legend,
    named,
    rect,
    share,
    svg,
    text,
)

_ROW, _LEFT, _TOP = 28, 240, 44
_NARROW = 110  # a column at the least
SHADES = ("#eaf3f6", "#c5dfe8", "#8fc0d2", "#3f87a3", "#0b5c7a")
DARK = 3  # from this shade on numbers are white


def heatmap(
    rows: Sequence[tuple[str, Sequence[Decimal | None]]],
    columns: Sequence[str],
    scale: Scale,
    title: str,
    written: Callable[[int, Decimal | None], str],
    language: str,
) -> str:
    """Return the field: a name and its values by row, in the order of the columns.

    Args:
        rows: The names and values.
        columns: What the columns are called.
        scale: Of the values.
        title: The chart's name.
        written: Writes a value of a column, by its place.
        language: Of the legend.
    """
    drawn = []
    wide = max(_NARROW, (WIDE - _LEFT) / max(len(columns), 1))
    for number, name in enumerate(columns):
        drawn += _heading(name, _LEFT + (number + 0.5) * wide)
    for number, (name, values) in enumerate(rows):
        top = _TOP + number * _ROW
        drawn.append(text(0, top + 18, cut(name, 36)))
        for column, value in enumerate(values):
            box = (_LEFT + column * wide + 1, top + 1, wide - 2, _ROW - 2)
            number_ = written(column, value)
            cell = _cell(value, box, scale, number_)
            drawn.append(named(f"{name}: {columns[column]} {number_}", *cell))
    words = [
        f"{name}: "
        + ", ".join(
            f"{column} {written(place, value)}"
            for place, (column, value) in enumerate(zip(columns, values, strict=True))
        )
        for name, values in rows
    ]
    width, foot = round(_LEFT + len(columns) * wide), _TOP + len(rows) * _ROW + 20
    told, height = legend(list(_entries(scale, language)), _LEFT, width, foot)
    return svg(width, foot + height, title, words, [*drawn, *told])


def _entries(scale: Scale, language: str) -> Iterator[tuple[Mark, str]]:
    """Yield each shade, with the part of the scale for which it stands."""
    step = (scale.highest - scale.lowest) / Decimal(len(SHADES))
    for number, shade in enumerate(SHADES):
        ends = (scale.lowest + step * each for each in (number, number + 1))
        words = f" {i18n.NOTHING} ".join(i18n.decimal(end, language, exact=True) for end in ends)
        yield partial(_swatch, shade), words


def _swatch(shade: str, x: float, y: float) -> str:
    return rect((x - 6, y - 6, 14, 12), shade)


def _heading(name: str, middle: float) -> list[str]:
    """Return a column's name in up to two lines."""
    words = cut(name, 32).split()
    first = ""
    while words and len(first) + len(words[0]) < 17:  # noqa: PLR2004 - letters over a column
        first = f"{first} {words.pop(0)}".strip()
    rest = cut(" ".join(words), 17)
    return [
        text(middle, 16, first or rest, size=12, fill=FAINT, anchor="middle"),
        text(middle, 32, rest if first else "", size=12, fill=FAINT, anchor="middle"),
    ]


def _cell(
    value: Decimal | None, box: tuple[float, float, float, float], scale: Scale, number: str
) -> list[str]:
    left, top, width, _ = box
    place = (left + width / 2, top + 17)
    if value is None:
        return [rect(box, TRACK), text(*place, i18n.NOTHING, anchor="middle", fill=FAINT)]
    shade = min(int(share(value, scale) * len(SHADES)), len(SHADES) - 1)
    fill = PAPER if shade >= DARK else INK
    return [rect(box, SHADES[shade]), text(*place, number, anchor="middle", fill=fill)]
