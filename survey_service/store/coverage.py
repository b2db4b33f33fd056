"""How far a cycle is: who has not begun, and what was handed in day by day."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from survey_service.maturity.conditions import Attributes
from survey_service.store.database import Reader
from survey_service.store.organisations import below
from survey_service.store.tables import GOING_ON, assessment, organisation, participant, step

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
    )
    .join_from(participant, organisation)
    .where(participant.c.cycle_id == sa.bindparam("cycle"), ~sa.exists().where(_HERE))
)
_SEEN = below(sa.bindparam("seen_from", type_=sa.Integer))
_DAY = sa.func.date(step.c.at)  # in UTC, as moments are kept
_DAYS = (
    sa.select(
        sa.cast(_DAY, sa.Text),
        sa.func.sum(sa.case((step.c.step == "submit", 1), else_=0)),
        sa.func.sum(sa.case((step.c.step == "finalise", 1), else_=0)),
    )
    .join_from(step, assessment)
    .where(
        assessment.c.cycle_id == sa.bindparam("cycle"),
        GOING_ON,
        step.c.step.in_(("submit", "finalise")),
    )
    .group_by(_DAY)
    .order_by(_DAY)
)


def not_begun(
    tx: Reader, cycle_id: int, seen_from: int | None
) -> list[tuple[str, Attributes, bool]]:
    """Return who takes part and has opened nothing: kind, attributes, whether it is withdrawn.

    Args:
        tx: To read from.
        cycle_id: Of which cycle.
        seen_from: Below which organisation; None for all who take part.
    """
    query = _only(_NOT_BEGUN, participant.c.organisation_id, seen_from)
    rows = tx.execute(query, {"cycle": cycle_id, "seen_from": seen_from})
    return [(row[0], row[1], bool(row[2])) for row in rows]


def days(tx: Reader, cycle_id: int, seen_from: int | None) -> list[tuple[dt.date, int, int]]:
    """Return how often those below an organisation, or all, handed in, and were final, by day."""
    query = _only(_DAYS, assessment.c.organisation_id, seen_from)
    rows = tx.execute(query, {"cycle": cycle_id, "seen_from": seen_from})
    return [(dt.date.fromisoformat(str(row[0])), int(row[1]), int(row[2])) for row in rows]


def _only(
    query: sa.Select[*tuple[Any, ...]], column: sa.ColumnElement[int], seen_from: int | None
) -> sa.Select[*tuple[Any, ...]]:
    return query if seen_from is None else query.where(column.in_(_SEEN))
