"""What answers that wait to be checked are supported by."""

from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.store.database import Reader
from survey_service.store.parts import in_parts
from survey_service.store.tables import assessment, evidence

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
_OF_THEM = sa.and_(
    evidence.c.assessment_id.in_(sa.bindparam("assessments", expanding=True)),
    evidence.c.removed_at.is_(None),
)
_CODES = sa.func.aggregate_strings(evidence.c.indicator, ",")  # a row for each would be a million
_SUPPORTED = (
    sa.select(evidence.c.assessment_id, _CODES).where(_OF_THEM).group_by(evidence.c.assessment_id)
)
_FRESH = (
    sa.select(evidence.c.assessment_id)
    .distinct()
    .join_from(evidence, assessment)
    .where(_OF_THEM, evidence.c.indicator == sa.bindparam("indicator"), ~_HAD)
)


def supported(tx: Reader, assessments: Sequence[int]) -> dict[int, list[str]]:
    """Return the indicators whose answers have evidence, by assessment, some of them more than once."""
    return {
        id_: codes.split(",")
        for part in in_parts(assessments)
        for id_, codes in tx.execute(_SUPPORTED, {"assessments": part})
    }


def fresh(tx: Reader, before: int, indicator: str, assessments: Sequence[int]) -> list[int]:
    """Return the assessments that show something for an indicator which was not shown before.

    Args:
        tx: A snapshot.
        before: The cycle in which their organisations did not show it for anything yet.
        indicator: The code of what it is shown for.
        assessments: Those that are asked about; of many, this compares all that they show.
    """
    return [
        id_
        for part in in_parts(assessments)
        for id_ in tx.execute(
            _FRESH, {"before": before, "indicator": indicator, "assessments": part}
        ).scalars()
    ]


def whose(tx: Reader, assessments: Sequence[int]) -> set[int]:
    """Return the organisations that some assessments are of."""
    query = sa.select(assessment.c.organisation_id)
    return {
        id_
        for part in in_parts(assessments)
        for id_ in tx.execute(query.where(assessment.c.id.in_(part))).scalars()
    }
