"""The workbook of an assessment: downloaded, brought back, looked at change by change, and taken in."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.workbooks import Book
from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.library.answer_workbooks import LARGEST
from survey_service.operations import workbook_mappings, workbooks
from survey_service.operations.workbooks import Chosen
from survey_service.reports.workbook_differences import shown
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import limits
from survey_service.web.api.lists import number
from survey_service.web.api.workbooks import read, written
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}"
_DRAFT = _ONE + "/workbooks/{draft_id:int}"
_LARGEST = workbooks.MOST * LARGEST
_Choice = Annotated[str, Meta(max_length=10)]


class Sent(Struct, frozen=True):
    """What is to stand of each indicator, and the tag of what was shown."""

    seen: bodies.Line = ""
    choice: dict[str, _Choice] = {}
    leave_links: bodies.Line = ""


@get(_ONE + "/workbook.xlsx", opt=acting("read"), include_in_schema=False)
async def download(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[bytes]:
    """Download the workbook, in the visitor's language."""
    return await written(context, assessment_id, context.language)


@get(_ONE + "/workbook", opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show where to download the workbook, where to bring it back, and what came back of late."""
    return await _start(context, assessment_id)


@post(
    _ONE + "/workbooks",
    opt=acting("answer"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=_LARGEST,
)
async def bring_back(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
) -> Response[Any]:
    """Keep workbooks to be looked at, and show what they would change; nothing is changed yet."""
    await context.read(workbooks.answerable, assessment_id)
    try:
        files = await bodies.files(request, _LARGEST)
        books = await _books(request, context, assessment_id, await _contents(files))
        draft_id = await context.write(workbooks.keep, assessment_id, books)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _start(context, assessment_id, error)
    return await _page(context, assessment_id, draft_id)


async def _contents(files: list[UploadFile]) -> list[tuple[bytes, str]]:
    if not files:
        raise NoFileError
    workbooks.require_few(len(files))
    return [(await one.read(), one.filename.rpartition("/")[2]) for one in files]


async def _books(
    request: Request[Any, Any, Any],
    context: Context,
    assessment_id: int,
    contents: list[tuple[bytes, str]],
) -> list[Book]:
    """Return what workbooks answer: ours, or old sheets where one was chosen that reads them."""
    chosen = number(dict(request.state.typed).get("mapping"))
    return [await read(context, assessment_id, content, name, chosen) for content, name in contents]


@get(_DRAFT, opt=acting("answer"), include_in_schema=False)
async def show_draft(
    context: NamedDependency[Context], assessment_id: FromPath[int], draft_id: FromPath[int]
) -> Response[str]:
    """Show what workbooks would change, or that they were taken in."""
    return await _page(context, assessment_id, draft_id)


@post(_DRAFT + "/import", opt=acting("answer"), include_in_schema=False)
async def take_in(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    draft_id: FromPath[int],
) -> Response[Any]:
    """Take in the answers that were chosen, or show why that cannot be."""
    await context.read(workbooks.answerable, assessment_id)
    form = await bodies.form(request, Sent)
    try:
        chosen = Chosen(form.seen, form.choice, bool(form.leave_links))
        named = (assessment_id, draft_id, chosen, limits(context))
        await context.write(workbooks.take_in, *named)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, assessment_id, draft_id, error, form)
    return Redirect(f"/assessments/{assessment_id}/workbooks/{draft_id}", status_code=303)


async def _start(
    context: Context, assessment_id: int, error: SurveyError | None = None
) -> Response[str]:
    found = await context.read(workbooks.load, assessment_id, context.language)
    return context.page(
        "assessments/workbook.html",
        status=error.status if error else 200,
        sheet=found.filled.sheet,
        assessment=found.filled.sheet.assessment,
        questionnaire=found.filled.sheet.questionnaire,
        mappings=await context.read(workbook_mappings.fitting, found.identity.questionnaire),
        recent=await context.read(workbooks.recent, assessment_id),
        may_answer=await context.read(workbooks.may_bring_back, assessment_id),
        problem=i18n.describe(error, context.language) if error else "",
    )


async def _page(
    context: Context,
    assessment_id: int,
    draft_id: int,
    error: SurveyError | None = None,
    form: Sent | None = None,
) -> Response[str]:
    looked = await context.read(workbooks.look, assessment_id, draft_id)
    refusal = error or (looked.problem if looked.drafted.taken is None else None)
    return context.page(
        "assessments/workbook_preview.html",
        status=error.status if error else 200,
        looked=looked,
        sheet=looked.sheet,
        assessment=looked.sheet.assessment,
        questionnaire=looked.sheet.questionnaire,
        shown=shown(looked.sheet.questionnaire, looked.comparison, context.language),
        leave_links=form.leave_links if form else "",
        missing=error.details.get("missing", ()) if error else (),
        chosen=form.choice if form else {},
        problem=i18n.describe(refusal, context.language) if refusal else "",
    )
