"""The exports of results that there are: whole or not, of which cycles, how large; and taken along."""

import asyncio
import datetime as dt
import hashlib
import re
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path

from msgspec import Struct

from survey_service.conduct.access import Actor, require
from survey_service.errors import NotFoundError
from survey_service.errors.engines import ExportChangedError, ExportNameError, ExportTakenError
from survey_service.library import export_descriptions
from survey_service.library.export_descriptions import Description, Resource
from survey_service.operations import audit
from survey_service.reports.bundle import Entry, whole, zipped
from survey_service.reports.data_packages import DESCRIPTION
from survey_service.settings import Settings
from survey_service.store.database import Writer
from survey_service.store.files import Files

FOLDER = "national"
"""Within the store of files, with a folder for each export."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""Of an export: it is the name of a folder."""

Own = Collection[int] | None
"""The cycles that an export must be of, and of no others; None for whoever runs the service: of any."""

_CYCLE = re.compile(r"/cycle=(\d+)/")
_AT_ONCE = 8  # descriptions that are fetched: S3 takes as long for each as for all


class Table(Struct, frozen=True):
    """The results of a questionnaire in an export, and the folder in which an engine finds them."""

    questionnaire: str
    folder: str
    cycles: tuple[str, ...]
    rows: int
    size: int


class Kept(Struct, frozen=True):
    """An export that is there.

    One that is not `is_whole` was cut off while it was put in place, or removed, or somebody changed
    its files: it can only be made anew, or removed. `at` is None where that is not known.
    """

    name: str
    is_whole: bool
    size: int
    at: dt.datetime | None = None
    by: str = ""
    tables: tuple[Table, ...] = ()
    files: tuple[Resource, ...] = ()


def place(settings: Settings, name: str) -> str:
    """Return where an export lies, as an engine on this machine, or beside S3, finds it."""
    root = settings.files.rstrip("/")
    return f"{root if '://' in root else Path(root).absolute()}/{FOLDER}/{name}"


async def list_all(files: Files, own: Own) -> list[Kept]:
    """Return the exports that are of cycles `own` alone, the newest first."""
    there: dict[str, dict[str, int]] = {}
    async for one in files.below(f"{FOLDER}/"):
        name, _, path = one.name.removeprefix(f"{FOLDER}/").partition("/")
        if path:  # what else somebody put there is no export
            there.setdefault(name, {})[path] = one.size
    line = asyncio.Semaphore(_AT_ONCE)

    async def kept(name: str, paths: Mapping[str, int]) -> Kept:
        async with line:
            return await _kept(files, name, paths)

    seen = [(name, paths) for name, paths in sorted(there.items()) if _is_of(paths, own)]
    found = await asyncio.gather(*(kept(*one) for one in seen))
    return sorted(found, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)


async def view(files: Files, own: Own, name: str) -> Kept:
    """Return an export that is of cycles `own` alone.

    Raises:
        NotFoundError: There is none.
    """
    paths = await _paths(files, name) if NAME.fullmatch(name) else {}
    if not paths or not _is_of(paths, own):
        raise NotFoundError(export=name)
    return await _kept(files, name, paths)


async def require_free(files: Files, name: str, own: Own, *, replace: bool) -> None:
    """Raise `ExportTakenError` where there is an export of a name that is not to be replaced.

    Args:
        files: The store of files.
        name: Of the export.
        own: Cycles; one that is not of these alone is not replaced in any case.
        replace: Whether a whole one may be replaced; one that was cut off always may.

    Raises:
        ExportNameError: The name is none.
    """
    if not NAME.fullmatch(name):
        raise ExportNameError(name=name)
    paths = await _paths(files, name)
    free = replace or DESCRIPTION not in paths
    if paths and not (free and _is_of(paths, own)):
        raise ExportTakenError(name=name)


async def _paths(files: Files, name: str) -> dict[str, int]:
    """Return the sizes of an export's files by their paths in it."""
    place = f"{FOLDER}/{name}/"
    return {one.name.removeprefix(place): one.size async for one in files.below(place)}


def _is_of(paths: Collection[str], own: Own) -> bool:
    """Whether files are of some cycles alone; nobody's are those of which no path says whose they are."""
    if own is None:
        return True
    found = {int(told[1]) for path in paths if (told := _CYCLE.search(path))}
    return bool(found) and found <= set(own)


def tells_whose(path: str) -> bool:
    """Whether the path of a file in an export says of which cycle it is."""
    return _CYCLE.search(path) is not None


async def _kept(files: Files, name: str, paths: Mapping[str, int]) -> Kept:
    described = export_descriptions.read(await files.get(f"{FOLDER}/{name}/{DESCRIPTION}"))
    size = sum(paths.values())
    if described is None:
        return Kept(name, is_whole=False, size=size)
    there = {path: size for path, size in paths.items() if path != DESCRIPTION}
    is_whole = there == {one.path: one.size for one in described.resources}
    by = ", ".join(one.title for one in described.contributors)
    tables = tuple(_tables(described))
    return Kept(name, is_whole, size, described.created, by, tables, described.resources)


def _tables(described: Description) -> list[Table]:
    found = {}
    for asked in dict.fromkeys(one.questionnaire for one in described.resources):
        some = [one for one in described.resources if one.questionnaire == asked]
        found[asked] = Table(
            asked,
            some[0].path.partition("/")[0],
            tuple(one.cycle_name for one in some if one.cycle is not None),
            sum(one.rows for one in some),
            sum(one.size for one in some),
        )
    return list(found.values())


def hand_out(tx: Writer, actor: Actor, name: str, path: str) -> None:
    """Record that an actor takes an export along, or the file at a `path` of it, "" for all."""
    require(actor, "export")
    about = f"exports/{name}/{path}".rstrip("/")
    audit.record(tx, actor, "export.download", about)


async def archive(files: Files, one: Kept) -> AsyncIterator[bytes]:
    """Return a whole export as a ZIP, piece by piece."""
    description = await files.get(f"{FOLDER}/{one.name}/{DESCRIPTION}")
    if description is None:
        raise NotFoundError(export=one.name)
    return zipped(_entries(files, one, description))


async def _entries(files: Files, one: Kept, description: bytes) -> AsyncIterator[Entry]:
    at = one.at or dt.datetime.fromtimestamp(0, dt.UTC)
    yield Entry(DESCRIPTION, at, whole(description))
    for piece in one.files:
        yield Entry(piece.path, at, _pieces(files, one.name, piece))


async def file(files: Files, one: Kept, path: str) -> AsyncIterator[bytes]:
    """Return a file of an export, piece by piece.

    Raises:
        NotFoundError: It has none at that path.
    """
    for piece in one.files:
        if piece.path == path:
            return _pieces(files, one.name, piece)
    description = await files.get(f"{FOLDER}/{one.name}/{path}") if path == DESCRIPTION else None
    if description is None:
        raise NotFoundError(file=path)
    return whole(description)


async def _pieces(files: Files, name: str, piece: Resource) -> AsyncIterator[bytes]:
    """Yield a file; it breaks off in the end where it is not what the description says.

    Raises:
        ExportChangedError: It was replaced or removed meanwhile.
    """
    digest, found = hashlib.sha256(), await files.stream(f"{FOLDER}/{name}/{piece.path}")
    if found is None:
        raise ExportChangedError(name=name)
    async for part in found:
        digest.update(part)
        yield part
    if digest.hexdigest() != piece.digest:
        raise ExportChangedError(name=name)
