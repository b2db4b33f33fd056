"""Bars on a common scale; their measures are percentages, so that they grow and letters do not."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.drawing import FAINT, FONT, INK, LIGHT, MAIN, TRACK, marks

_FILL = (MAIN, LIGHT)  # by depth: dimensions dark, what is below them lighter
_ROW, _AXIS = 40, 22  # heights in pixels


class Bar(Struct, frozen=True):
    """One bar: its label, its value on the scale (None: nothing to show), and its depth.

    `shown` is the number written beside it, where that is another one than the value, to so many
    `digits` after the point.
    """

    label: str
    value: Decimal | None
    depth: int = 0
    shown: Decimal | None = None
    digits: int = 2

    def number(self, language: str) -> str:
        """Return the number written beside the bar."""
        return i18n.decimal(self.value if self.shown is None else self.shown, language, self.digits)


def bars(rows: Sequence[Bar], scale: Scale, title: str, language: str) -> str:
    """Return horizontal bars over a common, marked scale as an SVG element.

    Args:
        rows: The bars, from the top.
        scale: Where the marks stand; a bar starts at its lowest level.
        title: The chart's name, which also is its text alternative with every value.
        language: Of the numbers.
    """
    axis = "".join(_mark(level, scale, len(rows), language) for level in marks(scale))
    drawn = "".join(_bar(row, scale, y, language) for y, row in enumerate(rows))
    values = "; ".join(f"{row.label} {row.number(language)}" for row in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" '
        f'height="{len(rows) * _ROW + _AXIS}" font-family="{FONT}">'
        f"<title>{escape(title)}: {escape(values)}</title>{drawn}{axis}</svg>"
    )


def _bar(row: Bar, scale: Scale, position: int, language: str) -> str:
    top = position * _ROW
    thick, weight = (12, 600) if row.depth == 0 else (8, 400)
    filled = (
        ""
        if row.value is None
        else (
            f'<rect x="0" y="{top + 21}" width="{_place(min(row.value, scale.highest), scale)}" height="{thick}" '
            f'fill="{_FILL[min(row.depth, 1)]}"/>'
        )
    )
    return (
        f'<text x="0" y="{top + 15}" font-size="13" font-weight="{weight}" fill="{INK}">'
        f"{escape(row.label)}</text>"
        f'<text x="100%" y="{top + 15}" font-size="13" font-weight="600" text-anchor="end" '
        f'fill="{INK}">{row.number(language)}</text>'
        f'<rect x="0" y="{top + 21}" width="100%" height="{thick}" fill="{TRACK}"/>{filled}'
    )


def _mark(level: Decimal, scale: Scale, rows: int, language: str) -> str:
    place, foot = _place(level, scale), rows * _ROW
    anchor = {scale.lowest: "start", scale.highest: "end"}.get(level, "middle")
    lines = "".join(
        f'<line x1="{place}" x2="{place}" y1="{row * _ROW + 20}" y2="{row * _ROW + 35}" '
        f'stroke="#ffffff" stroke-width="1"/>'
        for row in range(rows)
        if scale.lowest < level < scale.highest
    )
    return (
        f'{lines}<text x="{place}" y="{foot + 14}" font-size="11" text-anchor="{anchor}" '
        f'fill="{FAINT}">{i18n.decimal(level, language, exact=True)}</text>'
    )


def _place(value: Decimal, scale: Scale) -> str:
    """Return where a value lies between the ends of the scale, in percent."""
    span = Decimal(scale.highest - scale.lowest)
    return f"{100 * (value - scale.lowest) / span:.2f}%"
