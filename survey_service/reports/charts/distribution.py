"""How values are spread: by group a dot for each, the middle half as a box, the median as a line."""

import statistics
from collections.abc import Sequence
from decimal import Decimal

from survey_service import i18n
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


def distribution(
    groups: Sequence[tuple[str, Sequence[Decimal]]], scale: Scale, title: str, language: str
) -> str:
    """Return a row for each group: its name and its values."""
    foot = len(groups) * _ROW
    drawn = list(axis(scale, _LEFT, _WIDTH, 0, foot, language))
    for number, (name, values) in enumerate(groups):
        drawn += _row(name, sorted(values), number * _ROW + _ROW / 2, scale, language)
    words = [_said(name, values, language) for name, values in groups]
    return svg(_LEFT + _WIDTH + _RIGHT, foot + 22, title, words, drawn)


def _row(name: str, values: Sequence[Decimal], y: float, scale: Scale, language: str) -> list[str]:
    drawn = [text(0, y + 4, cut(name, 30))]
    if len(values) >= _FEW:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        left, right = (_LEFT + _WIDTH * share(end, scale) for end in (low, high))
        drawn.append(rect((left, y - 12, max(right - left, 1), 24), "#d5e7ee"))
    for number, value in enumerate(values):
        layer = (number % _LAYERS - _LAYERS // 2) * 4
        drawn.append(circle(_LEFT + _WIDTH * share(value, scale), y + layer, 4, LIGHT, PAPER))
    if values:
        x = _LEFT + _WIDTH * share(statistics.median(values), scale)
        drawn.append(line((x, y - 15, x, y + 15), stroke=ACCENT, width=3))
    counted = f"{_median(values, language)} ({len(values)})"
    end = _LEFT + _WIDTH + _RIGHT
    drawn.append(text(end, y + 4, counted, anchor="end", weight=600, fill=MAIN))
    return drawn


def _median(values: Sequence[Decimal], language: str) -> str:
    return i18n.decimal(statistics.median(values) if values else None, language)


def _said(name: str, values: Sequence[Decimal], language: str) -> str:
    median = i18n.translate("median", language)
    return f"{name}: {median} {_median(values, language)}, n = {len(values)}"
