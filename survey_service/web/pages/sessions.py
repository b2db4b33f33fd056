"""Signing in and out, and choosing a language."""

import datetime as dt
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from survey_service import i18n
from survey_service.errors import TooManyAttemptsError, WrongPasswordError
from survey_service.operations import sessions
from survey_service.web import bodies
from survey_service.web.visits import PUBLIC, Visit, cookie_name

_YEAR = 365 * 24 * 3600  # seconds


class SignIn(Struct, frozen=True):
    """The sign-in form; `next` is where the person was going."""

    login: bodies.Line = ""
    password: str = ""
    next: str = "/"


class Choice(Struct, frozen=True):
    """A language, and the page it was chosen on."""

    language: str = ""
    next: str = "/"


@get("/sign-in", opt=PUBLIC, include_in_schema=False)
async def form(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[str]:
    """Show the sign-in form."""
    return visit.page(
        "sessions/sign_in.html",
        given=SignIn(next=_local(request.query_params.get("next"))),
        problem="",
    )


@post("/sign-in", opt=PUBLIC, include_in_schema=False)
async def sign_in(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Response[Any]:
    """Open a session under a new token, whatever cookie came along."""
    given = await bodies.form(request, SignIn)
    settings = visit.services.settings
    lasts = dt.timedelta(hours=settings.session_hours)
    try:
        token = await sessions.sign_in(
            visit.services.db, given.login, given.password, lasts, visit.caller.address
        )
    except (WrongPasswordError, TooManyAttemptsError) as error:
        problem = i18n.describe(error, visit.language)
        return visit.page(
            "sessions/sign_in.html", status=error.status, given=given, problem=problem
        )
    cookie = Cookie(
        key=cookie_name(settings),
        value=token,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        secure=settings.https,
        samesite="lax",
    )
    return Redirect(_local(given.next), status_code=303, cookies=[cookie])


@post("/sign-out", opt=PUBLIC, include_in_schema=False)
async def sign_out(visit: NamedDependency[Visit]) -> Response[Any]:
    """Close the session, here and in the store."""
    if visit.caller.token:
        await visit.services.db.write(sessions.sign_out, visit.caller)
    settings = visit.services.settings
    gone = Cookie(
        key=cookie_name(settings),
        value="",
        max_age=0,
        path="/",
        httponly=True,
        secure=settings.https,
        samesite="lax",
    )
    return Redirect("/sign-in", status_code=303, cookies=[gone])


@post("/language", opt=PUBLIC, include_in_schema=False)
async def choose_language(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Response[Any]:
    """Remember a language, and go back to where it was chosen."""
    choice = await bodies.form(request, Choice)
    chosen = choice.language if choice.language in i18n.LANGUAGES else visit.language
    cookie = Cookie(
        key="language",
        value=chosen,
        max_age=_YEAR,
        path="/",
        samesite="lax",
        secure=visit.services.settings.https,
    )
    return Redirect(_local(choice.next), status_code=303, cookies=[cookie])


def _local(page: str | None) -> str:
    """Return the page to go to, if it is one of ours; else the first one."""
    ours = page is not None and page.startswith("/") and not page.startswith(("//", "/\\"))
    return page if ours and page is not None and page.isprintable() and page.isascii() else "/"
