"""One's own account: who one is here, the password, and where one is signed in."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import (
    SignInRequiredError,
    SurveyError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongPasswordError,
)
from survey_service.operations import one_time_links, people, sessions
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.context import Context


class Changing(Struct, frozen=True):
    """The present password, and the one that it is to be."""

    present: Annotated[str, Meta(max_length=1000)] = ""
    password: Annotated[str, Meta(max_length=1000)] = ""


@get("/profile", opt=SIGNED_IN, include_in_schema=False)
async def show(context: NamedDependency[Context], changed: FromQuery[str] = "") -> Response[str]:
    """Show one's own account."""
    return await _page(context, changed=bool(changed))


@post("/profile/password", opt=SIGNED_IN, include_in_schema=False)
async def change_password(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Change the password, or show why not."""
    given = await bodies.form(request, Changing)
    actor = await context.read(sessions.myself)
    token = context.caller.token or ""
    try:
        await one_time_links.change_password(
            context.services.db, actor, given.present, given.password, token
        )
    except SignInRequiredError:
        raise
    except (WrongPasswordError, WeakPasswordError, TooManyAttemptsError) as error:
        return await _page(context, error)
    return Redirect("/profile?changed=1", status_code=303)


@post("/profile/sessions", opt=SIGNED_IN, include_in_schema=False)
async def sign_out_everywhere(context: NamedDependency[Context]) -> Redirect:
    """End every session of one's own, this one included."""
    await context.write(sessions.sign_out_everywhere)
    return Redirect("/sign-in", status_code=303)


async def _page(
    context: Context, error: SurveyError | None = None, *, changed: bool = False
) -> Response[str]:
    account = await context.read(people.myself)
    return context.page(
        "sessions/profile.html",
        status=error.status if error else 200,
        account=account,
        sessions=await context.read(sessions.list_all),
        changed=changed,
        problem=i18n.describe(error, context.language) if error else "",
    )
