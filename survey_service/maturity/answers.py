"""What is answered: a level reached, or why the indicator does not apply."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from survey_service.errors import (
    ApplicableError,
    InvalidLevelError,
    InvalidOptionError,
    InvalidValueError,
    NoAnswerError,
    ReasonMissingError,
    TwoAnswersError,
    UnknownIndicatorError,
    WrongKindError,
)
from survey_service.maturity.instrument import Indicator, Questionnaire

Prose = Annotated[str, Meta(max_length=10_000, pattern="^[^\x00]*$")]
"""What people write; without the NUL that PostgreSQL cannot keep."""


class Answer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer to one indicator: exactly one of these.

    `level` is numbered as on the questionnaire's scale, `option` is an option's code, `value` a
    number on the scale; `not_applicable` holds the reason.
    """

    level: int | None = None
    option: Annotated[str, Meta(max_length=40)] | None = None
    value: Decimal | None = None
    not_applicable: Prose | None = None


def accept(questionnaire: Questionnaire, code: str, answer: Answer) -> Indicator:
    """Return the indicator that `answer` fits.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
        NoAnswerError: Nothing was given.
        TwoAnswersError: More than one thing was given.
        WrongKindError: The indicator asks for something else, such as an option.
        InvalidLevelError, InvalidOptionError, InvalidValueError: There is no such answer.
        ApplicableError: The indicator must be answered.
        ReasonMissingError: Not applicable, without a reason.
    """
    indicator = questionnaire.indicators.get(code)
    if indicator is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)
    given = [name for name in answer.__struct_fields__ if getattr(answer, name) is not None]
    if not given:
        raise NoAnswerError(indicator=code, expected=indicator.kind)
    if len(given) > 1:
        raise TwoAnswersError(indicator=code, given=", ".join(given))
    if answer.not_applicable is not None:
        _check_not_applicable(indicator, answer.not_applicable)
    elif given[0] != indicator.kind:
        raise WrongKindError(indicator=code, expected=indicator.kind, found=given[0])
    else:
        _check(questionnaire, indicator, answer)
    return indicator


def _check(questionnaire: Questionnaire, indicator: Indicator, answer: Answer) -> None:
    """Refuse an answer of the right kind that lies off the scale or among no options."""
    scale = questionnaire.scale
    bounds = {"indicator": indicator.code, "lowest": scale.lowest, "highest": scale.highest}
    if answer.level is not None and not scale.lowest <= answer.level <= scale.highest:
        raise InvalidLevelError(level=answer.level, **bounds)
    if answer.option is not None and questionnaire.option(indicator, answer.option) is None:
        options = ", ".join(option.code for option in questionnaire.options(indicator))
        raise InvalidOptionError(indicator=indicator.code, option=answer.option, options=options)
    if answer.value is not None and not _fits(questionnaire, indicator, answer.value):
        decimals = indicator.number.decimals if indicator.number else 0
        raise InvalidValueError(value=str(answer.value), decimals=decimals, **bounds)


def _fits(questionnaire: Questionnaire, indicator: Indicator, value: Decimal) -> bool:
    """Whether a number lies on the scale and has no more decimals than are asked for."""
    if not value.is_finite() or indicator.number is None:
        return False
    finest = Decimal(1).scaleb(-indicator.number.decimals)
    on_scale = questionnaire.scale.lowest <= value <= questionnaire.scale.highest
    return on_scale and value == value.quantize(finest)


def _check_not_applicable(indicator: Indicator, reason: str) -> None:
    if indicator.not_applicable == "forbidden":
        raise ApplicableError(indicator=indicator.code)
    if not reason.strip():
        raise ReasonMissingError(indicator=indicator.code)
