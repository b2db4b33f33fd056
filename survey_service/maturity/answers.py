"""What is answered: a level, an option, numbers and so on, or why the indicator does not apply."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from survey_service.characters import is_blank
from survey_service.errors.answers import (
    ApplicableError,
    InvalidInputError,
    InvalidItemError,
    InvalidLevelError,
    InvalidOptionError,
    InvalidValueError,
    InvalidWeightError,
    NoAnswerError,
    NotByUnitError,
    PartExceedsWholeError,
    ReasonMissingError,
    TwoAnswersError,
    UnknownIndicatorError,
    WrongInputsError,
    WrongKindError,
)
from survey_service.maturity.answer_types import Number, Ratio
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import END
from survey_service.maturity.tree import Indicator

Prose = Annotated[str, Meta(max_length=10_000, pattern=f"^[^\x00]*{END}")]
"""What people write; without the NUL that PostgreSQL cannot keep."""

Key = Annotated[str, Meta(max_length=40)]
UnitName = Annotated[str, Meta(min_length=1, max_length=200, pattern=f"^[^\x00]*{END}")]
Many = 10_000
"""Units of one organisation; a regency has fifty, and some count single persons."""

LARGEST = Decimal(10) ** 15
"""No number entered is as large: money of a state in its smallest unit still fits."""


class Given(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One of these, as the indicator asks.

    `level` is numbered as on the ladder, `option` is an option's code, `value` a number, `values`
    the numbers of a ratio by the code of the input. `checked` lists the items of a checklist that
    are there, or the criteria of levels that are met, as `3.1` for the first of level 3: the level
    follows, cumulatively. `text` is what was written; `not_applicable` holds the reason.
    """

    level: int | None = None
    option: Key | None = None
    value: Decimal | None = None
    values: dict[Key, Decimal] | None = None
    checked: Annotated[tuple[Key, ...], Meta(max_length=1000)] | None = None
    text: Prose | None = None
    not_applicable: Prose | None = None

    @property
    def given(self) -> list[str]:
        """Which of them it is; one, in an accepted answer, or none beside those of units."""
        return [name for name in _KINDS if getattr(self, name) is not None]


class UnitAnswer(Given, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one unit answers; its `weight` counts where the indicator weighs its units."""

    weight: Decimal = Decimal(1)
    evidence: bool = True


class Answer(Given, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The answer to one indicator: one of the above, or those of its `units` by name.

    An answer of the organisation beside those of its units overrides them, and `override` says
    why. `dated` is the day of a value that somebody else supplied.
    """

    units: Annotated[dict[UnitName, UnitAnswer], Meta(max_length=Many)] | None = None
    override: Prose | None = None
    dated: dt.date | None = None


_KINDS = Given.__struct_fields__


NOTHING = Answer()
"""Says nothing: what stands once an answer was taken back. None that is accepted does."""


class Damaged(Answer, frozen=True):
    """No answer that anybody gave, nor the one that says nothing."""


UNREADABLE = Damaged()
"""Stands for an answer that is damaged where it is kept."""


def accept(questionnaire: Questionnaire, code: str, answer: Answer) -> Indicator:
    """Return the indicator that `answer` fits.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
        NoAnswerError: Nothing was given.
        TwoAnswersError: More than one thing was given.
        WrongKindError: The indicator asks for something else, such as an option.
        InvalidLevelError, InvalidOptionError, InvalidValueError, InvalidItemError,
        WrongInputsError, InvalidInputError, PartExceedsWholeError: There is no such answer.
        ApplicableError: The indicator must be answered.
        ReasonMissingError: Not applicable, or overriding the units, without a reason.
        NotByUnitError: The indicator is answered for the organisation as a whole.
        InvalidWeightError: A unit weighs nothing or less.
    """
    indicator = questionnaire.indicators.get(code)
    if indicator is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)
    if answer.units is None:
        _accept(questionnaire, indicator, answer)
        return indicator
    if indicator.units is None or not answer.units:
        raise NotByUnitError(indicator=code)
    for unit in answer.units.values():
        _accept(questionnaire, indicator, unit)
        if not 0 < unit.weight < LARGEST:
            raise InvalidWeightError(indicator=code, weight=str(unit.weight))
    if answer.given:
        _accept(questionnaire, indicator, answer)
        if is_blank(answer.override or ""):
            raise ReasonMissingError(indicator=code)
    return indicator


def _accept(questionnaire: Questionnaire, indicator: Indicator, answer: Given) -> None:
    given = answer.given
    if not given:
        raise NoAnswerError(indicator=indicator.code, expected=indicator.answer_type)
    if len(given) > 1:
        raise TwoAnswersError(indicator=indicator.code, given=", ".join(given))
    if answer.not_applicable is not None:
        _check_not_applicable(indicator, answer.not_applicable)
    elif given[0] == "checked" and indicator.answer_type == "level":
        _check_items(indicator, answer.checked, criteria(questionnaire, indicator))
    elif given[0] != indicator.answer_type:
        code, expected = indicator.code, indicator.answer_type
        raise WrongKindError(indicator=code, expected=expected, found=given[0])
    else:
        _check(questionnaire, indicator, answer)


def criteria(questionnaire: Questionnaire, indicator: Indicator) -> list[str]:
    """Return what of a ladder can be checked: `3.2` is the second criterion of level 3.

    The lowest level is where everybody stands, and has nothing to check.
    """
    levels = list(questionnaire.levels(indicator).items())[1:]
    return [
        f"{number}.{position}"
        for number, level in levels
        for position in range(1, len(level.criteria) + 1)
    ]


def _check(questionnaire: Questionnaire, indicator: Indicator, answer: Given) -> None:
    """Refuse an answer of the right kind that the indicator does not have."""
    if answer.level is not None or answer.option is not None:
        _check_chosen(questionnaire, indicator, answer)
    elif answer.value is not None:
        _check_number(questionnaire, indicator, answer.value)
    elif answer.values is not None:
        _check_ratio(indicator, answer.values)
    elif answer.checked is not None:
        _check_items(indicator, answer.checked, [item.code for item in indicator.checklist])
    elif is_blank(answer.text or ""):
        raise NoAnswerError(indicator=indicator.code, expected=indicator.answer_type)


def _check_chosen(questionnaire: Questionnaire, indicator: Indicator, answer: Given) -> None:
    chosen = answer.option if answer.level is None else answer.level
    there = questionnaire.answer_values[indicator.code]
    if chosen in there:
        return
    if answer.level is not None:
        lowest, *_, highest = there
        details = {"level": answer.level, "lowest": lowest, "highest": highest}
        raise InvalidLevelError(indicator=indicator.code, **details)
    options = ", ".join(map(str, there))
    raise InvalidOptionError(indicator=indicator.code, option=answer.option, options=options)


def ends(questionnaire: Questionnaire, number: Number) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends that a number is measured between; None where the population has them."""
    if number.over == "population":
        return number.lowest, number.highest
    scale = questionnaire.scale
    lowest = scale.lowest if number.lowest is None else number.lowest
    return lowest, scale.highest if number.highest is None else number.highest


def limits(questionnaire: Questionnaire, number: Number) -> tuple[Decimal | None, Decimal | None]:
    """Return the lowest and highest number that may be entered; None where there is no end."""
    return (None, None) if number.is_open else ends(questionnaire, number)


def _check_number(questionnaire: Questionnaire, indicator: Indicator, value: Decimal) -> None:
    number = indicator.number or Number()
    lowest, highest = limits(questionnaire, number)
    fits = (
        value.is_finite()
        and value.copy_abs() < LARGEST
        and (lowest is None or lowest <= value)
        and (highest is None or value <= highest)
        and value == value.quantize(Decimal(1).scaleb(-number.decimals))
        and (number.decimals > 0 or int(value.as_tuple().exponent) >= 0)  # "1,0" may mean 10
    )
    if not fits:
        raise InvalidValueError(
            indicator=indicator.code,
            value=str(value),
            decimals=number.decimals,
            lowest=-LARGEST if lowest is None else lowest,
            highest=LARGEST if highest is None else highest,
        )


def _check_ratio(indicator: Indicator, values: dict[str, Decimal]) -> None:
    ratio = indicator.ratio or Ratio((), (), ())
    expected = [one.code for one in ratio.inputs]
    if set(values) != set(expected):
        given, wanted = ", ".join(values), ", ".join(expected)
        raise WrongInputsError(indicator=indicator.code, given=given, expected=wanted)
    for code, value in values.items():
        if not (value.is_finite() and 0 <= value < LARGEST):
            raise InvalidInputError(indicator=indicator.code, input=code, value=str(value))
    part, whole = (sum(values[code] for code in codes) for codes in (ratio.part, ratio.whole))
    if ratio.within and part > whole:
        raise PartExceedsWholeError(indicator=indicator.code, part=part, whole=whole)


def _check_items(indicator: Indicator, checked: tuple[str, ...] | None, items: list[str]) -> None:
    for item in checked or ():
        if item not in items:
            raise InvalidItemError(indicator=indicator.code, item=item, items=", ".join(items))


def _check_not_applicable(indicator: Indicator, reason: str) -> None:
    if indicator.not_applicable == "forbidden":
        raise ApplicableError(indicator=indicator.code)
    if is_blank(reason):
        raise ReasonMissingError(indicator=indicator.code)
