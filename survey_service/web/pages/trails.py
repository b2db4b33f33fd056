"""The trail of an assessment: its story, narrowed as somebody wants it, and taken along as a table."""

import asyncio
import datetime as dt
from typing import Any, Literal
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from survey_service.conduct.trail_search import TRAIL_KINDS, Sought, day_of
from survey_service.errors.writing import NotADateError
from survey_service.operations import trails
from survey_service.operations.trails import Trail
from survey_service.reports import trail as drawn
from survey_service.reports.trail import Told
from survey_service.web.access import acting
from survey_service.web.api.lists import LONGEST, number
from survey_service.web.context import Context
from survey_service.web.downloads import table_response

_ONE = "/assessments/{assessment_id:int}/trail"
_AT_ONCE = 1000  # entries of a table read at a time


class Filters(Struct, frozen=True):
    """What a trail is narrowed to, as its address has it; "" for nothing."""

    person: str = ""
    indicator: str = ""
    kind: str = ""
    day: str = ""

    def sought(self, zone: str) -> Sought:
        """Return what this seeks, the day being one where the zone is.

        Raises:
            NotADateError: The day is none.
        """
        try:
            day = dt.date.fromisoformat(self.day) if self.day else None
        except ValueError:
            raise NotADateError(value=self.day) from None
        since, until = day_of(day, zone)
        kind = next((one for one in TRAIL_KINDS if one == self.kind), None)
        return Sought(self.person or None, self.indicator or None, kind, since, until)

    @property
    def query(self) -> str:
        """What of an address tells this."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return urlencode({name: value for name, value in given.items() if value})


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what happened to an assessment as a story, oldest first."""
    filters, after = _filters(request), number(cursor) or 0
    found = await _load(context, assessment_id, filters, after, LONGEST + 1)
    more = found.entries[LONGEST - 1].id if len(found.entries) > LONGEST else None
    return context.page(
        "assessments/trail.html",
        found=found,
        assessment=found.assessment,
        questionnaire=found.questionnaire,
        entries=_told(found, found.entries[:LONGEST], context.language),
        filters=filters,
        kinds=TRAIL_KINDS,
        more=None if more is None else "&".join(filter(None, (filters.query, f"cursor={more}"))),
    )


@get(_ONE + "/{form:str}", opt=acting("read"), include_in_schema=False)
async def table(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    form: FromPath[Literal["csv", "xlsx"]],
) -> Response[bytes]:
    """Take along what of the story is shown, all of it, as a table."""
    filters, after = _filters(request), 0
    entries: list[Told] = []
    while True:
        found = await _load(context, assessment_id, filters, after, _AT_ONCE)
        entries += await asyncio.to_thread(_told, found, found.entries, context.language)
        if len(found.entries) < _AT_ONCE:
            break
        after = found.entries[-1].id
    zone = context.services.settings.time_zone
    made = drawn.table(entries, zone, context.language)
    return await table_response(context, made, form, found.assessment)


async def _load(
    context: Context, assessment_id: int, filters: Filters, after: int, limit: int
) -> Trail:
    sought = filters.sought(context.services.settings.time_zone)
    return await context.read(trails.load, assessment_id, sought, after=after, limit=limit)


def _filters(request: Request[Any, Any, Any]) -> Filters:
    given = {name: request.query_params.get(name, "") for name in Filters.__struct_fields__}
    return Filters(**{name: str(value) for name, value in given.items()})


def _told(found: Trail, entries: list[Any], language: str) -> list[Told]:
    return [drawn.told(found.questionnaire, one, language) for one in entries]
