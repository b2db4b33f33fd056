"""Keeping count of how far an assessment's own answers are, in the transaction of each save."""

from msgspec import structs

from survey_service.conduct.assessment import Assessment
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
    code: str,
    before: Answer | None,
    after: Answer | None,
) -> None:
    """Count an answer that was saved in place of the one `before`.

    Args:
        tx: The transaction of the save.
        assessment: As it was before the save.
        questionnaire: As its organisation is asked it.
        code: The indicator.
        before: None while it was not answered.
        after: What was saved; None where the answer was taken back.
    """
    moved = change(questionnaire, code, before, after)
    if moved is None:
        now = counted(tx, assessment, questionnaire)
        if (now.answered, now.total) != (assessment.answered, assessment.total):
            assessments.save_progress(tx, assessment.id, now)
    elif moved != _NONE:
        assessments.advance(tx, assessment.id, moved)


def recount(tx: Writer, assessment: Assessment, questionnaire: Questionnaire) -> Assessment:
    """Count an assessment's answers anew; return it with what came out."""
    now = counted(tx, assessment, questionnaire)
    assessments.save_progress(tx, assessment.id, now)
    return structs.replace(assessment, answered=now.answered, total=now.total)


def counted(tx: Reader, assessment: Assessment, questionnaire: Questionnaire) -> Progress:
    """Return how far an assessment's answers are."""
    given = responses.answers(tx, assessment.id)
    return progress(questionnaire, given, assessment.organisation.profile)
