"""Taking over the answers of the assessment before, and confirming them."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.operations import carrying_over
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}"


class Carrying(Struct, frozen=True, forbid_unknown_fields=True):
    """What of an assessment: a `part`, a node by its code, or all."""

    part: bodies.Line | None = None


@post(
    _ONE + "/carrying-over",
    opt=acting("answer"),
    operation_id="takeOverAnswers",
    operation_class=taking(Carrying),
    status_code=200,
)
async def take_over(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Page[str]:
    """Take over what was answered the time before, where nothing is yet; return the indicators.

    What is taken over counts in the index, and as answered once it is confirmed.
    """
    part = (await bodies.json(request, Carrying)).part
    codes = await context.once(key, list[str], carrying_over.take_over, assessment_id, part)
    return Page(codes, None)


@post(
    _ONE + "/confirmation",
    opt=acting("answer"),
    operation_id="confirmAnswers",
    operation_class=taking(Carrying),
    status_code=200,
)
async def confirm(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Page[str]:
    """Confirm what was carried over, as it is; return the indicators."""
    part = (await bodies.json(request, Carrying)).part
    codes = await context.once(key, list[str], carrying_over.confirm, assessment_id, part)
    return Page(codes, None)
