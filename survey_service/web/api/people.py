"""People: looked after by administrators and ministries, seen by those beside and above them."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.access import Role
from survey_service.operations import one_time_links, people
from survey_service.operations.one_time_links import HandedOver
from survey_service.operations.people import Change
from survey_service.store.people import Account, Person
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import IfMatch, Key, seen, tagged
from survey_service.web.api.lists import LONGEST, Cursor, Filter, Id, Page, number, paged
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_Named = Annotated[bodies.Line, Meta(min_length=1)]


class Inviting(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite: a name to sign in with and one to be called by; as what, and where."""

    login: bodies.Login
    name: _Named
    role: Role
    organisation_id: Id
    email: bodies.Email | None = None


class Changing(Struct, frozen=True, forbid_unknown_fields=True):
    """What an account is to be from now on."""

    name: _Named
    role: Role
    organisation_id: Id
    email: bodies.Email | None = None
    active: bool = True


class Invited(Struct, frozen=True):
    """The account, and the one-time link: on its way by mail, or told this once for you to hand over.

    `expires_at` says until when it works; none for one that is made when its mail is sent.
    """

    account: Account
    sent: bool
    link: str | None
    expires_at: dt.datetime | None = None


@get("/people", opt=acting("read"), operation_id="listPeople")
async def read_all(
    context: NamedDependency[Context],
    cursor: Cursor = None,
    organisation: Filter = 0,
) -> Page[Account]:
    """List the people of your organisation and of those below it; all, or those of one of them."""
    found = await context.read(
        people.list_all,
        organisation_id=organisation or None,
        after=number(cursor) or 0,
        limit=LONGEST + 1,
    )
    return paged(found, lambda one: one.id)


@post("/people", opt=acting("admit"), operation_id="invite", operation_class=taking(Inviting))
async def invite(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Response[Invited]:
    """Invite a person: they set their password with a one-time link."""
    given = await bodies.json(request, Inviting)
    wanted = Person(given.login, given.name, given.role, given.organisation_id, email=given.email)
    made = await context.once(key, HandedOver, people.invite, wanted, context.mailing)
    location = f"/api/v1/people/{made.account.id}"
    return Response(handed_over(context, made), status_code=201, headers={"Location": location})


@get("/people/{person_id:int}", opt=acting("read"), operation_id="readPerson")
async def read(context: NamedDependency[Context], person_id: FromPath[int]) -> Response[Account]:
    """Read an account; its ETag is what a change must be based on."""
    return tagged(await context.read(people.view, person_id))


@put(
    "/people/{person_id:int}",
    opt=acting("admit"),
    operation_id="changePerson",
    operation_class=taking(Changing),
)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    person_id: FromPath[int],
    if_match: IfMatch = None,
) -> Response[Account]:
    """Change an account, on what `If-Match` names; who is not active any more is signed out."""
    based_on = seen(if_match)
    given = await bodies.json(request, Changing)
    wanted = Change(given.name, given.role, given.organisation_id, given.email, given.active)
    return tagged(await context.write(people.change, person_id, wanted, based_on))


@post("/people/{person_id:int}/link", opt=acting("admit"), operation_id="resetPassword")
async def reset(
    context: NamedDependency[Context], person_id: FromPath[int], key: Key = None
) -> Invited:
    """Make a new one-time link, for somebody who forgot their password or lost the last one."""
    made = await context.once(key, HandedOver, people.reset, person_id, context.mailing)
    return handed_over(context, made)


@delete(
    "/people/{person_id:int}/second-factor",
    opt=acting("admit"),
    operation_id="removeSecondFactor",
    status_code=200,
)
async def remove_second_factor(
    context: NamedDependency[Context], person_id: FromPath[int]
) -> Account:
    """Remove the second factor of somebody who lost it."""
    return await context.write(people.remove_second_factor, person_id)


@delete(
    "/people/{person_id:int}/single-sign-on",
    opt=acting("admit"),
    operation_id="unbindPerson",
    status_code=200,
)
async def unbind(context: NamedDependency[Context], person_id: FromPath[int]) -> Account:
    """Have the provider vouch for somebody no more, until they sign in through it anew."""
    return await context.write(people.unbind, person_id)


def handed_over(context: Context, made: HandedOver) -> Invited:
    """Return what to tell of a link: that it goes by mail, or the link itself to hand over."""
    context.services.look_at_jobs()
    if made.link is None:
        return Invited(made.account, sent=True, link=None)
    public = context.services.settings.address
    link = one_time_links.address(made.link, public)
    return Invited(made.account, sent=False, link=link, expires_at=made.link.expires_at)
