"""What a release of a cycle is made of, whoever may see it: for those who run the service."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Cycle
from survey_service.store.assessments import ANYBODYS, assessment_of
from survey_service.store.database import Reader
from survey_service.store.organisations import HIGHEST
from survey_service.store.tables import GOING_ON, assessment, cycle, participant, step

_CYCLE = sa.select(*(cycle.c[field] for field in Cycle.__struct_fields__))


def cycles_called(tx: Reader, name: str) -> list[Cycle]:
    """Return the cycles of this name or number."""
    number = (
        int(name) if name.isascii() and name.isdecimal() and len(name) < len(str(HIGHEST)) else 0
    )
    query = _CYCLE.where(sa.or_(cycle.c.name == name, cycle.c.id == number)).order_by(cycle.c.id)
    return [Cycle(*row) for row in tx.execute(query)]


def final(tx: Reader, of: Cycle) -> list[Assessment]:
    """Return the assessments of a cycle that are final, in the order of their ids.

    Who is withdrawn is left out, and what went on on another version: it has other nodes.
    """
    return [assessment_of(row) for row in tx.execute(_final(of).order_by(assessment.c.id))]


def _final(of: Cycle) -> sa.Select[Any]:
    return ANYBODYS.where(
        assessment.c.cycle_id == of.id,
        assessment.c.digest == of.digest,
        assessment.c.state == "final",
        participant.c.withdrawn_because.is_(None),
        GOING_ON,
    )


def has_final(tx: Reader, of: Cycle) -> bool:
    """Whether anything in a cycle is final that `final` returns."""
    return tx.execute(_final(of).limit(1)).first() is not None


def before(tx: Reader, of: Cycle) -> Cycle | None:
    """Return the cycle before that asked the same of the same ministry; None where there is none."""
    same = sa.and_(cycle.c.organisation_id == of.organisation_id, cycle.c.digest == of.digest)
    row = tx.execute(_CYCLE.where(same, cycle.c.id < of.id).order_by(cycle.c.id.desc())).first()
    return Cycle(*row) if row else None


def settled_at(tx: Reader, of: Cycle) -> dt.datetime:
    """Return when the last result of a cycle in which something is final became so."""
    query = sa.select(sa.func.max(step.c.at)).join_from(step, assessment)
    found: dt.datetime = tx.execute(
        query.where(assessment.c.cycle_id == of.id, step.c.after == "final")
    ).scalar_one()
    return found
