"""Lists of organisations: uploaded, looked at field by field, taken in, and for a day undone."""

import asyncio
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.library.organisations import load
from survey_service.operations import drafted_lists
from survey_service.operations.drafted_lists import Said
from survey_service.reports.organisation_lists import fields, misfit_words
from survey_service.web import bodies, jobs
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND, BODY_LIMIT

_LIST = "/organisations/lists/{list_id:int}"
_SHOWN = 500  # changes on the page
_THOUSANDS = {"thousands": True, "decimals": False}
Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Confirmed(Struct, frozen=True):
    """The list whose preview somebody has seen, and the tag of what it showed."""

    list: Id
    seen: bodies.Line = ""


class Answered(Struct, frozen=True):
    """By the lines of rows that resemble what is there: which they are."""

    row: dict[str, Literal["same", "another"]] = {}

    @property
    def by_line(self) -> dict[int, Said]:
        """The answers by the numbers of lines."""
        return {int(line): said for line, said in self.row.items() if line.isdecimal()}


@post("/organisations/preview", opt=acting("organise"), include_in_schema=False, status_code=200)
async def preview(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Show what a list would change, and keep it to be looked at; nothing is changed yet."""
    await context.require("organise")
    try:
        list_id = await _kept(request, context)
    except BEYOND:
        raise
    except SurveyError as error:
        problem = i18n.describe(error, context.language)
        return context.page(
            "organisations/import.html", status=error.status, problem=problem, looked=None
        )
    return await _page(context, list_id)


async def _kept(request: Request[Any, Any, Any], context: Context) -> int:
    files = await bodies.files(request, BODY_LIMIT)
    if not files:
        raise NoFileError
    content, name = await files[0].read(), files[0].filename
    thousands = _THOUSANDS.get(dict(request.state.typed).get("numbers", ""))
    rows = await asyncio.to_thread(load, content, name, thousands)
    return await context.write(drafted_lists.keep, name, rows)


@get(_LIST, opt=acting("organise"), include_in_schema=False)
async def show(context: NamedDependency[Context], list_id: FromPath[Id]) -> Response[str]:
    """Show what a list would change, or what it has changed."""
    return await _page(context, list_id)


@post(_LIST + "/answers", opt=acting("organise"), include_in_schema=False)
async def answer(
    request: Request[Any, Any, Any], context: NamedDependency[Context], list_id: FromPath[Id]
) -> Redirect:
    """Say which organisations rows are that resemble what is there."""
    said = (await bodies.form(request, Answered)).by_line
    await context.write(drafted_lists.answer, list_id, said)
    return _to(list_id)


@post("/organisations/import", opt=acting("organise"), include_in_schema=False)
async def take_in(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Change what the list changes that was previewed; or show how far it is, or what else it does."""
    wanted = await bodies.form(request, Confirmed)
    try:
        job_id = await context.ask(drafted_lists.take_in, wanted.list, wanted.seen)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, wanted.list, error)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    return _to(wanted.list)


@post(_LIST + "/undoing", opt=acting("organise"), include_in_schema=False)
async def undo(context: NamedDependency[Context], list_id: FromPath[Id]) -> Response[Any]:
    """Undo what a list has changed, or show why that cannot be."""
    try:
        job_id = await context.ask(drafted_lists.undo, list_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, list_id, error)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    return _to(list_id)


def _to(list_id: int) -> Redirect:
    return Redirect(f"/organisations/lists/{list_id}", status_code=303)


async def _page(context: Context, list_id: int, error: SurveyError | None = None) -> Response[str]:
    looked = await context.read(drafted_lists.look, list_id)
    language = context.language
    return context.page(
        "organisations/import.html",
        status=error.status if error else 200,
        looked=looked,
        misfits=[(one, misfit_words(one, language)) for one in looked.plan.misfits],
        changes=[(one, fields(one, language)) for one in looked.plan.changes[:_SHOWN]],
        count=len(looked.plan.changes),
        problem=i18n.describe(error, language) if error else "",
    )
