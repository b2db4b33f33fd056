"""Scoring many sets of answers to one questionnaire at once, exactly as `scoring.score` would.

Where every node is a weighted mean of levels, options or plain numbers, an index is a sum of whole
numbers over a denominator that depends only on which answers are missing. Assessments that miss the
same are multiplied as one matrix of integers. Whatever asks for more (conditions, units, rounding,
tables and so on) is scored one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import lcm
from typing import Any, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Facts, Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.population import Population
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring import (
    ALONE,
    ANYBODY,
    Card,
    NodeScore,
    Refusal,
    banded,
    decimal,
    graded,
    score,
)
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values

_ANSWERED, _UNANSWERED, _LEFT_OUT = 0, 1, 2
_EXACT = 2**62  # sums beyond are made of Python's numbers, which have no end
_FEW = 3  # sets that miss the same; fewer are not worth a matrix

_Graded: TypeAlias = tuple[Fraction | None, Grade | None, tuple[Refusal, ...]]
_NOBODY = Facts({}, {}, set())


def score_many(
    questionnaire: Questionnaire,
    many: Sequence[Mapping[str, Answer]],
    *,
    official: bool = False,
    profiles: Sequence[Profile] = (),
    population: Population = ALONE,
) -> list[Card]:
    """Return the card of each set of accepted answers, in order: what `score` returns for each.

    Args:
        questionnaire: As for `score`.
        many: The sets of answers.
        official: As for `score`.
        profiles: Whose answers they are, one for each set; anybody's where none are given.
        population: As for `score`.
    """
    cards: list[Card | None] = [None] * len(many)
    if is_linear(questionnaire):
        _Matrix(questionnaire, official=official).fill(many, cards)
    return [
        score(questionnaire, answers, official=official, profile=profile, population=population)
        if card is None
        else card
        for card, answers, profile in zip(cards, many, profiles or repeat(ANYBODY), strict=False)
    ]


def is_linear(questionnaire: Questionnaire) -> bool:
    """Whether every index is a weighted mean of single values, whoever answers."""
    special = (
        questionnaire.rounding,
        questionnaire.adjustments,
        questionnaire.conditional,
        questionnaire.tells_kinds_apart,
        questionnaire.combine != "mean",
        questionnaire.least_share is not None,
        any(_is_special(node) for node in questionnaire.all_nodes.values()),
        any(indicator.bonus for indicator in questionnaire.indicators.values()),
    )
    return not any(special)


def _is_special(node: Node) -> bool:
    if node.bonus or node.convert is not None or node.least_share is not None:
        return True
    return node.combine not in {None, "mean"}


class _Form(Struct, frozen=True):
    """The value of a node where certain answers are missing: coefficients over a denominator.

    `coefficients` has one for each indicator; None where the node has no value.
    """

    code: str
    coefficients: list[int] | None
    denominator: int
    answered: int
    total: int


class _Sum(Struct, frozen=True):
    """A value in the making: the part of each indicator by position, and what is counted."""

    parts: dict[int, Fraction]
    answered: int
    total: int


class _Matrix:
    """Cards of many sets of answers by one multiplication for each pattern of missing answers."""

    def __init__(self, questionnaire: Questionnaire, *, official: bool) -> None:
        self._questionnaire = questionnaire
        self._official = official
        self._answer_values = Values(questionnaire, ALONE)
        self._positions = {code: at for at, code in enumerate(questionnaire.indicators)}
        self._gated = any(grade.gates for grade in questionnaire.grades)
        self._graded: dict[tuple[int, int, bool], _Graded] = {}

    @cached_property
    def _unit(self) -> int:
        """The denominator over which the values of all answers are whole numbers."""
        answer_values = self._questionnaire.answer_values
        fractions = [
            value.denominator for each in answer_values.values() for value in each.values()
        ]
        decimals = [
            10**indicator.number.decimals
            for indicator in self._questionnaire.indicators.values()
            if indicator.number is not None
        ]
        others = [
            value.denominator for value in (*self._lowest, *self._absent) if value is not None
        ]
        return lcm(1, *fractions, *decimals, *others)

    @cached_property
    def _absent(self) -> list[Fraction | None]:
        """What each indicator is worth that does not apply."""
        return [
            self._answer_values.of(each, Answer(not_applicable=""))
            for each in self._questionnaire.indicators.values()
        ]

    @cached_property
    def _lowest(self) -> list[Fraction | None]:
        return [
            self._answer_values.lowest(each) for each in self._questionnaire.indicators.values()
        ]

    @cached_property
    def _columns(self) -> list[tuple[str, dict[object, int], int]]:
        """The code, the whole number for each level or option, and the lowest, of each indicator."""
        return [
            (
                code,
                {
                    key: int(value * self._unit)
                    for key, value in self._questionnaire.answer_values.get(code, {}).items()
                },
                int((low or 0) * self._unit),
            )
            for code, low in zip(self._questionnaire.indicators, self._lowest, strict=True)
        ]

    def fill(self, many: Sequence[Mapping[str, Answer]], cards: list[Card | None]) -> None:
        """Put the card of each set that a matrix can tell into its place."""
        rows: dict[bytes, list[tuple[int, list[int]]]] = {}
        for at, answers in enumerate(many):
            row = self._row(answers)
            if row is not None:
                values, states = row
                rows.setdefault(states, []).append((at, values))
        for states, alike in rows.items():
            if len(alike) >= _FEW:
                found = self._alike(states, [values for _, values in alike])
                for (at, _), card in zip(alike, found, strict=True):
                    cards[at] = card

    def _row(self, answers: Mapping[str, Answer]) -> tuple[list[int], bytes] | None:
        """Return the values of a set as whole numbers, and what is missing; None for what is more."""
        values: list[int] = []
        states = bytearray()
        for code, answer_values, lowest in self._columns:
            answer = answers.get(code)
            if answer is None:
                states.append(_UNANSWERED)
                values.append(lowest)
                continue
            if answer.units is not None:
                return None
            value = answer_values.get(answer.option if answer.level is None else answer.level)
            if value is None:
                value = self._other(code, answer)
            if value is None:
                if answer.not_applicable is None:
                    return None
                states.append(_LEFT_OUT)
                values.append(0)
            else:
                states.append(_ANSWERED)
                values.append(value)
        return values, bytes(states)

    def _other(self, code: str, answer: Answer) -> int | None:
        """Return what a number, or what does not apply, is worth as a whole number."""
        if answer.value is None and answer.not_applicable is None:
            return None
        worth = self._answer_values.of(self._questionnaire.indicators[code], answer)
        if worth is None or (worth * self._unit).denominator != 1:
            return None
        return int(worth * self._unit)

    def _alike(self, states: bytes, rows: list[list[int]]) -> Iterator[Card]:
        """Yield the cards of sets that miss the same."""
        forms = list(self._forms(states))
        empty = [0] * len(self._positions)
        matrix = [empty if form.coefficients is None else form.coefficients for form in forms]
        numerators = self._product(rows, matrix)
        known: list[dict[int, NodeScore]] = [{} for _ in forms]
        whole, *below = forms
        for row in numerators:
            nodes: dict[str, NodeScore] = {}
            for form, scores, numerator in zip(below, known[1:], row[1:], strict=True):
                found = scores.get(numerator)
                if found is None:
                    found = scores[numerator] = self._score(form, numerator)
                nodes[form.code] = found
            yield self._card(whole, row[0], nodes)

    def _product(self, rows: list[list[int]], matrix: list[list[int]]) -> list[list[int]]:
        """Return the product of rows with a matrix, exactly."""
        largest = max(abs(end) for end in self._questionnaire.ends) * self._unit
        fits = largest * max(sum(map(abs, form)) for form in matrix) < _EXACT
        kind = np.int64 if fits else np.object_
        left: NDArray[Any] = np.array(rows, dtype=kind)
        right: NDArray[Any] = np.array(matrix, dtype=kind)
        numerators: list[list[int]] = (left @ right.T).tolist()
        return numerators

    def _card(self, whole: _Form, numerator: int, nodes: dict[str, NodeScore]) -> Card:
        key = (numerator, whole.denominator, whole.coefficients is None)
        if key not in self._graded:
            index = self._index(whole, numerator)
            self._graded[key] = (index, *graded(self._questionnaire, index, nodes, _NOBODY))
        index, grade, refused = self._graded[key]
        if self._gated:  # then the same index may be graded otherwise
            grade, refused = graded(self._questionnaire, index, nodes, _NOBODY)
        return Card(decimal(index), grade, refused, whole.answered, whole.total, nodes)

    def _score(self, form: _Form, numerator: int) -> NodeScore:
        weight: Decimal = self._questionnaire.weights[form.code]
        index = self._index(form, numerator)
        grade = banded(self._questionnaire, form.code, index)
        return NodeScore(decimal(index), weight, form.answered, form.total, grade)

    def _index(self, form: _Form, numerator: int) -> Fraction | None:
        if form.coefficients is None:
            return None
        factor, offset = self._questionnaire.expressions[form.code]
        return Fraction(numerator, form.denominator) * factor + offset

    def _forms(self, states: bytes) -> Iterator[_Form]:
        """Yield the form of the whole, then of every node and indicator, parents first."""
        forms: dict[str, _Form] = {}
        whole = self._family(self._questionnaire.nodes, states, forms)
        yield self._form("", whole)
        yield from forms.values()

    def _family(
        self, children: Sequence[Node | Indicator], states: bytes, forms: dict[str, _Form]
    ) -> _Sum:
        sums: list[tuple[Fraction, _Sum]] = []
        for child in children:
            code = child.code
            forms[code] = _Form(code, None, 1, 0, 0)  # keeps its place before its children
            if isinstance(child, Indicator):
                found = self._leaf(child, states[self._positions[code]])
            else:
                found = self._family(child.children, states, forms)
            forms[code] = self._form(code, found)
            sums.append((self._questionnaire.counts[code], found))
        bottom = sum((weight for weight, found in sums if found.parts), Fraction(0))
        parts: dict[int, Fraction] = {}
        for weight, found in sums if bottom else ():
            for position, part in found.parts.items():
                parts[position] = part * weight / bottom
        answered, total = (
            sum(getattr(found, what) for _, found in sums) for what in ("answered", "total")
        )
        return _Sum(parts, answered, total)

    def _leaf(self, indicator: Indicator, state: int) -> _Sum:
        itself = {self._positions[indicator.code]: Fraction(1)}
        if state == _ANSWERED:
            return _Sum(itself, 1, 1)
        if state == _LEFT_OUT:
            return _Sum({}, 0, 0)
        return _Sum(itself if self._official and indicator.answer_type != "text" else {}, 0, 1)

    def _form(self, code: str, found: _Sum) -> _Form:
        if not found.parts:
            return _Form(code, None, 1, found.answered, found.total)
        denominator = lcm(*(part.denominator for part in found.parts.values()))
        coefficients = [0] * len(self._positions)
        for position, part in found.parts.items():
            coefficients[position] = part.numerator * (denominator // part.denominator)
        total = denominator * self._unit
        return _Form(code, coefficients, total, found.answered, found.total)
