"""Values before and after, joined by lines; broken where the two were measured differently."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    FAINT,
    MAIN,
    WIDE,
    Mark,
    circle,
    cut,
    legend,
    line,
    marks,
    named,
    share,
    svg,
    text,
)

_LEFT, _RIGHT, _HEIGHT, _TOP, _LINE = 360, 600, 260, 30, 15


class Slope(Struct, frozen=True):
    """A value before and after, each written with so many `digits`."""

    label: str
    before: Decimal
    after: Decimal
    digits: tuple[int, int] = (2, 2)

    def written(self, language: str) -> tuple[str, str]:
        """Return both values as the language writes them."""
        first, second = self.digits
        return i18n.decimal(self.before, language, first), i18n.decimal(
            self.after, language, second
        )


def slope(
    rows: Sequence[Slope],
    ends: tuple[str, str],
    scale: Scale,
    title: str,
    language: str,
    *,
    broken: bool = False,
) -> str:
    """Return the lines between two `ends`, which are named.

    Args:
        rows: What is joined.
        ends: What stands on the left, and on the right.
        scale: Of the values; of it only what lies between the marks around them is drawn.
        title: The chart's name.
        language: Of the numbers.
        broken: Whether the version changed between the two: dashed, and with a gap in the middle.
    """
    drawn = [
        text(_LEFT, 16, ends[0], anchor="end", size=12, fill=FAINT),
        text(_RIGHT, 16, ends[1], size=12, fill=FAINT),
    ]
    scale = _near([end for row in rows for end in (row.before, row.after)], scale)
    before = _spread([_y(row.before, scale) for row in rows])
    after = _spread([_y(row.after, scale) for row in rows])
    for row, left, right in zip(rows, before, after, strict=True):
        y1, y2 = _y(row.before, scale), _y(row.after, scale)
        stroke = ACCENT if row.after < row.before else MAIN
        said = f"{row.label} {' → '.join(row.written(language))}"
        drawn.append(named(said, *_joined(y1, y2, stroke, broken=broken)))
        left_words, right_words = row.written(language)
        first = f"{cut(row.label, 40)}  {left_words}"
        drawn.append(text(_LEFT - 10, left + 4, first, anchor="end"))
        sign = "▲" if row.after > row.before else "▼" if row.after < row.before else "="
        second = f"{right_words} {sign} {cut(row.label, 40)}"
        drawn.append(text(_RIGHT + 10, right + 4, second))
    words = [f"{row.label} {' → '.join(row.written(language))}" for row in rows]
    height = int(max([*before, *after, _TOP + _HEIGHT]) + 12)
    told, more = legend(list(_entries(rows, language, broken=broken)), 20, WIDE, height + 16)
    return svg(WIDE, height + 8 + more, title, words, [*drawn, *told])


def _entries(rows: Sequence[Slope], language: str, *, broken: bool) -> Iterator[tuple[Mark, str]]:
    """Yield the colours and lines that occur, with what they mean."""
    if any(row.after >= row.before for row in rows):
        yield partial(_stroke, MAIN), i18n.translate("risen, or as before", language)
    if any(row.after < row.before for row in rows):
        yield partial(_stroke, ACCENT), i18n.translate("fallen", language)
    if broken:
        yield partial(_stroke, FAINT, dashed=True), i18n.translate("measured otherwise", language)


def _stroke(colour: str, x: float, y: float, *, dashed: bool = False) -> str:
    return line((x - 7, y, x + 8, y), stroke=colour, width=2, dashed=dashed)


def _near(values: Sequence[Decimal], scale: Scale) -> Scale:
    """Return the part of a scale between the marks around some values."""
    levels = marks(scale)
    below = [level for level in levels if level <= min(values)]
    above = [level for level in levels if level >= max(values)]
    near = Scale(max(below, default=scale.lowest), min(above, default=scale.highest))
    return near if near.lowest < near.highest else scale


def _y(value: Decimal, scale: Scale) -> float:
    return _TOP + _HEIGHT * (1 - share(value, scale))


def _joined(y1: float, y2: float, stroke: str, *, broken: bool) -> list[str]:
    dots = [circle(_LEFT, y1, 4, stroke), circle(_RIGHT, y2, 4, stroke)]
    if not broken:
        return [line((_LEFT, y1, _RIGHT, y2), stroke=stroke, width=2), *dots]
    third, rise = (_RIGHT - _LEFT) / 3, (y2 - y1) / 3
    return [
        line((_LEFT, y1, _LEFT + third, y1 + rise), stroke=stroke, width=2, dashed=True),
        line((_RIGHT - third, y2 - rise, _RIGHT, y2), stroke=stroke, width=2, dashed=True),
        text((_LEFT + _RIGHT) / 2, (y1 + y2) / 2 + 4, "≠", anchor="middle", fill=FAINT),
        *dots,
    ]


def _spread(places: Sequence[float]) -> list[float]:
    """Return places for words near the ones given, far enough apart to be read."""
    order = sorted(range(len(places)), key=places.__getitem__)
    found, lowest = list(places), 0.0
    for number in order:
        found[number] = max(found[number], lowest)
        lowest = found[number] + _LINE
    return found
