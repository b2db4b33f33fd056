"""Finding questions of an assessment."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.finding import Mark, Question, found
from survey_service.operations import filling
from survey_service.operations.assessments import Sheet
from survey_service.operations.filling import Annotations
from survey_service.operations.responses import comparisons
from survey_service.store.database import Reader


class Findings(Struct, frozen=True):
    """The assessment, and the questions that were found, in its order."""

    sheet: Sheet
    questions: list[Question]


def find(
    tx: Reader, actor: Actor, assessment_id: int, words: str, marks: Collection[Mark]
) -> Findings:
    """Return the questions of an assessment that have all the words and all the marks.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    loaded = filling.load(tx, actor, assessment_id)
    sheet = loaded.sheet
    differing = {one.indicator for one in comparisons(sheet) if one.differs}
    questions = [
        Question(
            indicator,
            sheet.responses[code].note if code in sheet.responses else "",
            frozenset(_marks(actor, sheet, code, loaded.annotations[code], differing)),
        )
        for code, indicator in sheet.questionnaire.indicators.items()
    ]
    return Findings(sheet, found(sheet.questionnaire, questions, words, marks))


def _marks(
    actor: Actor, sheet: Sheet, code: str, beside: Annotations, differing: Collection[str]
) -> Iterator[Mark]:
    """Yield how a question stands."""
    if code in sheet.to_confirm:
        yield "to_confirm"
    elif code in sheet.unanswered:
        yield "unanswered"
    if beside.assigned is not None and beside.assigned.person_id == actor.id:
        yield "mine"
    if code in sheet.confirmed and not beside.attached:
        yield "without_evidence"
    if beside.is_to_mend:
        yield "returned"
    if code in differing:
        yield "differs"
