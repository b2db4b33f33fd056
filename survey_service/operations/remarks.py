"""Remarking on an assessment, pointing out what to mend, objecting, and resolving any of these."""

from typing import get_args

from msgspec import structs

from survey_service import clock
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage, allowed, at_work
from survey_service.conduct.remarks import Audience, Kind, Outcome, Remark
from survey_service.errors import NotFoundError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.review import AnswerRequiredError, WrongStateError
from survey_service.operations import audit, notices
from survey_service.operations.assessments import asked
from survey_service.store import assessments, remarks
from survey_service.store.database import Reader, Writer


def comment(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    indicator: str | None,
    text: str,
    to: int = 0,
    *,
    shared: bool = False,
) -> Remark:
    """Comment on an indicator, or on the whole; what the team says stays with it unless `shared`.

    Who is mentioned, as `@Name` or by the id `to`, is told, if they are to see it.

    The same at once again is the same comment.

    Raises:
        WrongStateError: The assessment is final: there is nothing left to talk about.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "comment", owner=assessment.organisation.id)
    if assessment.state == "final":
        raise WrongStateError(state=assessment.state, step="comment")
    named = (f"@{one.name} " for one in notices.mentionable(tx, assessment) if one.id == to)
    private = actor.is_team(assessment.organisation.id) and not shared
    audience: Audience = "team" if private else "all"
    said = next(named, "") + text
    return _add(tx, actor, assessment, "comment", indicator, said, audience)


def object_to(
    tx: Writer, actor: Actor, assessment_id: int, indicator: str | None, text: str
) -> Remark:
    """Object, for the agency, to what the evaluators announced.

    Raises:
        WrongStateError: Nothing was announced, or it is final.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "object", owner=assessment.organisation.id)
    if assessment.state != "objection":
        raise WrongStateError(state=assessment.state, step="object")
    return _add(tx, actor, assessment, "objection", indicator, text)


def point_out(
    tx: Writer, actor: Actor, assessment_id: int, indicator: str | None, text: str
) -> Remark:
    """Write down what is to be mended; the agency gets it when the assessment is returned.

    Raises:
        WrongStateError: Nobody is checking it.
        ForbiddenError: The actor is none of those who check it now.
    """
    assessment, stage = _checked(tx, actor, assessment_id)
    audience: Audience = "internal" if stage == "internal" else "external"
    return _add(tx, actor, assessment, "point", indicator, text, audience)


def take_back(tx: Writer, actor: Actor, assessment_id: int, remark_id: int) -> None:
    """Take back a point that the agency was not given yet.

    Raises:
        NotFoundError: There is no such point for this actor.
        SurveyError: See `point_out`.
    """
    _, stage = _checked(tx, actor, assessment_id)
    before = _fetch(tx, actor, assessment_id, remark_id)
    if before.audience != stage:
        raise NotFoundError(remark=remark_id)
    remarks.remove(tx, remark_id)
    audit.record_about(tx, actor, "remark.remove", assessment_id, before.place, before=before)


def give(tx: Writer, actor: Actor, assessment_id: int, stage: Stage) -> int:
    """Give the agency the points that were written down at a stage; return how many there are."""
    written = [one for one in remarks.remarks(tx, assessment_id, _of_stage(stage)) if one.is_open]
    for one in written:
        given = structs.replace(one, audience="all")
        remarks.save(tx, given)
        audit.record_about(
            tx, actor, "remark.point", assessment_id, given.place, before=one, after=given
        )
    return len(written)


def resolve(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    remark_id: int,
    answer: str,
    outcome: Outcome | None = None,
) -> Remark:
    """Resolve a remark; an objection is for the evaluators to answer.

    Raises:
        NotFoundError: There is no such remark for this actor.
        AnswerRequiredError: An objection is resolved, or a point declined, without a word.
        ResolvedError: It was resolved before.
        WrongOutcomeError: The outcome is none for such a remark.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    before = _fetch(tx, actor, assessment_id, remark_id)
    if before.kind == "point" and before.audience != "all":
        raise NotFoundError(remark=remark_id)
    objection = before.kind == "objection"
    require(actor, "settle" if objection else "comment", owner=assessment.organisation.id)
    if (objection or outcome == "declined") and is_blank(answer):
        raise AnswerRequiredError(remark=remark_id)
    resolved = before.resolve(answer, actor.name, clock.now(), outcome)
    remarks.save(tx, resolved)
    audit.record_about(
        tx, actor, "remark.resolve", assessment_id, before.place, before=before, after=resolved
    )
    return resolved


def _fetch(tx: Reader, actor: Actor, assessment_id: int, remark_id: int) -> Remark:
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    audiences = actor.audiences(assessment.organisation.id)
    found = remarks.fetch(tx, assessment_id, remark_id, audiences)
    if found is None:
        raise NotFoundError(remark=remark_id)
    return found


def _checked(tx: Reader, actor: Actor, assessment_id: int) -> tuple[Assessment, Stage]:
    """Return an assessment that the actor checks now, and at which stage."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    owner = assessment.organisation.id
    require(actor, "return", owner=owner)
    assessment.require_going_on()
    stage = at_work(assessment.state)
    if stage is None or "return" not in allowed(assessment.state):
        raise WrongStateError(state=assessment.state, step="return")
    require(actor, "return", owner=owner, stage=stage)
    return assessment, stage


def _of_stage(stage: Stage) -> tuple[Audience, ...]:
    return tuple(one for one in get_args(Audience) if one == stage)


def list_all(
    tx: Reader, actor: Actor, assessment_id: int, *, after: int, limit: int
) -> list[Remark]:
    """Return the remarks on an assessment, oldest first."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    audiences = actor.audiences(assessment.organisation.id)
    return remarks.remarks(tx, assessment_id, audiences, after=after, limit=limit)


def _add(
    tx: Writer,
    actor: Actor,
    assessment: Assessment,
    kind: Kind,
    indicator: str | None,
    text: str,
    audience: Audience = "all",
) -> Remark:
    if indicator is not None and indicator not in asked(tx, assessment).indicators:
        raise UnknownIndicatorError(indicator=indicator, questionnaire=assessment.reference)
    made = Remark(0, kind, indicator, text, actor.name, clock.now(), audience=audience)
    for before in remarks.remarks(tx, assessment.id, actor.audiences(assessment.organisation.id)):
        if made.repeats(before):
            return before
    added = remarks.add(tx, assessment.id, made)
    audit.record_about(tx, actor, f"remark.{kind}", assessment.id, added.place, after=added)
    notices.tell_mentioned(tx, actor, assessment, added)
    return added
