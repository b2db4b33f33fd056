"""Tables of a cycle's board and its views to take along, made as jobs: of many organisations they take their time."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from survey_service import clock, i18n
from survey_service.analysis.selection import Selection
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import Kind
from survey_service.errors import NotFoundError
from survey_service.operations import cycles, jobs, national, standings
from survey_service.operations.columns import KeptColumns
from survey_service.operations.jobs import Tools, enqueue
from survey_service.operations.national import Loaded
from survey_service.operations.standings import Board
from survey_service.reports import indicators, tables
from survey_service.reports import standings as drawn
from survey_service.reports.national import packages
from survey_service.reports.papers import file_name
from survey_service.reports.tables import Table
from survey_service.store import jobs as stored
from survey_service.store import results
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted

FOLDER = "exports"
MADE: tuple[Kind, ...] = ("table", "cycle_reports")
"""The jobs that make a file to be taken along."""
TABLES = ("coverage", "index", "dimensions", "field", "verified", "peers", "indicators")

Form = Literal["csv", "xlsx"]


class WantedTable(Struct, frozen=True):
    """A table of a cycle's board, as a CSV file or a workbook, in a language.

    `organisation` is the id of the one among its peers; 0 for none. Where it is a `view` that is
    wanted, `table` is its name, and it may be a package of data as well.
    """

    cycle_id: int
    table: str
    form: Form | Literal["zip"]
    organisation: int
    language: str
    view: national.Wanted | None = None


class Made(Struct, frozen=True):
    """A file that a job made: where it is kept, and what it is called for whoever takes it along."""

    path: str
    name: str
    form: Form | Literal["zip"]


def request(tx: Writer, actor: Actor, wanted: WantedTable) -> int:
    """Return the id of the job that makes a table as an actor sees it.

    Raises:
        NotFoundError: There is no such cycle for this actor, or no such table.
    """
    cycle = cycles.view(tx, actor, wanted.cycle_id)
    if wanted.view is None:
        _require_known(wanted)
    payload = msgspec.json.encode(wanted)
    key = f"table:{actor.id}:{hashlib.sha256(payload).hexdigest()}"
    about = f"cycles/{cycle.id}/{'views' if wanted.view else 'tables'}/{wanted.table}"
    return enqueue(tx, actor, Wanted("table", key, payload.decode(), about, cycle.name))


async def make(tools: Tools, claimed: Claimed) -> str:
    """Make a table as whoever asked for it sees it, and keep its file.

    Raises:
        NotFoundError: There is no longer such a cycle for them, or no such organisation in it.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedTable)
    name, content = await (_of_board if wanted.view is None else _of_view)(tools, claimed, wanted)
    path = f"{FOLDER}/{claimed.id}-{secrets.token_hex(8)}.{wanted.form}"
    await tools.files.put(path, content)  # before the row that names it
    return msgspec.json.encode(Made(path, f"{name}.{wanted.form}", wanted.form)).decode()


def made(tx: Reader, actor: Actor, job_id: int) -> Made:
    """Return the file that a job made for an actor.

    Raises:
        NotFoundError: The actor asked for no such job, or it made none yet.
    """
    found = jobs.view(tx, actor, job_id)
    if found.kind not in MADE or found.state != "done" or not found.mine:
        raise NotFoundError(job=job_id)
    return msgspec.json.decode(stored.result(tx, job_id), type=Made)


async def remove_unused(tools: Tools) -> None:
    """Remove the files whose jobs are forgotten, or never came to name them."""
    there = [one.name async for one in tools.files.below(FOLDER)]
    known = {
        job_id: result
        for kind in MADE
        for job_id, result in (await tools.db.read(stored.results, kind)).items()
    }
    for name in there:
        of_job = name.removeprefix(f"{FOLDER}/").partition("-")[0]
        result = known.get(int(of_job) if of_job.isdecimal() else 0)
        if result is None or (result and msgspec.json.decode(result, type=Made).path != name):
            await tools.files.remove(name)


def _require_known(wanted: WantedTable) -> None:
    """Raise `NotFoundError` unless it is a table of the board."""
    if wanted.table not in TABLES or (wanted.table == "peers" and not wanted.organisation):
        raise NotFoundError(table=wanted.table)


async def _of_board(tools: Tools, claimed: Claimed, wanted: WantedTable) -> tuple[str, bytes]:
    """Return what a table of the board is called, and its file."""
    board, worth = await tools.db.read(_load, claimed, wanted)
    table = await asyncio.to_thread(_table, board, worth, wanted)
    asked, cycle = board.questionnaire.reference, board.cycle.name
    name = file_name("", asked, cycle, wanted.language, table.name)
    return name, await asyncio.to_thread(_content, table, wanted)


async def _of_view(tools: Tools, claimed: Claimed, wanted: WantedTable) -> tuple[str, bytes]:
    """Return what a view is called, and its file."""
    kept = KeptColumns(fewest=tools.settings.smallest_group)
    if (roll_up := await tools.db.read(_rolling_up, claimed, kept, wanted)) is not None:
        await asyncio.to_thread(roll_up)
    loaded = await tools.db.read(_loaded, claimed, kept, wanted)
    seen = {language: await asyncio.to_thread(one.seen) for language, one in loaded.items()}
    own = seen[wanted.language]
    asked, cycle = own.selection.questionnaire.reference, own.cycle.name
    name = file_name("", asked, cycle, wanted.language, own.view.title)
    if wanted.form != "zip":
        table = own.view.table(own.selection.questionnaire)
        return name, await asyncio.to_thread(_content, table, wanted)
    views = {language: one.view for language, one in seen.items()}
    about = packages.About(
        cycle, asked, own.cycle.digest or "", wanted.language, own.wanted.told, clock.now()
    )
    return name, await asyncio.to_thread(packages.package, views, own.selection, about)


def _rolling_up(
    tx: Reader, claimed: Claimed, kept: KeptColumns, wanted: WantedTable
) -> Callable[[], Selection] | None:
    assert wanted.view is not None
    return national.rolling_up(tx, jobs.acting(tx, claimed), kept, wanted.view)


def _loaded(
    tx: Reader, claimed: Claimed, kept: KeptColumns, wanted: WantedTable
) -> dict[str, Loaded]:
    """Return what a view is made of as whoever asked sees it, in every language that its file tells of."""
    assert wanted.view is not None
    actor = jobs.acting(tx, claimed)
    languages = i18n.LANGUAGES if wanted.form == "zip" else (wanted.language,)
    return {
        language: national.load(tx, actor, kept, wanted.view, language) for language in languages
    }


def _load(tx: Reader, claimed: Claimed, wanted: WantedTable) -> tuple[Board, Mapping[int, bytes]]:
    """Return the board as whoever asked sees it, and what indicators are worth, where that is asked."""
    board = standings.board(tx, jobs.acting(tx, claimed), wanted.cycle_id)
    if wanted.table != "indicators":
        return board, {}
    return board, results.indicators(tx, wanted.cycle_id)


def _content(table: Table, wanted: WantedTable) -> bytes:
    return tables.csv(table, wanted.language) if wanted.form == "csv" else tables.xlsx(table)


def _table(board: Board, worth: Mapping[int, bytes], wanted: WantedTable) -> Table:
    args = (board.questionnaire, board.standings)
    if wanted.table == "indicators":
        return indicators.table(*args, worth, wanted.language)
    if wanted.table != "peers":
        found = drawn.figure(wanted.table, *args, wanted.language)
    else:
        rows = {one.organisation_id: one for one in board.standings.rows}
        one = rows.get(wanted.organisation)
        found = drawn.among_peers(*args, one, wanted.language)[0] if one else None
    if found is None:
        raise NotFoundError(table=wanted.table)
    return found.table
