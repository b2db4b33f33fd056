"""One's own account: who one is here, the password, and where one is signed in."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.errors.accounts import WeakPasswordError
from survey_service.operations import one_time_links, people, second_factors, sessions, tokens
from survey_service.operations.one_time_links import PasswordChange
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.context import Context
from survey_service.web.pages.second_factor import WRONG, codes_page


class Changing(Struct, frozen=True):
    """The present password, and the one that it is to be."""

    present: Annotated[str, Meta(max_length=1000)] = ""
    password: Annotated[str, Meta(max_length=1000)] = ""


class Renewing(Struct, frozen=True):
    """The password, and a code of the second factor."""

    password: Annotated[str, Meta(max_length=1000)] = ""
    code: bodies.Line = ""


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
    actor, services = await context.read(sessions.myself), context.services
    change = PasswordChange(given.present, given.password, context.caller.token or "")
    try:
        await one_time_links.change_password(
            services.db, actor, change, context.trial(actor), services.sealer
        )
    except (*WRONG, WeakPasswordError) as error:
        return await _page(context, error)
    return Redirect("/profile?changed=1", status_code=303)


@post("/profile/recovery-codes", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def renew_recovery_codes(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Make new recovery codes and show them, or show why not."""
    given = await bodies.form(request, Renewing)
    actor, services = await context.read(sessions.myself), context.services
    trial, code = context.trial(actor), given.code.strip()
    try:
        codes = await second_factors.renew_recovery_codes(
            services.db, actor, given.password, code, trial, services.sealer
        )
    except WRONG as error:
        return await _page(context, code_error=error)
    return codes_page(context, codes, done=False)


@post("/profile/tokens/{token_id:str}/end", opt=SIGNED_IN, include_in_schema=False)
async def end_token(context: NamedDependency[Context], token_id: FromPath[str]) -> Redirect:
    """End a token of one's programs."""
    await context.write(tokens.revoke, token_id)
    return Redirect("/profile#tokens", status_code=303)


@post("/profile/sessions", opt=SIGNED_IN, include_in_schema=False)
async def sign_out_everywhere(context: NamedDependency[Context]) -> Redirect:
    """End every session of one's own, this one included."""
    await context.write(sessions.sign_out_everywhere)
    return Redirect("/sign-in", status_code=303)


async def _page(
    context: Context,
    error: SurveyError | None = None,
    *,
    code_error: SurveyError | None = None,
    changed: bool = False,
) -> Response[str]:
    account, wrong = await context.read(people.myself), error or code_error
    return context.page(
        "sessions/profile.html",
        status=wrong.status if wrong else 200,
        account=account,
        sessions=await context.read(sessions.list_all),
        tokens=await context.read(tokens.list_all),
        codes_left=await context.read(second_factors.recovery_codes_left),
        offers_provider=context.services.provider is not None,
        changed=changed,
        problem=i18n.describe(error, context.language) if error else "",
        code_problem=i18n.describe(code_error, context.language) if code_error else "",
    )
