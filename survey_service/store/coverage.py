"""How far a cycle is: who takes part, and who of them has not begun."""

from typing import Any

import sqlalchemy as sa

from survey_service.maturity.conditions import Attributes
from survey_service.store.database import Reader
from survey_service.store.organisations import below
from survey_service.store.tables import GOING_ON, assessment, organisation, participant

_HERE = sa.and_(
    assessment.c.organisation_id == participant.c.organisation_id,
    assessment.c.cycle_id == participant.c.cycle_id,
    GOING_ON,
)
_NOT_BEGUN = (
    sa.select(
        organisation.c.kind,
        organisation.c.attributes,
        participant.c.withdrawn_because.is_not(None),
        sa.func.count(),
    )
    .join_from(participant, organisation)
    .where(participant.c.cycle_id == sa.bindparam("cycle"), ~sa.exists().where(_HERE))
    .group_by(
        organisation.c.kind,
        organisation.c.attributes,
        participant.c.withdrawn_because.is_not(None),
    )
)
_TAKING_PART = sa.select(sa.func.count()).where(
    participant.c.cycle_id == sa.bindparam("cycle"), participant.c.withdrawn_because.is_(None)
)
_SEEN = below(sa.bindparam("seen_from", type_=sa.Integer))


def not_begun(
    tx: Reader, cycle_id: int, seen_from: int | None
) -> list[tuple[str, Attributes, bool, int]]:
    """Return who takes part and has opened nothing: kind, attributes, whether withdrawn, how many.

    Args:
        tx: To read from.
        cycle_id: Of which cycle.
        seen_from: Below which organisation; None for all who take part.
    """
    query = _only(_NOT_BEGUN, participant.c.organisation_id, seen_from)
    rows = tx.execute(query, {"cycle": cycle_id, "seen_from": seen_from})
    return [(row[0], row[1], bool(row[2]), int(row[3])) for row in rows]


def taking_part(tx: Reader, cycle_id: int, seen_from: int | None) -> int:
    """Return how many take part who are not withdrawn, below an organisation or with None in all."""
    query = _only(_TAKING_PART, participant.c.organisation_id, seen_from)
    return int(tx.execute(query, {"cycle": cycle_id, "seen_from": seen_from}).scalar_one())


def _only(
    query: sa.Select[*tuple[Any, ...]], column: sa.ColumnElement[int], seen_from: int | None
) -> sa.Select[*tuple[Any, ...]]:
    return query if seen_from is None else query.where(column.in_(_SEEN))
