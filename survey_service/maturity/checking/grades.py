"""What is wrong with grades, bands and gates."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from survey_service.maturity.bands import Bounded
from survey_service.maturity.checking.findings import (
    Finding,
    Place,
    error,
    indicators,
    nodes,
    warning,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Bands, Combine, Gate
from survey_service.maturity.tree import Indicator, Node

Ends = tuple[Fraction, Fraction]


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with the bands of the index, of nodes and of numbers."""
    if questionnaire.grades:
        least, _ = _on_index(questionnaire, "", _together(questionnaire, questionnaire.nodes, None))
        highest = questionnaire.index_scale.highest + sum(_bonus(questionnaire), Decimal(0))
        yield from _bands(questionnaire.grades, ("grades",), exact(least), highest)
    for position, bands in enumerate(questionnaire.bands):
        yield from _own_bands(questionnaire, bands, ("bands", position, "grades"))
    lowest = questionnaire.scale.lowest
    for path, indicator in indicators(questionnaire):
        if indicator.number is not None and indicator.number.bands:
            start = indicator.number.lowest
            at = (*path, "number", "bands")
            yield from _bands(indicator.number.bands, at, lowest if start is None else start, None)
    for path, node in nodes(questionnaire):
        if node.convert is not None:
            start = Decimal(0) if node.convert.over == "points" else lowest
            yield from _bands(node.convert.bands, (*path, "convert", "bands"), start, None)
    yield from _gates(questionnaire)


def _own_bands(questionnaire: Questionnaire, bands: Bands, path: Place) -> Iterator[Finding]:
    """Yield what is wrong with the bands of nodes and indicators, whose indices may run otherwise."""
    spans = [
        questionnaire.spans[code]
        for code, grades in questionnaire.banded.items()
        if grades is bands.grades
    ] or [questionnaire.ends]
    lowest, highest = min(low for low, _ in spans), max(high for _, high in spans)
    yield from _bands(bands.grades, path, exact(lowest), exact(highest))
    for number, grade in enumerate(bands.grades):
        if grade.gates:
            yield error("band_gates", *path, number, "gates", grade=grade.code)


def _bonus(questionnaire: Questionnaire) -> Iterator[Decimal]:
    """Yield the weights of what is a bonus on top of the whole."""
    yield from (node.weight or Decimal(0) for node in questionnaire.nodes if node.bonus)


def _bands(
    bands: Sequence[Bounded], path: Place, lowest: Decimal, highest: Decimal | None
) -> Iterator[Finding]:
    """Find what is wrong with bands that should cover everything from `lowest` up, once."""
    for position, band in enumerate(bands):
        if (band.at_least is None) == (band.above is None):
            yield error("grade_bound", *path, position)
        if highest is not None and band.bound > highest:
            yield error("grade_beyond", *path, position, _key(band), bound=band.bound)
    first = bands[0]
    if first.bound > lowest:
        yield error("grade_hole", *path, 0, _key(first), bound=first.bound, lowest=lowest)
    elif first.above is not None and first.bound == lowest:
        yield warning("grade_end", *path, 0, "above", lowest=lowest)
    for position, (lower, higher) in enumerate(pairwise(bands), start=1):
        point = lower.above is None and higher.above is not None  # from 3, then above 3
        if higher.bound < lower.bound or (higher.bound == lower.bound and not point):
            yield error("grade_order", *path, position, _key(higher), bound=higher.bound)
        yield from _meets(lower, higher, (*path, position))


def _meets(lower: Bounded, higher: Bounded, path: Place) -> Iterator[Finding]:
    """Find a printed upper end that leaves a hole below the next band, or overlaps with it."""
    end = lower.to if lower.below is None else lower.below
    if end is None:
        return
    details = {"end": end, "bound": higher.bound}
    included, begins = lower.to is not None, higher.above is None
    if end > higher.bound or (end == higher.bound and included and begins):
        yield error("band_overlap", *path, _key(higher), **details)
    elif end < higher.bound or not (included or begins):
        yield error("band_hole", *path, _key(higher), **details)


def _key(band: Bounded) -> str:
    return "from" if band.above is None else "above"


def _gates(questionnaire: Questionnaire) -> Iterator[Finding]:
    for position, grade in enumerate(questionnaire.grades):
        for number, gate in enumerate(grade.gates):
            path = ("grades", position, "gates", number)
            if sum(one is not None for one in (gate.node, gate.every, gate.require)) != 1:
                yield error("gate_target", *path)
            elif gate.node is not None and gate.node not in questionnaire.weights:
                yield error("unknown_node", *path, "node", reference=gate.node)
            elif gate.require is not None:
                if gate.reason is None:
                    yield error("gate_reason", *path, grade=grade.code)
            elif (gate.at_least, gate.above, gate.percent) == (None, None, None):
                yield error("gate_minimum", *path)
            else:
                yield from _gate(questionnaire, gate, path)


def _gate(questionnaire: Questionnaire, gate: Gate, path: Place) -> Iterator[Finding]:
    """Find a minimum that nothing or everything reaches, or that its own percentage contradicts."""
    keys = ("at_least", "above", "percent")
    at = (*path, next(key for key in keys if getattr(gate, key) is not None))
    for code in questionnaire.gated(gate):
        least, most = _extremes(questionnaire, code)
        minimum = questionnaire.minimum(gate, code)
        if minimum > most or (gate.above is not None and minimum == most):
            shown = {"minimum": _shown(minimum), "highest": _shown(most)}
            yield error("gate_never", *at, node=code, **shown)
        elif least > minimum or (gate.above is None and least == minimum):
            shown = {"minimum": _shown(minimum), "lowest": _shown(least)}
            yield warning("gate_always", *at, node=code, **shown)
        if gate.at_least is not None and gate.percent is not None:
            lowest, highest = questionnaire.spans[code]
            rule = exact(lowest + (highest - lowest) * Fraction(gate.percent) / 100)
            if not _printed(gate.at_least, rule):
                shown = {"minimum": _shown(minimum), "rule": f"{rule:f}"}
                yield error("gate_percent", *at, node=code, percent=gate.percent, **shown)


def _printed(printed: Decimal, rule: Decimal) -> bool:
    """Whether a printed number is what a rule gives, rounded or cut to the digits printed."""
    digits = Decimal(1).scaleb(min(int(printed.normalize().as_tuple().exponent), 0))
    return printed in {rule.quantize(digits, mode) for mode in (ROUND_DOWN, ROUND_HALF_UP)}


def _shown(value: Fraction) -> str:
    return f"{exact(value):f}"


def _extremes(questionnaire: Questionnaire, code: str) -> Ends:
    """Return the least and the most that the index of a node or indicator can be."""
    return _on_index(questionnaire, code, _values(questionnaire, questionnaire.things[code]))


def _on_index(questionnaire: Questionnaire, code: str, values: Ends) -> Ends:
    """Return values on the scale as indices of what bears the code, or of the whole."""
    factor, offset = questionnaire.expressions[code]
    return values[0] * factor + offset, values[1] * factor + offset


def _values(questionnaire: Questionnaire, thing: Node | Indicator) -> Ends:
    """Return the least and the most that something can be worth on the scale."""
    if isinstance(thing, Indicator):
        answer_values = (
            questionnaire.answer_values.get(thing.code, {}).values() or questionnaire.ends
        )
        return min(answer_values), max(answer_values)
    if thing.convert is not None:
        values = [Fraction(band.value) for band in thing.convert.bands]
        return min(values), max(values)
    return _together(questionnaire, thing.children, thing.combine)


def _together(
    questionnaire: Questionnaire, children: Sequence[Node | Indicator], combine: Combine | None
) -> Ends:
    """Return the least and the most that siblings can be worth together."""
    parts = [child for child in children if child.part_of_whole and _weighs(child)]
    if not parts:
        return questionnaire.ends
    ends = [_values(questionnaire, child) for child in parts]
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
