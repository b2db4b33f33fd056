"""How far a cycle is: who has not begun, and what was handed in day by day."""

import datetime as dt

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
_FIRST = (
    sa.select(step.c.step, sa.func.min(step.c.at).label("at"))
    .join_from(step, assessment)
    .where(
        assessment.c.cycle_id == sa.bindparam("cycle"),
        GOING_ON,
        assessment.c.organisation_id.in_(_SEEN),
        step.c.step.in_(("submit", "finalise")),
    )
    .group_by(step.c.assessment_id, step.c.step)
    .subquery()
)
_DAY = sa.func.date(_FIRST.c.at)  # in UTC, as moments are kept
_DAYS = (
    sa.select(
        sa.cast(_DAY, sa.Text),
        sa.func.sum(sa.case((_FIRST.c.step == "submit", 1), else_=0)),
        sa.func.sum(sa.case((_FIRST.c.step == "finalise", 1), else_=0)),
    )
    .group_by(_DAY)
    .order_by(_DAY)
)


def not_begun(tx: Reader, cycle_id: int) -> list[tuple[int, str, Attributes, bool]]:
    """Return who takes part and has opened nothing: id, kind, attributes, whether it is withdrawn."""
    rows = tx.execute(_NOT_BEGUN, {"cycle": cycle_id})
    return [(row[0], row[1], row[2], bool(row[3])) for row in rows]


def days(tx: Reader, cycle_id: int, seen_from: int) -> list[tuple[dt.date, int, int]]:
    """Return how many below an organisation handed in, and were final, for the first time, by day."""
    rows = tx.execute(_DAYS, {"cycle": cycle_id, "seen_from": seen_from})
    return [(dt.date.fromisoformat(str(row[0])), int(row[1]), int(row[2])) for row in rows]
