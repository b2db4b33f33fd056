"""Cycles: planned and opened by a ministry, followed by those who take part."""

import datetime as dt
from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.cycles import Calendar, Cycle, Progress, Window
from survey_service.maturity.answers import Prose
from survey_service.operations import cycles, extensions
from survey_service.operations.cycles import Plan, Planned
from survey_service.operations.extensions import Wanted
from survey_service.store import cycles as stored
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import IfMatch, Key, seen, tagged
from survey_service.web.api.lists import LONGEST, Cursor, Id, Page, number, paged
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

PARTICIPANTS = 50_000  # at the most in one cycle


class Windows(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The days of each stage; without `internal` the evaluators follow the agency at once."""

    self: Window
    external: Window
    internal: Window | None = None


class Planning(Struct, frozen=True, forbid_unknown_fields=True):
    """A cycle: its name, what it asks (`code@version`), when, in which time zone, and of whom."""

    name: Annotated[bodies.Line, Meta(min_length=1)]
    questionnaire: bodies.Line
    windows: Windows
    participants: Annotated[tuple[Id, ...], Meta(max_length=PARTICIPANTS)] = ()
    time_zone: bodies.Line = "Asia/Jakarta"

    @property
    def plan(self) -> Plan:
        """The plan that this is."""
        given = {"self": self.windows.self, "internal": self.windows.internal}
        windows = {**given, "external": self.windows.external}
        calendar = Calendar(
            {stage: one for stage, one in windows.items() if one is not None},  # type: ignore[misc] # stages
            self.time_zone,
        )
        participants = tuple(dict.fromkeys(self.participants))
        return Plan(self.name, self.questionnaire, calendar, participants)


@get("/cycles", opt=acting("read"), operation_id="listCycles")
async def newest(context: NamedDependency[Context], cursor: Cursor = None) -> Page[Cycle]:
    """List the cycles that you plan, take part in or watch over, newest first."""
    found = await context.read(stored.newest, before=number(cursor), limit=LONGEST + 1)
    return paged(found, lambda one: one.id)


@post("/cycles", opt=acting("plan"), operation_id="planCycle", operation_class=taking(Planning))
async def plan(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Response[Planned]:
    """Plan a cycle; those who take part see it once it is opened."""
    wanted = (await bodies.json(request, Planning)).plan
    planned = await context.once(key, Planned, cycles.plan, wanted)
    return tagged(planned, status=201, location=f"/api/v1/cycles/{planned.id}")


@get("/cycles/{cycle_id:int}", opt=acting("read"), operation_id="readCycle")
async def read(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Response[Planned]:
    """Read a cycle; its ETag is what a change must be based on."""
    return tagged(await context.read(cycles.view, cycle_id))


@put(
    "/cycles/{cycle_id:int}",
    opt=acting("plan"),
    operation_id="changeCycle",
    operation_class=taking(Planning),
)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    if_match: IfMatch = None,
) -> Response[Planned]:
    """Change a cycle, on what `If-Match` names; once it is open, all but what it asks."""
    based_on = seen(if_match)
    wanted = (await bodies.json(request, Planning)).plan
    return tagged(await context.write(cycles.change, cycle_id, wanted, based_on))


@post("/cycles/{cycle_id:int}/opening", opt=acting("plan"), operation_id="openCycle")
async def open_cycle(
    context: NamedDependency[Context], cycle_id: FromPath[int], key: Key = None
) -> Response[Planned]:
    """Open a cycle: what it asks is pinned, and those who take part can begin."""
    opened = await context.once(key, Planned, cycles.open_cycle, cycle_id)
    return tagged(opened, status=201)


class Withdrawing(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to be withdrawn from a cycle, and why; the reason stays visible."""

    organisation_id: Id
    reason: Prose


@post(
    "/cycles/{cycle_id:int}/withdrawals",
    opt=acting("plan"),
    operation_id="withdrawParticipant",
    operation_class=taking(Withdrawing),
)
async def withdraw(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    key: Key = None,
) -> Response[Planned]:
    """Withdraw a participant: it stays in board and tables with its result, and is not compared."""
    wanted = await bodies.json(request, Withdrawing)
    named = (wanted.organisation_id, wanted.reason)
    changed = await context.once(key, Planned, cycles.withdraw, cycle_id, *named)
    return tagged(changed, status=201)


@delete(
    "/cycles/{cycle_id:int}/withdrawals/{organisation_id:int}",
    opt=acting("plan"),
    operation_id="restoreParticipant",
    status_code=200,
)
async def restore(
    context: NamedDependency[Context], cycle_id: FromPath[int], organisation_id: FromPath[int]
) -> Response[Planned]:
    """Let a participant that was withdrawn take part again."""
    return tagged(await context.write(cycles.restore, cycle_id, organisation_id))


class Extending(Struct, frozen=True, forbid_unknown_fields=True):
    """Who has more time in a cycle, at which stage, until which day, and why; that stays visible."""

    organisation_id: Id
    until: dt.date
    reason: Prose
    stage: Literal["self", "internal", "external"] = "self"


@post(
    "/cycles/{cycle_id:int}/extensions",
    opt=acting("plan"),
    operation_id="extendParticipant",
    operation_class=taking(Extending),
)
async def extend(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    key: Key = None,
) -> Response[Planned]:
    """Give one participant more time at a stage; it replaces what it was given there before."""
    said = await bodies.json(request, Extending)
    wanted = Wanted(said.organisation_id, said.until, said.reason, said.stage)
    changed = await context.once(key, Planned, extensions.extend, cycle_id, wanted)
    return tagged(changed, status=201)


@get("/cycles/{cycle_id:int}/progress", opt=acting("read"), operation_id="readProgress")
async def progress(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    cursor: Cursor = None,
) -> Page[Progress]:
    """Read how far those who take part are, as far as you see them."""
    after = number(cursor) or 0
    found = await context.read(cycles.progress, cycle_id, after=after, limit=LONGEST + 1)
    return paged(found, lambda one: one.organisation_id)
