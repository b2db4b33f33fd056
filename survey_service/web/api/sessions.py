"""Sessions for programs: a token to send as `Authorization: Bearer …`; and one's own account."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from survey_service import clock
from survey_service.errors import NotOfferedError
from survey_service.maturity.texts import END
from survey_service.operations import one_time_links, people, second_factors, sessions
from survey_service.operations.one_time_links import PasswordChange
from survey_service.operations.second_factors import Confirmation, Enrolment
from survey_service.operations.sessions import SignIn
from survey_service.store import sessions as stored
from survey_service.store.people import Account
from survey_service.web import bodies
from survey_service.web.access import PUBLIC, SIGNED_IN
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

Password = Annotated[str, Meta(max_length=1000)]
Code = Annotated[str, Meta(pattern=rf"^([0-9]{{6}})?{END}")]
Proof = Annotated[str, Meta(pattern=rf"^([0-9]{{6}}|[0-9]{{4}}(-?[0-9]{{4}}){{3}})?{END}")]
"""A code of the second factor, or a recovery code."""


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """A sign-in name and its password; the code of the second factor, or a recovery code, for who has one."""

    login: bodies.Line
    password: Password
    code: Proof = ""


class Opened(Struct, frozen=True):
    """A session's token, shown this once, and when it ends."""

    token: str
    expires_at: dt.datetime


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """The present password, and the one that it is to be."""

    present: Password
    password: Password


class Redeeming(Struct, frozen=True, forbid_unknown_fields=True):
    """The secret of a one-time link, and the password to set."""

    token: bodies.Line
    password: Password


class Forgotten(Struct, frozen=True, forbid_unknown_fields=True):
    """The sign-in name of who forgot their password."""

    login: bodies.Line


class Confirming(Struct, frozen=True, forbid_unknown_fields=True):
    """The ticket of the offer, the application's first code, and the password.

    `present` is a code of the second factor that this one replaces, or a recovery code.
    """

    ticket: Annotated[str, Meta(max_length=1000)]
    code: Code
    password: Password = ""
    present: Proof = ""


class Renewing(Struct, frozen=True, forbid_unknown_fields=True):
    """The password, and a code of the second factor or a recovery code."""

    code: Proof
    password: Password = ""


class RecoveryCodes(Struct, frozen=True):
    """Codes that stand for one of the second factor once each, shown this once: keep them elsewhere."""

    codes: list[str]


class Left(Struct, frozen=True):
    """How many recovery codes can still be used."""

    left: int


@post("/sessions", opt=PUBLIC, operation_id="signIn", operation_class=taking(Credentials))
async def sign_in(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Opened:
    """Sign in."""
    given = await bodies.json(request, Credentials)
    services, opening = context.services, context.opening()
    wanted = SignIn(given.login, given.password, given.code)
    token = await sessions.sign_in(services.db, wanted, opening, services.sealer)
    return Opened(token, clock.now() + opening.lasts)


@get("/sessions", opt=SIGNED_IN, operation_id="listSessions")
async def read_all(context: NamedDependency[Context]) -> Page[stored.Session]:
    """List your sessions, the one used last first."""
    return Page(await context.read(sessions.list_all), None)


@delete("/sessions/current", opt=SIGNED_IN, operation_id="signOut")
async def sign_out(context: NamedDependency[Context]) -> None:
    """Sign out: the token is worth nothing from now on."""
    await context.services.db.write(sessions.sign_out, context.caller)


@delete("/sessions", opt=SIGNED_IN, operation_id="signOutEverywhere")
async def sign_out_everywhere(context: NamedDependency[Context]) -> None:
    """Sign out everywhere: every session of yours ends, this one included, and your tokens."""
    await context.write(sessions.sign_out_everywhere)


@get("/me", opt=SIGNED_IN, operation_id="readMe")
async def me(context: NamedDependency[Context]) -> Account:
    """Read your own account."""
    actor = await context.actor()
    return await context.read(people.view, actor.id)


@put(
    "/me/password",
    opt=SIGNED_IN,
    operation_id="changePassword",
    operation_class=taking(NewPassword),
)
async def change_password(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> None:
    """Change your password; your other sessions and your tokens end."""
    given = await bodies.json(request, NewPassword)
    actor, services = await context.read(sessions.myself), context.services
    change = PasswordChange(given.present, given.password, context.caller.token or "")
    await one_time_links.change_password(
        services.db, actor, change, context.trial(actor), services.sealer
    )


@post("/me/second-factor", opt=SIGNED_IN, operation_id="offerSecondFactor", status_code=200)
async def offer(context: NamedDependency[Context]) -> Enrolment:
    """Get a new secret for your authenticator application; nothing changes before you confirm it."""
    return second_factors.offer(await context.actor(), context.services.sealer)


@put(
    "/me/second-factor",
    opt=SIGNED_IN,
    operation_id="confirmSecondFactor",
    operation_class=taking(Confirming),
)
async def confirm(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> RecoveryCodes:
    """Set up the second factor by its first code; every session of yours ends: sign in anew."""
    given = await bodies.json(request, Confirming)
    services, actor = context.services, await context.actor()
    confirmation = Confirmation(given.ticket, given.code, given.password, given.present)
    codes = await second_factors.confirm(
        services.db, actor, confirmation, context.trial(actor), services.sealer
    )
    return RecoveryCodes(codes)


@get("/me/recovery-codes", opt=SIGNED_IN, operation_id="countRecoveryCodes")
async def left(context: NamedDependency[Context]) -> Left:
    """Read how many of your recovery codes are left; the codes themselves are shown once."""
    return Left(await context.read(second_factors.recovery_codes_left))


@post(
    "/me/recovery-codes",
    opt=SIGNED_IN,
    operation_id="renewRecoveryCodes",
    operation_class=taking(Renewing),
    status_code=200,
)
async def renew_recovery_codes(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> RecoveryCodes:
    """Get ten new recovery codes; those from before are worth nothing any more."""
    given = await bodies.json(request, Renewing)
    services, actor = context.services, await context.read(sessions.myself)
    codes = await second_factors.renew_recovery_codes(
        services.db, actor, given.password, given.code, context.trial(actor), services.sealer
    )
    return RecoveryCodes(codes)


@post(
    "/passwords",
    opt=PUBLIC,
    operation_id="redeemLink",
    operation_class=taking(Redeeming),
    status_code=204,
)
async def redeem(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> None:
    """Set a password with a one-time link."""
    given = await bodies.json(request, Redeeming)
    await one_time_links.redeem(
        context.services.db, given.token, given.password, context.caller.address
    )


@post(
    "/passwords/forgotten",
    opt=PUBLIC,
    operation_id="forgotPassword",
    operation_class=taking(Forgotten),
    status_code=202,
)
async def forgotten(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[None]:
    """Have a one-time link sent to your address; the answer is the same whether you have one."""
    login = (await bodies.json(request, Forgotten)).login
    return Response(None, status_code=202, background=sending_forgotten(context, login))


def sending_forgotten(context: Context, login: str) -> BackgroundTask:
    """Return the task that has a link sent to whoever forgot their password.

    It runs after the answer, whose time then does not tell who has an account.

    Raises:
        NotOfferedError: There is no mail server; an administrator can make a link.
    """
    mailing = context.mailing
    if mailing is None:
        raise NotOfferedError(setting="SURVEY_MAIL")

    async def ask() -> None:
        services, address = context.services, context.caller.address
        await services.db.write(one_time_links.ask_forgotten, login, address, mailing)
        services.look_at_jobs()

    return BackgroundTask(ask)
