"""Cycles, seen by those who plan them, those who take part, and whoever stands above either."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from msgspec import structs

from survey_service.analysis.standings import Place
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Cycle, Extension, Progress, Withdrawal
from survey_service.conduct.life import Stage
from survey_service.errors import NotFoundError
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST, above, below
from survey_service.store.results import standing_stage
from survey_service.store.tables import (
    GOING_ON,
    assessment,
    cycle,
    organisation,
    participant,
    result,
)
from survey_service.store.tables.review import extension

_CYCLE = tuple(cycle.c[field] for field in Cycle.__struct_fields__)


def known_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition under which an actor may know of a cycle: planned ones are the planner's.

    Whether the actor stands above its owner is asked first, and up the tree: down the tree there may
    be a whole country, and whoever plans cycles for it would wait for that at every page.
    """
    own = sa.literal(actor.organisation_id, sa.Integer)
    owners = above(cycle.c.organisation_id, nested=True)
    seen = below(own)
    takes_part = sa.select(participant.c.cycle_id).where(participant.c.organisation_id.in_(seen))
    return sa.or_(
        own.in_(owners),
        sa.and_(cycle.c.state == "open", cycle.c.id.in_(takes_part)),
    )


def fetch(tx: Reader, cycle_id: int, *, visible_to: Actor) -> Cycle:
    """Return a cycle that the actor may know of.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    one = sa.select(*_CYCLE).where(cycle.c.id == cycle_id, known_to(visible_to))
    row = tx.execute(one).first() if 0 < cycle_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(cycle=cycle_id)
    return Cycle(*row)


def of_id(tx: Reader, cycle_id: int) -> Cycle:
    """Return a cycle, whoever asks."""
    return Cycle(*tx.execute(sa.select(*_CYCLE).where(cycle.c.id == cycle_id)).one())


def owner(tx: Reader, cycle_id: int) -> int:
    """Return the id of the organisation that runs a cycle, whoever asks."""
    query = sa.select(cycle.c.organisation_id).where(cycle.c.id == cycle_id)
    found: int = tx.execute(query).scalar_one()
    return found


def newest(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Cycle]:
    """Return up to `limit` cycles the actor may know of, newest first, with ids under `before`."""
    query = sa.select(*_CYCLE).where(known_to(actor)).order_by(cycle.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(cycle.c.id < before)
    return [Cycle(*row) for row in tx.execute(query)]


def earlier(tx: Reader, actor: Actor, of: Cycle, *, limit: int) -> list[Cycle]:
    """Return up to `limit` cycles of the same owner before one, newest first.

    They ask the same, and the actor may know of them.
    """
    alike = sa.select(*_CYCLE).where(
        cycle.c.digest == of.digest,
        cycle.c.organisation_id == of.organisation_id,
        cycle.c.id < of.id,
    )
    query = alike.where(known_to(actor)).order_by(cycle.c.id.desc()).limit(limit)
    return [Cycle(*row) for row in tx.execute(query)]


def all_open(tx: Reader) -> list[Cycle]:
    """Return every cycle that is open, whoever planned it."""
    query = sa.select(*_CYCLE).where(cycle.c.state == "open").order_by(cycle.c.id)
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


def takes_part(tx: Reader, cycle_id: int, organisation_id: int) -> bool:
    """Whether an organisation takes part, and is not withdrawn."""
    here = sa.and_(
        _participant(cycle_id, organisation_id), participant.c.withdrawn_because.is_(None)
    )
    return tx.execute(sa.select(participant.c.cycle_id).where(here)).first() is not None


def withdrawals(tx: Reader, cycle_id: int) -> list[Withdrawal]:
    """Return the participants that are withdrawn, by their ids."""
    columns = (
        participant.c.organisation_id,
        participant.c.withdrawn_because,
        participant.c.withdrawn_by,
        participant.c.withdrawn_at,
    )
    out = participant.c.withdrawn_because.is_not(None)
    query = sa.select(*columns).where(participant.c.cycle_id == cycle_id, out)
    return [Withdrawal(*row) for row in tx.execute(query.order_by(participant.c.organisation_id))]


_EXTENSION = tuple(extension.c[field] for field in Extension.__struct_fields__)


def extensions(tx: Reader, cycle_id: int) -> list[Extension]:
    """Return who has more time in a cycle, by their ids and stages."""
    query = sa.select(*_EXTENSION).where(extension.c.cycle_id == cycle_id)
    order = (extension.c.organisation_id, extension.c.stage)
    return [Extension(*row) for row in tx.execute(query.order_by(*order))]


def until(tx: Reader, cycle_id: int, organisation_id: int, stage: Stage) -> dt.date | None:
    """Return the last day that a participant has of its own at a stage; None where there is none."""
    one = sa.and_(
        extension.c.cycle_id == cycle_id,
        extension.c.organisation_id == organisation_id,
        extension.c.stage == stage,
    )
    return tx.execute(sa.select(extension.c.until).where(one)).scalar()


def extend(tx: Writer, cycle_id: int, given: Extension) -> None:
    """Keep that a participant has more time."""
    tx.execute(sa.insert(extension).values(cycle_id=cycle_id, **structs.asdict(given)))


def forget_extension(tx: Writer, cycle_id: int, before: Extension) -> None:
    """Forget how much more time a participant had at a stage."""
    one = sa.and_(
        extension.c.cycle_id == cycle_id,
        extension.c.organisation_id == before.organisation_id,
        extension.c.stage == before.stage,
    )
    tx.execute(sa.delete(extension).where(one))


def handed_in(tx: Reader, cycle_id: int) -> dict[int, str]:
    """Return those who have handed in, if only to get it back: their names by their ids."""
    query = sa.select(assessment.c.organisation_id, assessment.c.organisation_name).where(
        assessment.c.cycle_id == cycle_id,
        GOING_ON,
        assessment.c.submitted_at.is_not(None),
    )
    return {row[0]: row[1] for row in tx.execute(query)}


def add_participants(tx: Writer, cycle_id: int, organisation_ids: Collection[int]) -> None:
    """Let further organisations take part."""
    rows = [{"cycle_id": cycle_id, "organisation_id": each} for each in organisation_ids]
    if rows:
        tx.execute(sa.insert(participant), rows)


def remove_participants(tx: Writer, cycle_id: int, organisation_ids: Collection[int]) -> None:
    """Let organisations take part no longer, as if they never had."""
    one = _participant(cycle_id, sa.bindparam("organisation"))
    rows = [{"organisation": each} for each in organisation_ids]
    if rows:
        tx.execute(sa.delete(participant).where(one), rows)


def withdraw(tx: Writer, cycle_id: int, withdrawal: Withdrawal) -> None:
    """Keep a participant as withdrawn."""
    one = sa.update(participant).where(_participant(cycle_id, withdrawal.organisation_id))
    tx.execute(
        one.values(
            withdrawn_because=withdrawal.reason,
            withdrawn_by=withdrawal.author,
            withdrawn_at=withdrawal.at,
        )
    )


def restore(tx: Writer, cycle_id: int, organisation_id: int) -> None:
    """Let a participant that was withdrawn take part again."""
    one = sa.update(participant).where(_participant(cycle_id, organisation_id))
    tx.execute(one.values(withdrawn_because=None, withdrawn_by=None, withdrawn_at=None))


def _participant(
    cycle_id: int, organisation_id: int | sa.BindParameter[int]
) -> sa.ColumnElement[bool]:
    return sa.and_(
        participant.c.cycle_id == cycle_id, participant.c.organisation_id == organisation_id
    )


def coverage(tx: Reader, cycle_id: int, actor: Actor | None) -> dict[Place, int]:
    """Return how many participants that the actor sees, None for all, stand where; None: not begun."""
    here = sa.and_(
        assessment.c.organisation_id == participant.c.organisation_id,
        assessment.c.cycle_id == participant.c.cycle_id,
        GOING_ON,
    )
    place = sa.case(
        (participant.c.withdrawn_because.is_not(None), sa.literal("withdrawn")),
        else_=assessment.c.state,
    )
    query = (
        sa.select(place, sa.func.count())
        .join_from(participant, assessment, here, isouter=True)
        .where(participant.c.cycle_id == cycle_id)
        .group_by(place)
    )
    if actor is not None:
        seen = below(sa.literal(actor.organisation_id, sa.Integer))
        query = query.where(participant.c.organisation_id.in_(seen))
    return {row[0]: row[1] for row in tx.execute(query)}


def progress(tx: Reader, cycle_id: int, actor: Actor, *, after: int, limit: int) -> list[Progress]:
    """Return up to `limit` participants that the actor sees, in the order of their ids."""
    here = sa.and_(
        assessment.c.organisation_id == organisation.c.id,
        assessment.c.cycle_id == cycle_id,
        GOING_ON,
    )
    stands = sa.and_(result.c.assessment_id == assessment.c.id, result.c.stage == standing_stage())
    columns = (
        organisation.c.id,
        sa.func.coalesce(assessment.c.organisation_name, organisation.c.name),
        assessment.c.id,
        assessment.c.state,
        sa.func.coalesce(assessment.c.answered, 0),
        sa.func.coalesce(assessment.c.total, 0),
        sa.func.coalesce(assessment.c.to_confirm, 0),
        result.c.index,
        result.c.grade,
        participant.c.withdrawn_because,
    )
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    query: sa.Select[Any] = (
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
