"""The link to one's calendar, and the calendar itself."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service import clock
from survey_service.operations import calendars
from survey_service.operations.preconditions import tag
from survey_service.reports.calendars import calendar
from survey_service.web.access import PUBLIC, SIGNED_IN
from survey_service.web.context import Context, known_tags


@post("/notices/calendar", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def make_link(context: NamedDependency[Context]) -> Response[str]:
    """Make a link, and show it this once."""
    token = await context.write(calendars.make_link)
    address = f"{context.services.settings.address}/calendar/{token}.ics"
    return context.page("notices/calendar.html", address=address)


@post("/notices/calendar/end", opt=SIGNED_IN, include_in_schema=False)
async def end_link(context: NamedDependency[Context]) -> Redirect:
    """End the link."""
    await context.write(calendars.end_link)
    return Redirect("/notices/choices?saved=1#calendar", status_code=303)


@get("/calendar/{name:str}", opt=PUBLIC, include_in_schema=False)
async def read(
    request: Request[Any, Any, Any], context: NamedDependency[Context], name: FromPath[str]
) -> Response[bytes]:
    """Send the calendar of whoever has the link; nothing where a program has just this."""
    services = context.services
    found = await services.db.read(calendars.dates, name.removesuffix(".ics"))
    language = found.language or services.settings.language
    known = tag((found.days, found.actions, language))
    headers = {"ETag": f'"{known}"', "Cache-Control": "private, no-cache"}
    if known in known_tags(request.headers.get("if-none-match")):
        return Response(b"", status_code=304, headers=headers)
    address, now = services.settings.address, clock.now()
    made = await asyncio.to_thread(calendar, found.days, found.actions, language, address, now)
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)
