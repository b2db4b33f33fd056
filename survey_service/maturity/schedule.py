"""The way to the next grade over several years, with a budget of effort per year and actor.

First the steps are chosen, then each is taken as early as may be: each step in one year, not before
the step below it nor before what must come first. The least plan of all is tried first; where its
steps fit into the years, nothing takes less. Else, where every index is a weighted mean of single
values, an integer programme chooses a rung of each indicator at the least effort; bounds and gates
are rows. It first counts all years as one, which is soon done and fits as a rule; only where it does
not, years are looked at one by one.

The same plan comes every time: the solver ends after so many branches, not at a time. Where a machine
is so slow that it takes far too long, what was found until then is left, as it hangs on the machine.
The programme counts in binary numbers, so that its plan is scored like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor, lcm

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Climb, Need, Rung, Wishes
from survey_service.maturity.budget import Budget
from survey_service.maturity.conditions import Facts, Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.programmes import Programme
from survey_service.maturity.roadmap import Plan, Planning, plan
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring_many import is_linear
from survey_service.maturity.targets import minima
from survey_service.maturity.tree import Indicator, Node

SECONDS = 20.0
"""After which a search is given up; it ends after so many branches, long before that."""


class Schedule(Struct, frozen=True):
    """A plan, and the year of each of its steps, from 1.

    Where the budgets do not suffice, the plan has no steps, and `short` has the actors of the least
    plan who would have too much to do, each with that plan's effort.
    """

    plan: Plan
    years: tuple[int, ...]
    short: dict[str, int] = {}


class _Found(Struct, frozen=True):
    """Steps and their years; none of both where there is no schedule."""

    climbs: tuple[Climb, ...] | None
    years: tuple[int, ...]
    proven: bool


def schedule(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    target: str,
    years: int,
    budget: Budget,
    wishes: Wishes,
    profile: Profile,
    *,
    seconds: float = SECONDS,
) -> Schedule:
    """Return the plan that takes least effort among those that fit into so many years.

    Args:
        questionnaire, answers, target, wishes, profile: As for `roadmap.plan`.
        years: From 1.
        budget: What can be spent in each of them.
        seconds: After which a search is given up.

    Raises:
        SolverMissingError: The solver is not installed.
        SurveyError: As `roadmap.plan` does.
    """
    planning = Planning(questionnaire, answers, target, wishes, profile)
    least = planning.plan()
    if not (least.reached and least.climbs):
        return Schedule(least, (1,) * len(least.climbs))
    found = _of_plan(planning, least, years, budget, seconds)
    if found.climbs is None and _is_linear(planning):
        found = _free(planning, years, budget, seconds)
    if found.climbs is None:
        none = planning.unreached(least.curve, (), proven=found.proven)
        return Schedule(none, (1,) * len(none.climbs), _short(least, years, budget))
    card = planning.score(found.climbs)
    made = planning.made(found.climbs, card, least.curve, proven=found.proven, reached=True)
    return Schedule(made, found.years)


def planned(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    target: str,
    wishes: Wishes,
    profile: Profile,
    years: int,
    budget: Budget | None,
) -> Schedule:
    """Return the least plan: in its years where there are several or a budget, else all in the first."""
    if years == 1 and budget is None:
        least = plan(questionnaire, answers, target, wishes, profile)
        return Schedule(least, (1,) * len(least.climbs))
    return schedule(questionnaire, answers, target, years, budget or Budget(), wishes, profile)


def _short(least: Plan, years: int, budget: Budget) -> dict[str, int]:
    """Return who would have too much to do by the least plan, with all effort that it asks of them."""
    efforts: dict[str, int] = {}
    hardest: dict[str, int] = {}
    for climb in least.climbs:
        who = climb.who or ""
        efforts[who] = efforts.get(who, 0) + climb.effort
        hardest[who] = max(hardest.get(who, 0), climb.effort)
    return {
        who: effort
        for who, effort in efforts.items()
        if effort > years * budget.of(who) or hardest[who] > budget.of(who)
    }


def _is_linear(planning: Planning) -> bool:
    """Whether the index of every node is a sum of what indicators are worth, each times a share."""
    settled = all(
        len({rung.value is None for rung in rungs}) == 1 for rungs in planning.rungs.values()
    )
    return settled and is_linear(planning.questionnaire)


def _of_plan(planning: Planning, least: Plan, years: int, budget: Budget, seconds: float) -> _Found:
    """Return the least plan in its years; where it does not fit, another one still might.

    None does where nobody has as much to spend as the least takes.
    """
    found = _in_years(planning, least.climbs, years, budget, seconds)
    if found.climbs is not None:
        return _Found(found.climbs, found.years, proven=least.proven)
    folk = {climb.who for rungs in planning.rungs.values() for climb in rungs[-1].climbs}
    there = sum(years * budget.of(who) for who in folk)
    return _Found(None, (), proven=least.proven and least.effort > there)


def _in_years(
    planning: Planning, climbs: Sequence[Climb], years: int, budget: Budget, seconds: float
) -> _Found:
    """Return steps in the years in which they can be taken, as early as may be; none where they do not fit."""
    taken = {climb.key for climb in climbs}
    rungs = {
        code: [rung for rung in each if taken.issuperset(climb.key for climb in rung.climbs)][-1:]
        for code, each in planning.rungs.items()
    }
    return _Calendar(planning, rungs, years, budget, early=True).solved(seconds)


def _free(planning: Planning, years: int, budget: Budget, seconds: float) -> _Found:
    """Return the schedule of least effort among all plans, for the target or a higher grade."""
    best = _Found(None, (), proven=True)
    for grade in planning.target.grades or (None,):
        least = planning.least(grade)
        if least is None or (best.climbs is not None and least >= _effort(best.climbs)):
            continue
        found = _chosen(planning, grade, least, years, budget, seconds)
        if found.climbs is not None and not planning.target.is_met(planning.score(found.climbs)):
            return _Found(None, (), proven=False)  # it counts in binary, and went too far
        is_best = found.climbs is not None and (
            best.climbs is None or _effort(found.climbs) < _effort(best.climbs)
        )
        chosen = found if is_best else best
        best = _Found(chosen.climbs, chosen.years, proven=best.proven and found.proven)
    return best


def _chosen(
    planning: Planning, grade: Grade | None, least: int, years: int, budget: Budget, seconds: float
) -> _Found:
    """Return the schedule of least effort for one grade; `least` is known to be less or the same."""
    for spans in dict.fromkeys((1, years)):  # all years as one, then each by itself
        over = budget.over(years) if spans == 1 else budget
        calendar = _Calendar(planning, planning.rungs, spans, over, most=budget)
        calendar.reach(grade, least)
        found = calendar.solved(seconds)
        if found.climbs is None:
            if found.proven:
                return found
            continue
        least = max(least, _effort(found.climbs) if found.proven else least)
        fitted = _in_years(planning, found.climbs, years, budget, seconds)
        if fitted.climbs is not None and (found.proven or spans == years):
            return _Found(fitted.climbs, fitted.years, proven=found.proven)
        if spans == years:
            return found  # it fits; as early as may be was not found
    return _Found(None, (), proven=False)


def _effort(climbs: Iterable[Climb]) -> int:
    return sum(climb.effort for climb in climbs)


class _Calendar:
    """The programme of rungs, steps and years: of least effort, or `early` with the least delay.

    `most` is what can be spent in one year, where the `budget` is that of several.
    """

    def __init__(
        self,
        planning: Planning,
        rungs: Mapping[str, Sequence[Rung]],
        years: int,
        budget: Budget,
        *,
        early: bool = False,
        most: Budget | None = None,
    ) -> None:
        self._planning, self._all, self._years, self._budget = planning, rungs, years, budget
        self._most = most or budget
        self._programme = Programme()
        self._climbs = {
            climb.key: climb for each in rungs.values() for rung in each for climb in rung.climbs
        }
        self._rungs = {
            (code, at): self._programme.column()
            for code, each in rungs.items()
            for at in range(len(each))
        }
        self._steps = {
            key: [
                self._programme.column(climb.effort * (year if early else 1))
                for year in range(years)
            ]
            for key, climb in self._climbs.items()
        }
        self._choose()
        self._spend()
        for need in planning.better.wishes.needs:
            self._need(need)

    def _choose(self) -> None:
        """Ask for one rung of each indicator, and all its steps, in order."""
        taken: dict[bytes, dict[int, int]] = {key: {} for key in self._steps}
        pairs: dict[tuple[bytes, bytes], None] = {}
        for code, each in self._all.items():
            self._programme.row(
                {self._rungs[code, at]: 1 for at in range(len(each))}, at_least=1, at_most=1
            )
            for at, rung in enumerate(each):
                keys = [climb.key for climb in rung.climbs]
                pairs |= dict.fromkeys(pairwise(keys))
                for key in keys:
                    taken[key][self._rungs[code, at]] = -1
        for key, columns in self._steps.items():
            terms = dict.fromkeys(columns, 1) | taken[key]
            self._programme.row(terms, at_least=0, at_most=0)
        for before, after in pairs:
            self._order(before, after)

    def _order(self, before: bytes, after: bytes) -> None:
        """Ask that one step is taken before another one, or in the same year."""
        for year in range(1, self._years + 1):
            terms = dict.fromkeys(self._steps[before][:year], 1)
            terms |= dict.fromkeys(self._steps[after][:year], -1)
            self._programme.row(terms, at_least=0)

    def _spend(self) -> None:
        """Ask that nobody spends more than they have."""
        for who in {climb.who: None for climb in self._climbs.values()}:
            for year in range(self._years):
                terms = {
                    self._steps[key][year]: climb.effort
                    for key, climb in self._climbs.items()
                    if climb.who == who
                }
                self._programme.row(terms, at_most=self._budget.of(who))
        for key, climb in self._climbs.items():
            if climb.effort > self._most.of(climb.who):
                self._programme.row(dict.fromkeys(self._steps[key], 1), at_most=0)

    def _need(self, need: Need) -> None:
        """Ask that what comes first does."""
        first = self._reaching(need.after, need.after_answer)
        then = self._reaching(need.indicator, need.answer)
        if first is None or then is None:
            return
        for before in then:
            if first:
                self._order(first[0], before)
            elif self._all is self._planning.rungs:  # the least plan knows already that it may
                self._programme.row(dict.fromkeys(self._steps[before], 1), at_most=0)

    def _reaching(self, code: str, answer: Answer) -> list[bytes] | None:
        """Return the steps by which an indicator first is worth an answer; None where it is already."""
        better = self._planning.better
        wanted = better.worth(code, answer) or Fraction(0)
        found: list[bytes] = []
        for climb in (each for each in self._climbs.values() if each.indicator == code):
            before, after = (better.worth(code, one) for one in (climb.before, climb.after))
            if before is not None and before >= wanted:
                continue
            if after is not None and after >= wanted:
                found.append(climb.key)
        now = self._planning.rungs[code][0]
        is_there = not now.climbs and now.value is not None and now.value >= wanted
        return None if is_there else found

    def reach(self, grade: Grade | None, least: int) -> None:
        """Ask for a grade with its gates, or for the target's index; `least` effort is known to be."""
        efforts = {
            column: self._climbs[key].effort
            for key, columns in self._steps.items()
            for column in columns
        }
        self._programme.row(efforts, at_least=least)  # is true anyhow, and ends many searches
        questionnaire, target = self._planning.questionnaire, self._planning.target
        shares: dict[str, dict[str, Fraction] | None] = {}
        shares[""] = self._shares(questionnaire.nodes, shares)
        is_strict = grade is not None and grade.above is not None
        self._bound("", shares[""], Fraction(grade.bound if grade else target.index), is_strict)
        gates = minima(questionnaire, grade.gates if grade else (), Facts({}, {}, set())) or {}
        for code, each in gates.items():
            for gate in each:
                minimum = questionnaire.minimum(gate, code)
                self._bound(code, shares[code], minimum, gate.above is not None)

    def _shares(
        self, children: Sequence[Node | Indicator], found: dict[str, dict[str, Fraction] | None]
    ) -> dict[str, Fraction] | None:
        """Return the share of each indicator in the value of siblings; None where they have none."""
        counted: list[tuple[Fraction, dict[str, Fraction]]] = []
        for child in children:
            if isinstance(child, Node):
                found[child.code] = self._shares(child.children, found)
            else:
                valued = self._all[child.code][0].value is not None
                found[child.code] = {child.code: Fraction(1)} if valued else None
            shares = found[child.code]
            if shares is not None:
                counted.append((self._planning.questionnaire.counts[child.code], shares))
        bottom = sum((weight for weight, _ in counted), Fraction(0))
        if not bottom:
            return None
        return {
            code: share * weight / bottom
            for weight, shares in counted
            for code, share in shares.items()
        }

    def _bound(
        self,
        code: str,
        shares: dict[str, Fraction] | None,
        bound: Fraction,
        is_strict: bool,  # noqa: FBT001 - two kinds of bound
    ) -> None:
        """Ask that the index of a node reaches a bound, or lies above it, in whole numbers."""
        factor, offset = self._planning.questionnaire.expressions[code]
        terms = {
            self._rungs[each, at]: share * factor * (rung.value or 0)
            for each, share in (shares or {}).items()
            for at, rung in enumerate(self._all[each])
        }
        unit = lcm(*(term.denominator for term in terms.values()))
        least = (bound - offset) * unit
        whole = floor(least) + 1 if is_strict else -floor(-least)
        self._programme.row({at: int(term * unit) for at, term in terms.items()}, at_least=whole)

    def solved(self, seconds: float) -> _Found:
        """Return what costs least, if it can be found."""
        solution = self._programme.solve(seconds)
        if solution.chosen is None:
            return _Found(None, (), solution.proven)
        years = {
            key: year + 1
            for key, columns in self._steps.items()
            for year, column in enumerate(columns)
            if column in solution.chosen
        }
        climbs = tuple(self._climbs[key] for key in years)
        return _Found(climbs, tuple(years.values()), solution.proven)
