"""What becomes of a value at its node: expressed as an index, rounded, and adjusted."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.conditions import Facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact, rounded
from survey_service.maturity.rules import Adjustment

Reckoned = Callable[[str], Fraction | None]
"""Tells the value of a node or indicator that comes before, by its code; None while it has none."""


class Adjusted(Struct, frozen=True):
    """What an adjustment did to the index of a node or indicator."""

    code: str
    adjustment: Adjustment
    before: Decimal
    after: Decimal


class Finishing:
    """The way from values to indices of one questionnaire, by what its conditions know."""

    def __init__(self, questionnaire: Questionnaire, known: Facts, reckoned: Reckoned) -> None:
        self._questionnaire = questionnaire
        self._known = known
        self._reckoned = reckoned
        rounding = questionnaire.rounding
        self._rounds: frozenset[str] = frozenset(rounding.at if rounding else ())
        self.adjusted: list[Adjusted] = []

    def changes(self, code: str, place: str) -> bool:
        """Whether the value of a code is rounded or adjusted; `place` is as in `rounding.at`."""
        return place in self._rounds or code in self._questionnaire.adjusting

    def finished(self, code: str, place: str, value: Fraction) -> tuple[Fraction, Fraction]:
        """Return what a value and its index come to."""
        index = self.index(code, value)
        if not self.changes(code, place):
            return value, index
        index = self.rounded(place, self._adjust(code, self.rounded(place, index)))
        return self._value(code, index), index

    def index(self, code: str, value: Fraction) -> Fraction:
        """Return a value as the index of what bears the code."""
        if not self._questionnaire.points:
            return value
        factor, offset = self._questionnaire.expressions[code]
        return value * factor + offset if offset else value * factor

    def _value(self, code: str, index: Fraction) -> Fraction:
        """Return an index as a value on the scale."""
        factor, offset = self._questionnaire.expressions[code]
        return (index - offset) / factor

    def rounded(self, place: str, index: Fraction) -> Fraction:
        """Return an index as the questionnaire rounds it at a place."""
        rounding = self._questionnaire.rounding
        if rounding is None or place not in self._rounds:
            return index
        return rounded(index, rounding.digits, rounding.mode)

    def _adjust(self, code: str, index: Fraction) -> Fraction:
        lowest, _ = self._questionnaire.spans[code]
        for adjustment in self._questionnaire.adjusting.get(code, ()):
            reaching = adjustment.reaching
            if not self._known.hold(adjustment.when) or (reaching is not None and index < reaching):
                continue
            before = index
            if adjustment.at_most is not None:
                index = min(index, Fraction(adjustment.at_most))
            elif adjustment.lower_by is not None:
                index = max(index - Fraction(adjustment.lower_by), min(index, lowest))
            elif (other := self._value_of(adjustment.at_most_as)) is not None:
                index = min(index, self.index(code, other) or lowest)
            elif (factor := self._value_of(adjustment.times)) is not None:
                index = lowest + (index - lowest) * way(self._questionnaire, factor)
            if index != before:
                change = Adjusted(code, adjustment, exact(before), exact(index))
                self.adjusted.append(change)
        return index

    def _value_of(self, code: str | None) -> Fraction | None:
        return None if code is None else self._reckoned(code)


def way(questionnaire: Questionnaire, value: Fraction) -> Fraction:
    """Return the fraction of the scale that a value reaches."""
    lowest, highest = questionnaire.ends
    return (value - lowest) / (highest - lowest)
