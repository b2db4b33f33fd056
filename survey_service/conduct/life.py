"""Life of an assessment: the states it goes through, and what is allowed in each.

    draft → submitted → internal_review → external_evaluation → (objection) → final

The inspectorate and the ministry can return it to the agency with points to mend (`returned`, which
is a draft with points to answer), and what is final can be reopened. Where a cycle has no
inspectorate, what is submitted goes to the evaluators at once. Who may take which step is
`access`'s to say; scores of a stage stay beside those of the others, whatever happens.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Literal, TypeVar, get_args

from msgspec import Struct, structs

from survey_service.errors.review import WrongStateError

T = TypeVar("T")

Stage = Literal["self", "internal", "external", "final"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""Whose score it is: the agency's, its inspectorate's, the ministry's, and the one that stands."""

State = Literal[
    "draft",
    "submitted",
    "internal_review",
    "returned",
    "external_evaluation",
    "objection",
    "final",
]
STATES: tuple[State, ...] = get_args(State)

Step = Literal["submit", "withdraw", "begin", "return", "pass_on", "announce", "finalise", "reopen"]
STEPS: tuple[Step, ...] = get_args(Step)

_STEPS: Mapping[Step, Mapping[State, State]] = {
    "submit": {"draft": "submitted", "returned": "submitted"},
    "withdraw": {"submitted": "draft"},
    "begin": {"submitted": "internal_review"},
    "return": {"internal_review": "returned", "external_evaluation": "returned"},
    "pass_on": {"internal_review": "external_evaluation"},
    "announce": {"external_evaluation": "objection"},
    "finalise": {"external_evaluation": "final", "objection": "final"},
    "reopen": {"final": "external_evaluation"},
}
_AT_WORK: Mapping[State, Stage] = {
    "draft": "self",
    "returned": "self",
    "internal_review": "internal",
    "external_evaluation": "external",
    "objection": "external",
}
_STANDING: Mapping[State, Stage] = {
    "external_evaluation": "internal",
    "objection": "external",
    "final": "final",
}


class Moved(Struct, frozen=True):
    """A step that was taken: from which state to which, by whom, when, and why.

    To take over master data (`take_over`) leads to no other state, and is kept among the steps. With
    the `stage` whose result stood afterwards comes its index and grade, by code; None where none did,
    or none that the reader may see. `digest` is that of what was handed in; see `receipts`.
    """

    number: int
    step: Step | Literal["take_over"]
    before: State
    after: State
    author: str
    at: dt.datetime
    reason: str = ""
    stage: Stage | None = None
    index: Decimal | None = None
    grade: str | None = None
    digest: str | None = None

    def seen_by(self, stages: Collection[Stage]) -> "Moved":
        """Return the step without the result of a stage whose scores a reader may not see.

        The organisation's own result and a final one were never kept back from anybody.
        """
        if self.stage in {None, "self", "final", *stages}:
            return self
        return structs.replace(self, stage=None, index=None, grade=None)


def after(step: Step, state: State, stages: Collection[Stage] = STAGES) -> State:
    """Return the state that a step leads to.

    Args:
        step: What somebody is about to do.
        state: Where the assessment stands.
        stages: Those that the assessment goes through.

    Raises:
        WrongStateError: The state does not allow the step.
    """
    found = _STEPS[step].get(state)
    if found is None:
        raise WrongStateError(state=state, step=step)
    if found == "internal_review" and "internal" not in stages:
        return "external_evaluation"
    return found


def allowed(state: State) -> tuple[Step, ...]:
    """Return the steps that a state allows, whoever may take them."""
    return tuple(step for step in STEPS if state in _STEPS[step])


def at_work(state: State) -> Stage | None:
    """Return the stage whose scores are being given in a state; None where none may be."""
    return _AT_WORK.get(state)


def working(step: Step, state: State, stages: Collection[Stage] = STAGES) -> Stage | None:
    """Return the stage whose people take a step; None where it is of no stage.

    SetupStep is done by those who then score, and all else by those who score at the time.
    """
    if step == "begin":
        return "internal" if "internal" in stages else "external"
    return at_work(state)


def hidden(state: State) -> frozenset[Stage]:
    """Return the stages whose scores only those who give them see as yet."""
    if state == "internal_review":
        return frozenset({"internal", "external"})
    return frozenset({"external"}) if state == "external_evaluation" else frozenset()


def standing(state: State) -> Stage:
    """Return the stage whose scores are the assessment's in a state."""
    return _STANDING.get(state, "self")


def settled(state: State) -> tuple[Stage, ...]:
    """Return the stages whose results stand in a state: those up to `standing`, once handed in."""
    if at_work(state) == "self":
        return ()
    return STAGES[: STAGES.index(standing(state)) + 1]


def overlaid(by_stage: Mapping[Stage, Mapping[str, T]], stage: Stage) -> dict[str, T]:
    """Return what stands at a stage, by indicator code: its own over that of the stages before."""
    found: dict[str, T] = {}
    for each in STAGES[: STAGES.index(stage) + 1]:
        found |= by_stage.get(each, {})
    return found
