"""Cycles, seen by those who plan them, those who take part, and whoever stands above either."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Cycle, Progress
from survey_service.conduct.life import State
from survey_service.errors import NotFoundError
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST, below
from survey_service.store.results import standing_stage
from survey_service.store.tables import assessment, cycle, organisation, participant, result

_CYCLE = tuple(cycle.c[field] for field in Cycle.__struct_fields__)


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition under which an actor may know of a cycle: planned ones are the planner's."""
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    takes_part = sa.select(participant.c.cycle_id).where(participant.c.organisation_id.in_(seen))
    return sa.or_(
        cycle.c.organisation_id.in_(seen),
        sa.and_(cycle.c.id.in_(takes_part), cycle.c.state == "open"),
    )


def fetch(tx: Reader, cycle_id: int, *, visible_to: Actor) -> Cycle:
    """Return a cycle that the actor may know of.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    one = sa.select(*_CYCLE).where(cycle.c.id == cycle_id, _visible(visible_to))
    row = tx.execute(one).first() if 0 < cycle_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(cycle=cycle_id)
    return Cycle(*row)


def newest(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Cycle]:
    """Return up to `limit` cycles the actor may know of, newest first, with ids under `before`."""
    query = sa.select(*_CYCLE).where(_visible(actor)).order_by(cycle.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(cycle.c.id < before)
    return [Cycle(*row) for row in tx.execute(query)]


def add(tx: Writer, planned: Cycle) -> Cycle:
    """Add a cycle and return it with its id."""
    added = sa.insert(cycle).values(_values(planned)).returning(cycle.c.id)
    return structs.replace(planned, id=tx.execute(added).scalar_one())


def save(tx: Writer, changed: Cycle) -> None:
    """Record a cycle as it is now."""
    tx.execute(sa.update(cycle).where(cycle.c.id == changed.id).values(_values(changed)))


def participants(tx: Reader, cycle_id: int) -> list[int]:
    """Return the ids of the organisations that take part."""
    query = sa.select(participant.c.organisation_id).where(participant.c.cycle_id == cycle_id)
    return list(tx.execute(query.order_by(participant.c.organisation_id)).scalars())


def save_participants(tx: Writer, cycle_id: int, organisation_ids: Sequence[int]) -> None:
    """Let just these organisations take part."""
    tx.execute(sa.delete(participant).where(participant.c.cycle_id == cycle_id))
    rows = [{"cycle_id": cycle_id, "organisation_id": each} for each in organisation_ids]
    if rows:
        tx.execute(sa.insert(participant), rows)


def coverage(tx: Reader, cycle_id: int, actor: Actor) -> dict[State | None, int]:
    """Return how many participants that the actor sees stand in each state; None: not begun."""
    here = sa.and_(
        assessment.c.organisation_id == participant.c.organisation_id,
        assessment.c.cycle_id == participant.c.cycle_id,
        assessment.c.superseded_by.is_(None),
    )
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    query = (
        sa.select(assessment.c.state, sa.func.count())
        .join_from(participant, assessment, here, isouter=True)
        .where(participant.c.cycle_id == cycle_id, participant.c.organisation_id.in_(seen))
        .group_by(assessment.c.state)
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def progress(tx: Reader, cycle_id: int, actor: Actor, *, after: int, limit: int) -> list[Progress]:
    """Return up to `limit` participants that the actor sees, in the order of their ids."""
    here = sa.and_(
        assessment.c.organisation_id == organisation.c.id,
        assessment.c.cycle_id == cycle_id,
        assessment.c.superseded_by.is_(None),
    )
    stands = sa.and_(result.c.assessment_id == assessment.c.id, result.c.stage == standing_stage())
    columns = (
        organisation.c.id,
        sa.func.coalesce(assessment.c.organisation_name, organisation.c.name),
        assessment.c.id,
        assessment.c.state,
        sa.func.coalesce(assessment.c.answered, 0),
        sa.func.coalesce(assessment.c.total, 0),
        result.c.index,
        result.c.grade,
    )
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    query = (
        sa.select(*columns)
        .join_from(participant, organisation)
        .outerjoin(assessment, here)
        .outerjoin(result, stands)
        .where(
            participant.c.cycle_id == cycle_id,
            organisation.c.id > after,
            organisation.c.id.in_(seen),
        )
    )
    rows = tx.execute(query.order_by(organisation.c.id).limit(limit))
    return [Progress(*row) for row in rows]


def _values(one: Cycle) -> dict[str, object]:
    values = structs.asdict(one)
    del values["id"]
    return values
