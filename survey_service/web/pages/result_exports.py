"""Exports of all results as Parquet: which there are, where an engine reads them, and another one."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Struct

from survey_service.errors import SurveyError
from survey_service.operations import kept_exports, result_exports
from survey_service.reports import parquet
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.actions import today
from survey_service.web.api.result_exports import ONE, file_of, one_of, owned, require_free
from survey_service.web.context import Context
from survey_service.web.error_pages import words
from survey_service.web.jobs import is_done, progress_of
from survey_service.web.problems import BEYOND


class Exporting(Struct, frozen=True):
    """The form: what the export is called, and whether one of that name is replaced."""

    name: bodies.Line = ""
    replace: str = ""


@get("/exports", opt=acting("export"), include_in_schema=False)
async def show_all(context: NamedDependency[Context]) -> Response[str]:
    """Show the exports that there are, and how another one begins."""
    return await _page(context, Exporting())


@post("/exports", opt=acting("export"), include_in_schema=False)
async def make(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[str] | Redirect:
    """Have all results written, and show them once they are there."""
    sent = await bodies.form(request, Exporting)
    try:
        job_id = await _asked(context, sent.name, replace=bool(sent.replace))
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, sent, error)
    return await _way(context, job_id, f"/exports/{sent.name}")


async def _asked(context: Context, name: str, *, replace: bool) -> int:
    async with context.looking_first(context.key(result_exports.request, name, replace=replace)):
        await require_free(context, name, replace=replace)
    job_id = await context.make(int, result_exports.request, name, replace=replace)
    context.services.look_at_jobs()
    return job_id


@get(ONE, opt=acting("export"), include_in_schema=False)
async def show(context: NamedDependency[Context], export: FromPath[str]) -> Response[str]:
    """Show an export: where an engine reads it, its files, and how it is removed."""
    one = await one_of(context, export)
    return context.page(
        "exports/one.html", one=one, place=kept_exports.place(context.services.settings, one.name)
    )


@post(ONE + "/removal", opt=acting("export"), include_in_schema=False)
async def remove(
    request: Request[Any, Any, Any], context: NamedDependency[Context], export: FromPath[str]
) -> Redirect:
    """Have an export removed."""
    await bodies.form(request, Struct)
    async with context.looking_first(context.key(result_exports.request_removal, export)):
        await one_of(context, export)
    job_id = await context.make(int, result_exports.request_removal, export)
    context.services.look_at_jobs()
    return await _way(context, job_id, "/exports")


@get(ONE + "/file", opt=acting("export"), include_in_schema=False)
async def file(
    context: NamedDependency[Context], export: FromPath[str], path: FromQuery[str] = ""
) -> Response[Any]:
    """Download an export, or a file of it."""
    return await file_of(context, export, path)


async def _way(context: Context, job_id: int, to: str) -> Redirect:
    """Return the way to what a job makes where it is soon done, else to how far it is."""
    return Redirect(to, status_code=303) if await is_done(context, job_id) else progress_of(job_id)


async def _page(
    context: Context, typed: Exporting, refusal: SurveyError | None = None
) -> Response[str]:
    """Return the page of all exports, with why none was asked for."""
    own, files = await owned(context), context.services.files
    return context.page(
        "exports/list.html",
        status=refusal.status if refusal else 200,
        found=await kept_exports.list_all(files, own),
        under_way=await context.read(result_exports.under_way),
        own=len(own),
        possible=parquet.is_there(),
        place=kept_exports.place(context.services.settings, ""),
        name=typed.name or today(context).isoformat(),
        replace=bool(typed.replace),
        problem=words(refusal, "/exports", context.language) if refusal else "",
    )
