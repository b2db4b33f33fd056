"""How an instrument reckons, in sentences: what a reader of a report must know to recompute it."""

from collections.abc import Iterator

from survey_service.i18n import translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Gate
from survey_service.reports import method_exceptions
from survey_service.reports.indices import bound


def method(questionnaire: Questionnaire, language: str) -> list[str]:
    """Return the rules of reckoning that the questionnaire uses."""
    return list(_sentences(questionnaire, language))


def _sentences(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    lowest, highest = questionnaire.index_scale.lowest, questionnaire.index_scale.highest
    if questionnaire.points:
        yield translate(
            "Points are counted: each answer earns a part of the points that its question is worth, and "
            "the points of all parts are added up; {highest} can be reached.",
            language,
            highest=highest,
        )
    else:
        yield translate(
            "Each answer has a value from {lowest} to {highest}. The value of a part is the weighted mean of "
            "what it consists of: every value is multiplied by its weight, the products are added up, and "
            "their sum is divided by that of the weights. So it goes from the questions up to the index.",
            language,
            lowest=lowest,
            highest=highest,
        )
    yield from method_exceptions.of_parts(questionnaire, language)
    yield from method_exceptions.of_rounding(questionnaire, language)
    yield from method_exceptions.of_numbers(questionnaire, language)
    yield translate(
        "What does not apply is left out, and its weight goes to what stands beside it, unless the "
        "questionnaire says otherwise. What is not answered counts as the lowest answer.",
        language,
    )
    yield from method_exceptions.of_what_does_not_apply(questionnaire, language)
    if any(grade.gates for grade in questionnaire.grades):
        yield translate(
            "A grade is awarded where the index reaches its bound and every minimum that it also asks for "
            "is met; else the next lower one is.",
            language,
        )


def asked(questionnaire: Questionnaire, gate: Gate, language: str) -> str:
    """Return what a gate asks for, in words: its own, or what must reach which minimum."""
    if gate.reason is not None:
        return gate.reason.in_(language)
    codes = questionnaire.gated(gate)
    if gate.node is None:
        (name,) = (
            tier.name.in_(language) for tier in questionnaire.tiers if tier.code == gate.every
        )
    else:
        name = questionnaire.things[gate.node].name.in_(language)
    least = questionnaire.minimum(gate, codes[0])
    sign = "≥" if gate.above is None else ">"
    return f"{name} {sign} {bound(exact(least), questionnaire, language, codes[0])}"
