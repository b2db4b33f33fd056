"""Setting a password with a one-time link, and asking for one."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors.accounts import WeakPasswordError
from survey_service.operations import one_time_links, sessions
from survey_service.web import bodies
from survey_service.web.access import PUBLIC
from survey_service.web.api.sessions import sending_forgotten
from survey_service.web.context import Context
from survey_service.web.pages.sessions import cookies_of_session


class Wanted(Struct, frozen=True):
    """The password to set."""

    password: Annotated[str, Meta(max_length=1000)] = ""


class Forgotten(Struct, frozen=True):
    """The sign-in name, or the address, of who forgot their password."""

    login: bodies.Line = ""


@get("/password/{token:str}", opt=PUBLIC, include_in_schema=False)
async def form(context: NamedDependency[Context], token: FromPath[str]) -> Response[str]:
    """Show the form that sets a password, with the name to sign in with from then on."""
    account = await context.services.db.read(one_time_links.holder, token)
    return context.page("sessions/password.html", token=token, login=account.login, problem="")


@post("/password/{token:str}", opt=PUBLIC, include_in_schema=False)
async def redeem(
    request: Request[Any, Any, Any], context: NamedDependency[Context], token: FromPath[str]
) -> Response[Any]:
    """Set the password and come in; a password that will not do can be tried anew."""
    wanted, db = await bodies.form(request, Wanted), context.services.db
    try:
        person_id = await one_time_links.redeem(db, token, wanted.password, context.caller.address)
    except WeakPasswordError as error:
        login = (await db.read(one_time_links.holder, token)).login
        values = {"token": token, "login": login, "problem": i18n.describe(error, context.language)}
        return context.page("sessions/password.html", status=error.status, **values)
    session = await db.write(sessions.open_with_new_password, person_id, context.opening())
    if session is None:
        return Redirect("/sign-in", status_code=303)
    return Redirect("/", status_code=303, cookies=await cookies_of_session(context, session))


@get("/forgotten", opt=PUBLIC, include_in_schema=False)
async def ask(context: NamedDependency[Context]) -> Response[str]:
    """Show the form that asks for a link."""
    return context.page("sessions/forgotten.html", sent=False)


@post("/forgotten", opt=PUBLIC, include_in_schema=False)
async def forgotten(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[str]:
    """Have a link sent; the page says the same whether there is such a person."""
    login = (await bodies.form(request, Forgotten)).login
    page = context.page("sessions/forgotten.html", sent=True)
    page.background = sending_forgotten(context, login)
    return page
