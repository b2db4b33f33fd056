"""What waits for whom: the task that an assessment is to somebody at the time, and by when."""

import datetime as dt
from typing import Literal

from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage, at_work, working

Task = Literal["answer", "mend", "begin", "check", "object", "settle"]
"""To answer, to mend what was returned, to begin checking and to check, to object, to settle that."""


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
