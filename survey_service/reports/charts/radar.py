"""A web of values: only ever beside another chart, because areas mislead."""

import math
from collections.abc import Sequence
from decimal import Decimal

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import (
    ACCENT,
    MAIN,
    TRACK,
    WIDE,
    Mark,
    circle,
    cut,
    legend,
    line,
    named,
    share,
    svg,
    text,
)

_WIDTH, _HEIGHT, _RADIUS = WIDE, 400, 150


def radar(
    rows: Sequence[tuple[str, Decimal | None, Decimal | None]],
    scale: Scale,
    title: str,
    names: tuple[str, str],
    language: str,
    digits: Sequence[int],
) -> str:
    """Return the web of labels, values, and the medians of peers (dashed); None is in the middle.

    `names` are what the values and the medians are called. Each value is written
    with its own `digits`.
    """
    drawn = [_web([step / 4] * len(rows), f'fill="none" stroke="{TRACK}"') for step in range(1, 5)]
    medians = [_share(median, scale) for _, _, median in rows]
    values = [_share(value, scale) for _, value, _ in rows]
    if any(median is not None for _, _, median in rows):
        dashes = f'fill="none" stroke="{ACCENT}" stroke-width="2" stroke-dasharray="5 4"'
        drawn.append(_web(medians, dashes))
    filled = f'fill="{MAIN}" fill-opacity="0.2" stroke="{MAIN}" stroke-width="2"'
    drawn.append(_web(values, filled))
    for number, (name, value, median) in enumerate(rows):
        mark = circle(*_at(number, len(rows), values[number]), 5, MAIN)
        drawn.append(named(_said(name, value, median, names, language, digits[number]), mark))
        x, y = _at(number, len(rows), 1.15)
        anchor = "middle" if abs(x - _WIDTH / 2) < 9 else "start" if x > _WIDTH / 2 else "end"  # noqa: PLR2004
        words = f"{cut(name, 24)} {i18n.decimal(value, language, digits[number])}"
        drawn.append(text(x, y + 4, words, size=12, anchor=anchor))
    said = [
        f"{name} {i18n.decimal(value, language, enough)}"
        for (name, value, _), enough in zip(rows, digits, strict=True)
    ]
    entries: list[tuple[Mark, str]] = [(lambda x, y: circle(x, y, 5, MAIN), names[0])]
    if any(median is not None for _, _, median in rows):
        entries.append((_dashes, names[1]))
    told, height = legend(entries, 20, _WIDTH, _HEIGHT + 8)
    return svg(_WIDTH, _HEIGHT + height, title, said, [*drawn, *told])


def _dashes(x: float, y: float) -> str:
    return line((x - 7, y, x + 8, y), stroke=ACCENT, width=2, dashed=True)


def _said(
    label: str,
    value: Decimal | None,
    median: Decimal | None,
    names: tuple[str, str],
    language: str,
    digits: int,
) -> str:
    both = zip(names, (value, median), strict=True)
    return f"{label}: " + ", ".join(
        f"{name} {i18n.decimal(one, language, digits)}" for name, one in both if one is not None
    )


def _share(value: Decimal | None, scale: Scale) -> float:
    return 0.0 if value is None else share(value, scale)


def _at(number: int, count: int, way: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(count, 1) - math.pi / 2
    across = _WIDTH / 2 + _RADIUS * way * math.cos(angle)
    return across, _HEIGHT / 2 + _RADIUS * way * math.sin(angle)


def _web(ways: Sequence[float], how: str) -> str:
    corners = (_at(number, len(ways), way) for number, way in enumerate(ways))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon points="{points}" {how}/>'
