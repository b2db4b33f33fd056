"""What is stored of the assessments of a cycle, many at once, and which of them changed since."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from survey_service.analysis.columns import Member, Packed
from survey_service.analysis.stored_rolling_up import Agency
from survey_service.conduct.life import Stage, Step
from survey_service.maturity.conditions import Attributes
from survey_service.store.database import Reader
from survey_service.store.parts import in_parts
from survey_service.store.tables import (
    GOING_ON,
    assessment,
    cycle,
    organisation,
    participant,
    result,
    step,
)
from survey_service.store.tables.log import entry, leaf, pending

_IN_CYCLE = sa.and_(assessment.c.cycle_id == sa.bindparam("cycle"), GOING_ON)


def _first(taken: Step) -> sa.ScalarSelect[dt.datetime]:
    """Return the moment of the first step of a kind in an assessment, as a part of a query."""
    at = sa.select(sa.func.min(step.c.at))
    return at.where(step.c.assessment_id == assessment.c.id, step.c.step == taken).scalar_subquery()


_MEMBERS = (
    sa.select(
        assessment.c.id,
        assessment.c.organisation_id,
        assessment.c.organisation_name,
        assessment.c.organisation_kind,
        assessment.c.organisation_attributes,
        assessment.c.organisation_ancestors,
        assessment.c.state,
        assessment.c.answered,
        sa.func.coalesce(assessment.c.total, 0),
        participant.c.withdrawn_because,
        _first("submit"),
        _first("finalise"),
    )
    .join_from(
        assessment,
        participant,
        sa.and_(
            participant.c.cycle_id == assessment.c.cycle_id,
            participant.c.organisation_id == assessment.c.organisation_id,
        ),
    )
    .where(_IN_CYCLE)
    .order_by(assessment.c.id)
)
_RESULTS = (
    sa.select(
        result.c.stage, result.c.assessment_id, result.c.grade, result.c.nodes, result.c.indicators
    )
    .join_from(result, assessment)
    .join(cycle, cycle.c.id == assessment.c.cycle_id)
    # one that went on on another version has other columns
    .where(_IN_CYCLE, assessment.c.digest == cycle.c.digest)
)
_LATER = sa.union_all(
    sa.select(leaf.c.entry_id).where(leaf.c.number > sa.bindparam("since", type_=sa.BigInteger)),
    sa.select(pending.c.entry_id),
)
_CHANGED = (
    sa.select(entry.c.assessment_id)
    .distinct()
    .join_from(entry, assessment, assessment.c.id == entry.c.assessment_id, isouter=True)
    .where(
        entry.c.id.in_(_LATER),
        sa.or_(
            assessment.c.cycle_id == sa.bindparam("cycle"), entry.c.about == sa.bindparam("about")
        ),
    )
)


def members(tx: Reader, cycle_id: int, only: Sequence[int] | None = None) -> list[Member]:
    """Return the assessments of a cycle that go on, or `only` some of them, ascending."""
    return [
        Member(*row)
        for ids in _chunks(only)
        for row in tx.execute(_narrowed(_MEMBERS, ids), {"cycle": cycle_id})
    ]


def results(
    tx: Reader, cycle_id: int, only: Sequence[int] | None = None
) -> dict[Stage, dict[int, Packed]]:
    """Return the results of a cycle's assessments, by stage and assessment."""
    found: dict[Stage, dict[int, Packed]] = {}
    for ids in _chunks(only):
        for stage, id_, *packed in tx.execute(_narrowed(_RESULTS, ids), {"cycle": cycle_id}):
            found.setdefault(stage, {})[id_] = Packed(*packed)
    return found


def above(tx: Reader, ids: Sequence[int]) -> dict[int, Agency]:
    """Return organisations as they are now, by id."""
    columns = (
        organisation.c.id,
        organisation.c.name,
        organisation.c.kind,
        organisation.c.attributes,
    )
    return {
        id_: Agency(*known)
        for some in in_parts(ids)
        for id_, *known in tx.execute(sa.select(*columns).where(organisation.c.id.in_(some)))
    }


def changed(tx: Reader, cycle_id: int, since: int) -> list[int] | None:
    """Return the assessments of a cycle that entries are about after number `since`, or without one yet.

    None where one is about the cycle itself, and who takes part may be another.
    """
    wanted = {"cycle": cycle_id, "since": since, "about": f"cycles/{cycle_id}"}
    found = list(tx.execute(_CHANGED, wanted).scalars())
    return None if None in found else sorted(found)


def ids(tx: Reader, cycle_id: int) -> list[int]:
    """Return the assessments of a cycle that go on, ascending."""
    query = sa.select(assessment.c.id).where(_IN_CYCLE).order_by(assessment.c.id)
    return list(tx.execute(query, {"cycle": cycle_id}).scalars())


def attributes(tx: Reader, cycle_ids: Sequence[int]) -> list[Attributes]:
    """Return what organisations were known by in some cycles, each different set of it once."""
    known = sa.select(assessment.c.organisation_attributes).distinct()
    found = tx.execute(known.where(assessment.c.cycle_id.in_(cycle_ids), GOING_ON))
    return list(found.scalars())


def _narrowed(query: sa.Select[Any], ids: Sequence[int] | None) -> sa.Select[Any]:
    return query if ids is None else query.where(assessment.c.id.in_(ids))


def _chunks(only: Sequence[int] | None) -> list[Sequence[int] | None]:
    return [None] if only is None else list(in_parts(only))
