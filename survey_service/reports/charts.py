"""Charts as SVG, for pages and print alike.

Colours and sizes are attributes of the elements, because WeasyPrint and a strict content security
policy both ignore style sheets inside an image; horizontal measures are percentages, so that bars
grow with the page and letters do not.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.instrument import Scale

_INK, _FAINT, _TRACK = "#1d2b36", "#5b6b78", "#e3e9ee"
_FILL = ("#0b5c7a", "#5a9bb5")  # by depth: dimensions dark, what is below them lighter
_FONT = "Source Sans 3, sans-serif"
_SHORT = 10  # levels that fit as marks
_ROW, _AXIS = 40, 22  # heights in pixels


class Bar(Struct, frozen=True):
    """One bar: its label, its value on the scale (None: nothing to show), and its depth.

    `shown` is the number written beside it, where that is another one than the value.
    """

    label: str
    value: Decimal | None
    depth: int = 0
    shown: Decimal | None = None

    def number(self, language: str) -> str:
        """Return the number written beside the bar."""
        return i18n.decimal(self.value if self.shown is None else self.shown, language)


def bars(rows: Sequence[Bar], scale: Scale, title: str, language: str) -> str:
    """Return horizontal bars over a common, marked scale as an SVG element.

    Args:
        rows: The bars, from the top.
        scale: Where the marks stand; a bar starts at its lowest level.
        title: The chart's name, which also is its text alternative with every value.
        language: Of the numbers.
    """
    marks = "".join(_mark(level, scale, len(rows), language) for level in _marks(scale))
    drawn = "".join(_bar(row, scale, y, language) for y, row in enumerate(rows))
    values = "; ".join(f"{row.label} {row.number(language)}" for row in rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" '
        f'height="{len(rows) * _ROW + _AXIS}" font-family="{_FONT}">'
        f"<title>{escape(title)}: {escape(values)}</title>{drawn}{marks}</svg>"
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
        f'<text x="0" y="{top + 15}" font-size="13" font-weight="{weight}" fill="{_INK}">'
        f"{escape(row.label)}</text>"
        f'<text x="100%" y="{top + 15}" font-size="13" font-weight="600" text-anchor="end" '
        f'fill="{_INK}">{row.number(language)}</text>'
        f'<rect x="0" y="{top + 21}" width="100%" height="{thick}" fill="{_TRACK}"/>{filled}'
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
        f'fill="{_FAINT}">{i18n.decimal(level, language, exact=True)}</text>'
    )


def _marks(scale: Scale) -> list[Decimal]:
    """Return where the scale is marked: at every whole number of a short one, else at quarters."""
    span = scale.highest - scale.lowest
    whole = scale.lowest == int(scale.lowest) and span == int(span)
    steps = int(span) if whole and span <= _SHORT else 4
    return [scale.lowest + span * step / steps for step in range(steps + 1)]


def _place(value: Decimal, scale: Scale) -> str:
    """Return where a value lies between the ends of the scale, in percent."""
    span = Decimal(scale.highest - scale.lowest)
    return f"{100 * (value - scale.lowest) / span:.2f}%"
