"""What an action may be, whose it is, and what became of it."""

import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.access import Actor
from survey_service.conduct.actions import (
    Action,
    Change,
    Outcome,
    changed,
    is_for,
    outcome,
    require_target,
)
from survey_service.errors.actions import NoTargetError, WhyDroppedError
from survey_service.errors.answers import InvalidLevelError
from survey_service.errors.writing import NotADateError
from survey_service.maturity.answers import UNREADABLE, Answer
from tests.samples import tiny

TODAY = dt.date(2026, 3, 1)
THREE = Answer(level=3)
ACTION = Action(
    1,
    1,
    "A",
    Answer(level=2),
    THREE,
    None,
    "Bureau",
    TODAY,
    "planned",
    "",
    "",
    "alice",
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
)
COORDINATOR = Actor(7, "alice", "coordinator", 2, "alice")
TWO = tiny("two_dimensions")


def test_an_action_is_overdue_once_its_day_is_over_and_it_is_open() -> None:
    tomorrow = TODAY + dt.timedelta(days=1)

    assert not ACTION.is_overdue(TODAY)
    assert ACTION.is_overdue(tomorrow)
    assert not structs.replace(ACTION, due=None).is_overdue(tomorrow)
    assert not structs.replace(ACTION, state="done").is_overdue(tomorrow)


def test_the_same_step_is_one_action_while_it_is_open() -> None:
    other = structs.replace(ACTION, id=2, notes="again")

    assert other.repeats(ACTION)
    assert not other.repeats(structs.replace(ACTION, state="dropped"))
    assert not structs.replace(other, after=Answer(level=4)).repeats(ACTION)


def test_a_person_takes_the_place_of_a_role() -> None:
    after = changed(ACTION, Change(THREE, owner_id=7, owner="Bureau", state="started"))

    assert (after.owner_id, after.owner, after.state) == (7, "", "started")


def test_who_drops_an_action_says_why_and_it_is_forgotten_when_it_goes_on() -> None:
    with pytest.raises(WhyDroppedError):
        changed(ACTION, Change(THREE, state="dropped", reason=" "))

    dropped = changed(ACTION, Change(THREE, state="dropped", reason="No money."))
    again = changed(dropped, Change(THREE, reason="No money."))

    assert dropped.reason == "No money."
    assert (again.state, again.reason) == ("planned", "")


@pytest.mark.parametrize("day", [dt.date(1999, 12, 31), dt.date(9999, 12, 31)])
def test_a_day_is_one_to_work_towards(day: dt.date) -> None:
    with pytest.raises(NotADateError):
        changed(ACTION, Change(THREE, due=day))


def test_what_is_nobodys_is_for_who_coordinates_the_organisation() -> None:
    own = structs.replace(ACTION, owner_id=7)

    assert is_for(COORDINATOR, own, {3})
    assert is_for(COORDINATOR, ACTION, {2})
    assert not is_for(COORDINATOR, ACTION, {3})
    assert not is_for(COORDINATOR, structs.replace(ACTION, owner_id=8), {2})
    assert not is_for(structs.replace(COORDINATOR, role="respondent"), ACTION, {2})


def test_an_action_aims_at_an_answer_that_is_there() -> None:
    require_target(TWO, "A", THREE)

    with pytest.raises(NoTargetError):
        require_target(TWO, "A", Answer(not_applicable="no such thing here"))
    with pytest.raises(InvalidLevelError):
        require_target(TWO, "A", Answer(level=9))


@pytest.mark.parametrize(
    ("own", "checked", "became"),
    [
        (None, None, "unanswered"),
        (Answer(not_applicable="closed"), None, "not_asked"),
        (Answer(level=2), None, "missed"),
        (Answer(level=2), Answer(level=3), "missed"),
        (Answer(level=3), None, "reached"),
        (Answer(level=4), Answer(level=3), "verified"),
        (Answer(level=4), Answer(level=2), "not_confirmed"),
        (Answer(level=4), Answer(not_applicable="closed"), "not_confirmed"),
    ],
)
def test_what_became_of_an_action_goes_by_the_later_answers(
    own: Answer | None, checked: Answer | None, became: Outcome
) -> None:
    assert outcome(TWO, "A", THREE, own, checked) == became


def test_an_aim_that_is_damaged_is_reached_by_nothing() -> None:
    assert outcome(TWO, "A", UNREADABLE, THREE, None) == "missed"
