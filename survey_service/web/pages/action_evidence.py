"""Attaching to an action what shows that it is done, and taking it away."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.operations import action_evidence, evidence
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import file_name, limits
from survey_service.web.context import Context
from survey_service.web.pages.actions import one_page
from survey_service.web.pages.annotations import Link, pieces
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}/actions/{action_id:int}"


@post(
    _ONE + "/evidence",
    opt=acting("improve"),
    include_in_schema=False,
    request_max_body_size=None,  # ours is checked as the files are read
)
async def upload(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
) -> Response[Any]:
    """Attach files, or show why not; those before one that is refused stay attached."""
    await context.read(action_evidence.require_attachable, assessment_id, action_id)
    try:
        await _keep(request, context, assessment_id, action_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await one_page(context, assessment_id, action_id, error)
    return _back(assessment_id, action_id)


async def _keep(
    request: Request[Any, Any, Any], context: Context, assessment_id: int, action_id: int
) -> None:
    bounds, services = limits(context), context.services
    files = await bodies.files(request, bounds.size * bounds.count)
    if not files:
        raise NoFileError
    for file in files:
        called = file_name(file.filename)
        async with evidence.keeping(
            services.db, services.files, pieces(file), called, bounds.size
        ) as kept:
            named = (assessment_id, action_id, called, kept, bounds)
            await context.write(action_evidence.attach_file, *named)


@post(_ONE + "/links", opt=acting("improve"), include_in_schema=False)
async def link(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
) -> Response[Any]:
    """Attach the address of something on the web, or show why not."""
    url = (await bodies.form(request, Link)).url.strip()
    named = (assessment_id, action_id, url[:200], url, limits(context))
    try:
        await context.write(action_evidence.attach_link, *named)
    except BEYOND:
        raise
    except SurveyError as error:
        return await one_page(context, assessment_id, action_id, error)
    return _back(assessment_id, action_id)


@post(_ONE + "/evidence/{piece_id:int}/removal", opt=acting("improve"), include_in_schema=False)
async def remove(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    piece_id: FromPath[int],
) -> Response[Any]:
    """Take a piece away, or show why not."""
    try:
        await context.write(action_evidence.remove, assessment_id, action_id, piece_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await one_page(context, assessment_id, action_id, error)
    return _back(assessment_id, action_id)


def _back(assessment_id: int, action_id: int) -> Redirect:
    return Redirect(f"/assessments/{assessment_id}/actions/{action_id}", status_code=303)
