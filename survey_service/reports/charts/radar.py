"""A web of values: only ever beside another chart, because areas mislead."""

import math
from collections.abc import Sequence
from decimal import Decimal

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import ACCENT, MAIN, TRACK, cut, share, svg, text

_WIDTH, _HEIGHT, _RADIUS = 560, 360, 120


def radar(
    rows: Sequence[tuple[str, Decimal | None, Decimal | None]],
    scale: Scale,
    title: str,
    language: str,
    digits: Sequence[int],
) -> str:
    """Return the web of names, values, and the medians of peers (dashed); None is in the middle.

    Each value is written with its own `digits`.
    """
    drawn = [_web([step / 4] * len(rows), f'fill="none" stroke="{TRACK}"') for step in range(1, 5)]
    medians = [_share(median, scale) for _, _, median in rows]
    values = [_share(value, scale) for _, value, _ in rows]
    if any(median is not None for _, _, median in rows):
        dashes = f'fill="none" stroke="{ACCENT}" stroke-width="2" stroke-dasharray="5 4"'
        drawn.append(_web(medians, dashes))
    filled = f'fill="{MAIN}" fill-opacity="0.2" stroke="{MAIN}" stroke-width="2"'
    drawn.append(_web(values, filled))
    for number, (name, value, _) in enumerate(rows):
        x, y = _at(number, len(rows), 1.15)
        anchor = "middle" if abs(x - _WIDTH / 2) < 9 else "start" if x > _WIDTH / 2 else "end"  # noqa: PLR2004
        words = f"{cut(name, 24)} {i18n.decimal(value, language, digits[number])}"
        drawn.append(text(x, y + 4, words, size=12, anchor=anchor))
    said = [
        f"{name} {i18n.decimal(value, language, enough)}"
        for (name, value, _), enough in zip(rows, digits, strict=True)
    ]
    return svg(_WIDTH, _HEIGHT, title, said, drawn)


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
