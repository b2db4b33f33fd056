"""Exports of all results: asked for, then made or removed as jobs, which nobody does beside another.

    national-under-way/JOB-ATTEMPT/…   one that is being made, which nobody sees
    national/NAME/…                    one that is there: whole while its description says what lies there

What is written is moved to its name once all of it is written, so whatever stops it before leaves what
is there as it is. The description comes last and goes first.
"""

from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.jobs import Kind
from survey_service.errors.engines import (
    ExportBusyError,
    ExportNameError,
    ExtraMissingError,
    NothingToExportError,
)
from survey_service.operations import audit, result_files
from survey_service.operations.jobs import Tools, acting, advance, enqueue
from survey_service.operations.kept_exports import FOLDER, NAME, require_free, tells_whose
from survey_service.operations.result_files import Table
from survey_service.reports import parquet
from survey_service.reports.data_packages import DESCRIPTION
from survey_service.reports.result_files import Exported, Made, dictionary
from survey_service.store import cycles, jobs
from survey_service.store.database import Reader, Writer
from survey_service.store.files import Files
from survey_service.store.jobs import Claimed, Wanted

UNDER_WAY = "national-under-way"
"""Within the store of files, with a folder for each export that is being made."""

KINDS: tuple[Kind, ...] = ("export", "export_removal")

Tell = Callable[[str], None]
"""Is told the name of each cycle that is written."""


class WantedExport(Struct, frozen=True):
    """An export of what an organisation's cycles came to, 0 for those of all; or of one, its removal."""

    name: str
    organisation_id: int
    replace: bool = False
    remove: bool = False


def cycles_of(tx: Reader, actor: Actor | None) -> list[Cycle]:
    """Return the open cycles whose results an actor may take along; None for whoever runs the service."""
    found = cycles.all_open(tx)
    if actor is None:
        return found
    require(actor, "export")
    return [one for one in found if may(actor, "export", owner=one.organisation_id)]


def under_way(tx: Reader, actor: Actor) -> dict[int, Wanted]:
    """Return the jobs that make or remove exports just now and are an actor's affair, by id."""
    require(actor, "export")
    theirs = {0, actor.organisation_id}
    return {
        id_: one
        for id_, one in jobs.under_way(tx, KINDS).items()
        if msgspec.json.decode(one.payload, type=WantedExport).organisation_id in theirs
    }


def request(tx: Writer, actor: Actor | None, name: str, *, replace: bool) -> int:
    """Return the id of the job that makes an export.

    Raises:
        ForbiddenError: The actor may not.
        ExportNameError: The name is none.
        ExtraMissingError: The extra that writes Parquet is not installed.
        NothingToExportError: No cycle has been opened yet.
        ExportBusyError: One of that name is being made, or removed.
    """
    count = len(cycles_of(tx, actor))
    if not NAME.fullmatch(name):
        raise ExportNameError(name=name)
    if not parquet.is_there():
        raise ExtraMissingError(extra="parquet")
    if not count:
        raise NothingToExportError
    wanted = WantedExport(name, actor.organisation_id if actor else 0, replace)
    return _enqueue(tx, actor, wanted, f"exports/{name}", count)


def request_removal(tx: Writer, actor: Actor, name: str) -> int:
    """Return the id of the job that removes an export.

    Raises:
        ForbiddenError: The actor may not.
        ExportBusyError: It is just being made.
    """
    require(actor, "export")
    wanted = WantedExport(name, actor.organisation_id, remove=True)
    return _enqueue(tx, actor, wanted, "exports", 0)


def _enqueue(tx: Writer, actor: Actor | None, wanted: WantedExport, about: str, total: int) -> int:
    key, payload = f"export:{wanted.name}", msgspec.json.encode(wanted).decode()
    known = jobs.unfinished(tx, key)
    if known is not None and jobs.payload(tx, known) != payload:
        raise ExportBusyError(name=wanted.name)
    kind: Kind = "export_removal" if wanted.remove else "export"
    return enqueue(tx, actor, Wanted(kind, key, payload, about, wanted.name, total))


async def make(tools: Tools, claimed: Claimed) -> str:
    """Make an export as a job; see `made`."""
    return await made(tools, claimed, lambda _: None)


async def made(tools: Tools, claimed: Claimed, tell: Tell) -> str:
    """Make an export of what whoever asked for it may take along.

    Raises:
        ForbiddenError: They may no longer.
        ExportTakenError: There is one of that name, and it is not to be replaced.
        LostJobError: Somebody cancelled it, or another worker took it over.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedExport)
    actor, tables = await tools.db.read(_asked, claimed)
    own = {cycle.id for one in tables for cycle in one.cycles}
    replace = wanted.replace or await _is_its_own(tools.files, claimed, wanted.name)
    await require_free(tools.files, wanted.name, own if actor else None, replace=replace)
    staged = f"{UNDER_WAY}/{claimed.id}-{claimed.attempt}"
    try:
        found = await _written(tools, claimed, tables, staged, tell)
        about = Made(wanted.name, clock.now(), actor.name if actor else "")
        description = dictionary(found, about)
        await tools.db.write(_mark, claimed, len(own), description)
        await _put_in_place(tools.files, staged, wanted.name, found, description)
    finally:
        await tools.files.remove_below(staged)
    size = sum(piece.size for one in found for piece in one.pieces)
    told = {"cycles": sorted(own), "size": size, "digest": result_files.digest(description)}
    await tools.db.write(_record, claimed, "export.make", wanted.name, told)
    return ""


def _asked(tx: Reader, claimed: Claimed) -> tuple[Actor | None, list[Table]]:
    actor = _actor(tx, claimed)
    return actor, result_files.tables_of(tx, cycles_of(tx, actor))


async def _is_its_own(files: Files, claimed: Claimed, name: str) -> bool:
    """Whether a job put in place what is there, and did not live to tell."""
    there = await files.get(f"{FOLDER}/{name}/{DESCRIPTION}") if claimed.result else None
    return there is not None and result_files.digest(there) in _marks(claimed)


def _mark(tx: Writer, claimed: Claimed, progress: int, description: bytes) -> None:
    """Keep by what a job's export is known, with what it put in place before: one of them is there."""
    marks = [*_marks(claimed), result_files.digest(description)]
    advance(tx, claimed, progress, msgspec.json.encode(marks).decode())


def _marks(claimed: Claimed) -> list[str]:
    return msgspec.json.decode(claimed.result or "[]", type=list[str])


async def _written(
    tools: Tools, claimed: Claimed, tables: Sequence[Table], staged: str, tell: Tell
) -> list[Exported]:
    done = 0

    async def told(cycle: Cycle) -> None:
        nonlocal done
        done += 1
        await tools.db.write(advance, claimed, done, claimed.result)
        tell(cycle.name)

    return [await result_files.write(tools.db, tools.files, staged, one, told) for one in tables]


async def _put_in_place(
    files: Files, staged: str, name: str, found: Sequence[Exported], description: bytes
) -> None:
    """Give what is written its name, in place of what bears it."""
    place = f"{FOLDER}/{name}"
    before = await _unmarked(files, name)
    marks = [one.cycles.path for one in found]
    paths = [piece.path for one in found for piece in one.pieces if piece.path not in marks]
    for path in paths:  # results before their columns: their paths say whose it is
        await files.move(f"{staged}/{path}", f"{place}/{path}")
    for path in sorted(before - set(paths)):
        await files.remove(f"{place}/{path}")
    for path in marks:
        await files.move(f"{staged}/{path}", f"{place}/{path}")
    await files.put(f"{place}/{DESCRIPTION}", description)


async def _unmarked(files: Files, name: str) -> set[str]:
    """Let an export no longer count as whole; return what is left of it."""
    place = f"{FOLDER}/{name}/"
    there = [one.name.removeprefix(place) async for one in files.below(place)]
    marks = [path for path in there if path.endswith("/cycles.parquet")]
    for path in (DESCRIPTION, *marks):
        if path in there:
            await files.remove(place + path)
    return set(there) - {DESCRIPTION, *marks}


async def remove(tools: Tools, claimed: Claimed) -> str:
    """Remove an export of what whoever asked for that may take along.

    Raises:
        ForbiddenError: They may no longer.
        ExportTakenError: It is another one by now, of what they may not take along.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedExport)
    own = {one.id for one in await tools.db.read(_own, claimed)}
    await require_free(tools.files, wanted.name, own, replace=True)
    place = f"{FOLDER}/{wanted.name}/"
    for path in await _unmarked(tools.files, wanted.name):
        if not tells_whose(path):  # else what a removal that was cut off leaves may be nobody's
            await tools.files.remove(place + path)
    await tools.files.remove_below(place)
    await tools.db.write(_record, claimed, "export.remove", wanted.name, None)
    return ""


def _own(tx: Reader, claimed: Claimed) -> list[Cycle]:
    return cycles_of(tx, _actor(tx, claimed))


def _actor(tx: Reader, claimed: Claimed) -> Actor | None:
    """Return whoever asked; None where it was asked for from the command line."""
    return None if claimed.person_id is None else acting(tx, claimed)


def _record(tx: Writer, claimed: Claimed, action: str, name: str, after: object) -> None:
    actor = _actor(tx, claimed)
    if actor is None:
        audit.record_system(tx, action, f"exports/{name}", after)
    else:
        audit.record(tx, actor, action, f"exports/{name}", after=after)


async def remove_unused(tools: Tools) -> None:
    """Remove what is left of exports that nobody makes any more."""
    there = {one.name.split("/")[1] async for one in tools.files.below(f"{UNDER_WAY}/")}
    going_on = await tools.db.read(jobs.under_way, KINDS)
    for name in there:
        job_id = name.partition("-")[0]
        if not job_id.isdecimal() or int(job_id) not in going_on:
            await tools.files.remove_below(f"{UNDER_WAY}/{name}/")
