"""What an answer is worth, on the questionnaire's scale, exactly."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.answer_types import Number, Ratio, Units
from survey_service.maturity.answers import Answer, Given, UnitAnswer, ends
from survey_service.maturity.bands import band_of
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.population import Population
from survey_service.maturity.tree import Indicator


class Values(Struct, frozen=True):
    """Values on the scale of one questionnaire, among the organisations of a `population`."""

    questionnaire: Questionnaire
    population: Population

    def of(self, indicator: Indicator, answer: Answer) -> Fraction | None:
        """Return what an accepted answer is worth.

        None is for what does not apply, a text, a ratio of nothing that its rule drops, and a
        number that is measured against a population which does not tell enough.
        """
        if answer.units is None or answer.given:
            return self._given(indicator, answer)
        units = indicator.units or Units("mean")
        return self._together(indicator, units, list(answer.units.values()))

    def _given(self, indicator: Indicator, answer: Given) -> Fraction | None:
        if answer.not_applicable is not None:
            return self._not_applicable(indicator)
        if answer.level is not None or answer.option is not None:
            given = answer.option if answer.level is None else answer.level
            return self.questionnaire.answer_values[indicator.code].get(given or 0)
        if answer.value is not None and indicator.number is not None:
            return self._number(indicator, indicator.number, answer.value)
        if answer.values is not None and indicator.ratio is not None:
            return self._ratio(indicator.ratio, answer.values)
        if answer.checked is not None:
            return self._checked(indicator, answer.checked)
        return None

    def _number(self, indicator: Indicator, number: Number, value: Decimal) -> Fraction | None:
        if number.bands:
            band = band_of(number.bands, Fraction(value))
            least = self.questionnaire.ends[0]
            return least if band is None else self.questionnaire.on_scale(indicator, band.value)
        known = self.population.get(indicator.code)
        if number.by != "ends":
            way = None if known is None else known.way(number, value)
            return None if way is None else self._along(way)
        lowest, highest = ends(self.questionnaire, number)
        if known is not None:
            lowest = known.lowest if lowest is None else lowest
            highest = known.highest if highest is None else highest
        if lowest is None or highest is None or lowest >= highest:
            return None
        way = _between(Fraction(lowest), Fraction(highest), Fraction(value), number.target)
        return self._along(way, inverted=number.inverted)

    def _not_applicable(self, indicator: Indicator) -> Fraction | None:
        """Return what an indicator is worth that does not apply; None where its weight goes on."""
        if indicator.not_applicable == "lowest":
            return self.lowest(indicator)
        if indicator.not_applicable == "highest":
            return self.highest(indicator)
        if indicator.not_applicable == "value":
            return self.questionnaire.on_scale(indicator, indicator.not_applicable_value or 0)
        return None

    def _ratio(self, ratio: Ratio, values: Mapping[str, Decimal]) -> Fraction | None:
        part = sum((Fraction(values[code]) for code in ratio.part), Fraction(0))
        whole = sum((Fraction(values[code]) for code in ratio.whole), Fraction(0))
        if whole:
            way = min(part / whole, Fraction(ratio.cap))
            return self._along(way, inverted=ratio.inverted)
        if ratio.zero == "not_applicable":
            return None
        return self._along(Fraction(ratio.zero == "highest"))

    def _checked(self, indicator: Indicator, checked: Sequence[str]) -> Fraction:
        if indicator.answer_type == "level":
            return self._climbed(indicator, checked)
        weights = {item.code: Fraction(item.weight) for item in indicator.checklist}
        there = sum((weights[code] for code in set(checked)), Fraction(0))
        return self._along(there / sum(weights.values()))

    def _climbed(self, indicator: Indicator, checked: Sequence[str]) -> Fraction:
        """Return the level that is reached when just these criteria are met, lower ones first."""
        answer_values = self.questionnaire.answer_values[indicator.code]
        level, beyond = climbed(self.questionnaire, indicator, checked)
        if indicator.progress == "partial" and beyond:
            return answer_values[level] + (answer_values[level + 1] - answer_values[level]) * beyond
        return answer_values[level]

    def _along(self, way: Fraction, *, inverted: bool = False) -> Fraction:
        """Return the value that lies a fraction of the way from the lowest to the highest end."""
        lowest, highest = self.questionnaire.ends
        return lowest + (highest - lowest) * (1 - way if inverted else way)

    def _together(
        self, indicator: Indicator, units: Units, given: Sequence[UnitAnswer]
    ) -> Fraction | None:
        """Return the organisation's value from its units'; units that it does not apply to aside."""
        found = [
            (self._seen(units, value, unit), Fraction(unit.weight))
            for unit in given
            if (value := self._given(indicator, unit)) is not None
        ]
        values = [value for value, _ in found]
        if not values:
            return None
        if units.combine == "minimum":
            return min(values)
        if units.combine == "mode":
            return max(Counter(values).items(), key=lambda pair: (pair[1], -pair[0]))[0]
        weights = [weight if units.combine == "weighted" else Fraction(1) for _, weight in found]
        return sum(map(Fraction.__mul__, values, weights), Fraction(0)) / sum(weights)

    def _seen(self, units: Units, value: Fraction, unit: UnitAnswer) -> Fraction:
        if unit.evidence:
            return value
        lower = value - Fraction(units.without_evidence)
        return max(lower, min(value, self.questionnaire.ends[0]))

    def lowest(self, indicator: Indicator) -> Fraction | None:
        """Return the least that an answer to the indicator can be worth; a text is worth nothing."""
        if indicator.answer_type == "text":
            return None
        if indicator.external is not None and indicator.external.fallback is not None:
            return Fraction(indicator.external.fallback)
        return min(self._every(indicator))

    def highest(self, indicator: Indicator) -> Fraction | None:
        """Return the most that an answer to the indicator can be worth; a text is worth nothing."""
        return None if indicator.answer_type == "text" else max(self._every(indicator))

    def _every(self, indicator: Indicator) -> Iterable[Fraction]:
        """Return all that an answer can be worth, or both ends of it."""
        if indicator.answer_type in {"level", "option"}:
            return self.questionnaire.answer_values[indicator.code].values()
        if indicator.number is not None and indicator.number.bands:
            values = (band.value for band in indicator.number.bands)
            return [self.questionnaire.on_scale(indicator, value) for value in values]
        return self.questionnaire.ends


def _between(
    lowest: Fraction, highest: Fraction, value: Fraction, target: Decimal | None
) -> Fraction:
    """Return the part of the way to the highest number, or to a target from the end on its side."""
    inside = min(max(value, lowest), highest)
    if target is None:
        return (inside - lowest) / (highest - lowest)
    best = Fraction(target)
    end = lowest if inside < best else highest
    return Fraction(1) if inside == best else (inside - end) / (best - end)


def climbed(
    questionnaire: Questionnaire, indicator: Indicator, checked: Sequence[str]
) -> tuple[int, Fraction]:
    """Return the level that criteria reach, lower levels first, and what part of the next they meet.

    Args:
        questionnaire: What asks it.
        indicator: A ladder of levels; the lowest asks for nothing.
        checked: The criteria met, `3.2` for the second one of level 3.
    """
    lowest, *higher = questionnaire.levels(indicator).items()
    reached = lowest[0]
    for number, level in higher:
        wanted = {f"{number}.{position}" for position in range(1, len(level.criteria) + 1)}
        met = len(wanted.intersection(checked))
        if met < len(wanted):
            return reached, Fraction(met, len(wanted))
        reached = number
    return reached, Fraction(0)


def lowest_answer(questionnaire: Questionnaire, indicator: Indicator) -> Given | None:
    """Return the answer that is worth least; None where it could be several."""
    if indicator.external is not None and indicator.external.fallback is not None:
        return Given(value=indicator.external.fallback)
    if indicator.answer_type == "level":
        return Given(level=min(questionnaire.levels(indicator)))
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return Given(option=min(options, key=lambda option: option.value).code)
    if indicator.answer_type == "checked":
        return Given(checked=())
    if indicator.number is None:
        return None
    lowest, highest = ends(questionnaire, indicator.number)
    return Given(value=highest if indicator.number.inverted else lowest)
