"""Doing jobs: claimed with a lease, one at a time in each line, finished, tried again or given up."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import ParamSpec

from survey_service import clock
from survey_service.conduct.jobs import (
    LANES,
    LEASE,
    Failure,
    Kind,
    Lane,
    is_given_up,
    most_attempts,
    pause,
)
from survey_service.errors import SurveyError
from survey_service.errors.jobs import AbandonedError, JobStateError
from survey_service.errors.requests import UnexpectedError
from survey_service.operations import (
    clean_up,
    cycle_reports,
    deadlines,
    exports,
    notices,
    one_time_links,
    organisations,
    people,
    release_drafts,
    release_papers,
    reminders,
    reports,
    result_exports,
    webhooks,
)
from survey_service.operations.job_progress import EVERY, Following, Signal, waited
from survey_service.operations.jobs import LostJobError, Tools
from survey_service.store import jobs
from survey_service.store.database import Writer
from survey_service.store.faults import fault
from survey_service.store.jobs import Claimed

P = ParamSpec("P")

Work = Callable[[Tools, Claimed], Awaitable[str]]
"""Does a job and returns what came of it, as JSON by its kind; "" for nothing to keep."""

WORK: Mapping[Kind, Work] = {
    "report": reports.make,
    "organisations": organisations.take_in,
    "people": people.take_in,
    "table": exports.make,
    "cycle_reports": cycle_reports.make,
    "release": release_drafts.draft,
    "release_papers": release_papers.seal,
    "export": result_exports.make,
    "export_removal": result_exports.remove,
    "mail": one_time_links.deliver,
    "notices": notices.deliver,
    "webhook": webhooks.deliver,
    "deadlines": deadlines.tell,
    "reminders": reminders.remind,
    "clean_up": clean_up.clean,
}
_BESIDE = 0.2  # seconds until it is looked again for what the jobs at hand ask for
_HEARTBEAT = LEASE.total_seconds() / 6
_log = logging.getLogger(__name__)


class Worker:
    """Does jobs until it is told to stop; several on one database share them."""

    def __init__(self, tools: Tools, following: Following | None = None) -> None:
        """Prepare to work; those who follow jobs in this process are told at once of what changes."""
        self._tools, self._db = tools, tools.db
        self._following = following
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._signal = Signal()
        self._stopping = False

    def wake(self) -> None:
        """Look for jobs at once, and whether those at hand are still to be done."""
        self._signal.give()

    def stop(self) -> None:
        """Give back the jobs at hand, and claim no more."""
        self._stopping = True
        self.wake()

    async def work(self) -> None:
        """Do jobs until told to stop."""
        await self._outlive(self._begin)
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes():
                group.create_task(self._stay(lane))

    async def work_until_idle(self) -> None:
        """Do jobs until none is left that is due, those that came about meanwhile included."""
        await self._begin()
        lanes = self._lanes()
        drains = [asyncio.create_task(self._drain(lane)) for lane in lanes]
        while True:
            await asyncio.wait(drains, timeout=_BESIDE)  # a job at hand may wait for others
            did = sum(one.result() for one in drains if one.done())
            if not did and all(one.done() for one in drains):
                return
            drains = [
                asyncio.create_task(self._drain(lane)) if one.done() else one
                for lane, one in zip(lanes, drains, strict=True)
            ]

    def _lanes(self) -> list[Lane]:
        """Return a line for each job that is done at a time."""
        lanes: list[Lane] = list(dict.fromkeys(LANES.values()))
        return lanes + ["reports"] * (self._tools.settings.report_workers - 1)

    async def _begin(self) -> None:
        await self._db.write(clean_up.schedule)
        await self._db.write(deadlines.schedule)

    async def _stay(self, lane: Lane) -> None:
        while not self._stopping:
            woken = self._signal.later()
            await self._outlive(self._drain, lane)
            await waited(woken, EVERY)

    async def _outlive(
        self, work: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do something that may fail while the database is gone for a while."""
        try:
            await work(*args, **kwargs)
        except Exception:  # noqa: BLE001 - whatever a database that is gone raises
            _log.exception("a worker cannot go on at present")

    async def _drain(self, lane: Lane) -> int:
        """Do the jobs in a line that are due, and return how many there were."""
        count = 0
        while not self._stopping and (claimed := await self._claim(lane)) is not None:
            await self._do(claimed)
            count += 1
        return count

    async def _claim(self, lane: Lane) -> Claimed | None:
        if not await self._db.read(jobs.has_due, lane, clock.now()):
            return None
        return await self._db.write(_claim, self._name, lane)

    async def _do(self, claimed: Claimed) -> None:
        self._tell()
        await self._settle(claimed, await self._worked(claimed, WORK[claimed.kind]))
        self._tell()

    async def _worked(self, claimed: Claimed, work: Work) -> asyncio.Future[str]:
        """Do a job while its lease is kept; return how that ended."""
        done = asyncio.ensure_future(work(self._tools, claimed))
        keeping = asyncio.create_task(self._keep(claimed, done))
        try:
            await asyncio.wait([done])
        finally:
            keeping.cancel()
            done.cancel()
        return done

    async def _keep(self, claimed: Claimed, work: asyncio.Future[str]) -> None:
        """Keep the lease of a job that is being done; stop doing it once it is not ours."""
        while not self._stopping:
            woken = self._signal.later()
            called = await waited(woken, _HEARTBEAT)
            await self._outlive(self._stop_unless_held, claimed, work, called=called)
        work.cancel()

    async def _stop_unless_held(
        self, claimed: Claimed, work: asyncio.Future[str], *, called: bool
    ) -> None:
        if called:  # to look is enough, the lease is young
            held = await self._db.read(jobs.is_held, claimed)
        else:
            held = await self._db.write(jobs.extend, claimed, clock.now() + LEASE)
        if not held:
            work.cancel()

    async def _settle(self, claimed: Claimed, work: asyncio.Future[str]) -> None:
        """Record what became of a job."""
        if work.cancelled():
            if self._stopping:
                await self._db.write(jobs.give_back, claimed, clock.now())
            return
        error = work.exception()
        if error is None:
            await self._db.write(_finish, claimed, work.result())
        elif not isinstance(error, LostJobError):
            await self._db.write(_fail, claimed, _known(claimed, error))

    async def do_at_once(self, ask: Callable[[Writer], int], work: Work) -> None:
        """Ask for a job, and do it as `work`; what fails is not tried again.

        Raises:
            SurveyError: What went wrong.
            JobStateError: Another worker is at it, or somebody cancelled it meanwhile.
        """
        claimed = await self._db.write(_claim_one, self._name, ask)
        try:
            done = await self._worked(claimed, work)
        except asyncio.CancelledError:
            await self._db.write(jobs.cancel, claimed.id, clock.now())
            raise
        error = LostJobError() if done.cancelled() else done.exception()
        if error is None:
            await self._settle(claimed, done)
            return
        if isinstance(error, LostJobError):
            raise JobStateError(job_state="cancelled") from error
        known = _known(claimed, error)
        failure = Failure(known.code, known.details)
        await self._db.write(jobs.bury, claimed, failure, clock.now())
        raise known

    def _tell(self) -> None:
        if self._following is not None:
            self._following.nudge()


def _claim(tx: Writer, worker: str, lane: Lane) -> Claimed | None:
    """Return the next job; those are given up whose workers were lost once too often."""
    now = clock.now()
    for job_id, kind, attempt in jobs.lost(tx, lane, now):
        if attempt >= most_attempts(kind):
            jobs.bury_lost(tx, job_id, Failure(AbandonedError.code), now)
    return jobs.claim(tx, worker, lane, now, now + LEASE)


def _claim_one(tx: Writer, worker: str, ask: Callable[[Writer], int]) -> Claimed:
    """Return a job that is asked for, from now on the worker's.

    Raises:
        JobStateError: It is another one's.
    """
    now = clock.now()
    claimed = jobs.claim_one(tx, worker, ask(tx), now, now + LEASE)
    if claimed is None:
        raise JobStateError(job_state="running")
    return claimed


def _finish(tx: Writer, claimed: Claimed, result: str) -> None:
    """Record that a job is done, and tell those who asked for it and left meanwhile."""
    if jobs.finish(tx, claimed, result, clock.now()):
        notices.tell_ready(tx, claimed)


def _fail(tx: Writer, claimed: Claimed, error: SurveyError) -> None:
    """Let a job that failed be tried later, or give it up."""
    failure, now = Failure(error.code, error.details), clock.now()
    if is_given_up(claimed.kind, claimed.attempt, error.status):
        jobs.bury(tx, claimed, failure, now)
    else:
        jobs.try_later(tx, claimed, failure, now + pause(claimed.attempt))


def _known(claimed: Claimed, error: BaseException) -> SurveyError:
    if isinstance(error, SurveyError):
        return error
    if (known := fault(error)) is not None:  # a disk that is full, a server that is gone
        return known
    reference = secrets.token_hex(4)
    _log.error("job %s (%s) failed: %s", claimed.id, claimed.kind, reference, exc_info=error)
    return UnexpectedError(reference=reference)
