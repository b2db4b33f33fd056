"""What waits for whom: the task that an assessment is to somebody at the time, and by when."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage, State, at_work, working

Task = Literal[
    "answer",
    "mend",
    "submit",
    "begin",
    "check",
    "pass_on",
    "announce",
    "object",
    "settle",
    "finalise",
    "clarify",
]
"""What somebody is to do: to answer or mend, to check, to object or settle that; once nothing of it is
left, the step that follows; or to clarify what kind of organisation it is, where nothing is asked of it.
"""

_FOLLOWING: Mapping[State, Task] = {
    "draft": "submit",
    "returned": "submit",
    "internal_review": "pass_on",
    "external_evaluation": "announce",
    "objection": "finalise",
}


def task(actor: Actor, assessment: Assessment) -> Task | None:
    """Return what an assessment asks of an actor now; None where it is for others to go on."""
    if not assessment.goes_on:
        return None
    state, owner = assessment.state, assessment.organisation.id
    if state == "objection":
        if may(actor, "settle", owner=owner):
            return "settle"
        return "object" if may(actor, "object", owner=owner) else None
    if state == "submitted":
        stage = working("begin", state, assessment.stages)
        return "begin" if may(actor, "begin", owner=owner, stage=stage) else None
    stage = at_work(state)
    if stage is None or not may(actor, "answer", owner=owner, stage=stage):
        return None
    if stage == "self":
        return "mend" if state == "returned" else "answer"
    return "check"


def following(actor: Actor, assessment: Assessment) -> Task | None:
    """Return what an assessment asks of an actor of whose own task nothing is left.

    None where that is for others to do: who only answers does not hand in.
    """
    state, owner = assessment.state, assessment.organisation.id
    if state == "objection" and not may(actor, "settle", owner=owner):
        return "object"
    step = _FOLLOWING[state]
    return None if step == "submit" and not may(actor, "submit", owner=owner) else step


def is_late(assessment: Assessment, at: dt.datetime) -> bool:
    """Whether, at a moment, the stage's last day is over where the cycle is."""
    last = due(assessment)
    if last is None or assessment.cycle is None:
        return False
    zone = assessment.cycle.calendar.zone
    return at.astimezone(zone).date() > last


def due(assessment: Assessment) -> dt.date | None:
    """Return the last day of the stage that is at work, or is to begin; None where there is none."""
    if assessment.cycle is None:
        return None
    stage: Stage | None = at_work(assessment.state)
    if assessment.state == "submitted":
        stage = working("begin", assessment.state, assessment.stages)
    window = assessment.cycle.calendar.windows.get(stage) if stage else None
    return window.closes if window else None
