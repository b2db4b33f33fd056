import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.access import Actor, Role
from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.conduct.life import STAGES, Stage, State, Step
from survey_service.conduct.notices import (
    REMINDED_FOR,
    SILENT,
    Kind,
    LastDay,
    Notice,
    Subscription,
    can_be_reminded,
    due,
    due_action,
    gathered,
    last_days,
    mentioned,
    told_of_deadline,
    told_of_step,
    waiting_stage,
)

NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
COUNTRY, AGENCY, OTHER = 1, 2, 3
PARENTS = {COUNTRY: None, AGENCY: COUNTRY, OTHER: COUNTRY}


def _person(id_: int, role: Role, place: int = AGENCY, name: str = "x") -> Actor:
    return Actor(id_, name, role, place, name)


ALICE, INSPECTOR = _person(1, "coordinator"), _person(2, "inspector")
EVALUATOR, BOB = _person(3, "evaluator", COUNTRY), _person(4, "auditor")
ALL = (ALICE, INSPECTOR, EVALUATOR, BOB)


@pytest.mark.parametrize(
    ("step", "state", "kind", "told"),
    [
        ("submit", "submitted", "handed_in", [INSPECTOR]),
        ("pass_on", "external_evaluation", "handed_in", [EVALUATOR]),
        ("return", "returned", "returned", [ALICE]),
        ("announce", "objection", "announced", [ALICE]),
        ("finalise", "final", "announced", [ALICE]),
        ("begin", "internal_review", None, []),
    ],
)
def test_those_are_told_of_a_step_who_have_the_next_word(
    step: Step, state: State, kind: Kind | None, told: list[Actor]
) -> None:
    assert told_of_step(step, ALL, AGENCY, state, STAGES) == (kind, told)


@pytest.mark.parametrize(
    ("days", "told"),
    [(30, None), (14, ("action_due", 14)), (2, ("action_due", 2)), (-1, ("action_overdue", -1))],
)
def test_of_an_action_is_told_as_its_day_comes_near_and_is_over(
    days: int, told: tuple[Kind, int] | None
) -> None:
    today = NOW.date()

    assert due_action(today + dt.timedelta(days=days), today) == told


def test_without_an_inspectorate_what_is_handed_in_waits_for_the_evaluators() -> None:
    stages: tuple[Stage, ...] = ("self", "external")

    assert told_of_step("submit", ALL, AGENCY, "submitted", stages)[1] == [EVALUATOR]
    assert waiting_stage("submitted", stages) == "external"


def test_what_has_not_begun_waits_for_the_agency_and_what_is_final_for_nobody() -> None:
    assert waiting_stage(None, STAGES) == "self"
    assert waiting_stage("final", STAGES) is None


def test_an_agency_hears_of_its_own_deadline_and_evaluators_of_all_below_them() -> None:
    owners = (AGENCY, OTHER)

    assert told_of_deadline("self", owners, PARENTS, ALL) == {ALICE.id: [AGENCY]}
    assert told_of_deadline("external", owners, PARENTS, ALL) == {EVALUATOR.id: [AGENCY, OTHER]}


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (15, None), (14, ("due", 14)), (8, ("due", 14)), (7, ("due", 7)), (3, ("due", 7)),
        (2, ("due_soon", 2)), (0, ("due_soon", 2)), (-1, ("overdue", -1)), (-7, ("overdue", -1)),
        (-8, None),
    ],
)  # fmt: skip
def test_a_last_day_is_told_of_in_steps_and_for_a_week_after_it(
    left: int, told: tuple[Kind, int] | None
) -> None:
    today = dt.date(2026, 3, 1)

    assert due(today + dt.timedelta(days=left), today) == told


def test_nobody_is_reminded_twice_a_day() -> None:
    assert can_be_reminded(None, NOW)
    assert not can_be_reminded(NOW, NOW + dt.timedelta(hours=23))
    assert can_be_reminded(NOW, NOW + REMINDED_FOR)


def test_a_text_mentions_whom_it_names_and_not_who_is_called_the_same_but_for_the_end() -> None:
    siti, full = _person(5, "respondent", name="Siti"), _person(6, "respondent", name="Siti Aminah")

    assert mentioned("Tolong @Siti Aminah periksa", [siti, full]) == [full]
    assert mentioned("@Siti dan @Siti Aminah", [siti, full]) == [full, siti]
    assert mentioned("Siti Aminah", [siti, full]) == []


def test_what_is_urgent_is_sent_at_once_unless_somebody_chose_otherwise() -> None:
    usual, chosen = Subscription(), Subscription(mail={"returned": "never", "ready": "at_once"})

    assert usual.kinds("at_once") == ("returned", "not_begun", "due_soon", "overdue")
    assert chosen.kinds("at_once") == ("not_begun", "due_soon", "overdue", "ready")
    assert Subscription(mail=SILENT).kinds("at_once", "daily") == ()


def _notice(id_: int, kind: Kind, about: str, seen_at: dt.datetime | None = None) -> Notice:
    return Notice(id_, kind, about, "Agency", "alice", 1, None, NOW, seen_at)


@pytest.mark.parametrize(
    ("role", "stages"),
    [("coordinator", ["self"]), ("evaluator", ["external"]), ("ministry", ["self", "external"])],
)
def test_a_calendar_has_the_stages_at_which_somebody_works(role: Role, stages: list[Stage]) -> None:
    day = Window(NOW.date(), NOW.date())
    planned = Cycle(1, "x", 1, "q", "1", Calendar({"self": day, "external": day}, "UTC"))
    opened = structs.replace(planned, id=2, state="open")

    found = last_days(_person(1, role), [planned, opened])

    assert found == [LastDay(2, "x", stage, NOW.date(), "UTC") for stage in stages]


def test_what_is_alike_in_a_row_is_one_line_and_counted() -> None:
    told = [
        _notice(9, "assigned", "assessments/1/parts/B"),
        _notice(8, "assigned", "assessments/1/parts/A"),
        _notice(7, "assigned", "assessments/2/parts/A"),
        _notice(6, "announced", "assessments/2/result"),
        _notice(5, "announced", "assessments/2/result", seen_at=NOW),
    ]

    found = gathered(told)

    assert [(one.id, one.count, one.words) for one in found] == [
        (9, 2, "notice.assigned.many"),
        (7, 1, "notice.assigned"),
        (6, 1, "notice.announced"),
        (5, 1, "notice.announced"),
    ]
