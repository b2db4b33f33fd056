"""Sessions for programs: a token to send as `Authorization: Bearer …`."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, delete, post
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from survey_service import clock
from survey_service.operations import sessions
from survey_service.web import bodies
from survey_service.web.api.openapi import taking
from survey_service.web.visits import PUBLIC, SIGNED_IN, Visit


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """A sign-in name and its password."""

    login: bodies.Line
    password: Annotated[str, Meta(max_length=1000)]


class Session(Struct, frozen=True):
    """The token, shown this once, and when it ends."""

    token: str
    expires_at: dt.datetime


@post("/sessions", opt=PUBLIC, operation_id="signIn", operation_class=taking(Credentials))
async def sign_in(request: Request[Any, Any, Any], visit: NamedDependency[Visit]) -> Session:
    """Sign in."""
    given = await bodies.json(request, Credentials)
    lasts = dt.timedelta(hours=visit.services.settings.session_hours)
    token = await sessions.sign_in(
        visit.services.db, given.login, given.password, lasts, visit.caller.address
    )
    return Session(token, clock.now() + lasts)


@delete("/sessions/current", opt=SIGNED_IN, operation_id="signOut")
async def sign_out(visit: NamedDependency[Visit]) -> None:
    """Sign out: the token is worth nothing from now on."""
    await visit.services.db.write(sessions.sign_out, visit.caller)


@delete("/sessions", opt=SIGNED_IN, operation_id="signOutEverywhere")
async def sign_out_everywhere(visit: NamedDependency[Visit]) -> None:
    """Sign out everywhere: every session of yours ends, this one included."""
    await visit.write(sessions.sign_out_everywhere)
