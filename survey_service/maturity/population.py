"""Many organisations at once: what their numbers are measured against.

A number lies between the lowest and the highest that any of them has entered; or it is placed among
them all, as a part of the way from the worst to the best:

    entered by four         2    4    4    6      the mean is 4, the standard deviation 1.633
    rank                    0   1/3  1/3   1      those that are lower, of all others
    percentile             1/8  1/2  1/2  7/8     those that are lower and half of the equal, of all
    z-score              -1.225  0    0  1.225    standard deviations from the mean
      over 3 of them      .296  .5   .5  .704     from -3 to 3

The standard deviation is that of a sample, and reckoned to 40 digits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from survey_service.maturity.answer_types import Number
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire

_WORKING, _KEPT = Context(prec=40), Context(prec=28)


class Compared(Struct, frozen=True, dict=True):
    """The numbers that the organisations compared have entered, rising; at least one."""

    numbers: tuple[Decimal, ...]

    @classmethod
    def of(cls, numbers: Iterable[Decimal]) -> "Compared":
        """Return numbers in any order as those compared."""
        return cls(tuple(sorted(numbers)))

    @property
    def lowest(self) -> Decimal:
        """The lowest of them."""
        return self.numbers[0]

    @property
    def highest(self) -> Decimal:
        """The highest of them."""
        return self.numbers[-1]

    def way(self, number: Number, value: Decimal) -> Fraction | None:
        """Return the part of the way from the worst to the best; None where all are alike."""
        if self.lowest == self.highest:
            return None
        lower, not_higher = bisect_left(self.numbers, value), bisect_right(self.numbers, value)
        count = len(self.numbers)
        if number.by == "z_score":
            return self._by_deviations(number, value)
        if number.by == "rank":
            behind = count - not_higher if number.inverted else lower
            return Fraction(min(behind, count - 1), count - 1)
        below = Fraction(lower + not_higher, 2 * count)
        return 1 - below if number.inverted else below

    def _by_deviations(self, number: Number, value: Decimal) -> Fraction:
        mean, deviation = self._moments
        score = Fraction(_KEPT.divide(_decimal(Fraction(value) - mean), deviation))
        way = (score / Fraction(number.deviations) + 1) / 2
        inside = min(max(way, Fraction(0)), Fraction(1))
        return 1 - inside if number.inverted else inside

    @cached_property
    def _moments(self) -> tuple[Fraction, Decimal]:
        """The mean and the standard deviation."""
        values = [Fraction(number) for number in self.numbers]
        mean = sum(values, Fraction(0)) / len(values)
        squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
        return mean, _WORKING.sqrt(_decimal(squares / (len(values) - 1)))


Population = Mapping[str, Compared]
"""The numbers that the organisations compared have entered, by indicator."""


def _decimal(value: Fraction) -> Decimal:
    return _WORKING.divide(Decimal(value.numerator), Decimal(value.denominator))


def is_measured(questionnaire: Questionnaire) -> bool:
    """Whether any number of the questionnaire is measured against other organisations."""
    return bool(_measured(questionnaire))


def population_of(questionnaire: Questionnaire, many: Iterable[Mapping[str, Answer]]) -> Population:
    """Return the numbers that `many` entered, by indicator.

    Only indicators that are measured over the population have them, and only once answered.
    """
    codes = _measured(questionnaire)
    found: dict[str, list[Decimal]] = {}
    for answers in many:
        for code in codes:
            if code in answers and (value := answers[code].value) is not None:
                found.setdefault(code, []).append(value)
    return {code: Compared.of(values) for code, values in found.items()}


def _measured(questionnaire: Questionnaire) -> list[str]:
    return [
        code
        for code, indicator in questionnaire.indicators.items()
        if indicator.number is not None and indicator.number.over == "population"
    ]
