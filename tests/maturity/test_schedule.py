"""Plans over several years, with a budget of effort per year and actor."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from survey_service.errors.planning import SolverMissingError
from survey_service.maturity import schedule as schedules
from survey_service.maturity.answer_types import Level, Number, Step
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Need, Wishes
from survey_service.maturity.budget import Budget
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.programmes import Programme, Solution
from survey_service.maturity.roadmap import Planning, plan
from survey_service.maturity.rules import Gate, Grade, Rounding
from survey_service.maturity.schedule import Schedule, planned, schedule
from survey_service.maturity.scoring import ANYBODY, score
from survey_service.maturity.tree import Indicator, Node
from tests.maturity.planning import asked, ladders
from tests.samples import FLAGSHIP, levels, load
from tests.strategies import NAME

AB = levels(A=1, B=1)


def scheduled(
    questionnaire: Questionnaire,
    target: str,
    years: int,
    budget: int,
    wishes: Wishes = Wishes(),  # noqa: B008 - frozen
    answers: dict[str, Answer] = AB,
) -> Schedule:
    return schedule(questionnaire, answers, target, years, Budget(budget), wishes, ANYBODY)


def chosen_effort(
    questionnaire: Questionnaire, target: str, wishes: Wishes, answers: dict[str, Answer]
) -> int:
    """Return the effort of what the integer programme chooses where everything fits."""
    planning = Planning(questionnaire, answers, target, wishes, ANYBODY)
    found = schedules._free(planning, 2, Budget(9), schedules.SECONDS)
    assert found.proven
    assert found.climbs is not None
    return sum(climb.effort for climb in found.climbs)


def told(found: Schedule) -> list[tuple[str, int, int]]:
    """Return the steps: indicator, level after it, and year."""
    return [
        (climb.indicator, climb.after.level or 0, year)
        for climb, year in zip(found.plan.climbs, found.years, strict=True)
    ]


def by(who: str, *efforts: int) -> tuple[Level, ...]:
    return (Level(), *(Level(step=Step(NAME, who, effort)) for effort in efforts))


def test_each_year_has_what_can_be_spent_and_the_lower_level_first() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    found = scheduled(questionnaire, "g3", 3, 2)

    assert found.plan.reached
    assert found.plan.proven
    assert told(found) == [("A", 2, 1), ("A", 3, 2), ("B", 2, 1), ("B", 3, 3)] or told(found) == [
        ("A", 2, 1), ("A", 3, 3), ("B", 2, 1), ("B", 3, 2),
    ]  # fmt: skip
    assert told(found) == told(scheduled(questionnaire, "g3", 3, 2))


def test_another_actor_is_asked_where_one_has_too_much_to_do() -> None:
    questionnaire = asked(
        Node(
            "N",
            NAME,
            indicators=(
                Indicator("A", NAME, levels=by("busy", 1, 1)),
                Indicator("B", NAME, levels=by("idle", 3, 3)),
            ),
        )
    )
    budget = Budget(9, {"busy": 1})

    found = schedule(questionnaire, AB, "g2", 1, budget, Wishes(), ANYBODY)

    assert told(found) == [("A", 2, 1), ("B", 2, 1)]  # 4, where A alone would take 2
    assert found.plan.proven
    assert schedule(questionnaire, AB, "g2", 2, budget, Wishes(), ANYBODY).plan.effort == 2


def test_what_does_not_fit_tells_who_has_too_much_to_do() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    found = scheduled(questionnaire, "g3", 1, 5)
    too_hard = scheduled(questionnaire, "g3", 9, 1)

    assert (found.plan.reached, found.plan.proven, found.short) == (False, True, {"unit": 6})
    assert told(found) == []
    assert too_hard.short == {"unit": 6}


def test_what_comes_first_does_in_the_calendar_too() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))
    first = Wishes(needs=(Need("A", Answer(level=2), "B", Answer(level=3)),))

    found = told(scheduled(questionnaire, "g3", 4, 2, first))
    years = {(code, level): year for code, level, year in found}

    assert years["A", 2] >= years["B", 3]


def test_what_comes_first_may_be_there_or_out_of_reach() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B", "C")))
    there = Wishes(needs=(Need("A", Answer(level=3), "B", Answer(level=1)),))
    never = Wishes(excluded=("B",), needs=(Need("A", Answer(level=2), "B", Answer(level=2)),))
    answers = levels(A=1, B=1, C=1)

    free = scheduled(questionnaire, "1.3", 1, 9, there, answers)
    kept = scheduled(questionnaire, "1.3", 1, 9, never, answers)

    assert free.plan.effort == kept.plan.effort == 1
    assert chosen_effort(questionnaire, "1.3", there, answers) == 1
    assert chosen_effort(questionnaire, "1.3", never, answers) == 1
    assert [code for code, _, _ in told(kept)] == ["C"]


def test_what_is_not_asked_keeps_nothing_back() -> None:
    hidden = ladders("B", when='organisation.kind == "x"')
    questionnaire = asked(Node("N", NAME, indicators=(*ladders("A"), *hidden)))
    first = Wishes(needs=(Need("A", Answer(level=2), "B", Answer(level=2)),))

    assert told(scheduled(questionnaire, "g2", 1, 9, first, levels(A=1))) == [("A", 2, 1)]


def test_gates_points_and_what_does_not_apply_are_rows_too() -> None:
    gates = (Gate(above=Decimal(20), node="M"), Gate(percent=Decimal(50), node="B"))
    grades = (
        Grade(code="good", name=NAME, above=Decimal(30), gates=gates),
        Grade(code="best", name=NAME, at_least=Decimal(31)),
    )
    questionnaire = asked(
        Node("M", NAME, weight=Decimal(40), indicators=ladders("A", "B", "C")),
        Node("O", NAME, weight=Decimal(60), indicators=ladders("D")),
        Node("P", NAME, weight=Decimal(0), indicators=ladders("E")),
        grades=grades,
        points=True,
    )
    answers = levels(A=1, B=1, D=1) | {code: Answer(not_applicable="none") for code in "CE"}

    found = scheduled(questionnaire, "good", 2, 9, answers=answers)
    least = plan(questionnaire, answers, "good")

    assert found.plan.reached
    assert found.plan.effort == least.effort
    assert chosen_effort(questionnaire, "good", Wishes(), answers) == least.effort


def test_a_higher_grade_that_takes_less_is_scheduled() -> None:
    gate = Gate(at_least=Decimal(3), node="A")
    grades = (
        Grade(code="low", name=NAME, at_least=Decimal(1), gates=(gate,)),
        Grade(code="high", name=NAME, at_least=Decimal("1.5")),
        Grade(
            code="never", name=NAME, at_least=Decimal(3), gates=(Gate(above=Decimal(3), node="A"),)
        ),
    )
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")), grades=grades)

    found = scheduled(questionnaire, "low", 1, 9)

    assert found.plan.effort == 1
    assert found.plan.proven


def test_what_does_not_add_up_has_its_least_plan_put_into_years() -> None:
    questionnaire = asked(
        Node("N", NAME, combine="minimum", indicators=ladders("A", "B")),
        rounding=Rounding(("index",), 1),
    )

    found = scheduled(questionnaire, "g2", 2, 1)
    short = scheduled(questionnaire, "g3", 1, 5)
    narrow = scheduled(questionnaire, "g3", 6, 1)

    assert {year for _, _, year in told(found)} == {1, 2}
    assert found.plan.proven
    assert (short.plan.reached, short.plan.proven, short.short) == (False, True, {"unit": 6})
    assert (narrow.plan.reached, narrow.plan.proven) == (False, False)  # another way might fit


def test_a_number_that_may_come_to_apply_does_not_add_up() -> None:
    number = Indicator("X", NAME, number=Number(0))
    questionnaire = asked(Node("N", NAME, indicators=(*ladders("A"), number)))
    answers = levels(A=1) | {"X": Answer(not_applicable="none")}
    wishes = Wishes(targets={"X": Answer(value=Decimal(3))})

    found = scheduled(questionnaire, "g2", 1, 9, wishes, answers)

    assert told(found) == [("A", 2, 1)]


def test_what_is_reached_or_cannot_be_has_no_years() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    assert told(scheduled(questionnaire, "g1", 1, 1)) == []
    kept = Wishes(fixed=levels(A=2), excluded=("B",))
    assert told(scheduled(questionnaire, "g3", 3, 1, kept)) == [("A", 2, 1)]


def test_without_years_and_budget_all_is_done_in_the_first() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    at_once = planned(questionnaire, AB, "g2", Wishes(), ANYBODY, 1, None)
    freely = planned(questionnaire, AB, "g2", Wishes(), ANYBODY, 2, None)

    assert told(at_once) == told(freely) == [("A", 2, 1), ("B", 2, 1)]


def test_a_search_that_ends_early_is_not_proven() -> None:
    flagship = load(FLAGSHIP)
    answers = {code: Answer(level=1) for code in flagship.indicators}
    target = flagship.grades[-1].code

    found = schedule(flagship, answers, target, 4, Budget(30), Wishes(), ANYBODY, seconds=0.0)

    assert not found.plan.proven


def test_what_the_solver_rounds_too_far_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    def nothing(_: Programme, __: float) -> Solution:
        return Solution(frozenset(), proven=True)

    monkeypatch.setattr(Programme, "solve", nothing)

    assert not schedules._free(
        Planning(questionnaire, AB, "g2", Wishes(), ANYBODY), 1, Budget(9), 1
    ).proven


def test_without_the_solver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_service.maturity.programmes.find_spec", lambda _: None)

    with pytest.raises(SolverMissingError):
        scheduled(asked(Node("N", NAME, indicators=ladders("A", "B"))), "g2", 1, 9)


@given(
    efforts=st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=2), min_size=2, max_size=3),
    actors=st.lists(st.sampled_from("xy"), min_size=3, max_size=3),
    grade=st.sampled_from(["g2", "g3"]),
    years=st.integers(1, 2),
    budget=st.integers(1, 6),
)
@settings(max_examples=60)
def test_no_other_schedule_takes_less_effort(
    efforts: list[list[int]], actors: list[str], grade: str, years: int, budget: int
) -> None:
    indicators = tuple(
        Indicator(code, NAME, levels=by(who, *each))
        for code, who, each in zip("ABC", actors, efforts, strict=False)
    )
    questionnaire = asked(Node("N", NAME, indicators=indicators))
    answers = {one.code: Answer(level=1) for one in indicators}

    found = scheduled(questionnaire, grade, years, budget, answers=answers)

    target = found.plan.target
    least = min(
        (
            sum(step.effort for step in steps)
            for steps in _choices(questionnaire)
            if target.is_met(score(questionnaire, _after(answers, steps), official=True))
            and _fits(steps, years, budget)
        ),
        default=None,
    )
    assert found.plan.proven
    assert (found.plan.effort if found.plan.reached else None) == least
    assert _keeps(found, years, budget)


class _Taken(Struct, frozen=True):
    """A step as the test knows it."""

    code: str
    level: int
    effort: int
    who: str


def _choices(questionnaire: Questionnaire) -> list[tuple[_Taken, ...]]:
    """Return every choice of steps from level 1 up, of all indicators."""
    ways = []
    for one in questionnaire.indicators.values():
        steps = [
            _Taken(one.code, number, level.step.effort, level.step.who)
            for number, level in questionnaire.levels(one).items()
            if level.step is not None
        ]
        ways.append([tuple(steps[:count]) for count in range(len(steps) + 1)])
    return [tuple(step for way in chosen for step in way) for chosen in product(*ways)]


def _after(answers: dict[str, Answer], steps: tuple[_Taken, ...]) -> dict[str, Answer]:
    return {**answers, **{step.code: Answer(level=step.level) for step in steps}}


def _fits(steps: tuple[_Taken, ...], years: int, budget: int) -> bool:
    """Whether steps can be given years so that nobody spends too much, and no level comes too soon."""
    return any(
        _is_in_order(steps, chosen)
        and all(
            sum(
                step.effort
                for step, year in zip(steps, chosen, strict=True)
                if (step.who, year) == each
            )
            <= budget
            for each in product("xy", range(years))
        )
        for chosen in product(range(years), repeat=len(steps))
    )


def _is_in_order(steps: tuple[_Taken, ...], years: tuple[int, ...]) -> bool:
    last: dict[str, int] = {}
    for step, year in zip(steps, years, strict=True):
        if year < last.get(step.code, 0):
            return False
        last[step.code] = year
    return True


def _keeps(found: Schedule, years: int, budget: int) -> bool:
    """Whether a schedule stays within its years and budgets."""
    spent: dict[tuple[str | None, int], int] = {}
    for climb, year in zip(found.plan.climbs, found.years, strict=True):
        spent[climb.who, year] = spent.get((climb.who, year), 0) + climb.effort
    return all(1 <= year <= years for year in found.years) and all(
        each <= budget for each in spent.values()
    )


SIXES = asked(
    Node(
        "N",
        NAME,
        indicators=(
            Indicator("A", NAME, levels=by("x", 2)),
            Indicator("B", NAME, levels=by("x", 2)),
            Indicator("C", NAME, levels=by("x", 2)),
            Indicator("D", NAME, levels=by("y", 3)),
        ),
    )
)
"""Three steps of 2 make 6, and so do two years of 3; yet each year takes one of them only."""


def test_steps_that_fit_together_and_not_one_by_one_are_looked_at_year_by_year() -> None:
    found = scheduled(SIXES, "1.75", 2, 3, answers=levels(A=1, B=1, C=1, D=1))

    assert found.plan.proven
    assert found.plan.effort == 2 + 2 + 3
    assert "D" in {climb.indicator for climb in found.plan.climbs}


def test_steps_that_fit_are_taken_even_if_not_as_early_as_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where the search for the earliest years ends before it has found any."""
    monkeypatch.setattr(schedules, "_in_years", lambda *_: schedules._Found(None, (), proven=False))

    found = scheduled(SIXES, "1.75", 2, 3, answers=levels(A=1, B=1, C=1, D=1))

    assert found.plan.effort == 2 + 2 + 3
    assert len(found.years) == 3
