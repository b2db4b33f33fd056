"""People: who they are, inviting them one by one or from a spreadsheet, and their links."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import Role, may
from survey_service.conduct.people import ListedPerson
from survey_service.errors import SurveyError
from survey_service.errors.writing import WhichOrganisationError
from survey_service.library.people import load
from survey_service.operations import drafted_people, organisations, people
from survey_service.operations.one_time_links import HandedOver
from survey_service.operations.people import Change
from survey_service.operations.preconditions import tag
from survey_service.store.people import Account, Person
from survey_service.web import bodies, jobs
from survey_service.web.access import acting
from survey_service.web.api.lists import LONGEST, Id, number
from survey_service.web.api.people import handed_over
from survey_service.web.context import Context
from survey_service.web.pages import links, lists
from survey_service.web.pages.places import Places, places
from survey_service.web.problems import BEYOND

_ONE = "/people/{person_id:int}"


class Inviting(Struct, frozen=True):
    """Whom to invite."""

    login: bodies.Login
    name: Annotated[bodies.Line, Meta(min_length=1)]
    role: Role
    organisation: Annotated[bodies.Line, Meta(min_length=1)]
    email: bodies.OptionalEmail = ""

    def person(self, known: Places) -> Person:
        """Return whom this invites; raises `WhichOrganisationError` where it is not known into what."""
        at = known.id_of(self.organisation)
        return Person(self.login, self.name, self.role, at, email=self.email or None)


class Changing(Struct, frozen=True):
    """What an account is to be; `seen` is the tag of what was changed."""

    name: Annotated[bodies.Line, Meta(min_length=1)]
    role: Role
    organisation: Annotated[bodies.Line, Meta(min_length=1)]
    email: bodies.OptionalEmail = ""
    active: str = ""
    seen: bodies.Line = ""

    def change(self, known: Places) -> Change:
        """Return what this makes of an account; raises as `Inviting.person`."""
        at = known.id_of(self.organisation)
        return Change(self.name, self.role, at, self.email or None, bool(self.active))


@get("/people", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context],
    cursor: FromQuery[str | None] = None,
    organisation: FromQuery[str] = "",
) -> Response[str]:
    """Show the people of the reader's organisation and of those below it."""
    try:
        chosen = (await places(context)).id_of(organisation)
    except WhichOrganisationError as error:
        return await _list(context, 0, 0, error)
    return await _list(context, number(cursor) or 0, chosen)


@post("/people", opt=acting("admit"), include_in_schema=False, status_code=200)
async def invite(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Invite a person, and show the link where it is to be handed over."""
    given = await bodies.form(request, Inviting, trimmed=True)
    try:
        wanted = given.person(await places(context))
        made = await context.make(HandedOver, people.invite, wanted, context.mailing)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _list(context, 0, 0, error, given)
    return links.page(context, [handed_over(context, made)])


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], person_id: FromPath[int]) -> Response[str]:
    """Show an account, to be changed by whoever may."""
    return await _account(context, await context.read(people.view, person_id))


@post(_ONE, opt=acting("admit"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any], context: NamedDependency[Context], person_id: FromPath[int]
) -> Response[Any]:
    """Change an account, or show why not; what was typed stays."""
    given = await bodies.form(request, Changing, trimmed=True)
    try:
        wanted = given.change(await places(context))
        await context.write(people.change, person_id, wanted, given.seen)
    except BEYOND:
        raise
    except SurveyError as error:
        account = await context.read(people.view, person_id)
        return await _account(context, account, error, given)
    return Redirect("/people", status_code=303)


@post(_ONE + "/link", opt=acting("admit"), include_in_schema=False, status_code=200)
async def reset(context: NamedDependency[Context], person_id: FromPath[int]) -> Response[Any]:
    """Make a new one-time link, and show it where it is to be handed over."""
    made = await context.write(people.reset, person_id, context.mailing)
    return links.page(context, [handed_over(context, made)])


@post(_ONE + "/second-factor/removal", opt=acting("admit"), include_in_schema=False)
async def remove_second_factor(
    context: NamedDependency[Context], person_id: FromPath[int]
) -> Response[Any]:
    """Remove the second factor of somebody who lost it."""
    try:
        await context.write(people.remove_second_factor, person_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _account(context, await context.read(people.view, person_id), error)
    return Redirect(f"/people/{person_id}", status_code=303)


@post(_ONE + "/single-sign-on/removal", opt=acting("admit"), include_in_schema=False)
async def unbind(context: NamedDependency[Context], person_id: FromPath[int]) -> Response[Any]:
    """Have the provider of single sign-on vouch for somebody no more."""
    await context.write(people.unbind, person_id)
    return Redirect(f"/people/{person_id}", status_code=303)


@post("/people/preview", opt=acting("admit"), include_in_schema=False, status_code=200)
async def preview(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Show whom a list would invite; nobody is invited yet."""
    await context.require("admit")
    names = {each.id: each.name for each in await context.read(organisations.all_seen)}
    template = "people/import.html"
    keep = drafted_people.keep
    return await lists.preview_page(
        request, context, template, load, people.preview, keep, names=names
    )


@get("/people/lists/{list_id:int}", opt=acting("admit"), include_in_schema=False)
async def show_list(context: NamedDependency[Context], list_id: FromPath[Id]) -> Response[str]:
    """Show again whom a list would invite, in whichever language."""
    return await _list_page(context, list_id)


@post("/people/lists/{list_id:int}/undoing", opt=acting("admit"), include_in_schema=False)
async def undo_list(context: NamedDependency[Context], list_id: FromPath[Id]) -> Response[Any]:
    """Deactivate all whom a list invited, or show why that cannot be."""
    try:
        job_id = await context.ask(drafted_people.undo, list_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _list_page(context, list_id, error)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    return Redirect(f"/people/lists/{list_id}", status_code=303)


@post(
    "/people/import",
    opt=acting("admit"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=lists.CONFIRMED_LIMIT,
)
async def import_list(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Invite whom the list invites that was previewed, and show the links to hand over, or how far it is."""
    rows, list_id = await lists.confirmed(request, ListedPerson)
    plan = await context.read(people.preview, rows)
    if plan.misfits:
        return lists.planned_page(context, "people/import.html", plan, "", names={})
    if list_id is None:
        job_id = await context.ask(people.request_import, plan, context.mailing)
    else:
        job_id = await context.ask(drafted_people.take_in, list_id, plan, context.mailing)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    made = await context.write(people.links, job_id)
    return links.of_list(context, made) if made else Redirect("/people", status_code=303)


async def _list_page(
    context: Context, list_id: int, error: SurveyError | None = None
) -> Response[str]:
    looked = await context.read(drafted_people.look, list_id)
    names = {each.id: each.name for each in await context.read(organisations.all_seen)}
    return lists.planned_page(
        context,
        "people/import.html",
        looked.plan,
        "" if looked.plan.misfits else looked.drafted.rows,
        error.status if error else 200,
        list_id=list_id,
        names=names,
        looked=looked,
        problem=i18n.describe(error, context.language) if error else "",
    )


async def _list(
    context: Context,
    after: int,
    organisation: int,
    error: SurveyError | None = None,
    given: Inviting | None = None,
) -> Response[str]:
    found = await context.read(
        people.list_all, organisation_id=organisation or None, after=after, limit=LONGEST + 1
    )
    return context.page(
        "people/list.html",
        status=error.status if error else 200,
        found=found[:LONGEST],
        more=found[LONGEST - 1].id if len(found) > LONGEST else None,
        organisation=organisation,
        places=await places(context),
        admits=context.who.admits if context.who else (),
        lists=await context.read(drafted_people.recent)
        if context.who and may(context.who, "admit")
        else [],
        given=given,
        problem=i18n.describe(error, context.language) if error else "",
    )


async def _account(
    context: Context,
    account: Account,
    error: SurveyError | None = None,
    given: Changing | None = None,
) -> Response[str]:
    sent = given or Changing(
        account.name,
        account.role,
        str(account.organisation_id),
        account.email or "",
        "on" if account.active else "",
        tag(account),
    )
    admits = context.who.admits if context.who else ()
    return context.page(
        "people/one.html",
        status=error.status if error else 200,
        account=account,
        sent=sent,
        places=await places(context),
        roles=admits,
        may=account.role in admits,
        problem=i18n.describe(error, context.language) if error else "",
    )
