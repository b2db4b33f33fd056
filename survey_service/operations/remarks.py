"""Remarking on an assessment, objecting to what was announced, and resolving either."""

from survey_service import clock
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.remarks import Kind, Remark
from survey_service.errors import (
    AnswerRequiredError,
    NotFoundError,
    UnknownIndicatorError,
    WrongStateError,
)
from survey_service.operations import audit, notices
from survey_service.operations.assessments import asked
from survey_service.store import assessments, remarks
from survey_service.store.database import Reader, Writer


def comment(
    tx: Writer, actor: Actor, assessment_id: int, indicator: str | None, text: str, to: int = 0
) -> Remark:
    """Comment on an indicator, or on the whole; who is mentioned, as `@Name` or by the id `to`, is told.

    Raises:
        WrongStateError: The assessment is final: there is nothing left to talk about.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "comment", owner=assessment.organisation.id)
    if assessment.state == "final":
        raise WrongStateError(state=assessment.state, step="comment")
    named = (f"@{one.name} " for one in notices.mentionable(tx, assessment) if one.id == to)
    return _add(tx, actor, assessment, "comment", indicator, next(named, "") + text)


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


def resolve(tx: Writer, actor: Actor, assessment_id: int, remark_id: int, answer: str) -> Remark:
    """Resolve a remark; an objection is for the evaluators to answer.

    Raises:
        NotFoundError: There is no such remark for this actor.
        AnswerRequiredError: An objection is to be resolved without an answer.
        ResolvedError: It was resolved before.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    before = remarks.fetch(tx, assessment_id, remark_id)
    if before is None:
        raise NotFoundError(remark=remark_id)
    objection = before.kind == "objection"
    require(actor, "settle" if objection else "comment", owner=assessment.organisation.id)
    if objection and is_blank(answer):
        raise AnswerRequiredError(remark=remark_id)
    resolved = before.resolve(answer, actor.name, clock.now())
    remarks.save(tx, resolved)
    below = f"remarks/{remark_id}"
    audit.record_about(
        tx, actor, "remark.resolve", assessment_id, below, before=before, after=resolved
    )
    return resolved


def list_all(
    tx: Reader, actor: Actor, assessment_id: int, *, after: int, limit: int
) -> list[Remark]:
    """Return the remarks on an assessment, oldest first."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    return remarks.remarks(tx, assessment_id, after=after, limit=limit)


def _add(
    tx: Writer,
    actor: Actor,
    assessment: Assessment,
    kind: Kind,
    indicator: str | None,
    text: str,
) -> Remark:
    if indicator is not None and indicator not in asked(tx, assessment).indicators:
        raise UnknownIndicatorError(indicator=indicator, questionnaire=assessment.reference)
    made = Remark(0, kind, indicator, text, actor.name, clock.now())
    added = remarks.add(tx, assessment.id, made)
    below = f"remarks/{added.id}"
    audit.record_about(tx, actor, f"remark.{kind}", assessment.id, below, after=added)
    notices.tell_mentioned(tx, actor, assessment, indicator, text)
    return added
