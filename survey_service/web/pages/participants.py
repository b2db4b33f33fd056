"""One participant of a cycle: withdrawing it, visibly and with a reason, and taking it back in; more time."""

import datetime as dt
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.errors.writing import NotADateError
from survey_service.maturity.answers import Prose
from survey_service.operations import cycles, extensions
from survey_service.operations.extensions import Wanted
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND

_ONE = "/cycles/{cycle_id:int}/participants/{organisation_id:int}"


class Sent(Struct, frozen=True):
    """Why somebody is withdrawn, or has more time, at which stage and until when."""

    reason: Prose = ""
    stage: Literal["self", "internal", "external"] = "self"
    until: Annotated[str, Meta(max_length=10)] = ""


_NOTHING = Sent()


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise NotADateError(value=written) from None


@get(_ONE, opt=acting("plan"), include_in_schema=False)
async def show(
    context: NamedDependency[Context], cycle_id: FromPath[int], organisation_id: FromPath[int]
) -> Response[str]:
    """Show where a participant stands, and how to withdraw it or take it back in."""
    return await _page(context, cycle_id, organisation_id)


@post(_ONE + "/withdrawal", opt=acting("plan"), include_in_schema=False)
async def withdraw(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    organisation_id: FromPath[int],
) -> Response[Any]:
    """Withdraw a participant, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.make(object, cycles.withdraw, cycle_id, organisation_id, sent.reason)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, cycle_id, organisation_id, error, sent)
    return Redirect(f"/cycles/{cycle_id}?state=withdrawn", status_code=303)


@post(_ONE + "/extension", opt=acting("plan"), include_in_schema=False)
async def extend(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    organisation_id: FromPath[int],
) -> Response[Any]:
    """Give a participant more time, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        wanted = Wanted(organisation_id, _day(sent.until), sent.reason, sent.stage)
        await context.make(object, extensions.extend, cycle_id, wanted)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, cycle_id, organisation_id, error, sent)
    return Redirect(f"/cycles/{cycle_id}/participants/{organisation_id}", status_code=303)


@post(_ONE + "/restoration", opt=acting("plan"), include_in_schema=False)
async def restore(
    context: NamedDependency[Context], cycle_id: FromPath[int], organisation_id: FromPath[int]
) -> Response[Any]:
    """Take a participant back in."""
    try:
        await context.write(cycles.restore, cycle_id, organisation_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, cycle_id, organisation_id, error)
    return Redirect(f"/cycles/{cycle_id}/participants/{organisation_id}", status_code=303)


async def _page(
    context: Context,
    cycle_id: int,
    organisation_id: int,
    error: SurveyError | None = None,
    typed: Sent = _NOTHING,
) -> Response[str]:
    found = await context.read(cycles.participant, cycle_id, organisation_id)
    return context.page(
        "cycles/participant.html",
        status=error.status if error else 200,
        found=found,
        cycle=found.cycle,
        one=found.standing,
        extensions=[
            one for one in found.cycle.extensions if one.organisation_id == organisation_id
        ],
        typed=typed,
        problem=i18n.describe(error, context.language) if error else "",
    )
