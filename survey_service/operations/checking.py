"""Looking at what an agency answered, beside its evidence and what was scored before."""

from msgspec import Struct

from survey_service.conduct.access import Actor, may
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Stage, allowed, at_work
from survey_service.conduct.remarks import Remark
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, view
from survey_service.store import remarks
from survey_service.store.database import Reader


class Review(Struct, frozen=True):
    """An assessment on somebody's review, with the evidence and the remarks on each indicator.

    `stage` is the one whose scores they give now, and `unchecked` what it has still to look at;
    without one there is only to read. Whoever `may_return` it writes down points to mend.
    """

    sheet: Sheet
    evidence: dict[str, list[Evidence]]
    remarks: dict[str, list[Remark]]
    stage: Stage | None
    unchecked: list[str]
    may_return: bool = False
    may_settle: bool = False


def load(tx: Reader, actor: Actor, assessment_id: int) -> Review:
    """Return an assessment as it lies on an actor's review."""
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    found = evidence.attached(tx, assessment_id)
    remarked: dict[str, list[Remark]] = {}
    for remark in remarks.remarks(tx, assessment_id, actor.audiences(assessment.organisation.id)):
        remarked.setdefault(remark.indicator or "", []).append(remark)
    stage, owner = at_work(assessment.state), assessment.organisation.id
    if stage in {None, "self"} or not may(actor, "answer", owner=owner, stage=stage):
        return Review(sheet, found, remarked, None, [])
    returning = "return" in allowed(assessment.state) and assessment.goes_on
    return Review(
        sheet,
        found,
        remarked,
        stage,
        sheet.unchecked(stage),
        returning and may(actor, "return", owner=owner, stage=stage),
        assessment.goes_on and may(actor, "settle", owner=owner),
    )
