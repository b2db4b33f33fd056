"""Rank as an interval: how far ranks hold when what was decided is decided otherwise."""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.composite import Floats, composite
from survey_service.analysis.perturbation import Assumption
from survey_service.analysis.robustness import DRAWS, Robustness
from survey_service.analysis.robustness import robustness as drawn
from survey_service.analysis.selection import KIND, Selection
from survey_service.analysis.stored_composites import Stored, stored, weighed
from survey_service.analysis.structures import Structure
from survey_service.conduct.names import in_order
from survey_service.reports.charts.intervals import Interval, intervals
from survey_service.reports.national.view import (
    Asked,
    Field,
    View,
    figure,
    group_name,
    percent,
    percent_field,
    value,
)
from survey_service.reports.robustness_words import (
    assumption,
    drawn_from,
    number_of_draws,
    order_kept,
    way,
)
from survey_service.reports.tables import Cell

MOST = 50_000  # organisations whose ranks are drawn, or parts correlated, for a page
_TOGETHER = 4_000_000  # ranks that are drawn for a page: about a second
_DRAWN = 200  # bars; more than a page shows are for programs, which look at none
_ON_SHEET = 20  # bars in one picture, so that none is cut in two on paper
_FEWEST = 2
Reckon = Callable[[Structure, Floats, Floats, int, int], Robustness]
_NEAR = 0.01  # of a percent, by which the means may differ from the index and still be the same
_NEARLY, _MUCH = 0.9, 0.7  # of Kendall's tau, from which two orders are nearly, or much, the same


class Analysed(Struct, frozen=True):
    """A selection that is compared, as a composite; `exact` where that is the very index."""

    counted: Selection
    composite: Stored
    exact: bool


def analysed(selection: Selection, language: str) -> Analysed | str:
    """Return the composite of those that are compared, or in words why there is none."""
    counted = selection.counted
    count = len(counted.members)
    if count < _FEWEST:
        return i18n.translate("It takes at least two organisations with a result.", language)
    if count > MOST:
        return i18n.translate(
            "These are {count} organisations, too many to reckon at once: choose a kind or a group of at most {most}.",
            language,
            count=count,
            most=MOST,
        )
    found = _composite(counted)
    if found is None:
        return i18n.translate(
            "This questionnaire's index is no mean of its parts, so that no weights can be decided otherwise.",
            language,
        )
    return Analysed(counted, found, exact=_is_exact(counted, found))


def _composite(counted: Selection) -> Stored | None:
    """Return stored results as a composite, weighted as for the kind where there is only one."""
    asked = weighed(counted.questionnaire, counted.kinds)
    nodes = [counted.places[code] for code in ("", *asked.all_nodes)]
    indicators = [counted.places[code] for code in asked.indicators]
    return stored(asked, counted.values[:, nodes], counted.values[:, indicators])


def _is_exact(counted: Selection, found: Stored) -> bool:
    index = counted.reached([""])[:, 0] / 10**6
    means = composite(found.structure, found.values).index
    return bool((np.abs(means - index) <= _NEAR).all())


def robustness(
    selection: Selection, seed: int, asked: Asked, language: str, reckon: Reckon = drawn
) -> list[View]:
    """Return the views: organisations with the intervals of their ranks, then what these depend on.

    Args:
        selection: Whose ranks.
        seed: Of the random numbers.
        asked: Which rows.
        language: Of the words.
        reckon: Tells how far ranks can be believed, or remembers it.
    """
    found = analysed(selection, language)
    if isinstance(found, str):
        return [
            _ranks([], language, words=found),
            _assumptions({}, language, words=found),
            _weightings({}, language, words=found),
        ]
    of, count = found.composite, len(found.counted.members)
    draws = max(min(DRAWS, _TOGETHER // count), 1)
    index = found.counted.column("").astype(float)
    robust = reckon(of.structure, of.values, index, seed, draws)
    return [
        _ranked(found, robust, asked, language),
        _assumptions(robust.effects, language),
        _weightings(robust.agreement, language),
    ]


def _ranked(found: Analysed, robust: Robustness, asked: Asked, language: str) -> View:
    counted, bands = found.counted, robust.bands.tolist()
    places = sorted(
        range(len(bands)),
        key=lambda row: (int(robust.reference[row]), in_order(counted.members[row].name)),
    )
    places = places[asked.rows]
    index = counted.column("").tolist()
    rows: list[list[Cell]] = []
    for place in places:
        one, (low, median, high) = counted.members[place], bands[place]
        kind = group_name(KIND, one.kind, language)
        rank = int(robust.reference[place])
        rows.append([one.name, kind, value(counted, index[place]), rank, low, median, high])
    return _ranks(
        rows,
        language,
        words="\n".join(_told(found, robust, language)),
        count=len(bands),
        drawn_=_bars(found, robust, places, language) if len(places) <= _DRAWN else "",
        links=[counted.members[place].organisation for place in places],
    )


def _bars(found: Analysed, robust: Robustness, places: Sequence[int], language: str) -> str:
    bars = []
    for place in places:
        low, median, high = robust.bands[place].tolist()
        rank = int(robust.reference[place])
        bars.append(Interval(found.counted.members[place].name, low, median, high, rank))
    parts = (bars[start : start + _ON_SHEET] for start in range(0, len(bars), _ON_SHEET))
    return "".join(intervals(part, len(robust.bands), _title(language), language) for part in parts)


def _title(language: str) -> str:
    return i18n.translate("Ranks as intervals", language)


def _ranks(
    rows: list[list[Cell]],
    language: str,
    *,
    words: str,
    count: int = 0,
    drawn_: str = "",
    links: Sequence[int] = (),
) -> View:
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        Field("kind", "string", i18n.translate("Kind", language)),
        Field("index", "number", i18n.translate("index", language), ""),
        Field("rank", "integer", i18n.translate("Rank as decided", language)),
        Field("rank_low", "integer", i18n.translate("Rank at best", language)),
        Field("rank_median", "integer", i18n.translate("Rank in the middle", language)),
        Field("rank_high", "integer", i18n.translate("Rank at worst", language)),
    ]
    return View(
        "robustness", _title(language), fields, rows, count, drawn_, links=links, words=words
    )


def _told(found: Analysed, robust: Robustness, language: str) -> list[str]:
    """Return what the bars say, in sentences."""
    said = [
        i18n.translate(
            "What was decided is decided otherwise {draws} times, at random: the weights (each a quarter more or less, or all of them anew), how values are combined, and what missing answers count as. From best to worst lie the ranks of 90 in 100 of these draws: where two bars overlap, the order of the two is not certain.",
            language,
            draws=number_of_draws(robust, language),
        )
    ]
    if not found.exact:
        said.append(
            i18n.translate(
                "The official index has rules beyond means (such as weights by kind, bonuses or deductions); what is drawn are means of the parts alone. Choose one kind to come as near as can be.",
                language,
            )
        )
    said.append(
        order_kept(robust, language)
        or i18n.translate("All have the same rank: nothing tells them apart.", language)
    )
    effects = [(value_, one) for one, value_ in robust.effects.items() if value_ is not None]
    if effects:
        most = assumption(max(effects)[1], language)
        said.append(i18n.translate("The ranks depend most on: {what}.", language, what=most))
    said.append(drawn_from(robust, language))
    return said


def _assumptions(
    effects: dict[Assumption, float | None], language: str, *, words: str = ""
) -> View:
    ordered = sorted(effects.items(), key=lambda one: -(one[1] or 0))
    rows: list[list[Cell]] = [
        [assumption(one, language), percent(effect)] for one, effect in ordered
    ]
    title = i18n.translate("What the ranks depend on most", language)
    if effects:
        words = i18n.translate(
            "The part of all changes of rank that would be left if everything but this were certain; the parts can add up to more than 100 %.",
            language,
        )
        if None in effects.values():
            words = i18n.translate(
                "No rank changes, whatever is decided: there is nothing that would depend on a decision.",
                language,
            )
    fields = [
        Field("assumption", "string", i18n.translate("Decision", language)),
        percent_field("total_effect", i18n.translate("Total effect, in percent", language)),
    ]
    return View("assumptions", title, fields, rows, len(rows), words=words)


def _weightings(
    agreement: dict[str, tuple[float | None, float | None]], language: str, *, words: str = ""
) -> View:
    rows: list[list[Cell]] = [
        [way(other, language), figure(tau), figure(rho), _order(tau, language)]
        for other, (tau, rho) in agreement.items()
    ]
    title = i18n.translate("Agreement with other ways to decide", language)
    if agreement:
        words = i18n.translate(
            "How much the order stays the same when all is weighted or combined otherwise: 1 is the same order, 0 none in common.",
            language,
        )
    fields = [
        Field("way", "string", i18n.translate("Decided otherwise", language)),
        Field("tau", "number", i18n.translate("Kendall's tau, of pairs", language)),
        Field("rho", "number", i18n.translate("Spearman's rho, of ranks", language)),
        Field("order", "string", i18n.translate("In words", language)),
    ]
    return View("weightings", title, fields, rows, len(rows), words=words)


def _order(tau: float | None, language: str) -> str | None:
    if tau is None:
        return i18n.translate("cannot be told: one of the two ways has all alike", language)
    if tau >= _NEARLY:
        return i18n.translate("nearly the same order", language)
    if tau >= _MUCH:
        return i18n.translate("much the same order", language)
    return i18n.translate("another order", language)
