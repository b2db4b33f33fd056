"""The life of an assessment: its steps, bulk acceptance, and moving to another version."""

from typing import Any, Literal

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Moved
from survey_service.operations import responses, steps, version_change
from survey_service.operations.steps import Taking
from survey_service.operations.version_change import Outlook
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}"


class Accepting(Struct, frozen=True, forbid_unknown_fields=True):
    """The stage whose people accept what they have not scored otherwise."""

    stage: Literal["internal", "external"]


class Accepted(Struct, frozen=True):
    """The indicators whose answers were accepted."""

    indicators: list[str]


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """The published version, `code@version`, to go on with."""

    questionnaire: bodies.Line


@get(_ONE + "/steps", opt=acting("read"), operation_id="listSteps")
async def taken(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Page[Moved]:
    """List the steps that an assessment has taken, oldest first, with who, when and why."""
    return Page(await context.read(steps.taken, assessment_id), None)


@post(
    _ONE + "/steps", opt=acting("submit"), operation_id="takeStep", operation_class=taking(Taking)
)
async def take(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Assessment:
    """Take a step: hand in, withdraw, begin a check, return, pass on, announce, finalise, reopen."""
    wanted = await bodies.json(request, Taking)
    return await context.once(key, Assessment, steps.take, assessment_id, wanted)


@post(
    _ONE + "/acceptance",
    opt=acting("answer"),
    operation_id="acceptRest",
    operation_class=taking(Accepting),
)
async def accept(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Accepted:
    """Accept, at your stage, every answer that is still to be looked at."""
    wanted = await bodies.json(request, Accepting)
    codes = await context.once(key, list[str], responses.accept_rest, assessment_id, wanted.stage)
    return Accepted(codes)


@get(_ONE + "/successor", opt=acting("read"), operation_id="previewMove")
async def preview(
    context: NamedDependency[Context], assessment_id: FromPath[int], questionnaire: FromQuery[str]
) -> Outlook:
    """Preview what moving to another version would do with the answers."""
    return await context.read(version_change.outlook, assessment_id, questionnaire)


@post(_ONE + "/successor", opt=acting("move"), operation_id="move", operation_class=taking(Target))
async def move(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Assessment:
    """Go on with the assessment on another version; this one stays to be read."""
    wanted = await bodies.json(request, Target)
    return await context.once(
        key, Assessment, version_change.move, assessment_id, wanted.questionnaire
    )
