"""Many organisations at once: what their numbers are measured against."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.values import Population


def is_measured(questionnaire: Questionnaire) -> bool:
    """Whether any number of the questionnaire is measured against other organisations."""
    return bool(_measured(questionnaire))


def ends_of(questionnaire: Questionnaire, many: Iterable[Mapping[str, Answer]]) -> Population:
    """Return the lowest and the highest number that any of `many` entered, by indicator.

    Only indicators that are measured over the population have them, and only once answered.
    """
    codes = _measured(questionnaire)
    found: dict[str, list[Decimal]] = {}
    for answers in many:
        for code in codes:
            if code in answers and (value := answers[code].value) is not None:
                found.setdefault(code, []).append(value)
    return {code: (min(values), max(values)) for code, values in found.items()}


def _measured(questionnaire: Questionnaire) -> list[str]:
    return [
        code
        for code, indicator in questionnaire.indicators.items()
        if indicator.number is not None and indicator.number.over == "population"
    ]
