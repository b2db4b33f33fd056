"""Giving one participant of a cycle more time, with a reason that stays."""

import datetime as dt

from msgspec import Struct

from survey_service import clock
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Extension
from survey_service.conduct.life import Stage
from survey_service.errors import NotFoundError
from survey_service.errors.review import StepReasonError, WrongStateError
from survey_service.operations import audit
from survey_service.operations.cycles import Planned, plannable, view
from survey_service.store import assessments, cycles
from survey_service.store.database import Writer


class Wanted(Struct, frozen=True):
    """More time for an organisation at a stage: until which day, and why."""

    organisation_id: int
    until: dt.date
    reason: str
    stage: Stage = "self"


def extend(tx: Writer, actor: Actor, cycle_id: int, wanted: Wanted) -> Planned:
    """Give a participant more time at a stage; what it was given there before is replaced.

    Raises:
        NotFoundError: There is no such cycle or participant for this actor.
        ForbiddenError: The actor may not change the cycle.
        WrongStateError: The cycle is not open.
        StepReasonError: No reason is given.
        MoreTimeError: The day gives no more time.
    """
    before = plannable(tx, actor, cycle_id)
    if wanted.organisation_id not in before.participants:
        raise NotFoundError(organisation=wanted.organisation_id)
    if before.state != "open":
        raise WrongStateError(state=before.state, step="extend")
    if is_blank(wanted.reason):
        raise StepReasonError
    now, whose = clock.now(), wanted.organisation_id
    before.calendar.require_more(wanted.stage, wanted.until, now)
    given = Extension(whose, wanted.stage, wanted.until, wanted.reason, actor.name, now)
    known = _known(before, given)
    if known is not None:
        cycles.forget_extension(tx, cycle_id, known)
    cycles.extend(tx, cycle_id, given)
    _record(tx, actor, cycle_id, known, given)
    return view(tx, actor, cycle_id)


def _known(planned: Planned, given: Extension) -> Extension | None:
    whose = (given.organisation_id, given.stage)
    same = [one for one in planned.extensions if (one.organisation_id, one.stage) == whose]
    return same[0] if same else None


def _record(
    tx: Writer, actor: Actor, cycle_id: int, before: Extension | None, after: Extension
) -> None:
    """Record that somebody has more time, in the trail of the assessment as well."""
    about = f"cycles/{cycle_id}/participants/{after.organisation_id}"
    opened = assessments.in_cycle(tx, cycle_id, after.organisation_id)
    audit.record(tx, actor, "cycle.extend", about, before=before, after=after, assessment_id=opened)
