"""An analysis of a composite for programs and for people, with why a figure is not there."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from math import isnan

from msgspec import Struct

from survey_service.analysis.analyses import Analysis
from survey_service.analysis.composite import shown
from survey_service.i18n import decimal, translate
from survey_service.reports.robustness_words import assumption, drawn_from, order_kept, way

_NONE = "–"  # noqa: RUF001 - an en dash


class Told(Struct, frozen=True):
    """An analysis as programs read it: None where a figure would mean nothing.

    Of each organisation `composite` has the exact decimal, `bands` the lowest, the middle and the
    highest rank; correlations, alpha and effective weights are rounded to 12 digits.
    """

    composite: dict[str, str | None]
    ranks: dict[str, int | None]
    bands: dict[str, tuple[int, int, int] | None]
    correlations: dict[str, dict[str, float | None]]
    alpha: dict[str, float | None]
    effective_weights: dict[str, float | None]
    seed: int


def told(units: Sequence[str], analysis: Analysis) -> Told:
    """Return an analysis for programs.

    Args:
        units: The names of the organisations, in the order of the analysis.
        analysis: What is told of them.
    """
    figures = [shown(value) for value in analysis.composite.index.tolist()]
    robust, coherent = analysis.robustness, analysis.coherence
    bands = [tuple(band) if band[0] else None for band in robust.bands.tolist()]
    return Told(
        {unit: _exact(one) for unit, one in zip(units, figures, strict=True)},
        {unit: rank or None for unit, rank in zip(units, robust.reference.tolist(), strict=True)},
        dict(zip(units, bands, strict=True)),
        {
            one: {other: _rounded(value) for other, value in row.items()}
            for one, row in coherent.correlations.items()
        },
        {node: _rounded(value) for node, value in coherent.alpha.items()},
        {code: _rounded(value) for code, value in coherent.effective.items()},
        robust.seed,
    )


def lines(units: Sequence[str], analysis: Analysis, language: str) -> Iterator[str]:
    """Yield an analysis for people: the ranking, then how it coheres, then how far it holds."""
    found = told(units, analysis)
    width = max(map(len, units)) + 2
    yield f"{'':{width}}{translate('Composite', language):>14}{translate('Rank', language):>11}  5 – 50 – 95 %"  # noqa: RUF001
    ordered = sorted(units, key=lambda unit: (found.ranks[unit] is None, found.ranks[unit] or 0))
    for unit in ordered:
        value, band = found.composite[unit], found.bands[unit]
        index = _NONE if value is None else decimal(Decimal(value), language, 4)
        rank = _NONE if found.ranks[unit] is None else str(found.ranks[unit])
        between = _NONE if band is None else " – ".join(map(str, band))  # noqa: RUF001
        yield f"{unit:{width}}{index:>14}{rank:>11}  {between}"
    yield ""
    yield from _coherence(analysis, language)
    yield ""
    yield from _robustness(analysis, language)


def reasons(
    units: Sequence[str], unused: Sequence[str], analysis: Analysis, language: str
) -> Iterator[str]:
    """Yield why figures are not there, and what of the file was not used."""
    found, coherent = analysis.composite, analysis.coherence
    none = [unit for unit, value in zip(units, found.index.tolist(), strict=True) if isnan(value)]
    said: list[tuple[str, Sequence[str]]] = [
        (translate("Not used, because the structure does not name them", language), unused),
        (
            translate(
                "Told nobody apart: all organisations have the same value, or none", language
            ),
            _alike(analysis),
        ),
        (
            translate(
                "A geometric or harmonic mean was left out: it allows no value below zero", language
            ),
            found.below,
        ),
        (translate("No composite: too little of it is there", language), none),
        (
            translate(
                "No alpha: it takes two parts and two organisations that have them and differ",
                language,
            ),
            [node for node, value in coherent.alpha.items() if value is None],
        ),
        (
            translate(
                "No effective weight: it takes three organisations that differ, in the composite too",
                language,
            ),
            [code for code, value in coherent.effective.items() if value is None],
        ),
        (
            translate(
                "Without some correlations: they take two organisations that have both values and differ",
                language,
            ),
            [code for code, row in coherent.correlations.items() if None in row.values()],
        ),
    ]
    for why, of in said:
        if of:
            yield f"{why}: {', '.join(of)}"


def _alike(analysis: Analysis) -> list[str]:
    found = analysis.composite
    return [
        code
        for code, column in zip(found.columns, found.normalised.T, strict=True)
        if code in found.alike or analysis.coherence.correlations[code][code] is None
    ]


def _coherence(analysis: Analysis, language: str) -> Iterator[str]:
    found = analysis.coherence
    yield translate("Cronbach's alpha", language)
    for node, value in found.alpha.items():
        yield f"  {node}  {_figure(value, language)}"
    yield translate("Weights: effective, and as given", language)
    for code, value in found.effective.items():
        given = _figure(found.nominal[code], language)
        yield f"  {code}  {_figure(value, language)}  {given}"
    yield translate("Correlations with the whole, and of its parts", language)
    for whole, parts in found.families.items():
        for other, one in combinations((whole, *parts), 2):
            yield f"  {other}  {one}  {_figure(found.correlations[other][one], language)}"
    if found.negative:
        yield translate("Against one another, though parts of the same", language)
    for one, other, value in found.negative:
        yield f"  {one}  {other}  {_figure(value, language)}"


def _robustness(analysis: Analysis, language: str) -> Iterator[str]:
    found = analysis.robustness
    if (said := order_kept(found, language)) is not None:
        yield said
    effects = [(value, one) for one, value in found.effects.items() if value is not None]
    if effects:
        yield translate("What the ranks depend on most (total effect)", language)
    for value, one in sorted(effects, reverse=True):
        yield f"  {_figure(value, language)}  {assumption(one, language)}"
    yield translate("Agreement with other ways: Kendall's tau, Spearman's rho", language)
    for other, both in found.agreement.items():
        yield f"  {way(other, language)}  " + "  ".join(_figure(value, language) for value in both)
    yield drawn_from(found, language)


def _figure(value: float | None, language: str) -> str:
    return _NONE if value is None else decimal(Decimal(repr(value)), language, 3)


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 12)
