"""How values are spread: by group a dot for each, the middle half as a box, the median as a line.

Where they are too many to be told apart, columns say how many lie where.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from survey_service import i18n
from survey_service.analysis.spread import Spread
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    LIGHT,
    MAIN,
    PAPER,
    axis,
    circle,
    cut,
    line,
    rect,
    share,
    svg,
    text,
)

_ROW, _LEFT, _WIDTH, _RIGHT = 46, 200, 420, 110
_FEW = 2  # values that have quartiles
_LAYERS = 5  # dots above one another, so that equal values are seen
_TALL = 30  # the column in which most values lie


def distribution(
    groups: Sequence[tuple[str, Spread]], scale: Scale, title: str, language: str, digits: int = 2
) -> str:
    """Return a row for each group: its name, and how its values are spread, to so many digits."""
    foot = len(groups) * _ROW
    drawn = list(axis(scale, _LEFT, _WIDTH, 0, foot, language))
    for number, (name, spread) in enumerate(groups):
        median = i18n.decimal(spread.median, language, digits)
        drawn += _row(name, spread, number * _ROW + _ROW / 2, scale, median)
    words = [_said(name, spread, language, digits) for name, spread in groups]
    return svg(_LEFT + _WIDTH + _RIGHT, foot + 22, title, words, drawn)


def _row(name: str, spread: Spread, y: float, scale: Scale, median: str) -> Iterator[str]:
    yield text(0, y + 4, cut(name, 30))
    if spread.count >= _FEW and spread.quarters is not None:
        left, right = (_place(end, scale) for end in spread.quarters)
        yield rect((left, y - 12, max(right - left, 1), 24), "#d5e7ee")
    for number, value in enumerate(spread.values):
        layer = (number % _LAYERS - _LAYERS // 2) * 4
        yield circle(_place(value, scale), y + layer, 4, LIGHT, PAPER)
    yield from _columns(spread.bins, y)
    if spread.median is not None:
        x = _place(spread.median, scale)
        yield line((x, y - 15, x, y + 15), stroke=ACCENT, width=3)
    counted = f"{median} ({spread.count})"
    end = _LEFT + _WIDTH + _RIGHT
    yield text(end, y + 4, counted, anchor="end", weight=600, fill=MAIN)


def _columns(bins: Sequence[int], y: float) -> Iterator[str]:
    """Yield a column for each part of the scale in which values lie, those with most of them tallest."""
    if not bins:
        return
    width, most = _WIDTH / len(bins), max(bins)
    for number, count in enumerate(bins):
        if count:
            height = max(_TALL * count / most, 1)
            yield rect((_LEFT + number * width, y + 15 - height, width - 1, height), LIGHT)


def _place(value: Decimal, scale: Scale) -> float:
    return _LEFT + _WIDTH * share(value, scale)


def _said(name: str, spread: Spread, language: str, digits: int) -> str:
    median = i18n.translate("median", language)
    return f"{name}: {median} {i18n.decimal(spread.median, language, digits)}, n = {spread.count}"
