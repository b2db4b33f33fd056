"""The library that ships with the service: looked at, taken along and published; any questionnaire as a file."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.conduct.access import may
from survey_service.errors.questionnaires import UnknownQuestionnaireError
from survey_service.library import documents
from survey_service.library.questionnaire_books import tables
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import questionnaire_library, questionnaires
from survey_service.operations.questionnaire_library import Shipped
from survey_service.reports.questionnaire_sheet import sheet
from survey_service.reports.questionnaire_workbook import workbook
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN, acting
from survey_service.web.context import Context

_SHIPPED = "/library/{code:str}/{version:str}"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Chosen(Struct, frozen=True):
    """Which file of the library: `code@version`."""

    reference: bodies.Line = ""


@get(_SHIPPED, opt=SIGNED_IN, include_in_schema=False)
async def show(
    context: NamedDependency[Context], code: FromPath[str], version: FromPath[str]
) -> Response[str]:
    """Show a questionnaire of the library, whole, with where it comes from."""
    known = {one.reference for one in await context.read(questionnaires.list_all)}
    one = await _shipped(context, f"{code}@{version}")
    return context.page(
        "questionnaires/one.html",
        digest=one.digest,
        questionnaire=one.questionnaire,
        files=f"/library/{code}/{version}/",
        shipped=one.questionnaire.reference not in known,
        may_publish=context.who is not None and may(context.who, "publish"),
        versions=[],
        since="",
        told=[],
        may_open=False,
    )


@post("/library", opt=acting("publish"), include_in_schema=False)
async def publish(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Publish a questionnaire of the library."""
    await context.require("publish")
    one = await _shipped(context, (await bodies.form(request, Chosen)).reference)
    name = f"{one.questionnaire.version}.yaml"
    read = await asyncio.to_thread(questionnaires.checked, one.content, name)
    done = await context.write(questionnaires.publish_as, read, one.content)
    return Redirect(f"/questionnaires/{done.code}/{done.version}", status_code=303)


@get(_SHIPPED + "/{form:str}", opt=SIGNED_IN, include_in_schema=False)
async def shipped_file(
    context: NamedDependency[Context],
    code: FromPath[str],
    version: FromPath[str],
    form: FromPath[str],
) -> Response[bytes]:
    """Download a questionnaire of the library: its file as it is, or as a sheet to read."""
    await context.read(questionnaires.list_all)
    one = await _shipped(context, f"{code}@{version}")
    return await _file(context, one.questionnaire, one.content, form)


@get("/questionnaires/{code:str}/{version:str}/{form:str}", opt=SIGNED_IN, include_in_schema=False)
async def published_file(
    context: NamedDependency[Context],
    code: FromPath[str],
    version: FromPath[str],
    form: FromPath[str],
) -> Response[bytes]:
    """Download a published questionnaire: its file, byte for byte, or as a sheet to read."""
    questionnaire, content = await context.read(questionnaires.view_file, code, version)
    return await _file(context, questionnaire, content, form)


async def _shipped(context: Context, reference: str) -> Shipped:
    folder = context.services.settings.questionnaires
    return await questionnaire_library.shipped(folder, reference)


async def _file(
    context: Context, questionnaire: Questionnaire, content: bytes, form: str
) -> Response[bytes]:
    """Return a questionnaire as what `form` asks for: `yaml`, `xlsx` to read, or `workbook` to write in.

    Raises:
        UnknownQuestionnaireError: It asks for something else.
    """
    types = {"yaml": "application/yaml", "xlsx": _SHEET, "workbook": _SHEET}
    if form not in types:
        raise UnknownQuestionnaireError(reference=f"{questionnaire.reference}/{form}")
    if form == "xlsx":
        content = await asyncio.to_thread(sheet, questionnaire, context.language)
    if form == "workbook":
        content = await asyncio.to_thread(_workbook, content, questionnaire.reference)
    ending = "edit.xlsx" if form == "workbook" else form
    name = f"{questionnaire.code}-{questionnaire.version}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=types[form], headers=headers)


def _workbook(content: bytes, reference: str) -> bytes:
    return workbook(tables(documents.read(content, reference)), reference)
