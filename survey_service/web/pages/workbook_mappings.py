"""What reads the old sheets of a ministry: kept, changed and taken out of use on its page."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import may
from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.library.answer_workbooks import LARGEST
from survey_service.operations import workbook_mappings
from survey_service.reports.mapping_trials import Trial, trial
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND

_ONE = "/mappings/{mapping_id:int}"
_LARGEST = LARGEST + 1_000_000  # bytes: of a file, with a mapping as it is typed


class Sent(Struct, frozen=True):
    """The text of a mapping as it was typed; and to try it, whose file it is tried on."""

    content: Annotated[str, Meta(max_length=400_000)] = ""
    organisation: bodies.Line = ""


@get("/mappings", opt=acting("read"), include_in_schema=False)
async def show_all(context: NamedDependency[Context]) -> Response[str]:
    """Show what reads old sheets, and where to add more."""
    return await _page(context, "", None)


@post("/mappings", opt=acting("publish"), include_in_schema=False)
async def keep(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[Any]:
    """Keep a mapping, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    content = sent.content.replace("\r\n", "\n")
    try:
        kept = await context.write(workbook_mappings.keep, content.encode("utf-8", "replace"))
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, content, error)
    return Redirect(f"/mappings/{kept.id}", status_code=303)


@post(
    "/mappings/trial",
    opt=acting("publish"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=_LARGEST,
)
async def attempt(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Show what a mapping, as it is typed, reads of a file; neither of them is kept."""
    await context.require("publish")
    files = await bodies.files(request, _LARGEST)
    sent = bodies.typed(request, Sent)
    content = sent.content.replace("\r\n", "\n")
    try:
        found = await _tried(context, content, sent.organisation, files)
    except BEYOND:
        raise
    except SurveyError as error:
        return _trial(context, content, sent, None, error)
    return _trial(context, content, sent, found, None)


async def _tried(
    context: Context, content: str, organisation: str, files: list[UploadFile]
) -> Trial:
    if not files:
        raise NoFileError
    args = (content.encode("utf-8", "replace"), organisation, context.language)
    how = await context.read(workbook_mappings.trying, *args)
    given, name = await files[0].read(), files[0].filename.rpartition("/")[2]
    book = await workbook_mappings.read_sheets(how, given, name)
    return await asyncio.to_thread(trial, how.asked, book, context.language)


def _trial(
    context: Context, content: str, sent: Sent, found: Trial | None, error: SurveyError | None
) -> Response[str]:
    return context.page(
        "questionnaires/mapping_trial.html",
        status=error.status if error else 200,
        content=content,
        organisation=sent.organisation,
        found=found,
        problem=i18n.describe(error, context.language) if error else "",
    )


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], mapping_id: FromPath[int]) -> Response[str]:
    """Show a mapping, to be changed by whoever may."""
    kept = await context.read(workbook_mappings.read, mapping_id)
    who = context.who
    return context.page(
        "questionnaires/mapping.html",
        kept=kept,
        organisation="",
        may_change=who is not None and may(who, "publish", owner=kept.organisation_id),
    )


@post(_ONE + "/removal", opt=acting("publish"), include_in_schema=False)
async def remove(context: NamedDependency[Context], mapping_id: FromPath[int]) -> Redirect:
    """Take a mapping out of use."""
    await context.write(workbook_mappings.remove, mapping_id)
    return Redirect("/mappings", status_code=303)


async def _page(context: Context, content: str, error: SurveyError | None) -> Response[str]:
    found = await context.read(workbook_mappings.list_all)
    return context.page(
        "questionnaires/mappings.html",
        status=error.status if error else 200,
        mappings=found,
        may_add=context.who is not None and may(context.who, "publish"),
        content=content or _EXAMPLE,
        organisation="",
        problem=i18n.describe(error, context.language) if error else "",
    )


_EXAMPLE = """\
name: LKE ZI 2019
questionnaire: zona-integritas
sheets:
  # a row for each indicator: column B says which, F has the answer
  - sheet: LKE
    from_row: 6
    code: B
    answer: F
    note: [G, H]
    evidence: I
    rows: {"I.1.a": PPA1A, "I.1.b": PPA1B}
    words: {Ya: ya, Tidak: tidak}
  # or a column for each indicator, and a row for each organisation, named in column B
  - sheet: Rekap
    organisation: B
    columns: {C: PPA2A, D: PPA2B}
"""
