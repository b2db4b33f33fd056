"""What the answers of a cycle that wait to be checked are supported by."""

from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.conduct.life import State
from survey_service.store.database import Reader
from survey_service.store.tables import GOING_ON, assessment, evidence

_earlier, _before = evidence.alias("earlier"), assessment.alias("before")
_HAD = sa.exists(
    sa.select(_earlier.c.id)
    .join_from(_before, _earlier, _earlier.c.assessment_id == _before.c.id)
    .where(
        _before.c.cycle_id == sa.bindparam("before", type_=sa.Integer),
        _before.c.organisation_id == assessment.c.organisation_id,
        _before.c.superseded_by.is_(None),
        _before.c.discarded_at.is_(None),
        _earlier.c.removed_at.is_(None),
        sa.func.coalesce(_earlier.c.digest, _earlier.c.url)
        == sa.func.coalesce(evidence.c.digest, evidence.c.url),
    )
)
_SUPPORTED = (
    sa.select(
        evidence.c.assessment_id,
        evidence.c.indicator,
        sa.func.max(sa.case((_HAD, 0), else_=1)).label("fresh"),
    )
    .join_from(evidence, assessment)
    .where(
        assessment.c.cycle_id == sa.bindparam("cycle"),
        GOING_ON,
        assessment.c.state.in_(sa.bindparam("states", expanding=True)),
        evidence.c.removed_at.is_(None),
    )
    .group_by(evidence.c.assessment_id, evidence.c.indicator)
)


def supported(
    tx: Reader, cycle_id: int, before: int, states: Sequence[State]
) -> list[tuple[int, str, bool]]:
    """Return the answers that have evidence: assessment, indicator, and whether some of it is new.

    Args:
        tx: A snapshot.
        cycle_id: Of the cycle.
        before: The cycle in which the organisation did not show it yet; 0 where there was none.
        states: In which the assessments stand.
    """
    wanted = {"cycle": cycle_id, "before": before, "states": list(states)}
    return [(id_, code, bool(fresh)) for id_, code, fresh in tx.execute(_SUPPORTED, wanted)]
