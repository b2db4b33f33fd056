"""Agencies that are merged, split or renamed: who follows whom, and since when."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.successions import Succession, SuccessionKind
from survey_service.operations import successions
from survey_service.operations.successions import Wanted
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Id, Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_ALL = "/organisations/{organisation_id:int}/successions"
_MOST = 100  # predecessors, or successors
_STAFF = 10_000
Name = Annotated[bodies.Line, Meta(min_length=1)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=_MOST)]


class Moving(Struct, frozen=True, forbid_unknown_fields=True):
    """That a person goes over to one of the successors, by its name."""

    person_id: Id
    successor: Name


class Standing(Struct, frozen=True, forbid_unknown_fields=True):
    """That a unit stands below one of the successors from now on, by its name."""

    organisation_id: Id
    successor: Name


class Succeeding(Struct, frozen=True, forbid_unknown_fields=True):
    """What follows what, by names: of several called so, "A / B" is the one below A.

    A successor that is not there is added. Of a split, `people` and `units` say who goes over to which.
    """

    kind: SuccessionKind
    on: dt.date
    predecessors: Names
    successors: Names
    people: Annotated[tuple[Moving, ...], Meta(max_length=_STAFF)] = ()
    units: Annotated[tuple[Standing, ...], Meta(max_length=_STAFF)] = ()


class Successors(Struct, frozen=True):
    """The ids of those that follow, in the order in which they were named."""

    successors: list[int]


@get(_ALL, opt=acting("read"), operation_id="listSuccessions")
async def read_all(
    context: NamedDependency[Context], organisation_id: FromPath[int]
) -> Page[Succession]:
    """List what an organisation follows and what follows it, as far as you see them."""
    return Page(await context.read(successions.history, organisation_id), None)


@post(_ALL, opt=acting("organise"), operation_id="succeed", operation_class=taking(Succeeding))
async def succeed(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    organisation_id: FromPath[int],
    key: Key = None,
) -> Response[Successors]:
    """Merge, split or rename organisations, of which this is a predecessor.

    Predecessors are deactivated and keep their results. Where one follows, its units and people go
    over to it.
    """
    given = await bodies.json(request, Succeeding)
    people = {one.person_id: one.successor for one in given.people}
    units = {one.organisation_id: one.successor for one in given.units}
    wanted = Wanted(given.kind, given.on, given.predecessors, given.successors, people, units)
    ids = await context.once(key, list[int], successions.succeed, organisation_id, wanted)
    location = f"/api/v1/organisations/{organisation_id}/successions"
    return Response(Successors(ids), status_code=201, headers={"Location": location})
