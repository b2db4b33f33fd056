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

from survey_service.errors import NotOfferedError
from survey_service.errors.sign_on import SingleSignOnError
from survey_service.operations import sessions
from survey_service.outside.single_sign_on import Leaving, Provider
from survey_service.web.access import PUBLIC, SIGNED_IN
from survey_service.web.context import Context
from survey_service.web.pages.sessions import cookies_of_session, local

_COOKIE = "leaving"
_BACK = "/sign-in/provider/return"
_LASTS = dt.timedelta(minutes=10)  # at the provider


class _Left(Struct, frozen=True):
    """What we remember of somebody who left for the provider, and the page they wanted.

    `person` is whom the provider is to vouch for from now on; 0 where they want to sign in.
    """

    leaving: Leaving
    next: str
    person: int = 0


@get("/sign-in/provider", opt=PUBLIC, include_in_schema=False)
async def leave(
    context: NamedDependency[Context], page: FromQuery[str | None] = None
) -> Response[Any]:
    """Send a person to the provider, to sign in."""
    return await _leaving(context, local(page), 0)


@get("/profile/provider", opt=SIGNED_IN, include_in_schema=False)
async def bind(context: NamedDependency[Context]) -> Response[Any]:
    """Send whoever is signed in to the provider, which is to vouch for them from now on.

    Nothing is written before they come back, with what only their browser holds.
    """
    actor = await context.read(sessions.myself)
    return await _leaving(context, "/profile", actor.id)


async def _leaving(context: Context, page: str, person: int) -> Response[Any]:
    """Return what sends them; what must be remembered waits in a sealed cookie."""
    leaving = await _provider(context).leave(context.services.settings.address + _BACK)
    left = msgspec.json.encode(_Left(leaving, page, person)).decode()
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
    """Open a session for whom the provider vouches, or have it vouch for who is signed in."""
    provider, services = _provider(context), context.services
    left = _left(request, context)
    subject = await provider.subject(left.leaving, code, services.settings.address + _BACK)
    spent = Cookie(key=_COOKIE, value="", max_age=0, path="/sign-in", httponly=True)
    if left.person:
        if (await context.read(sessions.myself)).id != left.person:
            raise SingleSignOnError
        await context.write(sessions.bind, subject)
        return Redirect(left.next, status_code=303, cookies=[spent])
    token = await sessions.sign_in_by_provider(services.db, subject, context.opening())
    cookies = [*await cookies_of_session(context, token), spent]
    return Redirect(left.next, status_code=303, cookies=cookies)


def _left(request: Request[Any, Any, Any], context: Context) -> _Left:
    """Return what we remember of whoever comes back.

    Raises:
        SingleSignOnError: It is not they, it was long ago, or the provider says that it failed; a code
            beside an error, or from another issuer (RFC 9207), is no code.
    """
    opened = context.services.sealer.open(request.cookies.get(_COOKIE, ""), _LASTS)
    if opened is None:
        raise SingleSignOnError
    left, given = msgspec.json.decode(opened, type=_Left), request.query_params
    ours = hmac.compare_digest(left.leaving.state.encode(), given.get("state", "").encode())
    issuer = _provider(context).issuer
    foreign = given.get("iss", issuer).rstrip("/") != issuer
    if not ours or not given.get("code") or "error" in given or foreign:
        raise SingleSignOnError
    return left


def _provider(context: Context) -> Provider:
    if context.services.provider is None:
        raise NotOfferedError(setting="SURVEY_OIDC_ISSUER")
    return context.services.provider
