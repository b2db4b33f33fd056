"""What shows that an action is done: files and links."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.conduct.evidence import ENDINGS, Evidence, FileName
from survey_service.operations import action_evidence, evidence
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import NO_LIMIT, Called, content, file_name, limits
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking, taking_file
from survey_service.web.context import Context

_PATH = "/assessments/{assessment_id:int}/actions/{action_id:int}/evidence"


class Linking(Struct, frozen=True, forbid_unknown_fields=True):
    """The address of something on the web, and what it is called."""

    name: FileName
    url: bodies.Line


@get(_PATH, opt=acting("read"), operation_id="listActionEvidence")
async def read_all(
    context: NamedDependency[Context], assessment_id: FromPath[int], action_id: FromPath[int]
) -> Page[Evidence]:
    """List what is attached to an action; what was taken away says so."""
    return Page(await context.read(action_evidence.list_all, assessment_id, action_id), None)


@post(
    _PATH + "/files",
    opt=acting("improve"),
    operation_id="uploadActionEvidence",
    operation_class=taking_file("application/octet-stream", *ENDINGS),
    request_max_body_size=NO_LIMIT,
)
async def upload(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    name: Called,
) -> Evidence:
    """Upload a file: the body is its content, and `name` what it is called; as for evidence."""
    called = file_name(name)
    await context.read(action_evidence.require_attachable, assessment_id, action_id)
    bounds, services = limits(context), context.services
    async with evidence.keeping(
        services.db, services.files, request.stream(), called, bounds.size
    ) as kept:
        named = (assessment_id, action_id, called, kept, bounds)
        return await context.write(action_evidence.attach_file, *named)


@post(
    _PATH,
    opt=acting("improve"),
    operation_id="attachActionEvidence",
    operation_class=taking(Linking),
)
async def attach(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    key: Key = None,
) -> Evidence:
    """Attach a link."""
    given = await bodies.json(request, Linking)
    named = (assessment_id, action_id, given.name, given.url, limits(context))
    return await context.once(key, Evidence, action_evidence.attach_link, *named)


@get(_PATH + "/{piece_id:int}/content", opt=acting("read"), operation_id="downloadActionEvidence")
async def download(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    piece_id: FromPath[int],
) -> Response[Any]:
    """Download a file, as it was uploaded."""
    named = (assessment_id, action_id, piece_id)
    return await content(context, await context.write(action_evidence.download, *named))


@delete(
    _PATH + "/{piece_id:int}",
    opt=acting("improve"),
    operation_id="removeActionEvidence",
    status_code=200,
)
async def remove(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    piece_id: FromPath[int],
) -> Evidence:
    """Take a piece away; it stays on record, and attaching it again brings it back."""
    return await context.write(action_evidence.remove, assessment_id, action_id, piece_id)
