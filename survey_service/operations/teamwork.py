"""Sharing the work on an assessment: who answers which part, and what is ready to be checked."""

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.teamwork import Assignment, Leaver, Ready, assignees, leavers
from survey_service.errors import NotFoundError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.operations import audit, notices
from survey_service.operations.assessments import asked
from survey_service.store import assessments, people, responses, teamwork
from survey_service.store.database import Reader, Writer


class Work(Struct, frozen=True):
    """Who does what, as it was assigned and as it follows for each indicator, and what is ready."""

    assignments: list[Assignment]
    assignees: dict[str, Assignment]
    ready: list[Ready]
    leavers: list[Leaver]


def assign(
    tx: Writer, actor: Actor, assessment_id: int, code: str, person_id: int | None
) -> Assignment | None:
    """Assign a node or indicator to one of the organisation's people, or to nobody.

    Raises:
        UnknownIndicatorError: Nothing in the questionnaire has this code.
        NotFoundError: Nobody of the organisation has this id.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    owner = assessment.organisation.id
    require(actor, "assign", owner=owner)
    assessment.require_open("self", clock.now())
    if code not in asked(tx, assessment).things:
        raise UnknownIndicatorError(indicator=code, questionnaire=assessment.reference)
    _require_colleague(tx, owner, person_id)
    return _assign(tx, actor, assessment, code, person_id)


def reassign(
    tx: Writer, actor: Actor, assessment_id: int, person_id: int, successor_id: int | None
) -> list[Assignment]:
    """Assign all that is assigned to a person to another one, or to nobody; return what that was.

    Raises:
        NotFoundError: Nothing is assigned to the person, or nobody of the organisation is the successor.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    owner = assessment.organisation.id
    require(actor, "assign", owner=owner)
    assessment.require_open("self", clock.now())
    _require_colleague(tx, owner, successor_id)
    assigned = teamwork.assignments(tx, assessment_id).values()
    theirs = [one.code for one in assigned if one.person_id == person_id]
    if not theirs:
        raise NotFoundError(person=person_id)
    found = (_assign(tx, actor, assessment, code, successor_id) for code in theirs)
    return [one for one in found if one is not None]


def _require_colleague(tx: Reader, owner: int, person_id: int | None) -> None:
    if person_id is not None and people.colleague(tx, owner, person_id) is None:
        raise NotFoundError(person=person_id)


def _assign(
    tx: Writer, actor: Actor, assessment: Assessment, code: str, person_id: int | None
) -> Assignment | None:
    before = teamwork.assignments(tx, assessment.id).get(code)
    teamwork.assign(tx, assessment.id, code, person_id)
    after = teamwork.assignments(tx, assessment.id).get(code)
    below = f"assignments/{code}"
    audit.record_about(tx, actor, "part.assign", assessment.id, below, before=before, after=after)
    if person_id is not None and before != after:
        notices.tell_assigned(tx, actor, assessment, code, person_id)
    return after


def mark_ready(
    tx: Writer, actor: Actor, assessment_id: int, indicator: str, *, ready: bool
) -> Ready | None:
    """Call the answer to an indicator ready for check, as it is now; or take that back.

    Raises:
        NotFoundError: The indicator is not answered.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "ready", owner=assessment.organisation.id)
    now = clock.now()
    assessment.require_open("self", now)
    response = responses.current(tx, assessment_id, indicator)
    if response is None or not response.counts:
        raise NotFoundError(indicator=indicator)
    before = teamwork.readies(tx, assessment_id).get(indicator)
    marked = Ready(indicator, response.revision, actor.name, now) if ready else None
    if marked is not None:
        teamwork.mark(tx, assessment_id, marked)
    else:
        teamwork.unmark(tx, assessment_id, indicator)
    below = f"ready/{indicator}"
    audit.record_about(
        tx, actor, "response.ready", assessment_id, below, before=before, after=marked
    )
    return marked


def work(tx: Reader, actor: Actor, assessment_id: int) -> Work:
    """Return who does what in an assessment, and which answers are ready as they are now."""
    assessment: Assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    assigned = teamwork.assignments(tx, assessment_id)
    found = responses.responses(tx, assessment_id)
    ready = [
        one
        for one in teamwork.readies(tx, assessment_id).values()
        if one.indicator in found and found[one.indicator].revision == one.revision
    ]
    given = list(assigned.values())
    return Work(given, assignees(asked(tx, assessment), assigned), ready, leavers(given))
