"""The least effort for every index that better answers can bring about: frontiers up the tree.

Each node's frontier comes from its children's by the node's own rule, exactly. Means, minima,
geometric means, rounding, rising bands and plain caps never fall as a child rises, so that only the
best of every effort counts; below a weakest link, a table, or a cap that begins at a bound, every
value is kept. A gate takes away what lies under its minimum, at the node where it asks for it.

A child that may or may not have a value, such as one whose table has no row, is tried both ways.
What an adjustment takes from a node elsewhere is only known while that node can be worth one thing;
else the adjustment is left out, which promises too much: the outcome is then `relaxed`.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import islice, product

from msgspec import Struct

from survey_service.maturity.better_answers import Rung
from survey_service.maturity.combined_frontiers import IDLE, Family, Outcome, mapped, together
from survey_service.maturity.combining import rule_of
from survey_service.maturity.conditions import Facts
from survey_service.maturity.finishing import Finishing
from survey_service.maturity.frontiers import Frontier, cheapest, of_rungs
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Adjustment, Conversion, Gate
from survey_service.maturity.scoring import NodeScore, decimal, passes
from survey_service.maturity.tree import Indicator, Node

_WAYS = 64  # of children to have a value or none that are tried at one node


class Situation(Struct, frozen=True):
    """What conditions know, what may be answered, and the gates of the grade aimed at.

    `allowed` are the positions of the rungs that are left, by indicator; of others, all are. `gates`
    are the minima by code of node or indicator.
    """

    known: Facts
    allowed: Mapping[str, tuple[int, ...]] = {}
    gates: Mapping[str, tuple[Gate, ...]] = {}


class LeastEffort:
    """Frontiers of one questionnaire; what two situations share is found once."""

    def __init__(self, questionnaire: Questionnaire, rungs: Mapping[str, tuple[Rung, ...]]) -> None:
        self.questionnaire, self.rungs = questionnaire, rungs
        self.known: dict[object, Outcome] = {}
        self.exact = True
        self.below = {
            code: frozenset(
                [code]
                if isinstance(thing, Indicator)
                else [
                    *(node.code for _, node in thing.walk()),
                    *(leaf.code for leaf in thing.leaves()),
                ]
            )
            for code, thing in questionnaire.things.items()
        }
        self.looked_at = frozenset(
            code
            for each in questionnaire.adjustments
            for code in (each.at_most_as, each.times)
            if code is not None
        )

    def whole(self, situation: Situation) -> Outcome:
        """Return what all of it can come to."""
        every = self.keeps_every(None)
        found = _Walk(self, situation).family(None, self.questionnaire.nodes, every=every)
        self.exact = self.exact and found.exact
        return together([found], every=False)

    def keeps_every(self, node: Node | None) -> bool:
        """Whether a better child can make the node worse."""
        if rule_of(self.questionnaire, node) in {"weakest_link", "lookup"}:
            return True
        if node is None:
            return False
        if node.convert is not None and not _rises(self.questionnaire, node.convert):
            return True
        return any(map(_falls, self.questionnaire.adjusting.get(node.code, ())))


def _rises(questionnaire: Questionnaire, convert: Conversion) -> bool:
    """Whether bands never give less for more, nor nothing at all."""
    bands = sorted(convert.bands, key=lambda band: band.bound)
    lowest = Fraction(0) if convert.over == "points" else questionnaire.ends[0]
    values = [band.value for band in bands]
    return bands[0].reached(lowest) and values == sorted(values)


def _falls(adjustment: Adjustment) -> bool:
    """Whether an index can fall by reaching what an adjustment begins at."""
    reaching, at_most = adjustment.reaching, adjustment.at_most
    return reaching is not None and (at_most is None or at_most < reaching)


class _Walk:
    """One way up the tree."""

    def __init__(self, shared: LeastEffort, situation: Situation) -> None:
        self._shared, self._situation = shared, situation
        self._questionnaire = shared.questionnaire
        self._finishing = Finishing(self._questionnaire, situation.known, self._reckoned_value)
        self._reckoned: dict[str, Fraction | None] = {}
        self._relaxed = False

    def family(
        self, parent: Node | None, children: Sequence[Node | Indicator], *, every: bool
    ) -> Outcome:
        """Return what siblings come to together; a flat mean passes over what lies between."""
        members = self._questionnaire.members["" if parent is None else parent.code]
        passed_over = self._is_passed_over(children) if members != children else False
        children = members
        found = [self._one(child, every=every) for child in children]
        choices = [
            [(child, part, part is one.void) for part in (one.valued, one.void) if part is not None]
            for child, one in zip(children, found, strict=True)
        ]
        ways = list(islice(product(*choices), _WAYS + 1))
        if len(ways) > _WAYS:
            self._shared.exact = False
        siblings = Family(self._questionnaire, parent, every)
        outcome = together([self._way(siblings, way) for way in ways], every=every)
        relaxed = passed_over or any(one.relaxed for one in found)
        return Outcome(outcome.valued, outcome.void, relaxed)

    def _is_passed_over(self, children: Sequence[Node | Indicator]) -> bool:
        """Whether a gate asks for a minimum of what a flat mean passes over."""
        below = {
            node.code for child in children if isinstance(child, Node) for _, node in child.walk()
        }
        return not below.isdisjoint(self._situation.gates)

    def _way(
        self, siblings: Family, way: Sequence[tuple[Node | Indicator, Frontier, bool]]
    ) -> Outcome:
        """Return what siblings come to, of which it is settled which ones have a value."""
        counts = self._questionnaire.counts
        valued = [(child, one) for child, one, void in way if not void]
        return siblings.outcome(
            [(counts[child.code], one) for child, one in valued if not child.bonus],
            [(counts[child.code], one) for child, one in valued if child.bonus],
            [one for _, one, void in way if void],
            sum(  # what has a value applies, even where what is answered now says that it does not
                child.part_of_whole and (not void or self._applies(child)) for child, _, void in way
            ),
        )

    def _one(self, child: Node | Indicator, *, every: bool) -> Outcome:
        """Return what a node or indicator comes to by itself, found before or now."""
        key = self._key(child.code, every=every)
        outcome = self._shared.known.get(key)
        if outcome is None:
            outcome = self._shared.known[key] = self._found(child, every=every)
        self._reckoned |= outcome.reckoned
        return outcome

    def _key(self, code: str, *, every: bool) -> object:
        """Return all that the outcome of a node or indicator depends on."""
        below, situation = self._shared.below[code], self._situation
        return (
            code,
            every,
            tuple((each, at) for each, at in situation.allowed.items() if each in below),
            tuple((each, gates) for each, gates in situation.gates.items() if each in below),
            tuple(sorted(situation.known.unasked & below)),
            tuple(
                (situation.known.hold(one.when), other in self._reckoned, self._reckoned.get(other))
                for each, adjustments in self._questionnaire.adjusting.items()
                if each in below
                for one in adjustments
                for other in (one.at_most_as or one.times or "",)
            ),
        )

    def _found(self, child: Node | Indicator, *, every: bool) -> Outcome:
        """Return what a node or indicator comes to: finished, and past its gates."""
        code, before = child.code, self._relaxed
        self._relaxed = False
        if code in self._situation.known.unasked:
            found = Outcome(None, IDLE)
        elif isinstance(child, Indicator):
            found = self._leaf(child, every=every)
        else:
            found = self._node(child, every=every)
        found = self._gated(child, found, every=every)
        relaxed, self._relaxed = found.relaxed or self._relaxed, before
        if relaxed and every:  # what promises too much may be passed over for what does not
            self._shared.exact = False
        return Outcome(found.valued, found.void, relaxed, self._looked_at(child, found))

    def _looked_at(self, child: Node | Indicator, found: Outcome) -> dict[str, Fraction | None]:
        """Return what is looked at from elsewhere, at and below a node, as far as it is known."""
        code, below = child.code, self._shared.below[child.code]
        known = {each: value for each, value in self._reckoned.items() if each in below}
        if code in self._situation.known.unasked:
            return dict.fromkeys(self._shared.looked_at & below)
        if code in self._shared.looked_at:
            if found.valued is None:
                known[code] = None
            elif found.void is None and len(found.valued) == 1:
                known[code] = found.valued.value(0)
        return known

    def _reckoned_value(self, code: str) -> Fraction | None:
        """Return what a node elsewhere is worth; None, and a promise of too much, where it varies."""
        if code not in self._reckoned:
            self._relaxed = True
        return self._reckoned.get(code)

    def _leaf(self, indicator: Indicator, *, every: bool) -> Outcome:
        """Return what an indicator comes to by its rungs."""
        code, rungs = indicator.code, self._shared.rungs[indicator.code]
        allowed = self._situation.allowed.get(code, range(len(rungs)))
        left = [rungs[at] for at in allowed]
        there = [
            (rung, self._finishing.finished(code, "indicators", rung.value)[0])
            for rung in left
            if rung.value is not None
        ]
        gone = [rung for rung in left if rung.value is None]
        return Outcome(
            of_rungs(there, every=every) if there else None,
            cheapest(of_rungs([(rung, Fraction(0)) for rung in gone], every=False))
            if gone
            else None,
        )

    def _node(self, node: Node, *, every: bool) -> Outcome:
        """Return what a node comes to by its children, rounded and adjusted."""
        kept = every or self._shared.keeps_every(node)
        found = self.family(node, node.children, every=kept)
        if found.valued is None or (
            kept == every and not self._finishing.changes(node.code, "nodes")
        ):
            return found
        finish = self._finishing.finished
        done = mapped(found.valued, lambda value: finish(node.code, "nodes", value)[0], every=every)
        return Outcome(done.valued, found.void, found.relaxed)

    def _gated(self, child: Node | Indicator, found: Outcome, *, every: bool) -> Outcome:
        """Return what is left of a node's outcome where a gate asks for a minimum."""
        gates = self._situation.gates.get(child.code, ())
        if not gates:
            return found
        valued, void = found.valued, found.void
        if void is not None and self._applies(child):
            void = None
        if valued is not None:
            positions = range(len(valued))
            if every:
                kept = [at for at in positions if self._passes(child.code, gates, valued.value(at))]
            else:  # from the first that passes, all do
                kept = list(positions[self._first(child.code, gates, valued) :])
            valued = valued.picked(kept) if kept else None
        return Outcome(valued, void, found.relaxed)

    def _first(self, code: str, gates: Sequence[Gate], found: Frontier) -> int:
        """Return the position of the first entry that passes, of values that rise."""
        return bisect_left(
            range(len(found)), 1, key=lambda at: self._passes(code, gates, found.value(at))
        )

    def _passes(self, code: str, gates: Sequence[Gate], value: Fraction) -> bool:
        index = decimal(self._finishing.index(code, value))
        node = NodeScore(index, self._questionnaire.weights[code], 1, 1)
        return all(passes(self._questionnaire, node, code, gate) for gate in gates)

    def _applies(self, thing: Node | Indicator) -> bool:
        """Whether anything of a node or indicator applies, so that a gate asks for its minimum."""
        if thing.code in self._situation.known.unasked:
            return False
        if isinstance(thing, Node):
            return any(map(self._applies, thing.children))
        now = self._shared.rungs[thing.code][0]
        return now.value is not None or now.answer is None or now.answer.not_applicable is None
