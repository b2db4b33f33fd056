"""Who does what in an assessment, and what is ready to be checked."""

from typing import Any

from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.conduct.teamwork import Assignment, Ready
from survey_service.operations import teamwork
from survey_service.operations.teamwork import Work
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.lists import Id
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}"


class Assigning(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose part it is from now on; null for nobody's."""

    person_id: Id | None


class Marking(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the answer, as it is now, is ready for check."""

    ready: bool


@get(_ONE + "/work", opt=acting("read"), operation_id="readWork")
async def work(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Work:
    """Read who does what, and which answers are ready for check."""
    return await context.read(teamwork.work, assessment_id)


@put(
    _ONE + "/assignments/{code:str}",
    opt=acting("assign"),
    operation_id="assignPart",
    operation_class=taking(Assigning),
)
async def assign(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    code: FromPath[str],
) -> Assignment | None:
    """Assign a node or indicator to one of your organisation's people; assigning again changes it."""
    wanted = await bodies.json(request, Assigning)
    return await context.write(teamwork.assign, assessment_id, code, wanted.person_id)


@put(
    _ONE + "/assignees/{assignee_id:int}",
    opt=acting("assign"),
    operation_id="reassign",
    operation_class=taking(Assigning),
)
async def reassign(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    assignee_id: FromPath[int],
) -> list[Assignment]:
    """Assign all that is assigned to somebody, who left perhaps, to somebody else or to nobody."""
    wanted = await bodies.json(request, Assigning)
    return await context.write(teamwork.reassign, assessment_id, assignee_id, wanted.person_id)


@put(
    _ONE + "/responses/{indicator:str}/ready",
    opt=acting("ready"),
    operation_id="markReady",
    operation_class=taking(Marking),
)
async def mark(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
) -> Ready | None:
    """Call an answer ready for check, or take that back; a later answer is not ready any more."""
    wanted = await bodies.json(request, Marking)
    return await context.write(teamwork.mark_ready, assessment_id, indicator, ready=wanted.ready)


"""All that there is of sharing the work, for the list of routes."""
