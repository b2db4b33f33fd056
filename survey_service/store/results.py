"""Results of stages: stored when they come about, and read many at once."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.life import STAGES, STATES, Stage, standing
from survey_service.conduct.results import Outcome, Result
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import GOING_ON, assessment, cycle, result

RESULT = tuple(result.c[field] for field in Result.__struct_fields__)
_OUTCOME = tuple(result.c[field] for field in Outcome.__struct_fields__)
_OF_ONE = sa.select(*RESULT).where(result.c.assessment_id == sa.bindparam("assessment"))
_OF_MANY = sa.select(result.c.assessment_id, *_OUTCOME)


def standing_stage() -> sa.Case[Stage]:
    """Return the stage whose result is an assessment's, as a part of a query."""
    return sa.case({state: standing(state) for state in STATES}, value=assessment.c.state)


def of_assessment(tx: Reader, assessment_id: int) -> dict[Stage, Result]:
    """Return an assessment's results, by stage, in their order; those that are damaged left out."""
    rows = tx.execute(_OF_ONE, {"assessment": assessment_id})
    found = {row.stage: Result(*row) for row in rows}
    readable = {stage: one for stage, one in found.items() if not one.is_damaged}
    return {stage: readable[stage] for stage in STAGES if stage in readable}


def outcomes(tx: Reader, assessment_ids: Sequence[int]) -> dict[tuple[int, Stage], Outcome]:
    """Return what the results of assessments come to, by assessment and stage."""
    rows = tx.execute(_OF_MANY.where(result.c.assessment_id.in_(assessment_ids)))
    return {(row.assessment_id, row.stage): Outcome(*row[1:]) for row in rows}


def indicators(tx: Reader, cycle_id: int) -> dict[int, bytes]:
    """Return what every indicator of the results that stand in a cycle is worth, packed, by assessment.

    Of one that went on on another version it has other columns: it is left out.
    """
    query = sa.select(result.c.assessment_id, result.c.indicators).join_from(result, assessment)
    query = query.join(cycle, cycle.c.id == assessment.c.cycle_id).where(
        cycle.c.id == cycle_id,
        assessment.c.digest == cycle.c.digest,
        result.c.stage == standing_stage(),
        GOING_ON,
    )
    return {row.assessment_id: row.indicators for row in tx.execute(query)}


def add(tx: Writer, assessment_id: int, came_about: Result) -> None:
    """Store a result."""
    values = {"assessment_id": assessment_id, **structs.asdict(came_about)}
    tx.execute(sa.insert(result).values(values))


def remove(tx: Writer, assessment_id: int, stages: Collection[Stage]) -> None:
    """Remove the results of stages that are at work again."""
    gone = sa.and_(result.c.assessment_id == assessment_id, result.c.stage.in_(stages))
    tx.execute(sa.delete(result).where(gone))
