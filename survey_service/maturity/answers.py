"""What is answered: a level reached, or why the indicator does not apply."""

from typing import Annotated

from msgspec import Meta, Struct

from survey_service.errors import (
    ApplicableError,
    InvalidLevelError,
    NoAnswerError,
    ReasonMissingError,
    TwoAnswersError,
    UnknownIndicatorError,
)
from survey_service.maturity.instrument import Indicator, Questionnaire

Prose = Annotated[str, Meta(max_length=10_000, pattern="^[^\x00]*$")]
"""What people write; without the NUL that PostgreSQL cannot keep."""


class Answer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer to one indicator: exactly one of the two.

    `level` is numbered as on the questionnaire's scale; `not_applicable` holds the reason.
    """

    level: int | None = None
    not_applicable: Prose | None = None


def accept(questionnaire: Questionnaire, code: str, answer: Answer) -> Indicator:
    """Return the indicator that `answer` fits.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
        NoAnswerError: Neither a level nor a reason was given.
        TwoAnswersError: Both were given.
        InvalidLevelError: The level is not on the scale.
        ApplicableError: The indicator must be answered with a level.
        ReasonMissingError: Not applicable, without a reason.
    """
    indicator = questionnaire.indicators.get(code)
    if indicator is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)
    if answer.level is not None and answer.not_applicable is not None:
        raise TwoAnswersError(indicator=code)
    if answer.level is not None:
        _check_level(questionnaire, code, answer.level)
    elif answer.not_applicable is not None:
        _check_not_applicable(indicator, answer.not_applicable)
    else:
        raise NoAnswerError(indicator=code)
    return indicator


def _check_level(questionnaire: Questionnaire, code: str, level: int) -> None:
    scale = questionnaire.scale
    if not scale.lowest <= level <= scale.highest:
        raise InvalidLevelError(
            indicator=code, level=level, lowest=scale.lowest, highest=scale.highest
        )


def _check_not_applicable(indicator: Indicator, reason: str) -> None:
    if indicator.not_applicable == "forbidden":
        raise ApplicableError(indicator=indicator.code)
    if not reason.strip():
        raise ReasonMissingError(indicator=indicator.code)
