"""The least and the most that something can be worth, as far as rules tell."""

from collections.abc import Sequence
from fractions import Fraction

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values

Ends = tuple[Fraction, Fraction]


def extremes(questionnaire: Questionnaire, code: str) -> Ends:
    """Return the least and the most that the index of a node or indicator can be."""
    return on_index(questionnaire, code, values(questionnaire, questionnaire.things[code]))


def on_index(questionnaire: Questionnaire, code: str, values: Ends) -> Ends:
    """Return values on the scale as indices of what bears the code, or of the whole."""
    factor, offset = questionnaire.expressions[code]
    return values[0] * factor + offset, values[1] * factor + offset


def values(questionnaire: Questionnaire, thing: Node | Indicator) -> Ends:
    """Return the least and the most that something can be worth on the scale."""
    if isinstance(thing, Indicator):
        answer_values = (
            questionnaire.answer_values.get(thing.code, {}).values() or questionnaire.ends
        )
        absent = Values(questionnaire, {}).of(thing, Answer(not_applicable=""))
        counted = [*answer_values, *([] if absent is None else [absent])]
        return min(counted), max(counted)
    if thing.convert is not None:
        values = [Fraction(band.value) for band in thing.convert.bands]
        return min(values), max(values)
    return together(questionnaire, thing.children, thing.combine)


def together(
    questionnaire: Questionnaire, children: Sequence[Node | Indicator], combine: Combine | None
) -> Ends:
    """Return the least and the most that siblings can be worth together."""
    parts = [child for child in children if child.part_of_whole and _weighs(child)]
    if not parts:
        return questionnaire.ends
    ends = [values(questionnaire, child) for child in parts]
    least, most = min(low for low, _ in ends), max(high for _, high in ends)
    weights = [questionnaire.counts[child.code] for child in parts]
    if (combine or questionnaire.combine) != "mean" or not sum(weights):
        return least, most
    if any(_drops(child) for child in parts):  # only the best or the worst may be left
        return least, most
    return _mean(weights, [low for low, _ in ends]), _mean(weights, [high for _, high in ends])


def _weighs(child: Node | Indicator) -> bool:
    """Whether a child can weigh anything."""
    return child.weight is None or child.weight > 0 or bool(child.by_kind)


def _mean(weights: list[Fraction], values: list[Fraction]) -> Fraction:
    return sum(map(Fraction.__mul__, weights, values), Fraction(0)) / sum(weights)


def _drops(child: Node | Indicator) -> bool:
    """Whether a child can leave its weight to its siblings."""
    conditional = bool(child.when or child.by_kind)
    return conditional or isinstance(child, Node) or child.not_applicable == "reweight"
