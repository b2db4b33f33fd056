"""What answers are worth: the index of every node, and the grade that its gates allow.

An indicator is worth the level or number it was answered with, or the value of the chosen option.
A node is worth the weighted mean of its
children, whatever they are, and the questionnaire's index is the weighted mean of its top nodes:

    index = sum(weight * index of child) / sum(weight), over the children that count

Weights only matter among siblings. They may be percentages of the parent or of the whole, and
need not add up to 100; siblings without any weight count equally. Nothing is rounded on the way:
indices are exact fractions until they are shown, because a rounded child in a weighted mean
changes published second decimals, and a binary float puts an agency under a threshold it reaches.

A child does not count when

* everything below it is *not applicable*: its weight goes to its siblings in proportion;
* it is *unanswered*, for the running index, which tells how the answers so far stand. The official
  index counts an unanswered indicator as the lowest level instead.

The grade is the highest one whose lower bound the index reaches and whose gates all pass. A gate
is a minimum of one node, or of every node of a tier; a node without an index yet does not reach
any minimum, and one that does not apply has none to reach. The grades above the one awarded whose
bound the index does reach are the refused ones, each with the gate and the node that refused it.

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

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Gate, Grade, Indicator, Node, Questionnaire


class NodeScore(Struct, frozen=True):
    """What a node or indicator is worth.

    `index` is None while nothing below is answered, or when nothing below applies; `total` counts
    the indicators that apply, 0 in the latter case. `weight` is the one in the file, or the
    node's equal share of its parent's.
    """

    index: Decimal | None
    weight: Decimal
    answered: int
    total: int


class Refusal(Struct, frozen=True):
    """A grade that the index reaches and a gate withholds: `node` lies under the minimum.

    `index` is the node's, None while it has none.
    """

    grade: Grade
    gate: Gate
    node: str
    index: Decimal | None


class Card(Struct, frozen=True):
    """The score of one set of answers.

    `index` is None while nothing is answered, `grade` while the index lies under every bound.
    `nodes` holds every node and indicator by code, each parent before its children.
    """

    index: Decimal | None
    grade: Grade | None
    refused: tuple[Refusal, ...]
    answered: int
    total: int
    nodes: dict[str, NodeScore]

    @property
    def complete(self) -> bool:
        """Whether every indicator that applies is answered."""
        return self.answered == self.total


class _Tally(Struct, frozen=True):
    value: Fraction | None
    answered: int
    total: int


def score(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], *, official: bool = False
) -> Card:
    """Return what `answers`, by indicator code, are worth.

    Args:
        questionnaire: A checked questionnaire: some sibling of every family has a weight.
        answers: Accepted answers (see `answers.accept`); an indicator may be missing.
        official: Count unanswered indicators as the lowest level, not as absent.
    """
    nodes: dict[str, NodeScore] = {}
    tally = _family(
        questionnaire.nodes, Decimal(100), _Answers(questionnaire, answers, official), nodes
    )
    grade, refused = _grade(questionnaire, tally.value, nodes)
    return Card(_decimal(tally.value), grade, refused, tally.answered, tally.total, nodes)


class _Answers(Struct, frozen=True):
    questionnaire: Questionnaire
    given: Mapping[str, Answer]
    official: bool

    def tally(self, indicator: Indicator) -> _Tally:
        answer = self.given.get(indicator.code)
        if answer is None:
            worth = Fraction(self.questionnaire.scale.lowest) if self.official else None
            return _Tally(worth, 0, 1)
        if answer.not_applicable is not None:
            return _Tally(None, 0, 0)
        return _Tally(self._worth(indicator, answer), 1, 1)

    def _worth(self, indicator: Indicator, answer: Answer) -> Fraction | None:
        if answer.level is not None:
            return Fraction(answer.level)
        if answer.value is not None:
            return Fraction(answer.value)
        option = self.questionnaire.option(indicator, answer.option or "")
        return None if option is None else Fraction(option.value)


def _family(
    children: Sequence[Node | Indicator],
    share: Decimal,
    answers: _Answers,
    nodes: dict[str, NodeScore],
) -> _Tally:
    """Return the weighted mean of siblings, noting each one's score in `nodes`.

    `share` is the parent's weight, which siblings without weights divide equally.
    """
    top, bottom, answered, total = Fraction(0), Fraction(0), 0, 0
    for child in children:
        weight = share / len(children) if child.weight is None else child.weight
        nodes[child.code] = NodeScore(None, weight, 0, 0)  # keeps its place before its children
        if isinstance(child, Indicator):
            tally = answers.tally(child)
        else:
            tally = _family(child.children, weight, answers, nodes)
        nodes[child.code] = NodeScore(_decimal(tally.value), weight, tally.answered, tally.total)
        answered, total = answered + tally.answered, total + tally.total
        if tally.value is not None:
            counts = Fraction(1) if child.weight is None else Fraction(weight)
            top, bottom = top + counts * tally.value, bottom + counts
    return _Tally(top / bottom if bottom else None, answered, total)


def _grade(
    questionnaire: Questionnaire, index: Fraction | None, nodes: Mapping[str, NodeScore]
) -> tuple[Grade | None, tuple[Refusal, ...]]:
    refused: list[Refusal] = []
    if index is None:
        return None, ()
    for grade in sorted(questionnaire.grades, key=lambda grade: grade.bound, reverse=True):
        if not grade.reached(index):
            continue
        refusals = [
            Refusal(grade, gate, code, nodes[code].index)
            for gate in grade.gates
            for code in _gated(questionnaire, gate)
            if not _passes(nodes[code], gate)
        ]
        if not refusals:
            return grade, tuple(refused)
        refused += refusals
    return None, tuple(refused)


def _gated(questionnaire: Questionnaire, gate: Gate) -> Iterator[str]:
    if gate.node is not None:
        yield gate.node
    for depth, tier in enumerate(questionnaire.tiers):
        if tier.code == gate.every:
            yield from (code for code, at in questionnaire.depths.items() if at == depth)


def _passes(node: NodeScore, gate: Gate) -> bool:
    if node.total == 0:  # does not apply: no minimum to reach
        return True
    return node.index is not None and node.index >= gate.at_least


def _decimal(value: Fraction | None) -> Decimal | None:
    """Return the fraction as a decimal: exact where it ends, else to 28 significant digits."""
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)
