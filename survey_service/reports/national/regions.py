"""The country as tiles: a square for each region, the darker the higher its median."""

from decimal import Decimal

from survey_service import i18n
from survey_service.analysis.distributions import distributions
from survey_service.analysis.selection import KIND, Selection
from survey_service.reports.charts.tiles import Tile, tiles
from survey_service.reports.national.view import (
    Asked,
    Field,
    View,
    drawn_digits,
    group_name,
    group_title,
    median_words,
    named,
    scale,
    sentence,
    value,
)
from survey_service.reports.tables import Cell

DRAWN = 98  # tiles; all regions are in the table
_MEDIAN = 50


def regions(selection: Selection, asked: Asked, language: str) -> View:
    """Return the view: a row for each group, with the median of the index of a node."""
    counted = selection.counted
    values = counted.column(asked.node).reshape(-1, 1)
    found = distributions(values, counted.groups(asked.by), (_MEDIAN,))
    rows: list[list[Cell]] = [
        [
            group_name(asked.by, name, language),
            int(found.counts[place, 0]),
            value(counted, int(found.quantiles[place, 0, 0])),
            value(counted, int(found.means[place, 0])),
        ]
        for place, name in enumerate(found.groups)
    ]
    what = named(counted.questionnaire, asked.node, language)
    group = i18n.translate("kind", language) if asked.by == KIND else asked.by
    title = sentence(i18n.translate("{what} by {group}", language, what=what, group=group))
    fields = [
        Field("group", "string", group_title(asked.by, language)),
        Field("count", "integer", i18n.translate("Compared", language)),
        Field("median", "number", i18n.translate("Median", language), asked.node),
        Field("mean", "number", i18n.translate("Mean", language), asked.node),
    ]
    shown = [
        Tile(str(row[0]), row[2] if isinstance(row[2], Decimal) else None, int(str(row[1])))
        for row in rows[:DRAWN]
    ]
    words = (
        i18n.translate(
            "The picture has the first {shown} of {number}; the table has them all.",
            language,
            shown=DRAWN,
            number=len(rows),
        )
        if len(rows) > DRAWN
        else ""
    )
    ends = scale(counted.questionnaire, asked.node)
    digits = drawn_digits(counted.questionnaire, asked.node, (one.value for one in shown))
    drawn = tiles(shown, ends, title, language, digits) if shown else ""
    said = f"{words} {median_words(found.counts, language)}".strip()
    return View("regions", title, fields, rows, len(rows), drawn, words=said)
