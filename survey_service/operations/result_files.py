"""The results of whole cycles written as Parquet into the store of files: for engines, and for people's own."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from survey_service.analysis.columns import columns
from survey_service.analysis.result_rows import CYCLE, rows
from survey_service.conduct.cycles import Cycle
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations.cycles import asked
from survey_service.reports import parquet, result_files
from survey_service.reports.parquet import Values
from survey_service.reports.result_files import Exported, Part, Piece
from survey_service.store import columns as stored
from survey_service.store.database import Database, Reader
from survey_service.store.files import Files

_TOGETHER = 1024  # assessments read at a time: all that is in memory of a country

Tell = Callable[[Cycle], Awaitable[None]]
"""Is told each cycle that is written."""


class Table(Struct, frozen=True):
    """What is to be written of a questionnaire: its cycles, and the attributes that occur in them."""

    questionnaire: Questionnaire
    attributes: tuple[str, ...]
    cycles: tuple[Cycle, ...]


def tables_of(tx: Reader, some: Sequence[Cycle]) -> list[Table]:
    """Return what there is to be written of open cycles, by what they ask."""
    by_digest: dict[str, list[Cycle]] = {}
    for one in some:
        if one.digest is not None:
            by_digest.setdefault(one.digest, []).append(one)
    return [_table(tx, each) for each in by_digest.values()]


def _table(tx: Reader, some: Sequence[Cycle]) -> Table:
    known = stored.attributes(tx, [one.id for one in some])
    names = sorted({name for attributes in known for name in attributes} - {""})
    return Table(asked(tx, some[0]), tuple(names), tuple(some))


async def write(db: Database, files: Files, folder: str, table: Table, tell: Tell) -> Exported:
    """Write the cycles of a questionnaire below a folder; each is as it stands at one moment.

    Raises:
        ExtraMissingError: The extra that writes Parquet is not installed.
    """
    within = result_files.folder(table.questionnaire)
    parts = []
    for cycle in table.cycles:
        path = f"{within}/results/{CYCLE}={cycle.id}/part-00000.parquet"
        with files.arriving() as arrived:
            count = await db.read(write_cycle, table, cycle, arrived)
            read = await asyncio.to_thread(_digest, arrived)
            size = arrived.stat().st_size
            await files.put(f"{folder}/{path}", arrived)
        parts.append(Part(path, size, read, cycle.id, cycle.name, count))
        await tell(cycle)
    described = await asyncio.to_thread(result_files.number_columns, table.questionnaire)
    cycles = await asyncio.to_thread(result_files.whole_cycles, parts)
    beside = [
        await _put(files, folder, f"{within}/{name}.parquet", content)
        for name, content in (("columns", described), ("cycles", cycles))
    ]
    return Exported(table.questionnaire, table.attributes, parts, *beside)


def write_cycle(tx: Reader, table: Table, cycle: Cycle, into: Path) -> int:
    """Write the results of a cycle into a file; return how many rows it has."""
    counts: list[int] = []
    described = result_files.result_columns(table.questionnaire, table.attributes)
    parts = _parts(tx, table, cycle, counts)
    parquet.write(described, parts, into, result_files.about(table.questionnaire))
    return sum(counts)


def _parts(tx: Reader, table: Table, cycle: Cycle, counts: list[int]) -> Iterator[Sequence[Values]]:
    ids = stored.ids(tx, cycle.id)
    for first in range(0, len(ids), _TOGETHER):
        only = ids[first : first + _TOGETHER]
        members = stored.members(tx, cycle.id, only)
        found = columns(table.questionnaire, members, stored.results(tx, cycle.id, only))
        cells = rows(found, table.attributes)
        counts.append(len(cells[0]))
        yield cells


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


async def _put(files: Files, folder: str, path: str, content: bytes) -> Piece:
    await files.put(f"{folder}/{path}", content)
    return Piece(path, len(content), digest(content))
