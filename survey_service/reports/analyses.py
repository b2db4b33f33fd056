"""An analysis of a composite for programs and for people, with why a figure is not there."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from math import isnan
from textwrap import wrap

import numpy as np
from msgspec import Struct

from survey_service.analysis.analyses import Analysis
from survey_service.analysis.composite import shown
from survey_service.i18n import decimal, translate
from survey_service.reports.robustness_words import assumption, drawn_from, order_kept, way

_NONE = "–"  # noqa: RUF001 - an en dash
_NARROWEST = 12  # letters of a name in a line
_WORST = 20  # pairs of which it is said that they work against one another


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


def lines(
    units: Sequence[str], analysis: Analysis, language: str, width: int = 100
) -> Iterator[str]:
    """Yield an analysis for people: the ranking, then how far it holds, then how it coheres.

    Args:
        units: The names of the organisations, in the order of the analysis.
        analysis: What is told of them.
        language: Of the words and numbers.
        width: Letters that a line may have; long names go over several.
    """
    yield from _ranking(units, analysis, language, width)
    yield ""
    yield from _robustness(analysis, language, width)
    yield ""
    yield from _coherence(analysis, language, width)


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
                "Without some correlations: they take three organisations that have both values and differ",
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
    level = [
        code
        for code, column in zip(found.columns, found.normalised.T, strict=True)
        if code in found.alike or len(np.unique(column[~np.isnan(column)])) <= 1
    ]
    return [*level, *(code for code in found.alike if code in found.codes)]


def _ranking(units: Sequence[str], analysis: Analysis, language: str, width: int) -> Iterator[str]:
    found = told(units, analysis)
    rows = [
        [
            translate("Organisation", language),
            translate("Rank", language),
            translate("5–95 % (median)", language),  # noqa: RUF001
            translate("Composite", language),
        ]
    ]
    for unit in sorted(units, key=lambda unit: (found.ranks[unit] is None, found.ranks[unit] or 0)):
        rank, value, band = found.ranks[unit], found.composite[unit], found.bands[unit]
        rows.append(
            [
                unit,
                _NONE if rank is None else str(rank),
                _NONE if band is None else f"{band[0]} – {band[2]} ({band[1]})",  # noqa: RUF001
                _NONE if value is None else decimal(Decimal(value), language, 4),
            ]
        )
    yield from _table(rows, width)


def _robustness(analysis: Analysis, language: str, width: int) -> Iterator[str]:
    found = analysis.robustness
    between = translate(
        "5–95 %: the ranks between which 90 of 100 draws lie, when weights, means and what is done"  # noqa: RUF001
        " with missing values are drawn at random.",
        language,
    )
    for said in (between, order_kept(found, language), drawn_from(found, language)):
        yield from wrap(said or "", width)
    effects = [(value, one) for one, value in found.effects.items() if value is not None]
    if effects:
        yield from wrap(
            translate("What the ranks depend on most (total effect, 0 to 1)", language), width
        )
    yield from _table(
        [
            [assumption(one, language), _figure(value, language)]
            for value, one in sorted(effects, reverse=True)
        ],
        width,
    )
    if found.agreement:
        yield from wrap(
            translate("Agreement with other ways: Kendall's tau, Spearman's rho", language), width
        )
    yield from _table(
        [
            [way(other, language), *(_figure(value, language) for value in both)]
            for other, both in found.agreement.items()
        ],
        width,
    )


def _coherence(analysis: Analysis, language: str, width: int) -> Iterator[str]:
    found = analysis.coherence
    alphas = {node: value for node, value in found.alpha.items() if value is not None}
    if alphas:
        yield translate("Cronbach's alpha", language)
    yield from _table([[node, _figure(one, language)] for node, one in alphas.items()], width)
    yield ""
    heads = [
        translate("Weights", language),
        translate("effective", language),
        translate("as given", language),
    ]
    weights = [
        [code, _figure(value, language), _figure(found.nominal[code], language)]
        for code, value in found.effective.items()
    ]
    yield from _table([heads, *weights], width)
    yield ""
    if found.negative:
        yield from wrap(translate("Against one another, though parts of the same", language), width)
    worst = found.negative[:_WORST]
    yield from _table(
        [[one, other, _figure(value, language)] for one, other, value in worst], width, texts=2
    )
    of_parts = [
        [part, whole, _figure(found.correlations[whole][part], language)]
        for whole, parts in reversed(found.families.items())
        for part in parts
        if len(parts) > 1
    ]
    if of_parts:
        yield from wrap(
            translate("Correlations of parts with their whole (all others: --json)", language),
            width,
        )
    yield from _table(of_parts, width, texts=2)


def _table(rows: Sequence[Sequence[str]], width: int, texts: int = 1) -> Iterator[str]:
    """Yield rows in columns: so many of texts, over several lines where they are long, then figures."""
    if not rows:
        return
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    left = max((width - sum(2 + one for one in widths[texts:])) // texts - 2, _NARROWEST)
    widths[:texts] = [min(one, left) for one in widths[:texts]]
    for row in rows:
        names = [wrap(one, most) for one, most in zip(row[:texts], widths, strict=False)]
        *above, last = zip_longest(*names, fillvalue="")
        for parts in above:
            yield _aligned(parts, widths)
        figures = [f"{one:>{most}}" for one, most in zip(row[texts:], widths[texts:], strict=True)]
        yield _aligned([*last, *figures], widths)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=False)
    return "".join(f"  {cell:{width}}" for cell, width in pairs).rstrip()


def _figure(value: float | None, language: str) -> str:
    return _NONE if value is None else decimal(Decimal(repr(value)), language, 3)


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 12)
