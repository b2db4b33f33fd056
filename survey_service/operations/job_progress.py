"""Following jobs: the table is asked once for all who look on in this process."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from survey_service.conduct.jobs import UNFINISHED
from survey_service.store import jobs
from survey_service.store.database import Database
from survey_service.store.jobs import Progress

EVERY = 1.0  # seconds until the table is asked again
_log = logging.getLogger(__name__)


class Signal:
    """Wakes all who wait for it at a moment; whoever comes later waits for the next one."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def give(self) -> None:
        """Wake everybody."""
        self._next.set()
        self._next = asyncio.Event()

    def later(self) -> asyncio.Event:
        """Return what is set the next time; taken before a look at things, no change is missed."""
        return self._next


async def waited(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, but not for longer than some seconds; return whether it came."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


class Following:
    """Those who look on while jobs are done."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._lookers = Counter[int]()
        self._known: dict[int, Progress] = {}
        self._changed, self._asked = Signal(), Signal()
        self._asking: asyncio.Task[None] | None = None
        self._closed = False

    def nudge(self) -> None:
        """Look at the table at once: something in it changed."""
        self._asked.give()

    def close(self) -> None:
        """Let everybody go: the process ends."""
        self._closed = True
        self._changed.give()
        self._asked.give()

    async def changes(self, job_id: int, seconds: float) -> AsyncIterator[Progress]:
        """Yield how far a job is, now and whenever it changes: until it ends, or the time is over."""
        until = time.monotonic() + seconds
        seen: Progress | None = None
        async with self._looking(job_id):
            while not self._closed and (seen is None or seen.state in UNFINISHED):
                changed = self._changed.later()
                found = self._known.get(job_id)
                if found is not None and found != seen:
                    seen = found
                    yield found
                elif not await waited(changed, until - time.monotonic()):
                    return

    async def ended(self, job_id: int, seconds: float) -> bool:
        """Wait until a job has ended, but not for longer than some seconds; return whether it has."""
        states = [each.state async for each in self.changes(job_id, seconds)]
        return bool(states) and states[-1] not in UNFINISHED

    @asynccontextmanager
    async def _looking(self, job_id: int) -> AsyncIterator[None]:
        if self._lookers[job_id] == 0:
            self._known.pop(job_id, None)  # what was known of it is old
        self._lookers[job_id] += 1
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        self.nudge()
        try:
            yield
        finally:
            self._lookers[job_id] -= 1
            if self._lookers[job_id] <= 0:
                del self._lookers[job_id]

    async def _ask(self) -> None:
        while self._lookers and not self._closed:
            asked = self._asked.later()
            try:
                found = await self._db.read(jobs.progress, list(self._lookers))
            except Exception:  # noqa: BLE001 - a database that is gone: whoever looks on waits
                _log.exception("jobs cannot be followed")
                found = []
            for one in found:
                self._known[one.id] = one
            self._changed.give()
            await waited(asked, EVERY)
