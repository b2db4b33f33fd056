"""Jobs: a queue that several processes share, each job done by one of them at a time."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LANES, Failure, Job, Kind, Lane
from survey_service.errors import NotFoundError
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST, below
from survey_service.store.tables import organisation, person
from survey_service.store.tables.jobs import job, job_asker
from survey_service.store.tables.jobs import job_unfinished as _unfinished


class Wanted(Struct, frozen=True):
    """A job to be done: what with, as JSON by its kind, and under which key it is the same again.

    The rest is for those who see it: what it is about, what that is called, and how many steps it has.
    """

    kind: Kind
    key: str
    payload: str = ""
    about: str = ""
    name: str = ""
    total: int = 0


class Claimed(Struct, frozen=True):
    """A job that a worker does: on whose behalf, for which time, and how much of it is done already.

    `person_id` is None where nobody asked for it.
    """

    id: int
    kind: Kind
    payload: str
    person_id: int | None
    address: str
    worker: str
    attempt: int
    progress: int
    result: str


class Progress(Struct, frozen=True):
    """How far a job is; see `conduct.jobs.Job`."""

    id: int
    state: str
    attempt: int
    progress: int
    ahead: int


_ahead = job.alias("ahead")
_AHEAD = (
    sa.select(sa.func.count())
    .where(
        _ahead.c.state.in_(["waiting", "running"]),
        _ahead.c.lane == job.c.lane,
        sa.or_(
            _ahead.c.turn < job.c.turn,
            sa.and_(_ahead.c.turn == job.c.turn, _ahead.c.id < job.c.id),
        ),
        job.c.state == "waiting",
    )
    .scalar_subquery()
)
_CLAIMED = tuple(job.c[field] for field in Claimed.__struct_fields__)


def _seen(actor: Actor) -> sa.Select[Any]:
    """Return the query for the jobs that an actor sees: what they asked for, or look after.

    Those who look after people see the jobs of theirs; nobody's are seen by those at the top.
    """
    mine = sa.exists().where(job_asker.c.job_id == job.c.id, job_asker.c.person_id == actor.id)
    owner = sa.func.coalesce(person.c.name, "").label("owner")
    known = {"mine": mine.label("mine"), "ahead": _AHEAD.label("ahead"), "owner": owner}
    columns = (known[field] if field in known else job.c[field] for field in Job.__struct_fields__)
    query = sa.select(*columns).outerjoin_from(job, person, job.c.person_id == person.c.id)
    if not actor.admits:
        return query.where(mine)
    theirs = person.c.organisation_id.in_(below(sa.literal(actor.organisation_id, sa.Integer)))
    top = sa.exists().where(
        organisation.c.id == actor.organisation_id, organisation.c.parent_id.is_(None)
    )
    return query.where(sa.or_(mine, theirs, sa.and_(job.c.person_id.is_(None), top)))


def view(tx: Reader, job_id: int, *, visible_to: Actor) -> Job:
    """Return a job.

    Raises:
        NotFoundError: There is none for this actor.
    """
    one = _seen(visible_to).where(job.c.id == job_id)
    row = tx.execute(one).first() if 0 < job_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(job=job_id)
    return Job(*row)


def newest(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Job]:
    """Return up to `limit` jobs that an actor asked for, newest first, with ids below `before`."""
    query = _seen(actor).where(
        job.c.id.in_(sa.select(job_asker.c.job_id).where(job_asker.c.person_id == actor.id))
    )
    if before is not None:
        query = query.where(job.c.id < before)
    return [Job(*row) for row in tx.execute(query.order_by(job.c.id.desc()).limit(limit))]


def dead(tx: Reader, actor: Actor, *, limit: int) -> list[Job]:
    """Return up to `limit` jobs that failed and that an actor looks after, newest first."""
    query = _seen(actor).where(job.c.state == "dead").order_by(job.c.id.desc()).limit(limit)
    return [one for one in (Job(*row) for row in tx.execute(query)) if not one.mine]


def count_unfinished(tx: Reader, actor: Actor) -> int:
    """Return how many jobs that an actor asked for are waiting or being done."""
    theirs = sa.and_(job_asker.c.person_id == actor.id, _unfinished)
    query = sa.select(sa.func.count()).select_from(job).join(job_asker).where(theirs)
    return int(tx.execute(query).scalar_one())


def payload(tx: Reader, job_id: int) -> str:
    """Return what a job is done with."""
    return str(tx.execute(sa.select(job.c.payload).where(job.c.id == job_id)).scalar_one())


def known_payload(tx: Reader, job_id: int) -> str | None:
    """Return the same of a job that may be forgotten by now; None where it is."""
    return tx.execute(sa.select(job.c.payload).where(job.c.id == job_id)).scalar()


def key(tx: Reader, job_id: int) -> str:
    """Return the key under which a job is the same again."""
    return str(tx.execute(sa.select(job.c.key).where(job.c.id == job_id)).scalar_one())


def result(tx: Reader, job_id: int) -> str:
    """Return what came of a job so far; "" for nothing."""
    return str(tx.execute(sa.select(job.c.result).where(job.c.id == job_id)).scalar_one())


def failure(tx: Reader, job_id: int) -> Failure | None:
    """Return why a job was given up; None unless it was."""
    dead = sa.and_(job.c.id == job_id, job.c.state == "dead")
    return tx.execute(sa.select(job.c.error).where(dead)).scalar()


def progress(tx: Reader, ids: Collection[int]) -> list[Progress]:
    """Return how far some jobs are."""
    columns = (job.c.id, job.c.state, job.c.attempt, job.c.progress, _AHEAD)
    return [Progress(*row) for row in tx.execute(sa.select(*columns).where(job.c.id.in_(ids)))]


def unfinished(tx: Reader, key: str) -> int | None:
    """Return the job under a key that waits or is being done; None where there is none."""
    return tx.execute(sa.select(job.c.id).where(job.c.key == key, _unfinished)).scalar()


def under_way(tx: Reader, kinds: Collection[Kind]) -> dict[int, Wanted]:
    """Return the jobs of some kinds that wait or are being done, by id."""
    columns = (job.c[field] for field in Wanted.__struct_fields__)
    query = sa.select(job.c.id, *columns).where(job.c.kind.in_(kinds), _unfinished)
    return {row[0]: Wanted(*row[1:]) for row in tx.execute(query.order_by(job.c.id))}


def has_unfinished(tx: Reader, kind: Kind) -> bool:
    """Whether any job of a kind waits or is being done."""
    query = sa.select(job.c.id).where(job.c.kind == kind, _unfinished).limit(1)
    return tx.execute(query).first() is not None


def newest_turn(tx: Reader, person_id: int | None, lane: Lane) -> int:
    """Return the newest turn of a person's jobs in a line; 0 where they have none there."""
    theirs = sa.and_(job.c.person_id.is_not_distinct_from(person_id), job.c.lane == lane)
    query = sa.select(sa.func.max(job.c.turn)).where(theirs, _unfinished)
    return tx.execute(query).scalar() or 0


def present_turn(tx: Reader, lane: Lane, at: dt.datetime) -> int:
    """Return the turn of what is being done in a line, or else of what is next; 0 for nothing."""
    newest_running = sa.func.max(job.c.turn).filter(job.c.state == "running")
    due = sa.and_(job.c.state == "waiting", job.c.due_at <= at)
    found = sa.func.coalesce(newest_running, sa.func.min(job.c.turn).filter(due) - 1, 0)
    return int(tx.execute(sa.select(found).where(job.c.lane == lane, _unfinished)).scalar_one())


def add(
    tx: Writer,
    wanted: Wanted,
    person_id: int | None,
    address: str,
    turn: int,
    *,
    at: dt.datetime,
    due_at: dt.datetime,
) -> int:
    """Add a job and return its id."""
    values = {
        **{field: getattr(wanted, field) for field in Wanted.__struct_fields__},
        "lane": LANES[wanted.kind],
        "state": "waiting",
        "person_id": person_id,
        "address": address,
        "turn": turn,
        "due_at": due_at,
        "attempt": 0,
        "progress": 0,
        "result": "",
        "created_at": at,
    }
    return int(tx.execute(sa.insert(job).values(values).returning(job.c.id)).scalar_one())


def hasten(tx: Writer, job_id: int, turn: int) -> None:
    """Let a job have a turn, if it is an earlier one."""
    later = sa.and_(job.c.id == job_id, job.c.turn > turn)
    tx.execute(sa.update(job).where(later).values(turn=turn))


def ask(tx: Writer, job_id: int, person_id: int) -> None:
    """Record that a person asked for a job."""
    one = {"job_id": job_id, "person_id": person_id}
    known = sa.and_(*(job_asker.c[name] == value for name, value in one.items()))
    if tx.execute(sa.select(job_asker.c.job_id).where(known)).first() is None:
        tx.execute(sa.insert(job_asker).values(one))


def leave(tx: Writer, job_id: int, person_id: int) -> None:
    """Forget that a person asked for a job."""
    one = sa.and_(job_asker.c.job_id == job_id, job_asker.c.person_id == person_id)
    tx.execute(sa.delete(job_asker).where(one))


def askers(tx: Reader, job_id: int) -> int:
    """Return how many people asked for a job."""
    query = sa.select(sa.func.count()).where(job_asker.c.job_id == job_id)
    return int(tx.execute(query.select_from(job_asker)).scalar_one())


def cancel(tx: Writer, job_id: int, at: dt.datetime) -> None:
    """Let a job be done no more; a worker that is at it will find that it is not its own."""
    one = sa.update(job).where(job.c.id == job_id, _unfinished)
    tx.execute(one.values(state="cancelled", worker=None, lease=None, finished_at=at))


def start_again(tx: Writer, job_id: int, turn: int, at: dt.datetime) -> None:
    """Let a job that ended wait anew; it goes on where it was."""
    values = {"state": "waiting", "turn": turn, "due_at": at, "attempt": 0}
    tx.execute(
        sa.update(job).where(job.c.id == job_id).values(**values, error=None, finished_at=None)
    )


def has_due(tx: Reader, lane: Lane, at: dt.datetime) -> bool:
    """Whether there is anything to claim in a line."""
    return tx.execute(_due(lane, at)).first() is not None


def lost(tx: Reader, lane: Lane, at: dt.datetime) -> list[tuple[int, Kind, int]]:
    """Return the jobs whose workers have not been heard of in time: id, kind and attempt."""
    query = sa.select(job.c.id, job.c.kind, job.c.attempt).where(job.c.lane == lane, _is_lost(at))
    return [(row.id, row.kind, row.attempt) for row in tx.execute(query)]


def claim(
    tx: Writer, worker: str, lane: Lane, at: dt.datetime, lease: dt.datetime
) -> Claimed | None:
    """Return the next job in a line, from now on the worker's until `lease`; None for none.

    Jobs that others are just claiming are passed over.
    """
    next_ = _due(lane, at).with_for_update(skip_locked=True).scalar_subquery()
    return _claim(tx, worker, job.c.id == next_, lease)


def claim_one(
    tx: Writer, worker: str, job_id: int, at: dt.datetime, lease: dt.datetime
) -> Claimed | None:
    """Return a job, from now on the worker's until `lease`; None where another worker has it."""
    free = sa.or_(job.c.state == "waiting", _is_lost(at))
    return _claim(tx, worker, sa.and_(job.c.id == job_id, free), lease)


def _claim(
    tx: Writer, worker: str, one: sa.ColumnElement[bool], lease: dt.datetime
) -> Claimed | None:
    values = {"state": "running", "worker": worker, "lease": lease, "attempt": job.c.attempt + 1}
    row = tx.execute(sa.update(job).where(one).values(values).returning(*_CLAIMED)).first()
    return Claimed(*row) if row else None


def is_held(tx: Reader, claimed: Claimed) -> bool:
    """Whether a job is still its worker's: nobody cancelled it, nor took it over."""
    return tx.execute(sa.select(job.c.id).where(_held(claimed))).first() is not None


def extend(tx: Writer, claimed: Claimed, lease: dt.datetime) -> bool:
    """Let a job be its worker's for longer; return whether it still was."""
    return _change(tx, claimed, {"lease": lease})


def advance(tx: Writer, claimed: Claimed, progress: int, result: str) -> bool:
    """Record how far a job is, and what came of it so far; return whether it still was the worker's."""
    return _change(tx, claimed, {"progress": progress, "result": result})


def finish(tx: Writer, claimed: Claimed, result: str, at: dt.datetime) -> bool:
    """Record that a job is done, and what came of it; return whether it still was the worker's."""
    given = {"state": "done", "result": result, "error": None, "finished_at": at}
    return _change(tx, claimed, {**given, "progress": job.c.total, "worker": None, "lease": None})


def give_back(tx: Writer, claimed: Claimed, at: dt.datetime) -> bool:
    """Let a job wait as if it had not been claimed; return whether it still was the worker's."""
    given = {"state": "waiting", "due_at": at, "attempt": claimed.attempt - 1}
    return _change(tx, claimed, {**given, "worker": None, "lease": None})


def try_later(tx: Writer, claimed: Claimed, failure: Failure, due_at: dt.datetime) -> bool:
    """Let a job that failed wait until it is due again; return whether it still was the worker's."""
    given = {"state": "waiting", "due_at": due_at, "error": failure}
    return _change(tx, claimed, {**given, "worker": None, "lease": None})


def bury(tx: Writer, claimed: Claimed, failure: Failure, at: dt.datetime) -> bool:
    """Record that a job is given up, and why; return whether it still was the worker's."""
    given = {"state": "dead", "error": failure, "finished_at": at}
    return _change(tx, claimed, {**given, "worker": None, "lease": None})


def bury_lost(tx: Writer, job_id: int, failure: Failure, at: dt.datetime) -> None:
    """Record that a job is given up whose workers were lost each time."""
    given = {"state": "dead", "error": failure, "finished_at": at, "worker": None, "lease": None}
    tx.execute(sa.update(job).where(job.c.id == job_id, _is_lost(at)).values(given))


def waiting_since(tx: Reader, at: dt.datetime) -> dt.datetime | None:
    """Return since when the job waits that has waited longest though it is due; None for none."""
    due = sa.and_(job.c.state == "waiting", job.c.due_at <= at)
    query = sa.select(job.c.due_at).where(due, _unfinished).order_by(job.c.due_at).limit(1)
    return tx.execute(query).scalar()


def results(tx: Reader, kind: Kind) -> dict[int, str]:
    """Return what came of each job of a kind, by id; "" for nothing yet."""
    rows = tx.execute(sa.select(job.c.id, job.c.result).where(job.c.kind == kind))
    return {row.id: row.result for row in rows}


def ended(tx: Reader, by: Mapping[Kind, dt.datetime], limit: int) -> list[int]:
    """Return up to `limit` jobs that ended by a moment, by kind; of those that failed, by the first."""
    old = (
        sa.and_(
            job.c.finished_at <= sa.case((job.c.state == "dead", min(by.values())), else_=at),
            job.c.kind == kind,
        )
        for kind, at in by.items()
    )
    return list(tx.execute(sa.select(job.c.id).where(sa.or_(*old)).limit(limit)).scalars())


def remove(tx: Writer, ids: Sequence[int]) -> None:
    """Forget jobs, and who asked for them."""
    tx.execute(sa.delete(job_asker).where(job_asker.c.job_id.in_(ids)))
    tx.execute(sa.delete(job).where(job.c.id.in_(ids)))


def _due(lane: Lane, at: dt.datetime) -> sa.Select[tuple[int]]:
    waits = sa.and_(job.c.state == "waiting", job.c.due_at <= at)
    ready = sa.and_(job.c.lane == lane, _unfinished, sa.or_(waits, _is_lost(at)))
    return sa.select(job.c.id).where(ready).order_by(job.c.turn, job.c.id).limit(1)


def _is_lost(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(job.c.state == "running", job.c.lease < at)


def _held(claimed: Claimed) -> sa.ColumnElement[bool]:
    return sa.and_(
        job.c.id == claimed.id,
        job.c.state == "running",
        job.c.worker == claimed.worker,
        job.c.attempt == claimed.attempt,
    )


def _change(tx: Writer, claimed: Claimed, values: dict[str, Any]) -> bool:
    return tx.execute(sa.update(job).where(_held(claimed)).values(values)).rowcount > 0
