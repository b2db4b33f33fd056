"""What the answers of a cycle that wait to be checked are supported by."""

from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.conduct.life import State
from survey_service.store.database import Reader
from survey_service.store.parts import in_parts
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
_CODES = sa.func.aggregate_strings(evidence.c.indicator, ",")  # a row for each would be a million
_SUPPORTED = (
    sa.select(evidence.c.assessment_id, _CODES)
    .join_from(evidence, assessment)
    .where(
        assessment.c.cycle_id == sa.bindparam("cycle"),
        GOING_ON,
        assessment.c.state.in_(sa.bindparam("states", expanding=True)),
        evidence.c.removed_at.is_(None),
    )
    .group_by(evidence.c.assessment_id)
)
_FRESH = (
    sa.select(evidence.c.assessment_id, _CODES)
    .join_from(evidence, assessment)
    .where(
        evidence.c.assessment_id.in_(sa.bindparam("assessments", expanding=True)),
        evidence.c.removed_at.is_(None),
        ~_HAD,
    )
    .group_by(evidence.c.assessment_id)
)


def supported(tx: Reader, cycle_id: int, states: Sequence[State]) -> dict[int, frozenset[str]]:
    """Return the indicators whose answers have evidence, by assessment.

    Args:
        tx: A snapshot.
        cycle_id: Of the cycle.
        states: In which the assessments stand.
    """
    wanted = {"cycle": cycle_id, "states": list(states)}
    return {id_: frozenset(codes.split(",")) for id_, codes in tx.execute(_SUPPORTED, wanted)}


def fresh(tx: Reader, before: int, assessments: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return the indicators for which something is shown that was not before, by assessment.

    Args:
        tx: A snapshot.
        before: The cycle in which the organisation did not show it yet.
        assessments: Those that are asked about.
    """
    return {
        id_: frozenset(codes.split(","))
        for part in in_parts(assessments)
        for id_, codes in tx.execute(_FRESH, {"before": before, "assessments": part})
    }
