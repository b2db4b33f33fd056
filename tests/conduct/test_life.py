"""The life of an assessment, walked in every order that hypothesis can think of."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import structs

from survey_service.conduct.assessment import Assessment, InCycle, Organisation
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.life import (
    STAGES,
    STATES,
    STEPS,
    Moved,
    Stage,
    State,
    Step,
    after,
    at_work,
    hidden,
    overlaid,
    settled,
    standing,
    working,
)
from survey_service.errors.answers import ClosedError
from survey_service.errors.review import WrongStateError

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
WHOLE_YEAR = Window(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
ALLOWED: dict[State, set[Step]] = {
    "draft": {"submit"},
    "submitted": {"withdraw", "begin"},
    "internal_review": {"return", "pass_on"},
    "returned": {"submit"},
    "external_evaluation": {"return", "announce", "finalise"},
    "objection": {"finalise"},
    "final": {"reopen"},
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_allows_its_steps_and_no_others(state: State) -> None:
    for step in STEPS:
        if step in ALLOWED[state]:
            assert after(step, state) in STATES
        else:
            with pytest.raises(WrongStateError):
                after(step, state)


def test_without_an_inspectorate_the_evaluators_begin() -> None:
    stages: tuple[Stage, ...] = ("self", "external")

    assert after("begin", "submitted", stages) == "external_evaluation"
    assert working("begin", "submitted", stages) == "external"
    assert working("begin", "submitted") == "internal"
    assert working("return", "external_evaluation") == "external"


def test_a_later_stage_stands_over_those_before() -> None:
    scores: dict[Stage, dict[str, int]] = {
        "self": {"A": 4, "B": 4, "C": 4},
        "internal": {"A": 3, "B": 3},
        "external": {"A": 2},
    }

    assert overlaid(scores, "self") == {"A": 4, "B": 4, "C": 4}
    assert overlaid(scores, "internal") == {"A": 3, "B": 3, "C": 4}
    assert overlaid(scores, "final") == {"A": 2, "B": 3, "C": 4}


class Life(RuleBasedStateMachine):
    """One assessment, with or without an inspectorate, through any steps in any order."""

    @initialize(inspected=st.booleans())
    def begin(self, *, inspected: bool) -> None:
        windows: dict[Stage, Window] = {"self": WHOLE_YEAR, "external": WHOLE_YEAR}
        if inspected:
            windows["internal"] = WHOLE_YEAR
        cycle = InCycle(1, "2026", Calendar(windows, "Asia/Jakarta"))
        owner = Organisation(1, "Agency", "regency")
        self.one = Assessment(1, "x", "1", "d", owner, "draft", AT, cycle=cycle)
        self.path: list[Step] = []

    @rule(step=st.sampled_from(STEPS))
    def take(self, step: Step) -> None:
        before = self.one
        if step in ALLOWED[before.state]:
            self.one = before.taken(step, AT)
            self.path.append(step)
        else:
            with pytest.raises(WrongStateError):
                before.taken(step, AT)

    @rule(stage=st.sampled_from(STAGES))
    def score(self, stage: Stage) -> None:
        if at_work(self.one.state) == stage:
            self.one.require_open(stage, AT)
        else:
            with pytest.raises(ClosedError):
                self.one.require_open(stage, AT)

    @precondition(lambda self: self.path)
    @invariant()
    def what_was_handed_in_says_when(self) -> None:
        waiting = {"submitted", "internal_review", "external_evaluation", "objection", "final"}
        if self.one.state in waiting:
            assert self.one.submitted_at == AT

    @precondition(lambda self: self.path)
    @invariant()
    def reopening_stays_visible(self) -> None:
        assert self.one.reopened == self.path.count("reopen")

    @invariant()
    def nobody_is_final_unevaluated(self) -> None:
        if getattr(self, "one", None) is not None and self.one.state == "final":
            assert self.path[-1] == "finalise"

    @invariant()
    def the_stage_that_stands_is_given_out(self) -> None:
        if getattr(self, "one", None) is not None:
            assert standing(self.one.state) not in hidden(self.one.state)

    @invariant()
    def an_inspectorate_checks_if_there_is_one(self) -> None:
        if getattr(self, "one", None) is None or "internal" in self.one.stages:
            return
        assert self.one.state != "internal_review"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=200, stateful_step_count=30)


@pytest.mark.parametrize(
    ("state", "stages"),
    [
        ("draft", ()),
        ("returned", ()),  # it is answered again
        ("submitted", ("self",)),
        ("internal_review", ("self",)),
        ("external_evaluation", ("self", "internal")),
        ("objection", ("self", "internal", "external")),
        ("final", ("self", "internal", "external", "final")),
    ],
)
def test_results_stand_of_the_stages_that_are_over(state: State, stages: tuple[Stage, ...]) -> None:
    assert settled(state) == stages
    assert not set(stages) & hidden(state)  # what stands is given out


def test_a_step_tells_no_result_that_its_reader_may_not_see() -> None:
    moved = Moved(6, "pass_on", "internal_review", "external_evaluation", "ina", AT)
    internal = structs.replace(moved, stage="internal", index=Decimal(3), grade="good")
    final = structs.replace(internal, stage="final")

    own: tuple[Stage, ...] = ("self",)

    assert internal.seen_by((*own, "internal")) == internal
    assert internal.seen_by(own) == moved
    assert final.seen_by(own) == final  # it was given out
    assert moved.seen_by(()) == moved
