"""An assessment on paper: everything asked, as it was answered, with what supports it."""

from collections.abc import Mapping

from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.evidence import Evidence
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, view
from survey_service.store.database import Reader


class Filled(Struct, frozen=True):
    """An assessment with the evidence attached to each answer, by indicator code."""

    sheet: Sheet
    evidence: Mapping[str, list[Evidence]]


def load(tx: Reader, actor: Actor, assessment_id: int) -> Filled:
    """Return everything that an assessment on paper shows.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    attached = evidence.by_indicator(tx, assessment_id)
    left = {
        code: [one for one in attached[code] if one.removed_at is None]
        for code in sheet.questionnaire.indicators
    }
    return Filled(sheet, left)
