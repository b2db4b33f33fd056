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
        organisation.c.id,
        organisation.c.kind,
        organisation.c.attributes,
        participant.c.withdrawn_because.is_not(None),
    )
    .join_from(participant, organisation)
    .outerjoin(assessment, _HERE)
    .where(participant.c.cycle_id == sa.bindparam("cycle"), assessment.c.id.is_(None))
)
_SEEN = below(sa.bindparam("seen_from", type_=sa.Integer))


def not_begun(tx: Reader, cycle_id: int) -> list[tuple[int, str, Attributes, bool]]:
    """Return who takes part and has opened nothing: id, kind, attributes, whether it is withdrawn."""
    rows = tx.execute(_NOT_BEGUN, {"cycle": cycle_id})
    return [(row[0], row[1], row[2], bool(row[3])) for row in rows]


def days(tx: Reader, cycle_id: int, seen_from: int | None) -> list[tuple[dt.date, int, int]]:
    """Return how many handed in, and were final, for the first time, by day.

    Args:
        tx: The transaction.
        cycle_id: In which.
        seen_from: The organisation below which they are; None for all of the cycle.
    """
    query, wanted = (
        _ALL_DAYS if seen_from is None else _DAYS,
        {"cycle": cycle_id, "seen_from": seen_from},
    )
    rows = tx.execute(query, wanted)
    return [(dt.date.fromisoformat(str(row[0])), int(row[1]), int(row[2])) for row in rows]


def _by_day(*narrowed: sa.ColumnElement[bool]) -> sa.Select[str, Any, Any]:
    first = (
        sa.select(step.c.step, sa.func.min(step.c.at).label("at"))
        .join_from(step, assessment)
        .where(
            assessment.c.cycle_id == sa.bindparam("cycle"),
            GOING_ON,
            step.c.step.in_(("submit", "finalise")),
            *narrowed,
        )
        .group_by(step.c.assessment_id, step.c.step)
        .subquery()
    )
    day = sa.func.date(first.c.at)  # in UTC, as moments are kept
    return (
        sa.select(
            sa.cast(day, sa.Text),
            sa.func.sum(sa.case((first.c.step == "submit", 1), else_=0)),
            sa.func.sum(sa.case((first.c.step == "finalise", 1), else_=0)),
        )
        .group_by(day)
        .order_by(day)
    )


_ALL_DAYS = _by_day()
_DAYS = _by_day(assessment.c.organisation_id.in_(_SEEN))
