"""What was claimed against what those who checked found: overall, part by part, and by organisation."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
from msgspec import structs

from survey_service import i18n
from survey_service.analysis.claims import FEWEST, Claims, by_code, by_organisation
from survey_service.analysis.claims import claims as compared
from survey_service.analysis.selection import KIND, Selection
from survey_service.conduct.names import in_order
from survey_service.maturity.cards import NOTHING, Units
from survey_service.reports.national.view import (
    Asked,
    Field,
    View,
    figure,
    group_name,
    named,
    percent,
    percent_field,
    rounded,
)
from survey_service.reports.tables import Cell


def claims(selection: Selection, asked: Asked, language: str) -> list[View]:
    """Return the views: a row for all answers, the index and each part, then one for each organisation.

    What stands is compared with what the organisation claimed, in percent of what can be reached, so
    that answers of every type can be put together.
    """
    checked = selection.counted.only(selection.counted.checked)
    if not len(checked.members):
        none = i18n.translate("Nobody of this selection has been checked yet.", language)
        return [_parts([], language, words=none), _claimants([], language, words=none)]
    questionnaire = checked.questionnaire
    indicators = tuple(questionnaire.indicators)
    codes = ("", *questionnaire.all_nodes, *indicators)
    said, found = (checked.reached(codes, of) for of in (checked.at_stage("self"), checked.values))
    answers = said[:, -len(indicators) :], found[:, -len(indicators) :]
    whole = compared(answers[0].ravel(), answers[1].ravel())
    rows = [_row(i18n.translate("all answers", language), None, whole, language)]
    for code, one in by_code(codes, said, found).items():
        if code not in questionnaire.indicators:  # a mean of answers can hardly be the same
            one = structs.replace(one, raw=None, raw_interval=None, corrected=None)  # noqa: PLW2901
        rows.append(_row(named(questionnaire, code, language), code or None, one, language))
    words = "\n".join(_told(whole, len(checked.members), language))
    return [_parts(rows, language, words=words), _each(checked, answers, asked, language)]


def _each(checked: Selection, answers: tuple[Units, Units], asked: Asked, language: str) -> View:
    bias = _bias(*answers)
    order = sorted(
        range(len(bias)), key=lambda place: (-bias[place], in_order(checked.members[place].name))
    )
    shown = order[asked.rows]
    rows: list[list[Cell]] = []
    found = by_organisation(answers[0][shown], answers[1][shown])
    for place, claims_ in zip(shown, found, strict=True):
        one = checked.members[place]
        rows.append([one.name, group_name(KIND, one.kind, language), *_figures(claims_, language)])
    links = [checked.members[place].organisation for place in shown]
    return _claimants(rows, language, count=len(order), links=links)


def _bias(said: Units, found: Units) -> list[float]:
    """Return the mean difference of each organisation, 0 where nothing has both values."""
    both = (said != NOTHING) & (found != NOTHING)
    apart = np.where(both, said.astype(np.int64) - found, 0).sum(axis=1)
    means: list[float] = (apart / np.maximum(both.sum(axis=1), 1)).tolist()
    return means


def _row(name: str, code: str | None, one: Claims, language: str) -> list[Cell]:
    return [name, code, *_figures(one, language)]


def _figures(one: Claims, language: str) -> list[Cell]:
    low, high = one.interval or (None, None)
    raw_low, raw_high = one.raw_interval or (None, None)
    return [
        one.items,
        one.over,
        one.under,
        _points(None if one.bias is None else float(one.bias)),
        _points(low),
        _points(high),
        judged(one, language),
        percent(one.raw),
        percent(raw_low),
        percent(raw_high),
        figure(one.corrected),
    ]


def judged(one: Claims, language: str) -> str:
    """Return in words what may be said of claims, and nothing where too few were checked."""
    if one.items < FEWEST:
        return i18n.translate(
            "fewer than {fewest} checked: nothing is said", language, fewest=FEWEST
        )
    if one.flag == "over":
        return i18n.translate("claimed too high, beyond chance", language)
    if one.flag == "under":
        return i18n.translate("claimed too low, beyond chance", language)
    return i18n.translate("no difference beyond chance", language)


def _told(whole: Claims, count: int, language: str) -> Iterator[str]:
    yield i18n.translate(
        "Of {count} organisations {items} answers were checked: {over} had been claimed too high, {under} too low.",
        language,
        count=count,
        items=whole.items,
        over=whole.over,
        under=whole.under,
    )
    if whole.bias is not None and whole.raw is not None:
        yield i18n.translate(
            "On average claims differ from what was found by {bias} percent of the scale; {raw} % of the answers agree.",
            language,
            bias=i18n.decimal(_points(float(whole.bias)), language, 1),
            raw=i18n.decimal(percent(whole.raw), language, 1),
        )
    yield i18n.translate(
        "How far an index or a part agrees is not told: means of answers are hardly ever the same. A bias of one answer, or of few that all differ by the same, has no “from” and “to”.",
        language,
    )
    yield i18n.translate(
        "Above 0 means claimed too high. Where few were checked the true figure can lie anywhere between “from” and “to” (95 % confidence); beyond chance (Gwet's AC) is 1 where all agree and 0 where agreement is no better than chance.",
        language,
    )


def _measures(language: str) -> list[Field]:
    return [
        Field("items", "integer", i18n.translate("Checked", language)),
        Field("over", "integer", i18n.translate("Claimed too high", language)),
        Field("under", "integer", i18n.translate("Claimed too low", language)),
        percent_field("bias", i18n.translate("Bias, in percent of the scale", language)),
        percent_field("bias_from", i18n.translate("Bias from", language)),
        percent_field("bias_to", i18n.translate("Bias to", language)),
        Field("judged", "string", i18n.translate("In words", language)),
        percent_field("agreement", i18n.translate("Agreement, in percent", language)),
        percent_field("agreement_from", i18n.translate("Agreement from", language)),
        percent_field("agreement_to", i18n.translate("Agreement to", language)),
        Field("beyond_chance", "number", i18n.translate("Agreement beyond chance", language)),
    ]


def _parts(rows: list[list[Cell]], language: str, *, words: str) -> View:
    fields = [
        Field("name", "string", i18n.translate("Part", language)),
        Field("part", "string", i18n.translate("Code", language)),
        *_measures(language),
    ]
    title = i18n.translate("Claimed and verified", language)
    return View("claims", title, fields, rows, len(rows), words=words)


def _claimants(
    rows: list[list[Cell]],
    language: str,
    *,
    count: int = 0,
    links: Sequence[int] = (),
    words: str = "",
) -> View:
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        Field("kind", "string", i18n.translate("Kind", language)),
        *_measures(language),
    ]
    title = i18n.translate("Claimed and verified, by organisation", language)
    return View("claimants", title, fields, rows, count, links=links, words=words)


def _points(units: float | None) -> Decimal | None:
    """Return a difference in percent of the scale."""
    return None if units is None else rounded(Decimal(repr(units)) / 10**6, 1)
