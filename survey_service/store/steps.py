"""The steps in the life of an assessment: added and read, never changed."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.life import Moved
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import step

_STEP = tuple(step.c[field] for field in Moved.__struct_fields__)


def steps(tx: Reader, assessment_id: int) -> list[Moved]:
    """Return the steps of an assessment, oldest first."""
    query = sa.select(*_STEP).where(step.c.assessment_id == assessment_id)
    return [Moved(*row) for row in tx.execute(query.order_by(step.c.number))]


def add(tx: Writer, assessment_id: int, moved: Moved) -> None:
    """Keep a step."""
    tx.execute(sa.insert(step).values(assessment_id=assessment_id, **structs.asdict(moved)))


def count(tx: Reader, assessment_id: int) -> int:
    """Return how many steps an assessment has taken."""
    counted = sa.select(sa.func.count()).select_from(step)
    return tx.execute(counted.where(step.c.assessment_id == assessment_id)).scalar_one()
