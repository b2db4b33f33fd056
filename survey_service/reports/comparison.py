"""A node beside the time before, its peers and its target; the stages of a score side by side."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import Card
from survey_service.maturity.tree import Indicator, Node
from survey_service.reports.answers import SHORT, Said, said
from survey_service.reports.record import Judged, Record


class NodeLine(Struct, frozen=True):
    """A node with all that its index lies beside; what is not known is None.

    `stages` has its index at each stage, and `difference` is that of the last one to the first.
    `weight` is of its siblings' whole, and `target` what the next grade asks of it.
    """

    node: Node
    depth: int
    weight: Decimal
    index: Decimal | None
    stages: tuple[Decimal | None, ...]
    difference: Decimal | None
    before: Decimal | None
    median: Decimal | None
    target: Decimal | None


class Comparison(Struct, frozen=True):
    """The nodes in the order of the questionnaire, and which columns hold anything at all."""

    lines: list[NodeLine]
    stages: tuple[str, ...]
    has_before: bool
    has_peers: bool
    has_targets: bool


class Scored(Struct, frozen=True):
    """An indicator that a later stage scored otherwise, or gave a reason for: all of it, by stage."""

    indicator: Indicator
    said: tuple[Said, ...]
    differs: bool
    reasons: tuple[tuple[str, str], ...]

    @property
    def is_short(self) -> bool:
        """Whether it is little enough to be kept on one page."""
        return sum(len(words) for _, words in self.reasons) <= SHORT


def compared(
    questionnaire: Questionnaire, card: Card, stages: Sequence[Judged], record: Record | None
) -> Comparison:
    """Return every node beside what it is compared with."""
    targets = _targets(questionnaire, card)
    before = record.before.nodes if record is not None and record.before is not None else {}
    medians = record.peers.nodes if record is not None and record.peers is not None else {}
    beside = stages if len(stages) > 1 else ()
    lines = [
        _line(questionnaire, code, card, beside, (before, medians, targets))
        for code in questionnaire.all_nodes
    ]
    return Comparison(
        lines,
        tuple(one.stage for one in beside),
        any(one.before is not None for one in lines),
        any(one.median is not None for one in lines),
        any(one.target is not None for one in lines),
    )


def _line(
    questionnaire: Questionnaire,
    code: str,
    card: Card,
    stages: Sequence[Judged],
    known: tuple[Mapping[str, Decimal | None], Mapping[str, Decimal], Mapping[str, Decimal]],
) -> NodeLine:
    before, medians, targets = known
    values = tuple(one.card.nodes[code].index for one in stages)
    first, last = (values[0], values[-1]) if values else (None, None)
    return NodeLine(
        questionnaire.all_nodes[code],
        questionnaire.depths[code],
        questionnaire.weights[code],
        card.nodes[code].index,
        values,
        None if first is None or last is None else last - first,
        before.get(code),
        medians.get(code),
        targets.get(code),
    )


def _targets(questionnaire: Questionnaire, card: Card) -> dict[str, Decimal]:
    """Return the minimum that the next grade asks of nodes whatever the circumstances, by code."""
    following = next_grade(questionnaire, card)
    found: dict[str, Decimal] = {}
    for gate in () if following is None else following.grade.gates:
        if gate.when is None and gate.require is None:
            for code in questionnaire.gated(gate):
                asked = exact(questionnaire.minimum(gate, code))
                found[code] = max(asked, found.get(code, asked))
    return found


def scored_otherwise(
    questionnaire: Questionnaire, stages: Sequence[Judged], language: str
) -> list[Scored]:
    """Return every indicator whose score a stage changed or gave a reason for, with all reasons."""
    found: list[Scored] = []
    for code, indicator in questionnaire.indicators.items() if len(stages) > 1 else ():
        answers = [one.answers.get(code) for one in stages]
        reasons = tuple((one.stage, words) for one in stages if (words := one.reasons.get(code)))
        differs = any(answer != answers[0] for answer in answers)
        if differs or reasons:
            marks = tuple(said(questionnaire, indicator, each, language) for each in answers)
            found.append(Scored(indicator, marks, differs, reasons))
    return found
