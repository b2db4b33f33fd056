"""Whether what is asked belongs together: how its parts go along, and which of them decide the index."""

from collections.abc import Iterator

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.coherence import Coherence
from survey_service.analysis.coherence import coherence as reckoned
from survey_service.analysis.composite import composite
from survey_service.analysis.selection import Selection
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.national.robustness import analysed
from survey_service.reports.national.view import (
    Asked,
    Field,
    View,
    figure,
    named,
    percent,
    percent_field,
)
from survey_service.reports.tables import Cell

_HALF = 0.5  # of its weight: what decides less than that is told
_ENOUGH = 0.7  # of alpha, which is usually asked for
_NAMED = 5  # codes in a remark on one part
_FEW = 30  # organisations, of fewer of which a correlation is mostly chance
_TOLD = 10  # pairs in the sentence; all of them are in the table


class _Found(Struct, frozen=True):
    """What was found of a questionnaire, whose whole is the part called `whole`."""

    questionnaire: Questionnaire
    coherent: Coherence
    whole: str
    language: str

    def name(self, code: str) -> str:
        """Return what a part is called."""
        return named(self.questionnaire, "" if code == self.whole else code, self.language)


def coherence(selection: Selection, _asked: Asked, language: str) -> list[View]:
    """Return the views: a row for each part, then one for each pair of siblings."""
    of = analysed(selection, language)
    if isinstance(of, str):
        return [_parts([], language, words=of), _correlations([], language, words=of)]
    structure, values = of.composite.structure, of.composite.values
    coherent = reckoned(structure, composite(structure, values))
    found = _Found(selection.questionnaire, coherent, structure.code, language)
    parents = {child: code for code, family in coherent.families.items() for child in family}
    codes = list(_in_order(coherent, structure.code))
    rows = [_row(found, code, parents.get(code)) for code in codes]
    pairs: list[list[Cell]] = [
        [
            found.name(parents[one]),
            found.name(one),
            found.name(other),
            figure(r),
            _against(r, found),
        ]
        for one, other, r in _siblings(coherent)
    ]
    words = "\n".join(_told(found, by_indicators=of.composite.by_indicators))
    if len(values) < _FEW:
        words += "\n" + i18n.translate(
            "These are few organisations: of fewer than {few}, much of this can be chance.",
            language,
            few=_FEW,
        )
    explained = i18n.translate(
        "1: who has more of one has more of the other; 0: they have nothing to do with one another; below 0: they work against one another.",
        language,
    )
    if not pairs:
        explained = i18n.translate("No part has two parts that could be compared.", language)
    return [_parts(rows, language, words=words), _correlations(pairs, language, words=explained)]


def _in_order(coherent: Coherence, code: str) -> Iterator[str]:
    yield code
    for child in coherent.families.get(code, ()):
        yield from _in_order(coherent, child)


def _siblings(coherent: Coherence) -> Iterator[tuple[str, str, float | None]]:
    """Yield the pairs of each family, those that work against one another first."""
    found = [
        (one, other, coherent.correlations[one][other])
        for family in coherent.families.values()
        for place, one in enumerate(family)
        for other in family[place + 1 :]
    ]
    yield from sorted(found, key=lambda pair: 2.0 if pair[2] is None else pair[2])


def _row(found: _Found, code: str, parent: str | None) -> list[Cell]:
    coherent = found.coherent
    is_whole = code == found.whole
    return [
        found.name(code),
        None if is_whole else code,
        None if parent is None else found.name(parent),
        None if parent is None else figure(coherent.correlations[code][parent]),
        figure(coherent.alpha.get(code)),
        percent(coherent.nominal.get(code)),
        percent(coherent.effective.get(code)),
        _noted(found, code),
    ]


def _noted(found: _Found, code: str) -> str | None:
    """Return in words what a person who wrote the questionnaire would look at."""
    coherent, language = found.coherent, found.language
    if coherent.correlations[code][code] is None:
        return i18n.translate("tells nobody apart: all have the same, or none", language)
    against = [
        other if one == code else one for one, other, _ in coherent.negative if code in {one, other}
    ]
    if against:
        names = ", ".join(against[:_NAMED]) + (" …" if len(against) > _NAMED else "")
        return i18n.translate("works against {codes}", language, codes=names)
    nominal, effective = coherent.nominal.get(code), coherent.effective.get(code)
    if nominal is not None and effective is not None and effective < _HALF * nominal:
        return i18n.translate("decides less than half of what its weight says", language)
    if code in coherent.families and coherent.alpha[code] is None:
        if len(coherent.families[code]) == 1:
            return i18n.translate("one part alone: it has no alpha", language)
        return i18n.translate("no alpha: too few have all of its parts, or all are alike", language)
    return None


def _told(found: _Found, *, by_indicators: bool) -> Iterator[str]:
    language = found.language
    if not by_indicators:
        yield i18n.translate(
            "The index has rules beyond means of its indicators, so that its topmost parts alone are looked at.",
            language,
        )
    yield from _alpha_told(found)
    yield i18n.translate(
        "The weight that an indicator turns out to have is its part in who stands where: where it is far below the weight given, the index would be much the same without the indicator.",
        language,
    )
    yield from _odd_told(found)


def _alpha_told(found: _Found) -> Iterator[str]:
    coherent, language = found.coherent, found.language
    alpha = coherent.alpha[found.whole]
    if alpha is None:
        yield i18n.translate(
            "Cronbach's alpha cannot be told: it takes two parts and two organisations that differ.",
            language,
        )
    else:
        well = (
            i18n.translate("the parts measure much the same", language)
            if alpha >= _ENOUGH
            else i18n.translate("the parts measure different things", language)
        )
        yield i18n.translate(
            "Cronbach's alpha of the parts of the index is {alpha}: {well}. From 0.7 on parts are taken to belong together.",
            language,
            alpha=i18n.decimal(figure(alpha), language),
            well=well,
        )
    if any(one is not None and one < 0 for one in coherent.alpha.values()):
        yield i18n.translate(
            "An alpha below 0 tells that parts work against one another: how far below says nothing more.",
            language,
        )


def _odd_told(found: _Found) -> Iterator[str]:
    """Yield which parts work against one another, and which tell nobody apart."""
    coherent, language = found.coherent, found.language
    if coherent.negative:
        pairs = "; ".join(f"{one} / {other}" for one, other, _ in coherent.negative[:_TOLD])
        yield i18n.translate(
            "Parts of the same that work against one another (who has more of one has less of the other): {pairs}.",
            language,
            pairs=pairs,
        )
    alike = [code for code in coherent.nominal if coherent.correlations[code][code] is None]
    if alike:
        yield i18n.translate(
            "Indicators that tell nobody apart: {codes}.", language, codes=", ".join(alike)
        )


def _parts(rows: list[list[Cell]], language: str, *, words: str) -> View:
    fields = [
        Field("name", "string", i18n.translate("Part", language)),
        Field("part", "string", i18n.translate("Code", language)),
        Field("part_of", "string", i18n.translate("Part of", language)),
        Field("correlation", "number", i18n.translate("Correlation with it", language)),
        Field("alpha", "number", i18n.translate("Cronbach's alpha", language)),
        percent_field("nominal", i18n.translate("Weight given, in percent", language)),
        percent_field(
            "effective", i18n.translate("Weight it turns out to have, in percent", language)
        ),
        Field("note", "string", i18n.translate("To look at", language)),
    ]
    title = i18n.translate("Does the questionnaire hang together", language)
    return View("coherence", title, fields, rows, len(rows), words=words)


def _correlations(rows: list[list[Cell]], language: str, *, words: str) -> View:
    fields = [
        Field("part_of", "string", i18n.translate("Part of", language)),
        Field("one", "string", i18n.translate("One", language)),
        Field("other", "string", i18n.translate("The other", language)),
        Field("correlation", "number", i18n.translate("Correlation", language)),
        Field("note", "string", i18n.translate("To look at", language)),
    ]
    title = i18n.translate("Correlations of parts of the same", language)
    return View("correlations", title, fields, rows, len(rows), words=words)


def _against(r: float | None, found: _Found) -> str | None:
    if r is None:
        return i18n.translate("cannot be told: one of the two tells nobody apart", found.language)
    return i18n.translate("work against one another", found.language) if r < 0 else None
