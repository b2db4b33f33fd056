"""What the charts are drawn with: elements, colours, and places on a scale."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape

from survey_service import i18n
from survey_service.maturity.instrument import Scale

INK, FAINT, TRACK, PAPER = "#1d2b36", "#5b6b78", "#e3e9ee", "#ffffff"
MAIN, LIGHT, ACCENT = "#0b5c7a", "#5a9bb5", "#b4540a"
FONT = "Source Sans 3, sans-serif"
BOX = "#d5e7ee"
WIDE = 960  # of a chart, in units that are about as large as pixels
_SHORT = 10  # levels that fit as marks
_LETTER, _GAP, _LINE = 6.5, 44, 20  # of a legend: a letter's width, between entries, and lines
_UNREACHED, _REACHED = 'tabindex="-1"', 'tabindex="0"'

Mark = Callable[[float, float], str]
"""What draws the mark of a legend's entry, around a place."""


def svg(width: int, height: int, title: str, words: Iterable[str], drawn: Iterable[str]) -> str:
    """Return an image that grows and shrinks with the page, down to a size that can be read.

    Of the marks in it that are `named`, the first is reached by the keyboard; script goes on from there.

    Args:
        width: In the units of what is drawn, and in pixels at the most.
        height: Likewise.
        title: The chart's name.
        words: Every value in words, for those who do not see it.
        drawn: The elements.
    """
    marks_ = "".join(drawn)
    role = (
        "group" if _UNREACHED in marks_ else "img"
    )  # what is an image holds nothing to be reached
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="{role}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}">'
        f"<title>{escape(title)}</title><desc>{escape('; '.join(words))}</desc>"
        f"{marks_.replace(_UNREACHED, _REACHED, 1)}</svg>"
    )


def named(words: str, *drawn: str) -> str:
    """Return a mark that tells its name when it is pointed at or reached."""
    told = escape(words)
    return (
        f'<g role="img" {_UNREACHED} aria-label="{told}"><title>{told}</title>{"".join(drawn)}</g>'
    )


def legend(
    entries: Sequence[tuple[Mark, str]], left: float, right: float, y: float
) -> tuple[list[str], int]:
    """Return what says what the marks are, in as many lines as it takes, and their height."""
    drawn, x, lines = [], left, 1
    for mark, words in entries:
        width = len(words) * _LETTER
        if x > left and x + width > right:
            x, lines = left, lines + 1
        at = y + (lines - 1) * _LINE
        drawn += [mark(x + 6, at), text(x + 20, at + 4, words, size=12, fill=FAINT)]
        x += width + _GAP
    return drawn, lines * _LINE


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    fill: str = INK,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    """Return words at a place: `anchor` says which end of them."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
    )


def line(
    ends: tuple[float, float, float, float],
    *,
    stroke: str = FAINT,
    width: float = 1,
    dashed: bool = False,
) -> str:
    """Return a line between two places, x1 y1 x2 y2."""
    x1, y1, x2, y2 = ends
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{stroke}" stroke-width="{width}"{dashes}/>'
    )


def rect(box: tuple[float, float, float, float], fill: str) -> str:
    """Return a box: x, y, width, height."""
    x, y, width, height = box
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'
    )


def circle(x: float, y: float, radius: float, fill: str, stroke: str = "none") -> str:
    """Return a dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}"/>'


def diamond(x: float, y: float, radius: float, fill: str) -> str:
    """Return a dot of another shape."""
    corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
    points = " ".join(f"{left:.1f},{top:.1f}" for left, top in corners)
    return f'<polygon points="{points}" fill="{fill}"/>'


def marks(scale: Scale) -> list[Decimal]:
    """Return where a scale is marked: at every whole number of a short one, else at quarters."""
    span = scale.highest - scale.lowest
    whole = scale.lowest == int(scale.lowest) and span == int(span)
    steps = int(span) if whole and span <= _SHORT else 4
    return [scale.lowest + span * step / steps for step in range(steps + 1)]


def share(value: Decimal, scale: Scale) -> float:
    """Return where a value lies between the ends of a scale, 0 to 1."""
    way = (value - scale.lowest) / Decimal(scale.highest - scale.lowest)
    return float(min(max(way, Decimal(0)), Decimal(1)))


def axis(
    scale: Scale, left: float, width: float, top: float, foot: float, language: str
) -> Sequence[str]:
    """Return the marks of a scale as upright lines with their numbers below."""
    drawn = []
    for level in marks(scale):
        x = left + width * share(level, scale)
        drawn.append(line((x, top, x, foot), stroke=TRACK))
        number = i18n.decimal(level, language, exact=True)
        drawn.append(text(x, foot + 14, number, size=11, fill=FAINT, anchor="middle"))
    return drawn


def cut(words: str, letters: int) -> str:
    """Return words that fit into so many letters."""
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"
