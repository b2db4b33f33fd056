"""Whose actions are: of the organisation in whose assessment they were planned, and of what follows it."""

from msgspec import Struct

from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.operations.assessments import Sheet, asked, view
from survey_service.store import assessments, successions
from survey_service.store.database import Reader


class Place(Struct, frozen=True):
    """The assessment in which actions were planned, and the organisation whose they are for a reader.

    That is the one that the assessment is of, or since a merger, split or renaming the reader's own.
    `seen` is whether they may read the assessment itself; where not, the sheet has no answers.
    """

    sheet: Sheet
    owner: int
    seen: bool


def placed(tx: Reader, actor: Actor, assessment_id: int) -> Place:
    """Return where actions were planned that the actor may read.

    Raises:
        NotFoundError: There is no such assessment of what the actor sees, or of what that follows.
    """
    if not assessments.is_visible(tx, assessment_id, actor):
        assessment = assessments.inherited(tx, assessment_id, actor)
        owner = _owner(tx, actor, assessment)
        require(actor, "read", owner=owner)
        return Place(Sheet(assessment, asked(tx, assessment), {"self": {}}), owner, seen=False)
    sheet = view(tx, actor, assessment_id)
    return Place(sheet, _owner(tx, actor, sheet.assessment), seen=True)


def _owner(tx: Reader, actor: Actor, assessment: Assessment) -> int:
    before = assessment.organisation.id
    own = actor.organisation_id
    return own if before in successions.predecessors(tx, own) else before
