"""The questionnaires that are published, one of them to read, versions compared, and publishing."""

import asyncio
import base64
import binascii
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import may
from survey_service.errors import ForbiddenError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.evidence import NoFileError
from survey_service.errors.questionnaires import CheckFailedError
from survey_service.errors.requests import InvalidBodyError
from survey_service.library import questionnaire_books
from survey_service.library.answer_workbooks import LARGEST, sheets
from survey_service.library.questionnaire_books import Book
from survey_service.library.questionnaires import Located
from survey_service.maturity.revision import compare
from survey_service.operations import questionnaire_library, questionnaires
from survey_service.operations.questionnaires import Draft
from survey_service.reports.versions import differences, found
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN, acting
from survey_service.web.context import Context
from survey_service.web.problems import BODY_LIMIT


class Confirmed(Struct, frozen=True):
    """A file whose preview somebody has seen, in base64: a form would change its line ends."""

    file: bodies.Line = ""
    content: Annotated[str, Meta(max_length=BODY_LIMIT)] = ""


@get("/questionnaires", opt=acting("read"), include_in_schema=False)
async def show_all(context: NamedDependency[Context]) -> Response[str]:
    """Show what is published, the newest version of each first."""
    published = await context.read(questionnaires.list_all)
    shelf = await questionnaire_library.shelf(context.services.settings.questionnaires)
    known = {one.reference for one in published}
    return context.page(
        "questionnaires/list.html",
        published=published,
        shipped=[one for one in shelf.shipped if one.questionnaire.reference not in known],
        unread=[i18n.describe(error, context.language) for error in shelf.unread],
        may_open=_may_open(context),
        may_publish=context.who is not None and may(context.who, "publish"),
    )


@get("/questionnaires/{code:str}/{version:str}", opt=SIGNED_IN, include_in_schema=False)
async def show(
    context: NamedDependency[Context],
    code: FromPath[str],
    version: FromPath[str],
    since: FromQuery[str] = "",
) -> Response[str]:
    """Show a questionnaire, whole, and what differs `since` another version of it."""
    published, questionnaire = await context.read(questionnaires.view, code, version)
    told: list[str] = []
    if since:
        old, new, compared = await context.read(questionnaires.difference, code, since, version)
        told = differences(old, new, compared, context.language, to_people=True)
    versions = [one for one in await context.read(questionnaires.list_all) if one.code == code]
    return context.page(
        "questionnaires/one.html",
        digest=published.digest,
        questionnaire=questionnaire,
        files=f"/questionnaires/{code}/{version}/",
        shipped=False,
        may_publish=False,
        versions=[one.version for one in versions if one.version != version],
        since=since,
        told=told,
        may_open=_may_open(context),
    )


@post(
    "/questionnaires/preview",
    opt=acting("publish"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=LARGEST,
)
async def preview(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Show what a file would publish, and what the checker finds in it."""
    await context.require("publish")
    book = None
    try:
        files = await bodies.files(request, LARGEST)
        if not files:
            raise NoFileError
        content, name = await files[0].read(), files[0].filename.rpartition("/")[2]
        if content.startswith(b"PK"):
            book = await asyncio.to_thread(_book, content, name)
            content, name = book.content, f"{name.rpartition('.')[0]}.yaml"
        draft = await context.read(questionnaires.preview, content, name)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        return _preview(context, None, "", b"", error, book)
    return _preview(context, draft, name, content, book=book)


@post("/questionnaires", opt=acting("publish"), include_in_schema=False)
async def publish(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Publish the file that was previewed."""
    await context.require("publish")
    given = await bodies.form(request, Confirmed)
    try:
        content = base64.b64decode(given.content, validate=True)
    except binascii.Error as error:
        raise InvalidBodyError(where="content", reason="form") from error
    try:
        read = await asyncio.to_thread(questionnaires.checked, content, given.file)
        done = await context.write(questionnaires.publish_as, read, content)
    except CheckFailedError as error:
        return _preview(context, None, given.file, b"", error)
    return Redirect(f"/questionnaires/{done.code}/{done.version}", status_code=303)


def _book(content: bytes, name: str) -> Book:
    return questionnaire_books.read(sheets(content, name), name)


def _preview(
    context: Context,
    draft: Draft | None,
    name: str,
    content: bytes,
    error: SurveyError | None = None,
    book: Book | None = None,
) -> Response[str]:
    told: list[str] = []
    known = _located(draft, error)
    if book is not None:
        known = questionnaire_books.located(known, book)
    if draft is not None and draft.earlier is not None:
        old, new = draft.earlier, draft.questionnaire
        told = differences(old, new, compare(old, new), context.language, to_people=True)
    return context.page(
        "questionnaires/preview.html",
        status=error.status if error else 200,
        draft=draft,
        findings=[(one, found(one.finding, context.language)) for one in known],
        told=told,
        file=name,
        content=base64.b64encode(content).decode(),
        problem=i18n.describe(error, context.language) if error else "",
    )


def _located(draft: Draft | None, error: SurveyError | None) -> list[Located]:
    """Return what was found in a file, whether it is a questionnaire or not."""
    if draft is not None:
        return draft.findings
    told = error.details["findings"] if isinstance(error, CheckFailedError) else []
    return [one for one in told if isinstance(one, Located)] if isinstance(told, list) else []


def _may_open(context: Context) -> bool:
    return context.who is not None and may(context.who, "open")
