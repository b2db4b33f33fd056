"""Where an instrument reckons otherwise than by means of all that applies, in sentences."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from survey_service.i18n import decimal, translate
from survey_service.maturity.answer_types import Number
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine
from survey_service.maturity.texts import Text

_NAMED = 6  # names in a sentence; the others are counted


def of_parts(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """Yield how parts are put together that are no mean, and how much of them must have a value."""
    for rule, said in _rules(questionnaire, language).items():
        if names := _taken_by(questionnaire, rule, language):
            yield said.replace("{names}", names)
    if questionnaire.combine == "none":
        yield translate("There is no index of the whole.", language)
    converted = [node.name for node in questionnaire.all_nodes.values() if node.convert]
    if converted:
        yield translate(
            "Bands of the questionnaire turn the value of these into another one: {names}.",
            language,
            names=_names(converted, language),
        )
    yield from _least_shares(questionnaire, language)


def _rules(questionnaire: Questionnaire, language: str) -> dict[Combine, str]:
    """Return the sentence of each rule; the names are still to be filled in."""
    names = "{names}"
    return {
        "geometric": translate(
            "The geometric mean is taken of what these consist of, in which one low value weighs more: "
            "{names}.",
            language,
            names=names,
        ),
        "harmonic": translate(
            "The harmonic mean is taken of what these consist of, in which one low value weighs most: "
            "{names}.",
            language,
            names=names,
        ),
        "minimum": translate(
            "These are worth as much as the lowest of what they consist of: {names}.",
            language,
            names=names,
        ),
        "weakest_link": translate(
            "These are worth as much as the lowest of what they consist of, and {plus} more where "
            "something else is higher: {names}.",
            language,
            names=names,
            plus=decimal(questionnaire.plus, language, exact=True),
        ),
        "lookup": translate(
            "A table of the questionnaire says what these are worth: {names}.",
            language,
            names=names,
        ),
        "flat": translate(
            "The mean is taken of all questions below these at once; the sections between are only "
            "shown: {names}.",
            language,
            names=names,
        ),
    }


def _taken_by(questionnaire: Questionnaire, rule: Combine, language: str) -> str:
    """Return what is put together by a rule, named; nothing where nothing is."""
    nodes = questionnaire.all_nodes.values()
    found = [node.name.in_(language) for node in nodes if questionnaire.rule(node) == rule]
    whole = [translate("the index", language)] if questionnaire.combine == rule else []
    if whole and len(found) == len(nodes):
        return translate("the index and all its parts", language)
    return _listed([*whole, *found], language)


def _least_shares(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    if questionnaire.least_share is not None:
        yield translate(
            "A part has no value where less than {share} per cent of what applies in it has one.",
            language,
            share=_per_cent(questionnaire.least_share, language),
        )
    for node in questionnaire.all_nodes.values():
        if node.least_share is not None:
            yield translate(
                "{name} has no value where less than {share} per cent of what applies in it has one.",
                language,
                name=node.name.in_(language),
                share=_per_cent(node.least_share, language),
            )


def of_rounding(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """Yield whether and how values are rounded on the way."""
    rounding = questionnaire.rounding
    if rounding is None:
        yield translate("Nothing is rounded before it is shown.", language)
        return
    yield translate(
        "Values are rounded to {digits} decimals where the questionnaire says so.",
        language,
        digits=rounding.digits,
    )
    if rounding.mode == "binary":
        yield translate(
            "Means are taken and rounded of numbers as programs hold them in binary: the mean of 0.54 and "
            "0.57 is then a little less than 0.555.",
            language,
        )


def of_numbers(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """Yield how numbers are measured that count otherwise than between two ends."""

    def those(chosen: Callable[[Number], bool]) -> str:
        indicators = questionnaire.indicators.values()
        return _names(
            [one.name for one in indicators if one.number is not None and chosen(one.number)],
            language,
        )

    if names := those(lambda one: one.is_open and one.by == "ends"):
        yield translate("Beyond an end, these count as the end: {names}.", language, names=names)
    if names := those(lambda one: one.target is not None):
        yield translate(
            "These are best at a target, and worth less the nearer they are to either end: {names}.",
            language,
            names=names,
        )
    if names := those(lambda one: one.over == "population" and one.by == "ends"):
        yield translate(
            "These are measured between the lowest and the highest number of all organisations compared: "
            "{names}.",
            language,
            names=names,
        )
    if names := those(lambda one: one.by == "z_score"):
        yield translate(
            "These are measured by how many standard deviations they lie from the mean of all "
            "organisations compared: {names}.",
            language,
            names=names,
        )
    if names := those(lambda one: one.by == "rank"):
        yield translate(
            "These are measured by their rank among all organisations compared: {names}.",
            language,
            names=names,
        )
    if names := those(lambda one: one.by == "percentile"):
        yield translate(
            "These are measured by the share of all organisations compared that they surpass: {names}.",
            language,
            names=names,
        )


def of_what_does_not_apply(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    """Yield which questions keep their weight though they do not apply."""

    def those(what: str) -> str:
        indicators = questionnaire.indicators.values()
        return _names([one.name for one in indicators if one.not_applicable == what], language)

    if names := those("lowest"):
        yield translate(
            "Where these do not apply, they count as the lowest answer: {names}.",
            language,
            names=names,
        )
    if names := those("highest"):
        yield translate(
            "Where these do not apply, they count as the highest answer: {names}.",
            language,
            names=names,
        )
    if names := those("value"):
        yield translate(
            "Where these do not apply, they count as a value that the questionnaire sets: {names}.",
            language,
            names=names,
        )


def _names(texts: Iterable[Text], language: str) -> str:
    return _listed([text.in_(language) for text in texts], language)


def _listed(names: list[str], language: str) -> str:
    """Return names in a row, the last of many only counted."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    named = ", ".join(names[:_NAMED])
    count = len(names) - _NAMED
    return translate("{names} and {more} more", language, names=named, more=count)


def _per_cent(share: Decimal, language: str) -> str:
    return decimal((share * 100).normalize(), language, exact=True)
