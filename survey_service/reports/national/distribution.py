"""How the index of a node is distributed, group by group; or those of every node over all."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import structs

from survey_service import i18n
from survey_service.analysis.distributions import PERCENTS, Distributions, distributions
from survey_service.analysis.selection import Selection
from survey_service.analysis.spread import Spread, spread
from survey_service.reports.charts.distribution import distribution as chart
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
    value,
)
from survey_service.reports.tables import Cell

DRAWN = 40  # groups in the chart; all of them are in the table
LEAST = {5: 20, 25: 5, 75: 5, 95: 20}
"""Of how many values a quantile is told, by percent: of fewer it is no other than the lowest or highest."""


def distribution(selection: Selection, asked: Asked, language: str) -> View:
    """Return the view: a row for each group, or without groups for the index and every node."""
    counted = selection.counted
    codes = [asked.node] if asked.by else ["", *selection.questionnaire.all_nodes]
    groups = counted.groups(asked.by)
    places = [counted.places[code] for code in codes]
    found = distributions(counted.values[:, places], groups)
    rows: list[list[Cell]] = []
    for group, name in enumerate(found.groups):
        for column, code in enumerate(codes):
            label = (
                group_name(asked.by, name, language)
                if asked.by
                else named(selection.questionnaire, code, language)
            )
            rows.append(
                [
                    label,
                    int(found.counts[group, column]),
                    int(found.missing[group, column]),
                    value(counted, int(found.means[group, column])),
                    *_quantiles(found, group, column, counted),
                ]
            )
    title = i18n.translate(
        "Distribution of {what}", language, what=_what(selection, asked, language)
    )
    return View(
        "distribution",
        title,
        _fields(asked, language),
        rows,
        len(rows),
        _drawn(counted, found, asked, title, language),
        words=_words(found, language),
        codes=() if asked.by else codes,
    )


def _quantiles(
    found: Distributions, group: int, column: int, counted: Selection
) -> Iterator[Decimal | None]:
    """Yield the quantiles of a group, but those that would be told of too few."""
    count = int(found.counts[group, column])
    for percent, unit in zip(PERCENTS, found.quantiles[group, column].tolist(), strict=True):
        yield value(counted, unit) if count >= LEAST.get(percent, 1) else None


def _words(found: Distributions, language: str) -> str:
    """Return what is left out, and of what the chart is."""
    said = []
    if len(found.groups) > DRAWN:
        shown = {"shown": DRAWN, "number": len(found.groups)}
        said.append(
            i18n.translate(
                "The chart has the first {shown} of {number} groups; the table has them all.",
                language,
                **shown,
            )
        )
    if (found.counts < max(LEAST.values())).any():
        words = i18n.translate(
            "Quartiles are told of {few} and more, the ends of 5 and 95 % of {many} and more: of fewer"
            " they would be single organisations.",
            language,
            few=min(LEAST.values()),
            many=max(LEAST.values()),
        )
        said.append(words)
    return " ".join([*said, median_words(found.counts, language)]).strip()


def _what(selection: Selection, asked: Asked, language: str) -> str:
    return named(selection.questionnaire, asked.node if asked.by else "", language)


def _fields(asked: Asked, language: str) -> list[Field]:
    code = asked.node if asked.by else None
    first = group_title(asked.by, language) if asked.by else i18n.translate("Part", language)
    quantiles = (
        Field(f"p{percent}", "number", _quantile(percent, language), code) for percent in PERCENTS
    )
    return [
        Field("group" if asked.by else "part", "string", first),
        Field("count", "integer", i18n.translate("Compared", language)),
        Field("missing", "integer", i18n.translate("Without a value", language)),
        Field("mean", "number", i18n.translate("Mean", language), code),
        *quantiles,
    ]


def _quantile(percent: int, language: str) -> str:
    """Return what a quantile is called: some have a name of their own."""
    called = {
        0: i18n.translate("Lowest", language),
        50: i18n.translate("Median", language),
        100: i18n.translate("Highest", language),
    }
    if percent in called:
        return called[percent]
    return i18n.translate("{percent} % are at or below", language, percent=percent)


def _drawn(
    counted: Selection, found: Distributions, asked: Asked, title: str, language: str
) -> str:
    code = asked.node if asked.by else ""
    groups = counted.groups(asked.by)
    ends = scale(counted.questionnaire, code)
    spreads = []
    for group, name in enumerate(found.groups[:DRAWN]):
        values = counted.column(code)[groups == name]
        drawn = spread(values, counted.digits, (ends.lowest, ends.highest))
        label = group_name(asked.by, name, language) if asked.by else title
        spreads.append((label, _as_told(drawn, found, group, counted)))
    if not any(one.count for _, one in spreads):
        return ""
    told = (number for _, one in spreads for number in (one.median, *(one.quarters or ())))
    return chart(spreads, ends, title, language, drawn_digits(counted.questionnaire, code, told))


def _as_told(drawn: Spread, found: Distributions, group: int, counted: Selection) -> Spread:
    """Return what is drawn with the quartiles and the median that the table tells."""
    told = dict(zip(PERCENTS, _quantiles(found, group, 0, counted), strict=True))
    lower, upper = told[25], told[75]
    quarters = None if lower is None or upper is None else (lower, upper)
    return structs.replace(drawn, median=told[50], quarters=quarters)
