"""What is wrong with conditions, adjustments and crosswalks."""

import re
from collections.abc import Iterator
from itertools import product
from math import prod

from survey_service.maturity import conditions
from survey_service.maturity.answers import limits
from survey_service.maturity.checking.findings import (
    Finding,
    Place,
    error,
    everything,
    warning,
)
from survey_service.maturity.conditions import Attribute, Value
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Adjustment
from survey_service.maturity.tree import Indicator, Node

TRIED = 5_000  # combinations of answers; a condition over more is not judged
_ALL_TRIED = 500_000  # the same for all conditions together, some seconds
_TEXTS = re.compile(r"\"([^\"\\]*)\"|'([^'\\]*)'")
_NUMBERS = re.compile(r"(?<![\w.\"])[0-9]+(?:\.[0-9]+)?")
_ATTRIBUTES = re.compile(r"\borganisation\.([A-Za-z_]\w*)")


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with the rules of a questionnaire."""
    yield from _conditions(questionnaire)
    for position, adjustment in enumerate(questionnaire.adjustments):
        yield from _adjustment(questionnaire, adjustment, ("adjustments", position))
    yield from _crosswalks(questionnaire)


def _conditions(questionnaire: Questionnaire) -> Iterator[Finding]:
    things = list(everything(questionnaire))
    afterwards = list(_afterwards(questionnaire))
    count = sum(thing.when is not None for _, thing in things) + len(afterwards)
    most = min(TRIED, _ALL_TRIED // max(count, 1))
    earlier: set[str] = set()
    for path, thing in things:
        if thing.when is not None:
            yield from _condition(questionnaire, thing.when, (*path, "when"), earlier, most)
        if isinstance(thing, Indicator):
            earlier.add(thing.code)
    for path, condition in afterwards:
        yield from _condition(questionnaire, condition, path, earlier, most)


def _afterwards(questionnaire: Questionnaire) -> Iterator[tuple[Place, str]]:
    """Yield the conditions that are evaluated over all answers, each with its place."""
    for position, adjustment in enumerate(questionnaire.adjustments):
        if adjustment.when is not None:
            yield ("adjustments", position, "when"), adjustment.when
    for position, grade in enumerate(questionnaire.grades):
        for number, gate in enumerate(grade.gates):
            for key, condition in (("when", gate.when), ("require", gate.require)):
                if condition is not None:
                    yield ("grades", position, "gates", number, key), condition


def _condition(
    questionnaire: Questionnaire, condition: str, path: Place, earlier: set[str], most: int
) -> Iterator[Finding]:
    if problem := conditions.problem(condition):
        yield error("condition", *path, problem=problem)
        return
    mentioned = sorted(conditions.mentioned(condition))
    for code in mentioned:
        if code not in questionnaire.indicators:
            yield error("condition_unknown", *path, reference=code)
        elif code not in earlier:
            yield error("condition_later", *path, reference=code)
    if all(code in earlier for code in mentioned):
        yield from _judged(questionnaire, condition, mentioned, path, most)


def _judged(
    questionnaire: Questionnaire, condition: str, mentioned: list[str], path: Place, most: int
) -> Iterator[Finding]:
    outcomes = _outcomes(questionnaire, condition, mentioned, most)
    if None in outcomes or conditions.outcome(condition, _fullest(questionnaire), {}) is None:
        yield error("condition_endless", *path, condition=condition)
    elif outcomes == {False}:
        yield error("condition_never", *path, condition=condition)
    elif outcomes == {True}:
        yield warning("condition_always", *path, condition=condition)


def _outcomes(
    questionnaire: Questionnaire, condition: str, mentioned: list[str], most: int
) -> set[bool | None]:
    """Return what a condition can come out as, tried over all answers that could tell apart.

    Nothing is returned where there are too many to try, or where they cannot be told; None is among
    them, and no other is tried, where one takes too long.
    """
    numbers = [float(found) for found in _NUMBERS.findall(condition)]
    texts = [first or second for first, second in _TEXTS.findall(condition)]
    answered = [
        _domain(questionnaire, questionnaire.indicators[code], numbers) for code in mentioned
    ]
    attributes = sorted(set(_ATTRIBUTES.findall(condition)))
    kinds = [kind.code for kind in questionnaire.kinds]
    beside = [number + step for number in numbers for step in (-1, 0, 1)]
    anything: list[Attribute] = [*texts, *beside, True, False, "\0"]
    known = [[*kinds] if name == "kind" and kinds else anything for name in attributes]
    if prod([len(domain) for domain in answered] + [len(domain) for domain in known]) > most:
        return set()
    found: set[bool | None] = set()
    for answers, organisation in product(product(*answered), product(*known)):
        given = dict(zip(mentioned, answers, strict=True))
        found.add(
            conditions.outcome(condition, given, dict(zip(attributes, organisation, strict=True)))
        )
        if None in found:
            break
    return found


def _fullest(questionnaire: Questionnaire) -> dict[str, Value]:
    """Return answers to everything, each as long as can be: what takes a condition longest."""
    return {
        code: [item.code for item in indicator.checklist] or ""
        for code, indicator in questionnaire.indicators.items()
    }


def _domain(
    questionnaire: Questionnaire, indicator: Indicator, numbers: list[float]
) -> list[Value]:
    """Return answers to an indicator among which a condition with these numbers can tell apart."""
    if indicator.answer_type == "level":
        return list(questionnaire.levels(indicator))
    if indicator.answer_type == "option":
        return [option.code for option in questionnaire.options(indicator)]
    if indicator.answer_type == "checked":
        codes = [item.code for item in indicator.checklist]
        return [[], codes, *([code] for code in codes)]
    if indicator.number is None:
        return []
    bounds = [float(end) for end in limits(questionnaire, indicator.number) if end is not None]
    beside = [number + step for number in numbers for step in (-0.5, 0, 0.5)]
    low, high = (min(bounds), max(bounds)) if len(bounds) > 1 else (-1e15, 1e15)
    return [value for value in {*bounds, *beside} if low <= value <= high]


def _adjustment(
    questionnaire: Questionnaire, adjustment: Adjustment, path: Place
) -> Iterator[Finding]:
    does = ("at_most", "at_most_as", "lower_by", "times")
    if sum(getattr(adjustment, key) is not None for key in does) != 1:
        yield error("adjustment_one", *path)
    order = list(_reckoned(questionnaire))
    for position, code in enumerate(adjustment.on):
        if code not in order:
            yield error("unknown_node", *path, "on", position, reference=code)
    for key, other in (("at_most_as", adjustment.at_most_as), ("times", adjustment.times)):
        if other is None:
            continue
        if other not in order:
            yield error("unknown_node", *path, key, reference=other)
        elif any(
            code in order and order.index(code) <= order.index(other) for code in adjustment.on
        ):
            yield error("adjustment_later", *path, key, reference=other)


def _reckoned(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield every code in the order in which indices are reckoned: children before parents."""

    def below(children: tuple[Node | Indicator, ...]) -> Iterator[str]:
        for child in children:
            if isinstance(child, Node):
                yield from below(child.children)
            yield child.code

    return below(questionnaire.nodes)


def _crosswalks(questionnaire: Questionnaire) -> Iterator[Finding]:
    for position, crosswalk in enumerate(questionnaire.crosswalks):
        seen: set[str] = set()
        for number, one in enumerate(crosswalk.continues):
            path = ("crosswalks", position, "continues", number)
            if one.new not in questionnaire.indicators:
                yield error("crosswalk_nothing", *path, "new", reference=one.new)
            if one.new in seen:
                yield error("code_reused", *path, "new", used=one.new)
            if one.equal and len(one.old) > 1:
                yield error("crosswalk_equal", *path, "equal", reference=one.new)
            seen.add(one.new)


def crosswalks_to(questionnaire: Questionnaire, old: Questionnaire) -> Iterator[Finding]:
    """Yield where a crosswalk points to indicators that the earlier `old` does not have."""
    for position, crosswalk in enumerate(questionnaire.crosswalks):
        if crosswalk.questionnaire != old.reference:
            continue
        for number, one in enumerate(crosswalk.continues):
            for place, code in enumerate(one.old):
                if code not in old.indicators:
                    path = ("crosswalks", position, "continues", number, "old", place)
                    yield error("crosswalk_nothing", *path, reference=code)
