"""The questionnaires that are published, one of them to read, versions compared, and publishing."""

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
from survey_service.errors import (
    CheckFailedError,
    ForbiddenError,
    InvalidBodyError,
    NoFileError,
    SignInRequiredError,
    SurveyError,
)
from survey_service.maturity.revision import compare
from survey_service.operations import questionnaires
from survey_service.operations.questionnaires import Draft
from survey_service.reports.versions import differences, found
from survey_service.web import bodies
from survey_service.web.problems import BODY_LIMIT
from survey_service.web.visits import SIGNED_IN, Visit, acting


class Confirmed(Struct, frozen=True):
    """A file whose preview somebody has seen, in base64: a form would change its line ends."""

    file: bodies.Line = ""
    content: Annotated[str, Meta(max_length=BODY_LIMIT)] = ""


@get("/questionnaires", opt=acting("read"), include_in_schema=False)
async def everything(visit: NamedDependency[Visit]) -> Response[str]:
    """Show what is published, the newest version of each first."""
    published = await visit.read(questionnaires.everything)
    return visit.page(
        "questionnaires/list.html",
        published=published,
        may_open=_may_open(visit),
        may_publish=visit.who is not None and may(visit.who, "publish"),
    )


@get("/questionnaires/{code:str}/{version:str}", opt=SIGNED_IN, include_in_schema=False)
async def one(
    visit: NamedDependency[Visit],
    code: FromPath[str],
    version: FromPath[str],
    since: FromQuery[str] = "",
) -> Response[str]:
    """Show a questionnaire, whole, and what differs `since` another version of it."""
    published, questionnaire = await visit.read(questionnaires.look, code, version)
    told: list[str] = []
    if since:
        old, new, compared = await visit.read(questionnaires.difference, code, since, version)
        told = differences(old, new, compared, visit.language)
    versions = [one for one in await visit.read(questionnaires.everything) if one.code == code]
    return visit.page(
        "questionnaires/one.html",
        published=published,
        questionnaire=questionnaire,
        versions=[one.version for one in versions if one.version != version],
        since=since,
        told=told,
        may_open=_may_open(visit),
    )


@post("/questionnaires/preview", opt=acting("publish"), include_in_schema=False, status_code=200)
async def preview(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Show what a file would publish, and what the checker finds in it."""
    await visit.require("publish")
    try:
        files = await bodies.files(request, BODY_LIMIT)
        if not files:
            raise NoFileError
        content, name = await files[0].read(), files[0].filename.rpartition("/")[2]
        draft = await visit.read(questionnaires.preview, content, name)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        return _preview(visit, None, "", b"", error)
    return _preview(visit, draft, name, content)


@post("/questionnaires", opt=acting("publish"), include_in_schema=False)
async def publish(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Publish the file that was previewed."""
    given = await bodies.form(request, Confirmed)
    try:
        content = base64.b64decode(given.content, validate=True)
    except binascii.Error as error:
        raise InvalidBodyError(where="content", reason="form") from error
    try:
        done = await visit.write(questionnaires.publish_as, content, given.file)
    except CheckFailedError as error:
        return _preview(visit, None, given.file, b"", error)
    return Redirect(f"/questionnaires/{done.code}/{done.version}", status_code=303)


def _preview(
    visit: Visit, draft: Draft | None, name: str, content: bytes, error: SurveyError | None = None
) -> Response[str]:
    told: list[str] = []
    if draft is not None and draft.earlier is not None:
        old, new = draft.earlier, draft.questionnaire
        told = differences(old, new, compare(old, new), visit.language)
    return visit.page(
        "questionnaires/preview.html",
        status=error.status if error else 200,
        draft=draft,
        findings=[
            (one, found(one.finding, visit.language)) for one in (draft.findings if draft else [])
        ],
        told=told,
        file=name,
        content=base64.b64encode(content).decode(),
        problem=i18n.describe(error, visit.language) if error else "",
    )


def _may_open(visit: Visit) -> bool:
    return visit.who is not None and may(visit.who, "open")
