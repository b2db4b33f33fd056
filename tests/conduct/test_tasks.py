"""What waits for whom, role by role and state by state."""

import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.access import Actor, Role
from survey_service.conduct.assessment import Assessment, InCycle, Organisation
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.life import STATES, State
from survey_service.conduct.tasks import due, following, is_late, task

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
WINDOWS = {
    "self": Window(dt.date(2026, 1, 1), dt.date(2026, 2, 28)),
    "internal": Window(dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
    "external": Window(dt.date(2026, 4, 1), dt.date(2026, 4, 30)),
}
CYCLE = InCycle(1, "2026", Calendar(WINDOWS, "Asia/Jakarta"))  # type: ignore[arg-type] # stages
ONE = Assessment(1, "x", "1", "d", Organisation(2, "Agency", ""), "draft", AT, cycle=CYCLE)

TASKS: dict[Role, dict[State, str]] = {
    "respondent": {"draft": "answer", "returned": "mend"},
    "coordinator": {"draft": "answer", "returned": "mend", "objection": "object"},
    "inspector": {"submitted": "begin", "internal_review": "check"},
    "evaluator": {"external_evaluation": "check", "objection": "settle"},
    "ministry": {},
    "auditor": {},
    "administrator": {},
}


@pytest.mark.parametrize("role", TASKS)
def test_each_role_has_its_tasks_and_no_others(role: Role) -> None:
    organisation = 1 if role == "evaluator" else 2
    actor = Actor(1, "x", role, organisation, "x")

    found = {state: task(actor, structs.replace(ONE, state=state)) for state in STATES}

    assert {state: one for state, one in found.items() if one} == TASKS[role]


@pytest.mark.parametrize(
    ("role", "state", "step"),
    [
        ("coordinator", "draft", "submit"),
        ("coordinator", "returned", "submit"),
        ("respondent", "draft", None),
        ("inspector", "internal_review", "pass_on"),
        ("evaluator", "external_evaluation", "announce"),
        ("evaluator", "objection", "finalise"),
        ("coordinator", "objection", "object"),
    ],
)
def test_once_nothing_is_left_the_step_that_follows_waits_for_whoever_takes_it(
    role: Role, state: State, step: str | None
) -> None:
    actor = Actor(1, "x", role, 1 if role == "evaluator" else 2, "x")

    assert following(actor, structs.replace(ONE, state=state)) == step


def test_what_goes_on_elsewhere_waits_for_nobody() -> None:
    gone_on = structs.replace(ONE, superseded_by=2)

    assert task(Actor(1, "x", "coordinator", 2, "x"), gone_on) is None


def test_a_task_is_due_when_its_stage_closes() -> None:
    days = {state: due(structs.replace(ONE, state=state)) for state in STATES}

    assert days["draft"] == dt.date(2026, 2, 28)
    assert days["submitted"] == dt.date(2026, 3, 31)
    assert days["external_evaluation"] == dt.date(2026, 4, 30)
    assert days["final"] is None
    assert due(structs.replace(ONE, cycle=None)) is None


def test_a_task_is_late_once_its_last_day_is_over_where_the_cycle_is() -> None:
    last_minute = dt.datetime(2026, 2, 28, 16, 59, tzinfo=dt.UTC)  # 23.59 in Jakarta

    assert not is_late(ONE, last_minute)
    assert is_late(ONE, last_minute + dt.timedelta(minutes=1))
    assert not is_late(structs.replace(ONE, state="final"), last_minute + dt.timedelta(days=99))
    assert not is_late(structs.replace(ONE, cycle=None), last_minute + dt.timedelta(days=99))
