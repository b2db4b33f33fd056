"""How values are spread: by group a dot for each, the middle half as a box, the median as a line.

Where they are too many to be told apart, columns say how many lie where.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.spread import Spread
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    BOX,
    LIGHT,
    MAIN,
    PAPER,
    WIDE,
    Mark,
    axis,
    circle,
    cut,
    legend,
    line,
    named,
    rect,
    share,
    svg,
    text,
)

_ROW, _LEFT, _RIGHT = 46, 230, 120  # of a wide chart; a narrow one has as much less at the sides
_LETTER = 230 / 34  # of a name
_FEW = 2  # values that have quartiles
_LAYERS = 5  # dots above one another, so that equal values are seen
_TALL = 30  # the column in which most values lie


class _Place(Struct, frozen=True):
    """Where a value lies on a scale, in a chart of a width with names at its left."""

    scale: Scale
    whole: int

    @property
    def left(self) -> float:
        return _LEFT * self.whole / WIDE

    @property
    def width(self) -> float:
        return self.whole - self.left - _RIGHT * self.whole / WIDE

    def at(self, value: Decimal) -> float:
        return self.left + self.width * share(value, self.scale)


def distribution(
    groups: Sequence[tuple[str, Spread]],
    scale: Scale,
    title: str,
    language: str,
    digits: int = 2,
    width: int = WIDE,
) -> str:
    """Return a row for each group: its name, and how its values are spread, to so many digits."""
    foot, place = len(groups) * _ROW, _Place(scale, width)
    drawn = list(axis(scale, place.left, place.width, 0, foot, language))
    for number, (name, spread) in enumerate(groups):
        drawn += _row(name, spread, number * _ROW + _ROW / 2, place, (language, digits))
    words = [_said(name, spread, language, digits) for name, spread in groups]
    told, height = legend(list(_entries(groups, language)), place.left, width, foot + 36)
    return svg(width, foot + 28 + height, title, words, [*drawn, *told])


def _entries(groups: Sequence[tuple[str, Spread]], language: str) -> Iterator[tuple[Mark, str]]:
    """Yield what is drawn, with what it is called."""
    if any(spread.values for _, spread in groups):
        one = i18n.translate("an organisation", language)
        yield lambda x, y: circle(x, y, 4, LIGHT, PAPER), one
    if any(spread.bins for _, spread in groups):
        yield (
            lambda x, y: rect((x - 4, y - 6, 8, 12), LIGHT),
            i18n.translate("how many lie there", language),
        )
    if any(spread.count >= _FEW and spread.quarters is not None for _, spread in groups):
        half = i18n.translate("the middle half", language)
        yield lambda x, y: rect((x - 6, y - 6, 12, 12), BOX), half
    median = i18n.translate("median", language)
    yield lambda x, y: line((x, y - 7, x, y + 7), stroke=ACCENT, width=3), median


def _row(
    name: str, spread: Spread, y: float, place: _Place, written: tuple[str, int]
) -> Iterator[str]:
    language, digits = written
    median = i18n.decimal(spread.median, language, digits)
    yield text(0, y + 4, cut(name, int(place.left / _LETTER)))
    if spread.count >= _FEW and spread.quarters is not None:
        left, right = (place.at(end) for end in spread.quarters)
        yield rect((left, y - 12, max(right - left, 1), 24), BOX)
    for number, value in enumerate(spread.values):
        layer = (number % _LAYERS - _LAYERS // 2) * 4
        called = f"{spread.names[number]}: " if spread.names else ""
        said = f"{called}{i18n.decimal(value, language, digits)}"
        yield named(said, circle(place.at(value), y + layer, 4, LIGHT, PAPER))
    yield from _columns(spread.bins, y, place, written)
    if spread.median is not None:
        x = place.at(spread.median)
        yield line((x, y - 15, x, y + 15), stroke=ACCENT, width=3)
    counted = f"{median} ({spread.count})"
    yield text(place.whole, y + 4, counted, anchor="end", weight=600, fill=MAIN)


def _columns(
    bins: Sequence[int], y: float, place: _Place, written: tuple[str, int]
) -> Iterator[str]:
    """Yield a column for each part of the scale in which values lie, those with most of them tallest."""
    if not bins:
        return
    width, most, scale = place.width / len(bins), max(bins), place.scale
    for number, count in enumerate(bins):
        if count:
            height = max(_TALL * count / most, 1)
            box = (place.left + number * width, y + 15 - height, width - 1, height)
            span = scale.highest - scale.lowest
            ends = (scale.lowest + span * each / len(bins) for each in (number, number + 1))
            between = f" {i18n.NOTHING} ".join(i18n.decimal(end, *written) for end in ends)
            yield named(f"{between}: {count}", rect(box, LIGHT))


def _said(name: str, spread: Spread, language: str, digits: int) -> str:
    median = i18n.translate("median", language)
    return f"{name}: {median} {i18n.decimal(spread.median, language, digits)}, n = {spread.count}"
