"""Signing in and out, and choosing a language."""

from contextlib import suppress
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.throttling import KNOWN_FOR
from survey_service.errors import SurveyError
from survey_service.errors.accounts import (
    SecondFactorMissingError,
    SecondFactorRequiredError,
    SignInRequiredError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongPasswordError,
)
from survey_service.operations import notices, sessions
from survey_service.operations.sessions import Caller, SignIn
from survey_service.operations.throttling import device_of
from survey_service.web import bodies
from survey_service.web.access import PUBLIC
from survey_service.web.context import Context, cookie_name, device_name

_YEAR = 365 * 24 * 3600  # seconds


_TRY_AGAIN = (
    SecondFactorRequiredError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongPasswordError,
)


class Credentials(Struct, frozen=True):
    """The sign-in form; `next` is where the person was going."""

    login: bodies.Line = ""
    password: Annotated[str, Meta(max_length=1000)] = ""
    code: bodies.Line = ""
    next: str = "/"


class Choice(Struct, frozen=True):
    """A language, and the page it was chosen on."""

    language: str = ""
    next: str = "/"


@get("/sign-in", opt=PUBLIC, include_in_schema=False)
async def form(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[str]:
    """Show the sign-in form."""
    return _form(context, Credentials(next=local(request.query_params.get("next"))))


@post("/sign-in", opt=PUBLIC, include_in_schema=False)
async def sign_in(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Open a session under a new token, whatever cookie came along."""
    given = await bodies.form(request, Credentials)
    services = context.services
    wanted = SignIn(given.login, given.password, given.code.strip())
    try:
        token = await sessions.sign_in(services.db, wanted, context.opening(), services.sealer)
    except _TRY_AGAIN as error:
        return _form(context, given, error)
    return Redirect(
        local(given.next), status_code=303, cookies=await cookies_of_session(context, token)
    )


async def cookies_of_session(context: Context, token: str) -> list[Cookie]:
    """Return the cookies of a session that was opened just now: its own, and the device's.

    The latter opens nothing: by it the device is told from others where passwords are guessed.
    """
    settings, sealer = context.services.settings, context.services.sealer
    actor = await context.services.db.read(sessions.known, Caller(token))
    device = Cookie(
        key=device_name(settings),
        value=device_of(actor.id, sealer),
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        httponly=True,
        secure=settings.https,
        samesite="lax",
    )
    return [session_cookie(context, token), device]


def session_cookie(context: Context, token: str) -> Cookie:
    """Return the cookie that holds a session's token; with "" the one that takes it away."""
    settings = context.services.settings
    return Cookie(
        key=cookie_name(settings),
        value=token,
        max_age=int(context.opening().lasts.total_seconds()) if token else 0,
        path="/",
        httponly=True,
        secure=settings.https,
        samesite="lax",
    )


def _form(context: Context, given: Credentials, error: SurveyError | None = None) -> Response[str]:
    """Return the form as it was filled in, but for what is secret."""
    services = context.services
    return context.page(
        "sessions/sign_in.html",
        status=error.status if error else 200,
        given=given,
        problem=i18n.describe(error, context.language) if error else "",
        offers_mail=services.mail is not None,
        offers_provider=services.provider is not None,
    )


@post("/sign-out", opt=PUBLIC, include_in_schema=False)
async def sign_out(context: NamedDependency[Context]) -> Response[Any]:
    """Close the session, here and in the store."""
    if context.caller.token:
        await context.services.db.write(sessions.sign_out, context.caller)
    return Redirect("/sign-in", status_code=303, cookies=[session_cookie(context, "")])


@post("/language", opt=PUBLIC, include_in_schema=False)
async def choose_language(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Remember a language, and go back to where it was chosen."""
    choice = await bodies.form(request, Choice)
    chosen = choice.language if choice.language in i18n.LANGUAGES else context.language
    if context.caller.token:
        with suppress(SignInRequiredError, SecondFactorMissingError):
            await context.write(notices.choose_language, chosen)
    cookie = Cookie(
        key="language",
        value=chosen,
        max_age=_YEAR,
        path="/",
        samesite="lax",
        secure=context.services.settings.https,
    )
    return Redirect(local(choice.next), status_code=303, cookies=[cookie])


def local(page: str | None) -> str:
    """Return the page to go to, if it is one of ours; else the first one."""
    ours = page is not None and page.startswith("/") and not page.startswith(("//", "/\\"))
    return page if ours and page is not None and page.isprintable() and page.isascii() else "/"
