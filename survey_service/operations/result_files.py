"""The results of the whole country as Parquet, in the store of files: for engines, and for people's own."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from survey_service.analysis.columns import columns
from survey_service.analysis.result_rows import CYCLE, rows
from survey_service.conduct.cycles import Cycle
from survey_service.errors.engines import ExportTakenError, NothingToExportError
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations.cycles import asked
from survey_service.reports import parquet, result_files
from survey_service.reports.data_packages import DESCRIPTION
from survey_service.reports.parquet import Values
from survey_service.reports.result_files import Exported, Part
from survey_service.store import columns as stored
from survey_service.store import cycles
from survey_service.store.database import Database, Reader
from survey_service.store.files import Files

FOLDER = "national"
"""Within the store of files, with a folder for each export."""

_TOGETHER = 1024  # assessments read at a time: all that is in memory of a country


class Table(Struct, frozen=True):
    """What is to be written of a questionnaire: its cycles, and the attributes that occur in them."""

    questionnaire: Questionnaire
    attributes: tuple[str, ...]
    cycles: tuple[Cycle, ...]


async def export(
    db: Database, files: Files, name: str, tell: Callable[[str], None], *, replace: bool = False
) -> list[Exported]:
    """Write all results below `national/NAME`; each cycle is as it stands at one moment.

    Args:
        db: The store.
        files: Where they go.
        name: Of the folder.
        tell: Is told the name of each cycle that is written.
        replace: Whether what is there already is replaced, a file at a time.

    Raises:
        ExportTakenError: There is such an export, and it is not to be replaced.
        NothingToExportError: No cycle has been opened yet.
        ExtraMissingError: The extra that writes Parquet is not installed.
    """
    before = {one.name async for one in files.below(f"{FOLDER}/{name}/")}
    if before and not replace:
        raise ExportTakenError(name=name)
    tables = await db.read(tables_of_all)
    if not tables:
        raise NothingToExportError
    found = [await _written(db, files, f"{FOLDER}/{name}", one, tell) for one in tables]
    await files.put(f"{FOLDER}/{name}/{DESCRIPTION}", result_files.dictionary(found))
    for path in sorted(before - set(_paths(name, found))):
        await files.remove(path)
    return found


def tables_of_all(tx: Reader) -> list[Table]:
    """Return what there is to be written."""
    by_digest: dict[str, list[Cycle]] = {}
    for one in cycles.all_open(tx):
        if one.digest is not None:
            by_digest.setdefault(one.digest, []).append(one)
    return [_table(tx, some) for some in by_digest.values()]


def _table(tx: Reader, some: Sequence[Cycle]) -> Table:
    known = stored.attributes(tx, [one.id for one in some])
    names = sorted({name for attributes in known for name in attributes} - {""})
    return Table(asked(tx, some[0]), tuple(names), tuple(some))


async def _written(
    db: Database, files: Files, folder: str, table: Table, tell: Callable[[str], None]
) -> Exported:
    """Write the cycles of a questionnaire, each a file that appears whole or not at all."""
    within = result_files.folder(table.questionnaire)
    parts = []
    for cycle in table.cycles:
        path = f"{within}/results/{CYCLE}={cycle.id}/part-00000.parquet"
        with files.arriving() as arrived:
            count = await db.read(write_cycle, table, cycle, arrived)
            await files.put(f"{folder}/{path}", arrived)
            parts.append(Part(path, cycle.id, cycle.name, count, arrived.stat().st_size))
        tell(cycle.name)
    described = result_files.number_columns(table.questionnaire)
    await files.put(f"{folder}/{within}/columns.parquet", described)
    return Exported(table.questionnaire, table.attributes, parts)


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


def _paths(name: str, found: Sequence[Exported]) -> Iterator[str]:
    yield f"{FOLDER}/{name}/{DESCRIPTION}"
    for one in found:
        yield f"{FOLDER}/{name}/{result_files.folder(one.questionnaire)}/columns.parquet"
        yield from (f"{FOLDER}/{name}/{part.path}" for part in one.parts)
