"""What a worker makes of jobs: done, tried again, given up, given back, dropped."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

import pytest
from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import Job, Kind
from survey_service.errors.accounts import LoginTakenError, MailError
from survey_service.operations import job_progress, jobs, worker
from survey_service.operations.job_progress import Following
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.store import jobs as stored
from survey_service.store.database import Database, Reader
from survey_service.store.jobs import Claimed, Progress, Wanted
from tests.working import until

Work = Callable[[Tools, Claimed], Awaitable[str]]


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Let mail jobs be something else, so that what a worker makes of it is seen alone."""

    def do(work: Work) -> None:
        monkeypatch.setattr(worker, "WORK", {**worker.WORK, "mail": work})

    return do


async def _asked(db: Database, who: Actor | None, kind: Kind = "mail") -> int:
    return await db.write(jobs.enqueue, who, Wanted(kind, jobs.unique(kind), "{}"))


async def _found(db: Database, who: Actor, job_id: int) -> Job:
    return await db.read(jobs.view, who, job_id)


async def test_a_job_is_done_and_what_came_of_it_is_kept(
    tools: Tools, alice: Actor, does: Callable[[Work], None]
) -> None:
    async def work(_: Tools, claimed: Claimed) -> str:
        return f'"{claimed.attempt}"'

    does(work)
    job_id = await _asked(tools.db, alice)

    await Worker(tools).work_until_idle()

    found = await _found(tools.db, alice, job_id)
    assert (found.state, found.attempt, found.finished_at is None) == ("done", 1, False)
    assert await tools.db.read(stored.result, job_id) == '"1"'


async def test_what_a_job_asks_for_is_done_before_all_is_idle(
    tools: Tools, alice: Actor, does: Callable[[Work], None]
) -> None:
    asked = [await _asked(tools.db, alice)]

    async def work(_: Tools, __: Claimed) -> str:
        if len(asked) < 4:
            asked.append(await _asked(tools.db, alice))
        return ""

    does(work)
    await Worker(tools).work_until_idle()

    states = [(await _found(tools.db, alice, one)).state for one in asked]
    assert states == ["done"] * 4


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (MailError(), "waiting", "mail"),
        (LoginTakenError(login="dewi"), "dead", "login_taken"),
        (ValueError("a fault of ours"), "waiting", "unexpected"),
    ],
)
async def test_a_job_that_fails_waits_or_is_given_up_with_the_reason(
    tools: Tools,
    alice: Actor,
    does: Callable[[Work], None],
    error: Exception,
    state: str,
    code: str,
) -> None:
    async def fail(_: Tools, __: Claimed) -> str:
        raise error

    does(fail)
    job_id = await _asked(tools.db, alice)

    await Worker(tools).work_until_idle()

    found = await _found(tools.db, alice, job_id)
    assert found.error is not None
    assert (found.state, found.error.code) == (state, code)
    assert (found.due_at > clock.now()) == (state == "waiting")


async def test_a_job_that_fails_each_time_is_dead_in_the_end(
    tools: Tools, alice: Actor, does: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    async def fail(_: Tools, claimed: Claimed) -> str:
        tried.append(claimed.attempt)
        raise MailError

    does(fail)
    job_id = await _asked(tools.db, alice)
    started = clock.now()
    for day in range(12):
        monkeypatch.setattr(clock, "now", lambda day=day: started + dt.timedelta(days=day))
        await Worker(tools).work_until_idle()

    assert tried == list(range(1, 10))
    assert (await _found(tools.db, alice, job_id)).state == "dead"


@asynccontextmanager
async def _at_work(tools: Tools, following: Following | None = None) -> AsyncIterator[Worker]:
    started = Worker(tools, following)
    working = asyncio.create_task(started.work())
    try:
        yield started
    finally:
        started.stop()
        await working


async def _endless(_: Tools, __: Claimed) -> str:
    await asyncio.Event().wait()
    return ""


async def _until(db: Database, who: Actor, job_id: int, state: str) -> Job:
    async def is_there() -> bool:
        return (await _found(db, who, job_id)).state == state

    await until(is_there)
    return await _found(db, who, job_id)


async def test_a_worker_that_is_told_to_stop_gives_back_what_is_at_hand(
    tools: Tools, alice: Actor, does: Callable[[Work], None]
) -> None:
    does(_endless)
    job_id = await _asked(tools.db, alice)

    async with _at_work(tools):
        await _until(tools.db, alice, job_id, "running")

    found = await _found(tools.db, alice, job_id)
    assert (found.state, found.attempt) == ("waiting", 0)
    assert await tools.db.read(stored.has_due, "mail", clock.now())


async def test_a_job_that_is_cancelled_is_dropped_and_the_next_one_done(
    tools: Tools, alice: Actor, does: Callable[[Work], None]
) -> None:
    dropped = asyncio.Event()

    async def work(_: Tools, claimed: Claimed) -> str:
        try:
            if claimed.id == first:
                await asyncio.Event().wait()
        finally:
            dropped.set()
        return ""

    does(work)
    first, second = [await _asked(tools.db, alice) for _ in range(2)]

    async with _at_work(tools) as at_work:
        await _until(tools.db, alice, first, "running")
        await tools.db.write(jobs.cancel, alice, first)
        at_work.wake()
        await dropped.wait()
        await _until(tools.db, alice, second, "done")

    assert (await _found(tools.db, alice, first)).state == "cancelled"


async def test_a_lease_is_kept_while_its_job_goes_on(
    tools: Tools,
    alice: Actor,
    does: Callable[[Work], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "_HEARTBEAT", 0.02)
    does(_endless)
    job_id = await _asked(tools.db, alice)

    async with _at_work(tools):
        await _until(tools.db, alice, job_id, "running")
        later = clock.now() + dt.timedelta(hours=1)
        monkeypatch.setattr(clock, "now", lambda: later)

        async def is_kept() -> bool:
            return not await tools.db.read(stored.lost, "mail", later)

        await until(is_kept)  # by the next heartbeat
        assert not await tools.db.read(stored.has_due, "mail", later)


async def test_a_worker_outlives_a_database_that_is_gone_for_a_while(
    tools: Tools,
    alice: Actor,
    does: Callable[[Work], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(worker, "EVERY", 0.02)
    gone = [True]

    class Fickle:
        async def read(self, *args: object) -> object:
            if gone:
                gone.pop()
                raise ConnectionError
            return await tools.db.read(*args)  # type: ignore[arg-type] # passed on as they are

        async def write(self, *args: object) -> object:
            return await tools.db.write(*args)  # type: ignore[arg-type] # passed on as they are

    async def work(_: Tools, __: Claimed) -> str:
        return ""

    does(work)
    job_id = await _asked(tools.db, alice)

    async with _at_work(structs.replace(tools, db=Fickle())):
        await _until(tools.db, alice, job_id, "done")

    assert "cannot go on at present" in caplog.text


async def _seen(following: Following, job_id: int, seconds: float = 60) -> list[Progress]:
    return [each async for each in following.changes(job_id, seconds)]


async def test_those_who_follow_a_job_are_told_until_it_ends_and_the_table_is_asked_once_for_all(
    tools: Tools, alice: Actor, does: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = asyncio.Event()

    async def work(_: Tools, __: Claimed) -> str:
        await going_on.wait()
        return ""

    does(work)
    asked = [0]

    def counted(tx: Reader, ids: Collection[int]) -> list[Progress]:
        asked[0] += 1
        return progress(tx, ids)

    progress = stored.progress
    monkeypatch.setattr(stored, "progress", counted)
    monkeypatch.setattr(job_progress, "EVERY", 60.0)  # what changes here is told at once
    following = Following(tools.db)
    job_id = await _asked(tools.db, alice)
    lookers = [asyncio.create_task(_seen(following, job_id)) for _ in range(30)]
    await asyncio.sleep(0.1)

    async with _at_work(tools, following):
        await _until(tools.db, alice, job_id, "running")
        going_on.set()
        seen = await asyncio.gather(*lookers)

    for each in seen:
        assert each[-1].state == "done"
        assert [one.state for one in each] == sorted({one.state for one in each}, key=_STATES.index)
    assert asked[0] < 10
    assert await following.ended(job_id, 60)


_STATES = ["waiting", "running", "done"]


async def test_nobody_waits_for_a_job_for_longer_than_they_want_or_the_process_lives(
    tools: Tools, alice: Actor
) -> None:
    following = Following(tools.db)
    job_id = await _asked(tools.db, alice)

    in_vain = await following.ended(job_id, 0.05)
    waiting = asyncio.create_task(following.ended(job_id, 600))
    await asyncio.sleep(0.1)
    following.close()

    assert not in_vain
    assert not await waiting
