"""Exports of all results as Parquet: asked for, listed, fetched and removed."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import Meta, Struct

from survey_service.operations import kept_exports, result_exports
from survey_service.operations.kept_exports import Kept
from survey_service.reports.data_packages import MEDIA
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import Key
from survey_service.web.api.jobs import Work
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context
from survey_service.web.downloads import attached

ONE = "/exports/{export:str}"


class Exporting(Struct, frozen=True, forbid_unknown_fields=True):
    """What an export is called, and whether one of that name is replaced."""

    name: Annotated[str, Meta(max_length=60)]
    replace: bool = False


class ExportedTable(Struct, frozen=True):
    """The results of a questionnaire: their cycles, rows, bytes, and the `place` where an engine reads."""

    questionnaire: str
    place: str
    cycles: list[str]
    rows: int
    size: int


class ExportedFile(Struct, frozen=True):
    """A file of an export: its path in it, its size in bytes, and its SHA-256."""

    path: str
    size: int
    sha256: str


class ExportRead(Struct, frozen=True):
    """An export, which is `whole`, or was cut off and can only be made anew or removed.

    `place` is where it lies; `made_by` is empty for one that was made from the command line.
    """

    name: str
    whole: bool
    place: str
    size: int
    made_at: dt.datetime | None
    made_by: str
    tables: list[ExportedTable]
    files: list[ExportedFile]


class Exports(Struct, frozen=True):
    """All exports that there are, the newest first."""

    items: list[ExportRead]


@get("/exports", opt=acting("export"), operation_id="listExports")
async def read_all(context: NamedDependency[Context]) -> Exports:
    """List the exports of results; those of cycles that are not yours are left out."""
    own = await owned(context)
    found = await kept_exports.list_all(context.services.files, own)
    return Exports([_told(context, one) for one in found])


@post(
    "/exports",
    opt=acting("export"),
    operation_id="makeExport",
    operation_class=taking(Exporting),
    status_code=202,
)
async def make(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Response[Work]:
    """Have all results of your cycles written as Parquet where the service keeps its files."""
    sent = await bodies.json(request, Exporting)
    async with context.looking_first(key):
        await require_free(context, sent.name, replace=sent.replace)
    job_id = await context.once(key, int, result_exports.request, sent.name, replace=sent.replace)
    context.services.look_at_jobs()
    return await jobs.accepted(context, job_id)


@get(ONE, opt=acting("export"), operation_id="readExport")
async def read(context: NamedDependency[Context], export: FromPath[str]) -> ExportRead:
    """Read what an export has, and whether it is whole."""
    return _told(context, await one_of(context, export))


@delete(ONE, opt=acting("export"), operation_id="removeExport", status_code=202)
async def remove(context: NamedDependency[Context], export: FromPath[str]) -> Response[Work]:
    """Have an export removed."""
    await one_of(context, export)
    job_id = await context.ask(result_exports.request_removal, export)
    return await jobs.accepted(context, job_id)


@get(
    ONE + "/file",
    opt=acting("export"),
    operation_id="readExportFile",
    media_type="application/octet-stream",
)
async def read_file(
    context: NamedDependency[Context], export: FromPath[str], path: FromQuery[str] = ""
) -> Response[Any]:
    """Get an export as a ZIP, or the file at a `path` of it; it breaks off if it changes meanwhile."""
    return await file_of(context, export, path)


async def file_of(context: Context, name: str, path: str) -> Response[Any]:
    """Return an export, or a file of it, piece by piece, to be taken along."""
    files, one = context.services.files, await one_of(context, name)
    if path:
        pieces = await kept_exports.file(files, one, path)
    else:
        pieces = await kept_exports.archive(files, one)
    await context.write(kept_exports.hand_out, name, path)
    called = path.replace("/", "-") if path else f"{name}.zip"
    ending = called.rpartition(".")[2]
    media = {**MEDIA, "zip": "application/zip", "json": "application/json"}[ending]
    return Stream(pieces, media_type=media, headers=attached(called))


async def owned(context: Context) -> set[int]:
    """Return the ids of the cycles whose results whoever asks may take along."""
    return {one.id for one in await context.read(result_exports.cycles_of)}


async def one_of(context: Context, name: str) -> Kept:
    """Return an export.

    Raises:
        NotFoundError: There is none for whoever asks.
    """
    return await kept_exports.view(context.services.files, await owned(context), name)


async def require_free(context: Context, name: str, *, replace: bool) -> None:
    """Raise `ExportTakenError` where there is one of that name that is not to be replaced."""
    own = await owned(context)
    await kept_exports.require_free(context.services.files, name, own, replace=replace)


def _told(context: Context, one: Kept) -> ExportRead:
    place = kept_exports.place(context.services.settings, one.name)
    return ExportRead(
        one.name,
        one.is_whole,
        place,
        one.size,
        one.at,
        one.by,
        [
            ExportedTable(
                each.questionnaire,
                f"{place}/{each.folder}",
                list(each.cycles),
                each.rows,
                each.size,
            )
            for each in one.tables
        ],
        [ExportedFile(each.path, each.size, each.digest) for each in one.files],
    )
