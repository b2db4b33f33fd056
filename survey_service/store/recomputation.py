"""Assessments as they follow one another, whoever may see them: for what looks after all of them."""

from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage
from survey_service.conduct.results import Result
from survey_service.maturity.progress import Progress
from survey_service.store.assessments import ANYBODYS, assessment_of
from survey_service.store.database import Reader
from survey_service.store.results import RESULT
from survey_service.store.tables import assessment, result, step


def some(tx: Reader, *, after: int, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments in the order of their ids, those above `after`."""
    query = ANYBODYS.where(assessment.c.id > after).order_by(assessment.c.id).limit(limit)
    return [assessment_of(row) for row in tx.execute(query)]


def uncounted(tx: Reader, *, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments from before results were stored, in the order of their ids."""
    query = ANYBODYS.where(assessment.c.total.is_(None)).order_by(assessment.c.id).limit(limit)
    return [assessment_of(row) for row in tx.execute(query)]


def counted(tx: Reader, assessment_ids: Sequence[int]) -> dict[int, Progress]:
    """Return how far assessments are said to be, by their ids; those that were counted."""
    columns = (
        assessment.c.id,
        assessment.c.answered,
        assessment.c.total,
        assessment.c.to_confirm,
    )
    known = assessment.c.id.in_(assessment_ids), assessment.c.total.is_not(None)
    rows = tx.execute(sa.select(*columns).where(*known))
    return {id_: Progress(*counted) for id_, *counted in rows}


def results_of_many(tx: Reader, assessment_ids: Sequence[int]) -> dict[int, dict[Stage, Result]]:
    """Return the results of assessments, by id and stage."""
    found: dict[int, dict[Stage, Result]] = {}
    query = sa.select(result.c.assessment_id, *RESULT)
    for id_, *fields in tx.execute(query.where(result.c.assessment_id.in_(assessment_ids))):
        one = Result(*fields)
        found.setdefault(id_, {})[one.stage] = one
    return found


def last_steps(tx: Reader, assessment_ids: Sequence[int]) -> dict[int, int]:
    """Return the number of the last step of assessments, by their ids; of those that took any."""
    query = sa.select(step.c.assessment_id, sa.func.max(step.c.number))
    taken = query.where(step.c.assessment_id.in_(assessment_ids)).group_by(step.c.assessment_id)
    return {row[0]: row[1] for row in tx.execute(taken)}
