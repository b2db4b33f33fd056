"""What answers are worth: the index of every node, and the grade that its gates allow.

Every value lies on the questionnaire's scale: an answer's as `worth` tells, a node's as `combining`
makes it of its children's, the weighted mean unless the questionnaire says otherwise:

    index = sum(weight * index of child) / sum(weight), over the children that count

Weights only matter among siblings. They may be percentages of the parent or of the whole, and
need not add up to 100; siblings without any weight count equally. Nothing is rounded on the way
unless the questionnaire says where: indices are exact fractions until they are shown, because a
rounded child in a weighted mean changes published second decimals, and a binary float puts an
agency under a threshold it reaches.

A child does not count when

* everything below it is *not applicable*: its weight goes to its siblings in proportion;
* it is *not asked*, because its condition does not hold or the organisation is of another kind;
* it is *unanswered*, for the running index, which tells how the answers so far stand. The official
  index counts an unanswered indicator as its lowest answer instead, or as its fallback.

Where the file asks for a least share of what counts, a node of which less has a value has none.

An index is a value in the questionnaire's terms: the value itself, or in a questionnaire of points
the fraction of the scale that the value reaches times the weight. The steps from a node's children
to its index, each only where the file asks for it: combine, convert by bands, express as an index,
round, adjust (cap, lower, multiply) and round again.

The grade is the highest one whose lower bound the index reaches and whose gates all pass. A gate
is a minimum of one node or of every node of a tier, or a condition; a node without an index yet
does not reach any minimum, and one that does not apply has none to reach. The grades above the one
awarded whose bound the index does reach are the refused ones, each with the gate and the node that
refused it.

Worked, on the scale 1 to 5, with a grade "good" from 3.0 that asks every dimension for 2.0:

    node           weight   children                          index
    -------------  ------   --------------------------------  -----------------------------
    merit              60   A weight 1 level 5
                            B weight 3 level 3                (1*5 + 3*3) / 4       = 3.5
    oversight          40   C weight 1 level 1
                            D weight 1 not applicable
                            E weight 1 unanswered
                              running: C alone                1 / 1                 = 1
                              official: C, and E as 1         (1 + 1) / 2           = 1
    running index           (60*3.5 + 40*1) / 100                                   = 2.5
    with C at 3: running    (60*3.5 + 40*3) / 100                                   = 3.3, good
    with C at 3: official   oversight (3 + 1) / 2 = 2, (60*3.5 + 40*2) / 100        = 2.9
    with A, B at 5, C at 1  (60*5 + 40*1) / 100 = 3.4, refused: oversight 1 < 2.0
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from msgspec import UNSET, Struct, UnsetType

from survey_service.maturity import conditions
from survey_service.maturity.answers import Answer
from survey_service.maturity.bands import band_of
from survey_service.maturity.combining import Part, has_enough, taken_together
from survey_service.maturity.conditions import Facts, Profile
from survey_service.maturity.finishing import Adjusted, Finishing, way
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.population import Population
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Gate, Grade
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values

SCORING_VERSION = 2
"""Raised whenever a rule of scoring changes, so that a stored result tells by which it came about."""

ANYBODY = Profile()
ALONE: Population = {}


class NodeScore(Struct, frozen=True):
    """What a node or indicator is worth.

    `index` is None while nothing below is answered, or when nothing below applies; `total` counts
    the indicators that apply, 0 in the latter case. `weight` is the one in the file, or the
    node's equal share of its parent's. `grade` is there where the questionnaire grades the node.
    """

    index: Decimal | None
    weight: Decimal
    answered: int
    total: int
    grade: str | UnsetType | None = UNSET


class Refusal(Struct, frozen=True):
    """A grade that the index reaches and a gate withholds.

    `node` is what lies under the minimum, with its `index`, None while it has none; both are None
    where a condition is not met.
    """

    grade: Grade
    gate: Gate
    node: str | None
    index: Decimal | None


class Card(Struct, frozen=True):
    """The score of one set of answers.

    `index` is None while nothing is answered, or where the questionnaire has none as a whole;
    `grade` while the index lies under every bound. `nodes` holds every node and indicator by code,
    each parent before its children.
    """

    index: Decimal | None
    grade: Grade | None
    refused: tuple[Refusal, ...]
    answered: int
    total: int
    nodes: dict[str, NodeScore]
    adjusted: tuple[Adjusted, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every indicator that applies is answered."""
        return self.answered == self.total


class Cards(NamedTuple):
    """What one set of answers is worth: over what is answered, and over everything."""

    running: Card
    official: Card


def cards(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile = ANYBODY
) -> Cards:
    """Return both scores of `answers`; see `score`."""
    running = score(questionnaire, answers, profile=profile)
    return Cards(running, score(questionnaire, answers, official=True, profile=profile))


def score(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    *,
    official: bool = False,
    profile: Profile = ANYBODY,
    population: Population = ALONE,
) -> Card:
    """Return what `answers`, by indicator code, are worth.

    Args:
        questionnaire: A checked questionnaire: some sibling of every family has a weight.
        answers: Accepted answers (see `answers.accept`); an indicator may be missing.
        official: Count unanswered indicators as their lowest answer, not as absent.
        profile: Whose answers they are, for conditions and weights by kind.
        population: What numbers are measured against that are compared with other organisations'.

    Raises:
        UnknownKindError: Kinds of organisation are asked different things, and this is none.
    """
    return _reckoning(questionnaire, answers, profile, population, official=official).card()


def exact_index(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile = ANYBODY
) -> Fraction | None:
    """Return the official index of `answers` as a fraction, which a card cuts off; see `score`."""
    return _reckoning(questionnaire, answers, profile, ALONE, official=True).whole()[1]


def _reckoning(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    population: Population,
    *,
    official: bool,
) -> "Reckoning":
    asked = questionnaire.for_kind(profile.kind)
    known = conditions.facts(asked, answers, profile, official=official)
    return Reckoning(asked, answers, known, Values(asked, population), official)


class Tally(Struct, frozen=True):
    """A value on the scale, and how many of the indicators that apply are answered."""

    value: Fraction | None
    answered: int = 0
    total: int = 0


_NOTHING = Tally(None)


class Reckoning:
    """One score in the making: the indices so far, each parent before its children.

    What `kept` says, by code, of nodes and indicators is not reckoned again.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, Answer],
        known: Facts,
        values: Values,
        official: bool,  # noqa: FBT001 - its callers name it
        kept: Mapping[str, Tally] = MappingProxyType({}),
    ) -> None:
        self._questionnaire = questionnaire
        self._answers = answers
        self._known = known
        self._answer_values = values
        self._official = official
        self._nodes: dict[str, NodeScore] = {}
        self._kept = kept
        self.tallies: dict[str, Tally] = {}
        self._finishing = Finishing(questionnaire, known, self._reckoned)

    def card(self) -> Card:
        """Return the score."""
        tally, index = self.whole()
        grade, refused = graded(self._questionnaire, index, self._nodes, self._known)
        return Card(
            decimal(index),
            grade,
            refused,
            tally.answered,
            tally.total,
            self._nodes,
            tuple(self._finishing.adjusted),
        )

    def whole(self) -> tuple[Tally, Fraction | None]:
        """Return the whole taken together, and its index."""
        tally = self._family(None, self._questionnaire.nodes)
        if tally.value is None:
            return tally, None
        return tally, self._finishing.rounded("index", self._finishing.index("", tally.value))

    def _family(self, parent: Node | None, children: Sequence[Node | Indicator]) -> Tally:
        """Return siblings taken together, noting each one's score."""
        answered = total = 0
        for child in children:
            tally = self._kept.get(child.code) or self._one(child)
            self.tallies[child.code] = tally
            answered, total = answered + tally.answered, total + tally.total
        return Tally(self._together(parent), answered, total)

    def _together(self, parent: Node | None) -> Fraction | None:
        """Return the value of a node, or of all of it, from what it is taken together from."""
        parts: list[Part] = []
        extra = Fraction(0)
        applying = 0
        counts = self._questionnaire.counts
        for member in self._questionnaire.members["" if parent is None else parent.code]:
            tally = self.tallies.get(member.code) or self._kept.get(member.code, _NOTHING)
            if member.part_of_whole and tally.total:
                applying += 1
            if tally.value is None:
                continue
            if member.bonus:
                extra += counts[member.code] * way(self._questionnaire, tally.value)
            else:
                parts.append(Part(counts[member.code], tally.value))
        if not has_enough(self._questionnaire, parent, len(parts), applying):
            return None
        return taken_together(self._questionnaire, parent, parts, extra)

    def _one(self, child: Node | Indicator) -> Tally:
        """Return a node or indicator by itself, rounded and adjusted, and note its score."""
        code = child.code
        weight = self._questionnaire.weights[code]
        self._nodes[code] = NodeScore(None, weight, 0, 0)  # keeps its place before its children
        if code in self._known.unasked:
            self._leave(child)
            return Tally(None)
        if isinstance(child, Indicator):
            tally, place = self._indicator(child), "indicators"
        else:
            tally, place = self._family(child, child.children), "nodes"
        value = index = tally.value
        if value is not None:
            value, index = self._finishing.finished(code, place, value)
        grade = banded(self._questionnaire, code, index)
        self._nodes[code] = NodeScore(decimal(index), weight, tally.answered, tally.total, grade)
        return Tally(value, tally.answered, tally.total)

    def _indicator(self, indicator: Indicator) -> Tally:
        answer = self._answers.get(indicator.code)
        if answer is None:
            value = self._answer_values.lowest(indicator) if self._official else None
            return Tally(value, 0, 1)
        value = self._answer_values.of(indicator, answer)
        if answer.not_applicable is not None and value is None:
            return Tally(None, 0, 0)
        return Tally(value, 1, 1)

    def _leave(self, unasked: Node | Indicator) -> None:
        for child in unasked.children if isinstance(unasked, Node) else ():
            self._nodes[child.code] = NodeScore(None, self._questionnaire.weights[child.code], 0, 0)
            self._leave(child)

    def _reckoned(self, code: str) -> Fraction | None:
        """Return the value of a node or indicator that comes before; None while it has none."""
        tally = self.tallies.get(code) or self._kept.get(code)
        return None if tally is None else tally.value


def banded(
    questionnaire: Questionnaire, code: str, index: Fraction | None
) -> str | UnsetType | None:
    """Return the code of the band that the index of a node falls into, where it has bands."""
    grades = questionnaire.banded.get(code)
    if grades is None:
        return UNSET
    band = None if index is None else band_of(grades, index)
    return band.code if band else None


def graded(
    questionnaire: Questionnaire,
    index: Fraction | None,
    nodes: Mapping[str, NodeScore],
    known: Facts,
) -> tuple[Grade | None, tuple[Refusal, ...]]:
    """Return the grade of an index, and what withheld the higher ones."""
    refused: list[Refusal] = []
    if index is None:
        return None, ()
    for grade in sorted(questionnaire.grades, key=lambda grade: grade.bound, reverse=True):
        if not grade.reached(index):
            continue
        refusals = [
            Refusal(grade, gate, code, nodes[code].index if code else None)
            for gate in grade.gates
            if known.hold(gate.when)
            for code in _refusing(questionnaire, gate, nodes, known)
        ]
        if not refusals:
            return grade, tuple(refused)
        refused += refusals
    return None, tuple(refused)


def _refusing(
    questionnaire: Questionnaire, gate: Gate, nodes: Mapping[str, NodeScore], known: Facts
) -> Iterator[str | None]:
    """Yield what a gate refuses: codes of nodes, or None for its condition."""
    if gate.require is not None and not known.hold(gate.require):
        yield None
    for code in questionnaire.gated(gate):
        if code in nodes and not passes(questionnaire, nodes[code], code, gate):
            yield code


def passes(questionnaire: Questionnaire, node: NodeScore, code: str, gate: Gate) -> bool:
    """Whether what bears the code reaches the minimum that a gate asks of it."""
    if node.total == 0:  # does not apply: no minimum to reach
        return True
    if node.index is None:
        return False
    if gate.above is not None:
        return node.index > gate.above
    return node.index >= questionnaire.minimum(gate, code)


def decimal(value: Fraction | None) -> Decimal | None:
    """Return an index as a decimal; None where there is none."""
    return None if value is None else exact(value)
