"""Saves in groups, against one transaction each on a pool of connections."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft, Response
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, questionnaires, responses
from survey_service.store import organisations, people
from survey_service.store.database import PRAGMAS, Reader, SQLite, Writer, configure
from survey_service.store.schema import migrate
from tests.samples import FLAGSHIP

CLIENTS = 32
SAVES = 40  # by each client
_CODES = ("M1.1", "M1.2", "M1.3", "M1.4")

Save = Callable[[int, str, Draft], Awaitable[Response]]


async def groups_against_each(folder: Path) -> tuple[float, float]:
    """Return saves a second, in groups and one by one, by 32 clients at a time."""
    return await _in_groups(folder / "groups.db"), await _one_by_one(folder / "each.db")


def prepare(tx: Writer) -> tuple[Actor, list[Assessment]]:
    """Add a person, the flagship, and an assessment for each client."""
    agency = organisations.insert(tx, Listed("Agency", ""), None)
    people.save_person(tx, people.Person("alice", "alice", "coordinator", agency, "-"))
    questionnaires.publish(tx, FLAGSHIP.read_bytes(), FLAGSHIP.name)
    alice = Actor(1, "alice", "coordinator", agency, "alice")
    opened = [assessments.open_assessment(tx, alice, "asn-maturity@2026.1") for _ in range(CLIENTS)]
    return alice, opened


async def _in_groups(path: Path) -> float:
    await migrate(str(path))
    db = SQLite(str(path))
    alice, opened = await db.write(prepare)

    async def save(assessment: int, code: str, draft: Draft) -> Response:
        return await db.write(responses.save_response, alice, assessment, code, draft)

    rate = await _rate(save, opened)
    await db.close()
    return rate


async def _one_by_one(path: Path) -> float:
    """Measure what most services do: a pool of aiosqlite connections, a commit for every save."""
    await migrate(str(path))
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=5, max_overflow=0)
    configure(engine.sync_engine, *PRAGMAS)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("begin immediate")
        alice, opened = await connection.run_sync(lambda c: prepare(Writer(Reader(c))))

    async def save(assessment: int, code: str, draft: Draft) -> Response:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("begin immediate")
            return await connection.run_sync(
                lambda c: responses.save_response(Writer(Reader(c)), alice, assessment, code, draft)
            )

    rate = await _rate(save, opened)
    await engine.dispose()
    return rate


async def _rate(save: Save, opened: list[Assessment]) -> float:
    async def client(assessment: Assessment) -> None:
        for number in range(SAVES):
            code, revision = _CODES[number % len(_CODES)], number // len(_CODES)
            draft = Draft(Answer(level=number % 5 + 1), f"note {number}", revision)
            await save(assessment.id, code, draft)

    begin = time.perf_counter()
    await asyncio.gather(*map(client, opened))
    return CLIENTS * SAVES / (time.perf_counter() - begin)
