"""Keeping count of how far an assessment's own answers are, in the transaction of each save."""

from msgspec import structs

from survey_service.conduct.assessment import Assessment, Response
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.progress import Progress, change, progress
from survey_service.store import assessments, responses
from survey_service.store.database import Reader, Writer

_NONE = Progress()


def keep(
    tx: Writer,
    assessment: Assessment,
    questionnaire: Questionnaire,
    before: Response | None,
    saved: Response,
) -> None:
    """Count a response that was saved in place of the one `before`.

    Args:
        tx: The transaction of the save.
        assessment: As it was before the save.
        questionnaire: As its organisation is asked it.
        before: None while there was none.
        saved: What was saved.
    """
    carried = before is not None and before.carried_from is not None
    moved = change(questionnaire, saved.indicator, _given(before), _given(saved), carried=carried)
    if moved is None:
        now = counted(tx, assessment, questionnaire)
        if now != Progress(assessment.answered, assessment.total, assessment.to_confirm):
            assessments.save_progress(tx, assessment.id, now)
    elif moved != _NONE:
        assessments.advance(tx, assessment.id, moved)


def recount(tx: Writer, assessment: Assessment, questionnaire: Questionnaire) -> Assessment:
    """Count an assessment's answers anew; return it with what came out."""
    now = counted(tx, assessment, questionnaire)
    assessments.save_progress(tx, assessment.id, now)
    return structs.replace(assessment, **structs.asdict(now))


def counted(tx: Reader, assessment: Assessment, questionnaire: Questionnaire) -> Progress:
    """Return how far an assessment's answers are."""
    given = responses.answers(tx, assessment.id)
    carried = responses.carried(tx, [assessment.id]).get(assessment.id, ())
    return progress(questionnaire, given, assessment.organisation.profile, carried)


def _given(response: Response | None) -> Answer | None:
    """Return the answer of a response; None where there is none, or it was taken back."""
    return None if response is None or response.is_taken_back else response.answer
