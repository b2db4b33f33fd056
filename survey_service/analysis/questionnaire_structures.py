"""A questionnaire as the structure of a composite, where its index is nothing but means of values."""

from decimal import Decimal

from survey_service.analysis.structures import Branch, Column, Fault, Rule, Structure
from survey_service.maturity.answer_types import Number
from survey_service.maturity.answers import ends
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine
from survey_service.maturity.tree import Indicator, Node

_RULES: dict[Combine, Rule] = {
    "mean": "arithmetic",
    "geometric": "geometric",
    "harmonic": "harmonic",
}


def structure_of(questionnaire: Questionnaire) -> Structure | Fault:
    """Return the structure whose columns are the indicators, or why there is none.

    A column holds what its indicator is answered with, a number or the value of a level, and is
    brought to the scale between the ends that the indicator has, or that occur where it is measured
    over the population.
    """
    rules = {questionnaire.combine, *(one.combine for one in questionnaire.all_nodes.values())}
    rounding = questionnaire.rounding
    more = (
        questionnaire.adjustments,
        rounding is not None and set(rounding.at) != {"index"},
        any(one.convert or one.bonus for one in questionnaire.all_nodes.values()),
        any(one.bonus or one.text or one.ratio for one in questionnaire.indicators.values()),
        any(_is_more(one.number) for one in questionnaire.indicators.values() if one.number),
    )
    if any(more) or not rules <= {None, *_RULES}:
        return Fault((), "more_than_means")
    scale = questionnaire.scale
    return Structure(
        tuple(_branch(questionnaire, node) for node in questionnaire.nodes),
        normalise="min-max",
        range=(scale.lowest, scale.highest),
        combine=_RULES[questionnaire.combine],
        present_at_least=questionnaire.least_share or Decimal(0),
    )


def _is_more(number: Number) -> bool:
    """Whether a number is worth something else than its part of the way between two ends."""
    return bool(number.bands) or number.target is not None or number.by != "ends"


def _branch(questionnaire: Questionnaire, node: Node) -> Branch:
    return Branch(
        node.code,
        node.weight,
        None if node.combine is None else _RULES[node.combine],
        present_at_least=node.least_share,
        nodes=tuple(_branch(questionnaire, one) for one in node.nodes),
        indicators=tuple(_column(questionnaire, one) for one in node.indicators),
    )


def _column(questionnaire: Questionnaire, indicator: Indicator) -> Column:
    number, scale = indicator.number, questionnaire.scale
    if number is None:
        return Column(indicator.code, indicator.weight, False, scale.lowest, scale.highest)  # noqa: FBT003 - not inverted
    return Column(indicator.code, indicator.weight, number.inverted, *ends(questionnaire, number))
