"""An answer in words, for reports and pages."""

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Indicator, Questionnaire


class Said(Struct, frozen=True):
    """An answer: its `mark` (the level's number, the option's code, the value), and what it means.

    `name` is the level's, where the instrument names levels, and empty otherwise.
    """

    mark: str
    name: str
    meaning: tuple[str, ...]


def said(
    questionnaire: Questionnaire, indicator: Indicator, answer: Answer | None, language: str
) -> Said:
    """Return what an answer says; None is an indicator not yet answered."""
    if answer is None:
        return Said(i18n.NOTHING, "", (i18n.translate("Not answered", language),))
    if answer.not_applicable is not None:
        reason = answer.not_applicable
        words = i18n.translate("Not applicable: {reason}", language, reason=reason)
        return Said(i18n.NOTHING, "", (words,))
    if answer.level is not None:
        level = questionnaire.level(indicator, answer.level)
        name = level.name.in_(language) if level.name else ""
        return Said(str(answer.level), name, tuple(one.in_(language) for one in level.criteria))
    if answer.option is not None:
        option = questionnaire.option(indicator, answer.option)
        return Said(answer.option, "", (option.text.in_(language),) if option else ())
    return Said(i18n.decimal(answer.value, language, exact=True), "", ())
