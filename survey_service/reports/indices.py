"""Indices and their bounds as people read them, with as many digits as `maturity.showing` asks for."""

from decimal import Decimal

from survey_service import i18n
from survey_service.maturity import showing
from survey_service.maturity.instrument import Questionnaire


def index(
    value: Decimal | None, questionnaire: Questionnaire, language: str, code: str = ""
) -> str:
    """Return the index of a node or indicator, of the whole by "", as the language writes it."""
    if value is None:
        return i18n.NOTHING
    return i18n.decimal(value, language, showing.digits(questionnaire, value, code))


def bound(value: Decimal, questionnaire: Questionnaire, language: str, code: str = "") -> str:
    """Return the lower bound of a grade, a band or a gate."""
    return i18n.decimal(value, language, showing.bound_digits(questionnaire, value, code))
