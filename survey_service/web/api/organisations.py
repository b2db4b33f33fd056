"""Organisations: the tree of those who take part, kept by administrators and ministries."""

import asyncio
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Meta, Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.organisation_lists import Entry, Plan
from survey_service.conduct.organisations import OrganisationKind, Organised
from survey_service.library.organisations import load
from survey_service.maturity.conditions import Attributes
from survey_service.operations import organisations
from survey_service.operations.organisations import Placed
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import IfMatch, Key, seen, tagged
from survey_service.web.api.jobs import LATER, Work
from survey_service.web.api.lists import LONGEST, Cursor, Id, Page, number, paged
from survey_service.web.api.openapi import taking, taking_file
from survey_service.web.context import Context

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ATTRIBUTES = 50


class Placing(Struct, frozen=True, forbid_unknown_fields=True):
    """What an organisation is to be, and below which one."""

    name: Annotated[bodies.Line, Meta(min_length=1)]
    kind: OrganisationKind
    parent_id: Id | None = None
    attributes: Annotated[Attributes, Meta(max_length=_ATTRIBUTES)] = {}
    active: bool = True
    second_factor: bool = False

    @property
    def placed(self) -> Placed:
        """The organisation that this is."""
        return Placed(
            self.name, self.kind, self.parent_id, self.attributes, self.active, self.second_factor
        )


@get("/organisations", opt=acting("read"), operation_id="listOrganisations")
async def read_all(
    context: NamedDependency[Context],
    cursor: Cursor = None,
    kind: FromQuery[OrganisationKind | Literal["any"]] = "any",
) -> Page[Organised]:
    """List your organisation and those below it; all, or those of one kind."""
    found = await context.read(
        organisations.list_all,
        kind=None if kind == "any" else kind,
        after=number(cursor) or 0,
        limit=LONGEST + 1,
    )
    return paged(found, lambda one: one.id)


@post(
    "/organisations",
    opt=acting("organise"),
    operation_id="addOrganisation",
    operation_class=taking(Placing),
)
async def add(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Response[Organised]:
    """Add an organisation below yours or below one that is."""
    wanted = (await bodies.json(request, Placing)).placed
    added = await context.once(key, Organised, organisations.add, wanted)
    return tagged(added, status=201, location=f"/api/v1/organisations/{added.id}")


@get("/organisations/{organisation_id:int}", opt=acting("read"), operation_id="readOrganisation")
async def read(
    context: NamedDependency[Context], organisation_id: FromPath[int]
) -> Response[Organised]:
    """Read an organisation; its ETag is what a change must be based on."""
    return tagged(await context.read(organisations.view, organisation_id))


@put(
    "/organisations/{organisation_id:int}",
    opt=acting("organise"),
    operation_id="changeOrganisation",
    operation_class=taking(Placing),
)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    organisation_id: FromPath[int],
    if_match: IfMatch = None,
) -> Response[Organised]:
    """Change an organisation, on what `If-Match` names; deactivate it rather than lose it."""
    based_on = seen(if_match)
    wanted = (await bodies.json(request, Placing)).placed
    return tagged(await context.write(organisations.change, organisation_id, wanted, based_on))


@post(
    "/organisations/import",
    opt=acting("organise"),
    operation_id="importOrganisations",
    operation_class=taking_file(CSV, XLSX),
    status_code=200,
    responses={202: LATER},
)
async def import_list(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    apply: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
    numbers: FromQuery[Literal["thousands", "decimals"] | None] = None,
    another: FromQuery[bool] = False,  # noqa: FBT002
    key: Key = None,
) -> Response[Plan] | Response[Work]:
    """Take in a list, CSV or XLSX: without `apply` only tell what it would change.

    Where anything is wrong in it, nothing is changed, and `misfits` names each line. Nor is it where
    names of new ones resemble others, which `similar` names, unless they are said to be `another`.
    `numbers` says whether 1.850 in it is 1850 (`thousands`) or 1.85 (`decimals`). With `apply` a
    long list is answered with 202 and the job that takes it in.
    """
    await context.require("organise")
    content = await bodies.file(request, CSV, XLSX)
    thousands = None if numbers is None else numbers == "thousands"
    found = await asyncio.to_thread(load, content, "-", thousands)
    rows = [structs.replace(row, another=another) for row in found]
    plan = await context.read(organisations.preview, rows)
    if not apply or plan.misfits or plan.similar:
        return Response(plan)

    def take_in(tx: Writer, actor: Actor, _rows: list[Entry]) -> int:
        """Ask for what the plan changes; that it is asked for once goes by the rows."""
        return organisations.request_import(tx, actor, plan)

    job_id = await context.once(key, int, take_in, rows)
    context.services.look_at_jobs()
    if not await jobs.is_done(context, job_id):
        return await jobs.accepted(context, job_id)
    return Response(await context.read(organisations.requested, job_id))
