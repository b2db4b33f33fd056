"""Single sign-on: leaving for the provider, and coming back."""

import datetime as dt
import hmac
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Struct

from survey_service.errors import NotOfferedError, SingleSignOnError
from survey_service.operations import sessions
from survey_service.outside.single_sign_on import Leaving, Provider
from survey_service.web.access import PUBLIC
from survey_service.web.context import Context
from survey_service.web.pages.sessions import local, session_cookie

_COOKIE = "leaving"
_BACK = "/sign-in/provider/return"
_LASTS = dt.timedelta(minutes=10)  # at the provider


class _Left(Struct, frozen=True):
    """What we remember of somebody who left for the provider, and the page they wanted."""

    leaving: Leaving
    next: str


@get("/sign-in/provider", opt=PUBLIC, include_in_schema=False)
async def leave(
    context: NamedDependency[Context], page: FromQuery[str | None] = None
) -> Response[Any]:
    """Send a person to the provider; what must be remembered waits in a sealed cookie."""
    leaving = await _provider(context).leave(context.services.settings.address + _BACK)
    left = msgspec.json.encode(_Left(leaving, local(page))).decode()
    cookie = Cookie(
        key=_COOKIE,
        value=context.services.sealer.seal(left),
        max_age=int(_LASTS.total_seconds()),
        path="/sign-in",
        httponly=True,
        secure=context.services.settings.https,
        samesite="lax",  # they come back from another site
    )
    return Redirect(leaving.url, status_code=303, cookies=[cookie])


@get(_BACK, opt=PUBLIC, include_in_schema=False)
async def come_back(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    code: FromQuery[str] = "",
) -> Response[Any]:
    """Open a session for whom the provider vouches."""
    provider, services = _provider(context), context.services
    opened = services.sealer.open(request.cookies.get(_COOKIE, ""), _LASTS)
    given = request.query_params.get("state", "")
    if opened is None:
        raise SingleSignOnError
    left = msgspec.json.decode(opened, type=_Left)
    if not hmac.compare_digest(left.leaving.state.encode(), given.encode()) or not code:
        raise SingleSignOnError
    subject = await provider.subject(left.leaving, code, services.settings.address + _BACK)
    token = await sessions.sign_in_by_provider(services.db, subject, context.opening())
    spent = Cookie(key=_COOKIE, value="", max_age=0, path="/sign-in", httponly=True)
    return Redirect(left.next, status_code=303, cookies=[session_cookie(context, token), spent])


def _provider(context: Context) -> Provider:
    if context.services.provider is None:
        raise NotOfferedError(setting="SURVEY_OIDC_ISSUER")
    return context.services.provider
