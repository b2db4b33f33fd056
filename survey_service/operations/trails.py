"""The trail of an assessment as somebody reads it, also of one that was thrown away."""

from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.trail import Recorded
from survey_service.conduct.trail_search import Sought
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit, questionnaires
from survey_service.store import assessments, discarding
from survey_service.store.audit import Doer
from survey_service.store.database import Reader


class Trail(Struct, frozen=True):
    """Entries about an assessment, oldest first, and what they can be narrowed to.

    `doers` are all who did something, as far as the reader sees it. Of an assessment that is
    `discarded` nothing but the trail can be read.
    """

    assessment: Assessment
    questionnaire: Questionnaire
    entries: list[Recorded]
    doers: list[Doer]
    discarded: bool


def load(
    tx: Reader, actor: Actor, assessment_id: int, sought: Sought, *, after: int, limit: int
) -> Trail:
    """Return up to `limit` entries of a trail, with ids above `after`.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    found = audit.trail(tx, actor, assessment_id, sought, after=after, limit=limit)
    assessment = assessments.on_record(tx, assessment_id, visible_to=actor)
    discarded = discarding.fetch(tx, assessment_id, visible_to=actor)[2] is not None
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    doers = audit.doers(tx, actor, assessment)
    return Trail(assessment, questionnaire, found, doers, discarded)
