"""The workbook of an assessment, for programs: written, brought back, and taken in as chosen."""

import asyncio
import datetime as dt
import zoneinfo
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.workbook_links import NewLink
from survey_service.conduct.workbooks import Book, Difference, Stray
from survey_service.library import answer_workbooks
from survey_service.operations import workbook_mappings, workbooks
from survey_service.operations.workbooks import Chosen, Exporting, Looked
from survey_service.reports.papers import file_name
from survey_service.reports.workbook_differences import exported
from survey_service.reports.workbooks import workbook
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import limits
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Id, Page
from survey_service.web.api.openapi import taking, taking_file
from survey_service.web.context import Context

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ONE = "/assessments/{assessment_id:int}"
_DRAFT = _ONE + "/workbooks/{draft_id:int}"


class BroughtBook(Struct, frozen=True):
    """A workbook that came back: what in it belongs to no indicator, and whose rows are gone.

    `twice` are indicators with two rows that say different things: nothing of them is taken in.
    """

    file: str
    exported_at: dt.datetime | None
    strays: tuple[Stray, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


class Unreadable(Struct, frozen=True):
    """Cells that cannot be read: of which indicator and workbook, where, and why; `cell` is "" for ours."""

    indicator: str
    book: int
    sheet: str
    row: int
    cell: str
    code: str
    detail: str


class BroughtBack(Struct, frozen=True):
    """Workbooks that came back, and what they would change as things stand.

    `seen` names that when they are taken in, and `problem` says why they cannot be. `taken` counts
    the answers and links that were taken in, null while none were. `gone` has by indicator the lines of
    evidence that the workbook lacks: what they are of stays attached.
    """

    id: int
    seen: str
    files: list[BroughtBook]
    differences: tuple[Difference, ...]
    links: list[NewLink]
    gone: dict[str, list[str]]
    misfits: list[Unreadable]
    returned_at: dt.datetime | None
    problem: str | None
    taken: int | None


class TakingIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to stand: by indicator the place of a choice, or `leave`; `seen` is the preview's.

    With `leave_links` the links that were typed as evidence are not attached.
    """

    seen: bodies.Line
    choices: dict[str, Annotated[str, Meta(max_length=10)]] = {}
    leave_links: bool = False


@get(_ONE + "/workbook", opt=acting("read"), operation_id="writeWorkbook", media_type=XLSX)
async def write(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    lang: FromQuery[Literal["id", "en"] | None] = None,
) -> Response[bytes]:
    """Get the assessment as a workbook to work in, with drop-downs and a live index."""
    return await written(context, assessment_id, lang or context.language)


async def written(context: Context, assessment_id: int, language: str) -> Response[bytes]:
    """Return the workbook of an assessment as an answer."""
    settings = context.services.settings
    found = await context.read(workbooks.load, assessment_id, language)
    zone = zoneinfo.ZoneInfo(settings.time_zone)
    content = await asyncio.to_thread(_written, found, settings.address, zone)
    headers = {"Content-Disposition": f'attachment; filename="{_name(found, language)}"'}
    return Response(content, media_type=XLSX, headers=headers)


def _written(found: Exporting, address: str, zone: dt.tzinfo) -> bytes:
    sheet = found.filled.sheet
    evidence = workbooks.attached(found.filled, address)
    at = found.identity.exported_at
    return workbook(
        exported(
            sheet.questionnaire,
            found.identity,
            sheet.profile,
            found.shown,
            workbooks.earlier(sheet, found.stage),
            evidence,
            f"{address}/assessments/{sheet.assessment.id}/parts",
            at.astimezone(zone) if at else None,
        )
    )


def _name(found: Exporting, language: str) -> str:
    assessment = found.filled.sheet.assessment
    cycle = assessment.cycle.name if assessment.cycle else ""
    named = file_name(
        assessment.organisation.name, assessment.reference, cycle, language, "workbook"
    )
    return f"{named}.xlsx"


@post(
    _ONE + "/workbooks",
    opt=acting("answer"),
    operation_id="bringBackWorkbook",
    operation_class=taking_file(XLSX, ODS),
    request_max_body_size=answer_workbooks.LARGEST,
)
async def bring_back(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    name: FromQuery[Annotated[str, QueryParameter(min_length=1, max_length=200)]] = "workbook.xlsx",
    beside: FromQuery[Annotated[Id | None, QueryParameter(name="with")]] = None,
    mapping: FromQuery[Id | None] = None,
) -> BroughtBack:
    """Bring back a workbook, and see what it would change; nothing is changed yet.

    `with` is the id of others that came back before, to be taken in together; `mapping` that of what
    reads an old sheet, which is not ours.
    """
    await context.read(workbooks.answerable, assessment_id)
    content = await bodies.file(request, XLSX, ODS)
    book = await read(context, assessment_id, content, name, mapping)
    draft_id = await context.write(workbooks.keep, assessment_id, [book], beside)
    return brought_back(await context.read(workbooks.look, assessment_id, draft_id), context)


async def read(
    context: Context, assessment_id: int, content: bytes, file: str, mapping: int | None
) -> Book:
    """Return what a workbook answers: ours, or an old sheet that a mapping reads."""
    if mapping is None:
        return await asyncio.to_thread(answer_workbooks.load, content, file)
    language = context.language
    found = await context.read(workbook_mappings.reading, assessment_id, mapping, language)
    return await workbook_mappings.read_sheets(found, content, file)


@get(_DRAFT, opt=acting("answer"), operation_id="readWorkbook")
async def read_draft(
    context: NamedDependency[Context], assessment_id: FromPath[int], draft_id: FromPath[int]
) -> BroughtBack:
    """Read what workbooks that came back would change, as things stand."""
    return brought_back(await context.read(workbooks.look, assessment_id, draft_id), context)


@post(
    _DRAFT + "/import",
    opt=acting("answer"),
    operation_id="takeInWorkbook",
    operation_class=taking(TakingIn),
    status_code=200,
)
async def take_in(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    draft_id: FromPath[int],
    key: Key = None,
) -> Page[str]:
    """Take in what was chosen, all of it or nothing; return the indicators."""
    given = await bodies.json(request, TakingIn)
    chosen = Chosen(given.seen, given.choices, given.leave_links)
    named = (assessment_id, draft_id, chosen, limits(context))
    codes = await context.once(key, list[str], workbooks.take_in, *named)
    return Page(codes, None)


def brought_back(looked: Looked, context: Context) -> BroughtBack:
    """Return workbooks that came back as programs read them."""
    language = context.language
    return BroughtBack(
        looked.drafted.id,
        looked.seen,
        [
            BroughtBook(one.file, one.identity.exported_at, one.strays, one.missing, one.twice)
            for one in looked.drafted.books.books
        ],
        looked.comparison.differences,
        looked.links,
        looked.gone,
        [
            Unreadable(
                one.indicator,
                one.book,
                *one.place,
                one.cell,
                one.error.code,
                i18n.describe(one.error, language),
            )
            for one in looked.comparison.misfits
        ],
        looked.returned.at if looked.returned else None,
        i18n.describe(looked.problem, language) if looked.problem else None,
        looked.drafted.taken,
    )
