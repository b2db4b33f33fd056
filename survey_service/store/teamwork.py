"""Who is to answer what in an assessment, and what is ready to be checked."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.teamwork import Assignment, Ready
from survey_service.store.database import Reader, Writer
from survey_service.store.people import in_team
from survey_service.store.tables import assessment, assignment, person, ready

_READY = tuple(ready.c[field] for field in Ready.__struct_fields__)
_READIES = sa.select(*_READY).where(ready.c.assessment_id == sa.bindparam("assessment"))
_ASSIGNMENTS = (
    sa.select(
        assignment.c.code,
        assignment.c.person_id,
        person.c.name,
        ~in_team(assessment.c.organisation_id),
    )
    .join_from(assignment, person)
    .join(assessment, assessment.c.id == assignment.c.assessment_id)
    .where(assignment.c.assessment_id == sa.bindparam("assessment"))
)


def assignments(tx: Reader, assessment_id: int) -> dict[str, Assignment]:
    """Return the assignments of an assessment by code."""
    rows = tx.execute(_ASSIGNMENTS, {"assessment": assessment_id})
    return {row.code: Assignment(*row) for row in rows}


def assign(tx: Writer, assessment_id: int, code: str, person_id: int | None) -> None:
    """Assign a node or indicator to a person, or to nobody."""
    one = sa.and_(assignment.c.assessment_id == assessment_id, assignment.c.code == code)
    tx.execute(sa.delete(assignment).where(one))
    if person_id is not None:
        values = {"assessment_id": assessment_id, "code": code, "person_id": person_id}
        tx.execute(sa.insert(assignment).values(values))


def readies(tx: Reader, assessment_id: int) -> dict[str, Ready]:
    """Return what was called ready in an assessment, by indicator."""
    rows = tx.execute(_READIES, {"assessment": assessment_id})
    return {row.indicator: Ready(*row) for row in rows}


def mark(tx: Writer, assessment_id: int, marked: Ready) -> None:
    """Keep that a response is ready, instead of what was kept of it before."""
    unmark(tx, assessment_id, marked.indicator)
    tx.execute(sa.insert(ready).values(assessment_id=assessment_id, **structs.asdict(marked)))


def unmark(tx: Writer, assessment_id: int, indicator: str) -> None:
    """Forget that a response was ready."""
    one = sa.and_(ready.c.assessment_id == assessment_id, ready.c.indicator == indicator)
    tx.execute(sa.delete(ready).where(one))
