"""People: who they are, inviting them one by one or from a spreadsheet, and their links."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import Role
from survey_service.conduct.people import ListedPerson
from survey_service.errors import SurveyError
from survey_service.library.people import load
from survey_service.operations import organisations, people
from survey_service.operations.editing import tag
from survey_service.operations.people import Change
from survey_service.store.people import Account, Person
from survey_service.web import bodies
from survey_service.web.api.lists import LONGEST, Filter, Id, number
from survey_service.web.api.people import Invited, handed_over
from survey_service.web.pages import lists
from survey_service.web.problems import BEYOND
from survey_service.web.visits import Visit, acting

_ONE = "/people/{person_id:int}"


class Inviting(Struct, frozen=True):
    """Whom to invite."""

    login: bodies.Login
    name: Annotated[bodies.Line, Meta(min_length=1)]
    role: Role
    organisation: Id
    email: bodies.OptionalEmail = ""


class Changing(Struct, frozen=True):
    """What an account is to be; `seen` is the tag of what was changed."""

    name: Annotated[bodies.Line, Meta(min_length=1)]
    role: Role
    organisation: Id
    email: bodies.OptionalEmail = ""
    active: str = ""
    seen: bodies.Line = ""


@get("/people", opt=acting("read"), include_in_schema=False)
async def everybody(
    visit: NamedDependency[Visit],
    cursor: FromQuery[str | None] = None,
    organisation: Filter = 0,
) -> Response[str]:
    """Show the people of the reader's organisation and of those below it."""
    return await _list(visit, number(cursor) or 0, organisation)


@post("/people", opt=acting("admit"), include_in_schema=False, status_code=200)
async def invite(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Invite a person, and show the link where it is to be handed over."""
    given = await bodies.form(request, Inviting)
    wanted = Person(
        given.login, given.name, given.role, given.organisation, email=given.email or None
    )
    try:
        link = await visit.write(people.invite, wanted)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _list(visit, 0, 0, error, given)
    return _links(visit, [await handed_over(visit, link)])


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def one(visit: NamedDependency[Visit], person_id: FromPath[int]) -> Response[str]:
    """Show an account, to be changed by whoever may."""
    return await _account(visit, await visit.read(people.view, person_id))


@post(_ONE, opt=acting("admit"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], person_id: FromPath[int]
) -> Response[Any]:
    """Change an account, or show why not; what was typed stays."""
    given = await bodies.form(request, Changing)
    wanted = Change(
        given.name, given.role, given.organisation, given.email or None, bool(given.active)
    )
    try:
        await visit.write(people.change, person_id, wanted, given.seen)
    except BEYOND:
        raise
    except SurveyError as error:
        account = await visit.read(people.view, person_id)
        return await _account(visit, account, error, given)
    return Redirect("/people", status_code=303)


@post(_ONE + "/link", opt=acting("admit"), include_in_schema=False, status_code=200)
async def reset(visit: NamedDependency[Visit], person_id: FromPath[int]) -> Response[Any]:
    """Make a new one-time link, and show it where it is to be handed over."""
    link = await visit.write(people.reset, person_id)
    return _links(visit, [await handed_over(visit, link)])


@post(_ONE + "/second-factor/removal", opt=acting("admit"), include_in_schema=False)
async def remove_second_factor(
    visit: NamedDependency[Visit], person_id: FromPath[int]
) -> Response[Any]:
    """Take away the second factor of somebody who lost it."""
    try:
        await visit.write(people.remove_second_factor, person_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _account(visit, await visit.read(people.view, person_id), error)
    return Redirect(f"/people/{person_id}", status_code=303)


@post("/people/preview", opt=acting("admit"), include_in_schema=False, status_code=200)
async def preview(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Show whom a list would invite; nobody is invited yet."""
    await visit.require("admit")
    names = {each.id: each.name for each in await visit.read(organisations.all_seen)}
    template = "people/import.html"
    return await lists.preview_page(request, visit, template, load, people.preview, names=names)


@post("/people/import", opt=acting("admit"), include_in_schema=False, status_code=200)
async def take_in(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Invite whom the list invites that was previewed, and show the links to hand over."""
    rows = await lists.confirmed(request, ListedPerson)
    plan, links = await visit.write(people.take_in, rows)
    if plan.misfits:
        return lists.planned_page(visit, "people/import.html", plan, "", names={})
    return _links(visit, [await handed_over(visit, link) for link in links])


def _links(visit: Visit, invited: list[Invited]) -> Response[str]:
    return visit.page("people/links.html", invited=invited)


async def _list(
    visit: Visit,
    after: int,
    organisation: int,
    error: SurveyError | None = None,
    given: Inviting | None = None,
) -> Response[str]:
    found = await visit.read(
        people.everybody, organisation_id=organisation or None, after=after, limit=LONGEST + 1
    )
    return visit.page(
        "people/list.html",
        status=error.status if error else 200,
        found=found[:LONGEST],
        more=found[LONGEST - 1].id if len(found) > LONGEST else None,
        organisation=organisation,
        places=await visit.read(organisations.all_seen),
        admits=visit.who.admits if visit.who else (),
        given=given,
        problem=i18n.describe(error, visit.language) if error else "",
    )


async def _account(
    visit: Visit,
    account: Account,
    error: SurveyError | None = None,
    given: Changing | None = None,
) -> Response[str]:
    sent = given or Changing(
        account.name,
        account.role,
        account.organisation_id,
        account.email or "",
        "on" if account.active else "",
        tag(account),
    )
    admits = visit.who.admits if visit.who else ()
    return visit.page(
        "people/one.html",
        status=error.status if error else 200,
        account=account,
        sent=sent,
        places=await visit.read(organisations.all_seen),
        roles=admits,
        may=account.role in admits,
        problem=i18n.describe(error, visit.language) if error else "",
    )
