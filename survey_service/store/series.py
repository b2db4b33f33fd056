"""Which assessments of organisations became final, over all cycles."""

from collections.abc import Collection

import sqlalchemy as sa

from survey_service.store.database import Reader
from survey_service.store.tables import GOING_ON, assessment

_FINAL = sa.select(assessment.c.id).where(
    assessment.c.organisation_id.in_(sa.bindparam("organisations", expanding=True)),
    assessment.c.cycle_id.is_not(None),
    assessment.c.state == "final",
    GOING_ON,
)


def final(tx: Reader, organisation_ids: Collection[int], limit: int) -> list[int]:
    """Return the ids of the newest final assessments in cycles, oldest first."""
    query = _FINAL.order_by(assessment.c.id.desc()).limit(limit)
    found = tx.execute(query, {"organisations": list(organisation_ids)}).scalars()
    return sorted(found)
