"""What is wrong with a questionnaire that decodes: every contradiction, each with its place."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from survey_service.maturity.instrument import Gate, Indicator, Level, Node, Option, Questionnaire

_MAGNITUDE = 18  # powers of ten

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file, as in `("nodes", 0, "weight")`."""


class Finding(Struct, frozen=True):
    """Something that an author should mend.

    An error keeps the questionnaire from being published, a warning does not. `code` names the
    sentence in the catalogues (`finding.<code>`), which `details` complete.
    """

    severity: Literal["error", "warning"]
    code: str
    path: Place
    details: dict[str, str]


def check(questionnaire: Questionnaire) -> list[Finding]:
    """Return what is wrong, in the order of the file as far as it has one."""
    if unfit := list(_unfit(questionnaire)):
        return unfit  # nothing can be reckoned with them
    found = [
        *_family(questionnaire, questionnaire.nodes, ("nodes",), 0, None),
        *_codes(questionnaire),
        *_criteria(questionnaire),
        *_grades(questionnaire),
        *_ladders(questionnaire),
        *_choices(questionnaire),
        *_scale(questionnaire),
    ]
    return sorted(found, key=lambda finding: finding.severity)


def _error(code: str, *path: str | int, **details: object) -> Finding:
    return Finding("error", code, path, {name: str(value) for name, value in details.items()})


def _warning(code: str, *path: str | int, **details: object) -> Finding:
    return Finding("warning", code, path, {name: str(value) for name, value in details.items()})


def _family(
    questionnaire: Questionnaire,
    children: Sequence[Node | Indicator],
    path: Place,
    depth: int,
    parent: Node | None,
) -> Iterator[Finding]:
    yield from _weights(children, path, parent)
    for position, child in enumerate(children):
        at = (*path, position)
        if isinstance(child, Indicator):
            yield from _indicator(questionnaire, child, at)
        else:
            yield from _node(questionnaire, child, at, depth)


def _node(questionnaire: Questionnaire, node: Node, path: Place, depth: int) -> Iterator[Finding]:
    if depth >= len(questionnaire.tiers):
        yield _error("too_deep", *path, "code", node=node.code, tiers=len(questionnaire.tiers))
    if not node.children:
        yield _error("empty_node", *path, "code", node=node.code)
    if node.nodes and node.indicators:
        yield _error("mixed_children", *path, "indicators", node=node.code)
    below = "nodes" if node.nodes else "indicators"
    yield from _family(questionnaire, node.children, (*path, below), depth + 1, node)


def _weights(
    children: Sequence[Node | Indicator], path: Place, parent: Node | None
) -> Iterator[Finding]:
    weights = [child.weight for child in children if child.weight is not None]
    name = parent.code if parent else "-"
    for position, child in enumerate(children):
        if child.weight is not None and child.weight < 0:
            yield _error("negative_weight", *path, position, "weight", node=child.code)
        if child.weight is None and weights:
            yield _error("weight_missing", *path, position, "code", node=child.code)
    if weights and not any(weights):
        yield _error("weights_zero", *path, 0, "weight", parent=name)
    elif weights and (total := sum(weights)) not in _sums(parent):
        wanted = " / ".join(f"{value:f}" for value in _sums(parent))
        yield _warning(
            "weights_sum", *path, 0, "weight", parent=name, total=f"{total:f}", wanted=wanted
        )


def _sums(parent: Node | None) -> list[Decimal]:
    """What siblings' weights may add up to: all of the parent, or the parent's own weight."""
    sums = [Decimal(100)]
    if parent is not None and parent.weight is not None:
        sums.append(parent.weight)
    return sums


def _indicator(
    questionnaire: Questionnaire, indicator: Indicator, path: Place
) -> Iterator[Finding]:
    code = indicator.code
    kinds = (indicator.levels, indicator.ladder, indicator.options, indicator.choice)
    if sum(map(bool, (*kinds, indicator.number is not None))) != 1:
        yield _error("one_kind", *path, "code", indicator=code)
    elif indicator.kind == "option":
        yield from _options(questionnaire, indicator, path)
    elif indicator.number is not None:
        return
    elif indicator.ladder is not None:
        if indicator.ladder not in {ladder.code for ladder in questionnaire.ladders}:
            yield _error("unknown_ladder", *path, "ladder", indicator=code, ladder=indicator.ladder)
    else:
        yield from _levels(questionnaire, indicator.levels, (*path, "levels"), code)


def _options(questionnaire: Questionnaire, indicator: Indicator, path: Place) -> Iterator[Finding]:
    known = {choice.code for choice in questionnaire.choices}
    if indicator.choice is not None and indicator.choice not in known:
        yield _error(
            "unknown_choice", *path, "choice", indicator=indicator.code, choice=indicator.choice
        )
    yield from _values(questionnaire, indicator.options, (*path, "options"), indicator.code)


def _values(
    questionnaire: Questionnaire, options: Sequence[Option], path: Place, code: str
) -> Iterator[Finding]:
    scale, used = questionnaire.scale, set[str]()
    for position, option in enumerate(options):
        if not scale.lowest <= option.value <= scale.highest:
            at = (*path, position, "value")
            yield _error("option_beyond", *at, indicator=code, option=option.code)
        if option.code in used:
            yield _error("code_reused", *path, position, "code", used=option.code)
        used.add(option.code)


def _choices(questionnaire: Questionnaire) -> Iterator[Finding]:
    for position, choice in enumerate(questionnaire.choices):
        path = ("choices", position, "options")
        yield from _values(questionnaire, choice.options, path, choice.code)


def _ladders(questionnaire: Questionnaire) -> Iterator[Finding]:
    for position, ladder in enumerate(questionnaire.ladders):
        path = ("ladders", position, "levels")
        yield from _levels(questionnaire, ladder.levels, path, ladder.code)


def _levels(
    questionnaire: Questionnaire, levels: Sequence[Level], path: Place, code: str
) -> Iterator[Finding]:
    scale = questionnaire.scale
    wanted = scale.highest - scale.lowest + 1
    if scale.lowest != int(scale.lowest):
        yield _error("level_numbers", *path, indicator=code, lowest=scale.lowest)
    elif len(levels) != wanted:
        yield _error("level_count", *path, indicator=code, found=len(levels), expected=wanted)
    if levels[0].step is not None:
        yield _error("step_to_lowest", *path, 0, "step", indicator=code)
    for position, level in enumerate(levels):
        if level.step is not None and level.step.who not in questionnaire.actor_names:
            at = (*path, position, "step", "who")
            yield _error("unknown_actor", *at, indicator=code, who=level.step.who)


def _codes(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find codes used twice, among nodes and indicators together."""
    used: set[str] = set()
    for path, child in _everything(questionnaire.nodes, ("nodes",)):
        if child.code in used:
            yield _error("code_reused", *path, "code", used=child.code)
        used.add(child.code)


def _everything(
    children: Sequence[Node | Indicator], path: Place
) -> Iterator[tuple[Place, Node | Indicator]]:
    for position, child in enumerate(children):
        yield (*path, position), child
        if isinstance(child, Node):
            yield from _everything(child.nodes, (*path, position, "nodes"))
            yield from _everything(child.indicators, (*path, position, "indicators"))


def _criteria(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find criteria that two levels share: a reader could not tell the levels apart."""
    first: dict[str, str] = {}
    for path, child in _everything(questionnaire.nodes, ("nodes",)):
        for number, level in enumerate(child.levels if isinstance(child, Indicator) else ()):
            for position, criterion in enumerate(level.criteria):
                at = (*path, "levels", number, "criteria", position)
                for text in {criterion.id, criterion.en}:
                    if text in first:
                        yield _warning(
                            "criteria_shared", *at, indicator=child.code, other=first[text]
                        )
                    first.setdefault(text, child.code)


def _grades(questionnaire: Questionnaire) -> Iterator[Finding]:
    scale = questionnaire.scale
    bounds = [grade.bound for grade in questionnaire.grades]
    if bounds[0] > scale.lowest:
        yield _error("grade_hole", "grades", 0, "from", bound=bounds[0], lowest=scale.lowest)
    for position, (lower, higher) in enumerate(pairwise(bounds), start=1):
        if higher <= lower:
            code = questionnaire.grades[position].code
            yield _error("grade_order", "grades", position, "from", grade=code)
    for position, grade in enumerate(questionnaire.grades):
        if (grade.at_least is None) == (grade.above is None):
            yield _error("grade_bound", "grades", position, "code", grade=grade.code)
        if grade.bound > scale.highest:
            yield _error("grade_beyond", "grades", position, "from", grade=grade.code)
        for number, gate in enumerate(grade.gates):
            yield from _gate(questionnaire, gate, ("grades", position, "gates", number))


def _unfit(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find numbers that are none or beyond reckoning, such as NaN or 1e999999999 in quotes."""
    for path, number in _numbers(questionnaire):
        fits = number is None or (number.is_finite() and abs(number.adjusted()) <= _MAGNITUDE)
        if not fits:
            yield _error("number", *path, found=number)


def _numbers(questionnaire: Questionnaire) -> Iterator[tuple[Place, Decimal | None]]:
    yield ("scale", "lowest"), questionnaire.scale.lowest
    yield ("scale", "highest"), questionnaire.scale.highest
    for position, grade in enumerate(questionnaire.grades):
        at: Place = ("grades", position)
        yield (*at, "from"), grade.at_least
        yield (*at, "above"), grade.above
        for number, gate in enumerate(grade.gates):
            yield (*at, "gates", number, "at_least"), gate.at_least
    for position, choice in enumerate(questionnaire.choices):
        yield from _option_values(choice.options, ("choices", position, "options"))
    for path, child in _everything(questionnaire.nodes, ("nodes",)):
        yield (*path, "weight"), child.weight
        if isinstance(child, Indicator):
            yield from _option_values(child.options, (*path, "options"))


def _option_values(
    options: Sequence[Option], path: Place
) -> Iterator[tuple[Place, Decimal | None]]:
    for position, option in enumerate(options):
        yield (*path, position, "value"), option.value


def _scale(questionnaire: Questionnaire) -> Iterator[Finding]:
    scale = questionnaire.scale
    if scale.lowest >= scale.highest:
        yield _error("scale_empty", "scale", lowest=scale.lowest, highest=scale.highest)


def _gate(questionnaire: Questionnaire, gate: Gate, path: Place) -> Iterator[Finding]:
    scale = questionnaire.scale
    if (gate.node is None) == (gate.every is None):
        yield _error("gate_target", *path)
    if gate.node is not None and gate.node not in {
        **questionnaire.all_nodes,
        **questionnaire.indicators,
    }:
        yield _error("unknown_node", *path, "node", node=gate.node)
    if gate.every is not None and gate.every not in {tier.code for tier in questionnaire.tiers}:
        yield _error("unknown_tier", *path, "every", tier=gate.every)
    if not scale.lowest <= gate.at_least <= scale.highest:
        yield _error("gate_beyond", *path, "at_least", minimum=gate.at_least)
