"""The way to the next grade: which answers to raise, at the least effort, gates and all.

For every combination of the answers that rules look at from elsewhere (`cases`), the tree is gone up
once (`least_effort`): the first entry of its frontier that reaches the bound, with the gates passed
on the way, is the least plan of that combination, and the least of all of them is the plan. Every
plan is scored by `scoring.score` before it is returned.

Where an adjustment looks at a node elsewhere that can be worth several things, the frontier promises
too much. Then the plan that costs least by its promise is scored; if it falls short, the next one is
tried, the last one being to do everything, and what it does not need is taken back: it reaches the
target and is not proven least.

What is unanswered counts as the lowest answer, as for the official index.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import BetterAnswers, Climb, Wishes, check
from survey_service.maturity.blocking import Block, blocking
from survey_service.maturity.cases import Case, Cases, decisive
from survey_service.maturity.combined_frontiers import Outcome
from survey_service.maturity.conditions import Facts, Profile
from survey_service.maturity.finishing import Finishing
from survey_service.maturity.frontiers import Frontier
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.least_effort import LeastEffort, Situation
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring import ALONE, ANYBODY, Card, score
from survey_service.maturity.targets import Target, minima, reaches, target_of
from survey_service.maturity.values import Values

NO_WISHES = Wishes()
_TRIES = 400  # plans that promise too much that are scored before it is given up

Curve = tuple[tuple[int, Decimal], ...]
"""The best index for each effort that brings a better one, by rising effort; gates aside."""


class Plan(Struct, frozen=True):
    """What to raise to reach the target, step by step in the file's order.

    `card` is the official score of `answers`, those that there would be. Where the target cannot be
    `reached`, nothing is raised but what the reader fixed, and `blocked` says what would have to
    change. `proven` is whether no other plan takes less effort, or none reaches the target.
    """

    target: Target
    reached: bool
    climbs: tuple[Climb, ...]
    answers: dict[str, Answer]
    card: Card
    curve: Curve
    blocked: tuple[Block, ...]
    proven: bool

    @property
    def effort(self) -> int:
        """The effort of all steps together."""
        return sum(climb.effort for climb in self.climbs)


class _Candidate(Struct, frozen=True):
    """A plan by what the frontier promises; `relaxed` where that may be too much."""

    effort: int
    frontier: Frontier
    at: int
    relaxed: bool


def plan(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    target: str,
    wishes: Wishes = NO_WISHES,
    profile: Profile = ANYBODY,
) -> Plan:
    """Return the plan that reaches a target at the least effort.

    Args:
        questionnaire: A checked questionnaire.
        answers: Accepted answers by indicator; one may be missing.
        target: The code of a grade, or an index.
        wishes: What the reader says of the way.
        profile: Whose answers they are.

    Raises:
        UnknownTargetError, NoWholeError: There is nothing such to aim at.
        UnknownKindError: Kinds of organisation are asked different things, and this is none.
        SurveyError: A wish is about what is not asked, or for an answer that is not there.
    """
    return Planning(questionnaire, answers, target, wishes, profile).plan()


class Planning:
    """One plan in the making; see `plan` for what it is made of."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, Answer],
        target: str,
        wishes: Wishes,
        profile: Profile,
    ) -> None:
        self.questionnaire = asked = questionnaire.for_kind(profile.kind)
        self.target = target_of(asked, target)
        check(asked, wishes)
        self.better = BetterAnswers(asked, Values(asked, ALONE), wishes, decisive(asked))
        self.rungs = self.better.rungs(answers)
        self._answers, self._profile = answers, profile
        self._cases = Cases(self.better, self.rungs, profile)
        self._least = LeastEffort(asked, self.rungs)
        self._finishing = Finishing(asked, Facts({}, {}, set()), lambda _: None)

    def plan(self) -> Plan:
        """Return the plan."""
        candidates = sorted(self._candidates(), key=lambda one: one.effort)
        curve = self._curve()
        exact = self._cases.exact and self._least.exact
        is_unsure = bool(candidates) or not exact
        for at, climbs in enumerate(self._tried(candidates)):
            if self.target.is_met(self.score(climbs)):
                is_least = at == 0 and bool(candidates)
                left = climbs if is_least else self._trimmed(climbs)
                proven = exact and is_least
                return self.made(left, self.score(left), curve, proven=proven, reached=True)
        blocked = blocking(
            self.better, self.rungs, lambda given: self.target.is_met(self._scored(given))
        )
        return self.unreached(curve, blocked, proven=not is_unsure)

    def unreached(self, curve: Curve, blocked: tuple[Block, ...], *, proven: bool) -> Plan:
        """Return that the target is out of reach: with the steps that the reader fixed, and no others."""
        climbs = self._fixed()
        return self.made(climbs, self.score(climbs), curve, blocked, proven=proven, reached=False)

    def made(
        self,
        climbs: tuple[Climb, ...],
        card: Card,
        curve: Curve,
        blocked: tuple[Block, ...] = (),
        *,
        proven: bool,
        reached: bool,
    ) -> Plan:
        """Return the plan of some steps, with their score."""
        answers = self._given(climbs)
        return Plan(self.target, reached, climbs, answers, card, curve, blocked, proven)

    def _candidates(self) -> Iterator[_Candidate]:
        """Yield the least plan of every combination and grade; all that may do, where promises are."""
        for grade in self.target.grades or (None,):
            yield from self._of_grade(grade)

    def least(self, grade: Grade | None) -> int | None:
        """Return the least effort that any plan for a grade takes; None where there is none."""
        return min((one.effort for one in self._of_grade(grade)), default=None)

    def _of_grade(self, grade: Grade | None) -> Iterator[_Candidate]:
        for case in self._cases.found:
            yield from self._of_case(grade, case)

    def _of_case(self, grade: Grade | None, case: Case) -> Iterator[_Candidate]:
        gates = minima(self.questionnaire, grade.gates if grade else (), case.known)
        if gates is None:
            return
        outcome = self._least.whole(Situation(case.known, case.allowed, gates))
        found = outcome.valued
        if found is None:
            return
        first = bisect_left(range(len(found)), 1, key=lambda at: self._reaches(grade, found, at))
        last = len(found) if outcome.relaxed else min(first + 1, len(found))
        for at in range(first, last):
            yield _Candidate(int(found.efforts[at]), found, at, outcome.relaxed)

    def _reaches(self, grade: Grade | None, found: Frontier, at: int) -> bool:
        index = self._index(found, at)
        return reaches(self.target, grade, index, exact(index))

    def _index(self, found: Frontier, at: int) -> Fraction:
        """Return the index of the whole that an entry comes to."""
        return self._finishing.rounded("index", self._finishing.index("", found.value(at)))

    def _curve(self) -> Curve:
        """Return the best index of every effort, over all combinations."""
        points: dict[int, Decimal] = {}
        for case in self._cases.found:
            outcome = self._least.whole(Situation(case.known, case.allowed))
            for effort, index in self._points(outcome):
                points[effort] = max(points.get(effort, index), index)
        rising: list[tuple[int, Decimal]] = []
        for effort in sorted(points):
            if not rising or points[effort] > rising[-1][1]:
                rising.append((effort, points[effort]))
        return tuple(rising)

    def _points(self, outcome: Outcome) -> Iterator[tuple[int, Decimal]]:
        """Yield the effort and the index of each entry; scored, where the frontier may promise too much."""
        found = outcome.valued
        if found is None:
            return
        for at in range(len(found)):
            if outcome.relaxed:
                index = self.score(self._in_order(found.trail(at))).index
            else:
                index = exact(self._index(found, at))
            if index is not None:
                yield int(found.efforts[at]), index

    def _in_order(self, climbs: Iterable[Climb]) -> tuple[Climb, ...]:
        """Return steps in the file's order of indicators; those of one indicator are in theirs."""
        order = {code: at for at, code in enumerate(self.rungs)}
        return tuple(sorted(climbs, key=lambda climb: order[climb.indicator]))

    def _tried(self, candidates: Sequence[_Candidate]) -> Iterator[tuple[Climb, ...]]:
        """Yield the steps to score until the target is met, at last all that there are."""
        for one in candidates[:_TRIES]:
            yield self._in_order(one.frontier.trail(one.at))
        yield self._highest()

    def _highest(self) -> tuple[Climb, ...]:
        """Return all steps that there are; only those that are fixed where something comes first."""
        if self.better.wishes.needs:
            return self._fixed()
        tops = (max(rungs, key=lambda rung: rung.value or 0) for rungs in self.rungs.values())
        return tuple(climb for rung in tops for climb in rung.climbs)

    def _fixed(self) -> tuple[Climb, ...]:
        return tuple(climb for rungs in self.rungs.values() for climb in rungs[0].climbs)

    def _trimmed(self, climbs: tuple[Climb, ...]) -> tuple[Climb, ...]:
        """Return steps without those that the target does not need, the last ones first."""
        wishes = self.better.wishes
        kept = {*wishes.fixed, *(need.after for need in wishes.needs)}
        for climb in reversed(climbs):
            left = tuple(each for each in climbs if each is not climb)
            is_last = all(
                (each.indicator, each.before) != (climb.indicator, climb.after) for each in left
            )
            if climb.indicator not in kept and is_last and self.target.is_met(self.score(left)):
                climbs = left
        return climbs

    def _given(self, climbs: Iterable[Climb]) -> dict[str, Answer]:
        """Return the answers after some steps."""
        return {**self._answers, **{climb.indicator: climb.after for climb in climbs}}

    def score(self, climbs: Iterable[Climb]) -> Card:
        """Return the official score after some steps."""
        return self._scored(self._given(climbs))

    def _scored(self, answers: Mapping[str, Answer]) -> Card:
        return score(self.questionnaire, answers, official=True, profile=self._profile)
