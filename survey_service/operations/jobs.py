"""Asking for long work, in the transaction of what asks; seeing it, cancelling it, starting it again."""

import asyncio
import datetime as dt
import secrets
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.jobs import LANES, Job, Kind, turn
from survey_service.errors.jobs import JobStateError, NotActiveError
from survey_service.operations import audit
from survey_service.outside.mail import Mail
from survey_service.reports.rendering import Renderer, renderer
from survey_service.settings import Settings
from survey_service.store import jobs, people
from survey_service.store.database import Database, Reader, Writer, connect
from survey_service.store.files import Files, files
from survey_service.store.jobs import Claimed, Wanted

T = TypeVar("T")

PIECE = 0.03  # seconds that one transaction of many may take, so that others' writes go between


class Tools(Struct, frozen=True):
    """What jobs are done with; `mail` is None where no server is set."""

    settings: Settings
    db: Database
    files: Files
    renderer: Renderer
    mail: Mail | None


def tools_for(settings: Settings) -> Tools:
    """Return what jobs are done with, as the settings say."""
    return Tools(
        settings=settings,
        db=connect(settings.database),
        files=files(settings),
        renderer=renderer(settings),
        mail=Mail(settings.mail, settings.mail_from) if settings.mail else None,
    )


class LostJobError(Exception):
    """A job is its worker's no longer: somebody cancelled it, or took it over."""


def enqueue(
    tx: Writer,
    owner: Actor | None,
    wanted: Wanted,
    *,
    due_at: dt.datetime | None = None,
    followed: bool = True,
) -> int:
    """Return the id of a job that is to be done, the same one for all who ask under its key.

    Args:
        tx: The transaction of what asks for it: both are kept, or neither.
        owner: Who asks, and whose turn it is; None for nobody.
        wanted: The job.
        due_at: Not before this moment; None for at once.
        followed: Whether it is among what the owner asked for; else it shows only if it fails.
    """
    now, lane = clock.now(), LANES[wanted.kind]
    person_id = owner.id if owner else None
    at = turn(jobs.newest_turn(tx, person_id, lane), jobs.present_turn(tx, lane, now))
    known = jobs.unfinished(tx, wanted.key)
    if known is None:
        address = owner.address if owner else "-"
        known = jobs.add(tx, wanted, person_id, address, at, at=now, due_at=due_at or now)
    else:
        jobs.hasten(tx, known, at)
    if owner is not None and followed:
        jobs.ask(tx, known, owner.id)
    return known


def view(tx: Reader, actor: Actor, job_id: int) -> Job:
    """Return a job that an actor asked for, or of somebody whom they look after.

    Raises:
        NotFoundError: There is none for this actor.
    """
    require(actor, "read")
    return jobs.view(tx, job_id, visible_to=actor)


def list_own(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Job]:
    """Return up to `limit` jobs that an actor asked for, newest first."""
    require(actor, "read")
    return jobs.newest(tx, actor, before=before, limit=limit)


def list_dead(tx: Reader, actor: Actor, *, limit: int) -> list[Job]:
    """Return up to `limit` jobs that failed, of those whom an actor looks after."""
    require(actor, "read")
    return jobs.dead(tx, actor, limit=limit) if actor.admits else []


def cancel(tx: Writer, actor: Actor, job_id: int) -> Job:
    """Let a job be done no more; one that others asked for as well goes on for them.

    Raises:
        NotFoundError: There is none for this actor.
        JobStateError: It ended already.
    """
    found = view(tx, actor, job_id)
    require(actor, "ask")
    if found.ended:
        raise JobStateError(job_state=found.state)
    if found.mine and jobs.askers(tx, job_id) > 1:
        jobs.leave(tx, job_id, actor.id)
    else:
        jobs.cancel(tx, job_id, clock.now())
    audit.record(tx, actor, "job.cancel", f"jobs/{job_id}")
    return found


def start_again(tx: Writer, actor: Actor, job_id: int) -> int:
    """Let a job that failed or was cancelled go on where it was; return the id of what is done.

    That is another one, where the same was asked for since.

    Raises:
        NotFoundError: There is none for this actor.
        JobStateError: It did not end so.
    """
    found = view(tx, actor, job_id)
    require(actor, "ask")
    if not found.can_start_again:
        raise JobStateError(job_state=found.state)
    other = jobs.unfinished(tx, jobs.key(tx, job_id))
    if other is None:
        lane, now = LANES[found.kind], clock.now()
        at = turn(jobs.newest_turn(tx, actor.id, lane), jobs.present_turn(tx, lane, now))
        jobs.start_again(tx, job_id, at, now)
    if found.mine:
        jobs.ask(tx, other or job_id, actor.id)
    audit.record(tx, actor, "job.start_again", f"jobs/{job_id}")
    return other or job_id


def acting(tx: Reader, claimed: Claimed) -> Actor:
    """Return the person on whose behalf a job is done, as they are now.

    Raises:
        NotActiveError: They may no longer sign in, or it is nobody's.
    """
    found = None if claimed.person_id is None else people.actor(tx, claimed.person_id)
    if found is None:
        raise NotActiveError
    return msgspec.structs.replace(found, address=claimed.address)


def advance(tx: Writer, claimed: Claimed, progress: int, result: str = "") -> None:
    """Record how far a job is, in the transaction that brought it there.

    Raises:
        LostJobError: It is the worker's no longer; nothing of this transaction is to be kept.
    """
    if not jobs.advance(tx, claimed, progress, result):
        raise LostJobError


def unique(kind: Kind) -> str:
    """Return a key for what is not done once for all, however often it is asked for."""
    return f"{kind}:{secrets.token_hex(8)}"


async def rest() -> None:
    """Leave the database, and the processor, to others for as long as a piece takes."""
    await asyncio.sleep(PIECE)


def in_time(items: Iterable[T]) -> Iterator[T]:
    """Yield items, at least one, until a transaction's time is used up by what is done with them."""
    until = time.perf_counter() + PIECE
    for item in items:
        yield item
        if time.perf_counter() >= until:
            return
