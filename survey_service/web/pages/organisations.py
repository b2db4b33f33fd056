"""Organisations: the tree, one of them to change, and lists from spreadsheets."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import may
from survey_service.conduct.organisations import KINDS, Listed, Organised
from survey_service.errors import ForbiddenError, SignInRequiredError, SurveyError
from survey_service.library.organisations import attribute, load
from survey_service.maturity.texts import END
from survey_service.operations import organisations
from survey_service.operations.organisations import Placed
from survey_service.operations.preconditions import tag
from survey_service.web import bodies, jobs
from survey_service.web.access import acting
from survey_service.web.api.lists import LONGEST, number
from survey_service.web.context import Context
from survey_service.web.pages import lists

_ONE = "/organisations/{organisation_id:int}"


class Sent(Struct, frozen=True):
    """What an organisation is to be; `attributes` has a line for each, "name: value".

    `seen` is the tag of what was changed; "" for a new one.
    """

    name: Annotated[bodies.Line, Meta(min_length=1)]
    kind: bodies.Line
    parent: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    attributes: Annotated[str, Meta(max_length=10_000, pattern=f"^[^\x00]*{END}")] = ""
    active: str = ""
    second_factor: str = ""
    seen: bodies.Line = ""

    @property
    def placed(self) -> Placed:
        """The organisation that this is."""
        pairs = (line.partition(":") for line in self.attributes.splitlines() if line.strip())
        attributes = {
            name.strip(): attribute(name.strip(), value.strip()) for name, _, value in pairs
        }
        parent = self.parent or None
        return Placed(
            self.name, self.kind, parent, attributes, bool(self.active), bool(self.second_factor)
        )


@get("/organisations", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context],
    cursor: FromQuery[str | None] = None,
    kind: FromQuery[str] = "",
) -> Response[str]:
    """Show the reader's organisation and those below it."""
    found = await context.read(
        organisations.list_all,
        kind=kind or None,
        after=number(cursor) or 0,
        limit=LONGEST + 1,
    )
    return context.page(
        "organisations/list.html",
        found=found[:LONGEST],
        more=found[LONGEST - 1].id if len(found) > LONGEST else None,
        names={one.id: one.name for one in await context.read(organisations.all_seen)},
        kinds=KINDS,
        kind=kind,
        may=context.who is not None and may(context.who, "organise"),
        done=None,
    )


@get("/organisations/new", opt=acting("organise"), include_in_schema=False)
async def new(context: NamedDependency[Context]) -> Response[str]:
    """Show the form of a new organisation."""
    await context.require("organise")
    return await _form(context, None, Sent("-", "regency", active="on"))


@post("/organisations", opt=acting("organise"), include_in_schema=False)
async def add(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[Any]:
    """Add an organisation, or show why not."""
    sent = await bodies.form(request, Sent)
    try:
        await context.write(organisations.add, sent.placed)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        return await _form(context, None, sent, error)
    return Redirect("/organisations", status_code=303)


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], organisation_id: FromPath[int]) -> Response[str]:
    """Show an organisation, to be changed by whoever may."""
    found = await context.read(organisations.view, organisation_id)
    return await _form(context, found, _sent(found))


@post(_ONE, opt=acting("organise"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    organisation_id: FromPath[int],
) -> Response[Any]:
    """Change an organisation, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.write(organisations.change, organisation_id, sent.placed, sent.seen)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        found = await context.read(organisations.view, organisation_id)
        return await _form(context, found, sent, error)
    return Redirect("/organisations", status_code=303)


@post("/organisations/preview", opt=acting("organise"), include_in_schema=False, status_code=200)
async def preview(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Show what a list would change; nothing is changed yet."""
    await context.require("organise")
    template = "organisations/import.html"
    return await lists.preview_page(request, context, template, load, organisations.preview)


@post(
    "/organisations/import",
    opt=acting("organise"),
    include_in_schema=False,
    request_max_body_size=lists.CONFIRMED_LIMIT,
)
async def import_list(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Change what the list changes that was previewed; or show how far it is."""
    rows = await lists.confirmed(request, Listed)
    plan = await context.read(organisations.preview, rows)
    if plan.misfits:
        return lists.planned_page(context, "organisations/import.html", plan, "")
    job_id = await context.ask(organisations.request_import, plan)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    return Redirect("/organisations", status_code=303)


async def _form(
    context: Context, found: Organised | None, sent: Sent, error: SurveyError | None = None
) -> Response[str]:
    owner = found.id if found else None
    return context.page(
        "organisations/form.html",
        status=error.status if error else 200,
        found=found,
        sent=sent,
        parents=[
            one
            for one in await context.read(organisations.all_seen)
            if found is None or one.id != found.id
        ],
        kinds=KINDS,
        may=context.who is not None and may(context.who, "organise", owner=owner),
        problem=i18n.describe(error, context.language) if error else "",
    )


def _sent(found: Organised) -> Sent:
    """Return the form as it is filled in by an organisation."""
    return Sent(
        found.name,
        found.kind,
        found.parent_id or 0,
        ""
        if found.is_damaged
        else "\n".join(f"{name}: {value}" for name, value in found.attributes.items()),
        "on" if found.active else "",
        "on" if found.second_factor else "",
        tag(found),
    )
