"""Jobs in tests: done by the application itself, on either engine, and waited for."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec import structs

from survey_service.conduct.jobs import Kind
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.store import jobs
from survey_service.store.database import Database
from survey_service.web.context import Services


def tools(wired: Services) -> Tools:
    """Return what jobs are done with."""
    return Tools(wired.settings, wired.db, wired.files, wired.renderer, wired.mail)


def working(wired: Services) -> Services:
    """Return services of an application that does its jobs itself."""
    return structs.replace(wired, worker=Worker(tools(wired), wired.following))


async def all_done(db: Database, kind: Kind) -> None:
    """Wait until no job of a kind is left to do."""
    await until(lambda: _none_left(db, kind))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds that another process, or another task, brings about."""
    while not await holds():  # noqa: ASYNC110 - no event comes from elsewhere
        await asyncio.sleep(0.02)


async def _none_left(db: Database, kind: Kind) -> bool:
    return not await db.read(jobs.has_unfinished, kind)
