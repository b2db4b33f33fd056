"""Setting up the second factor, of one's own accord or because the organisation requires it."""

from typing import Annotated, Any

import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import SurveyError, WrongCodeError, WrongPasswordError
from survey_service.operations import second_factors
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.context import Context


class Confirming(Struct, frozen=True):
    """The ticket of the offer, the application's first code, and the password."""

    ticket: Annotated[str, Meta(max_length=1000)] = ""
    code: bodies.Line = ""
    password: Annotated[str, Meta(max_length=1000)] = ""


@get("/second-factor", opt=SIGNED_IN, include_in_schema=False)
async def form(context: NamedDependency[Context]) -> Response[str]:
    """Show a new secret, to be read by an application's camera or typed in."""
    return await _form(context, None)


@post("/second-factor", opt=SIGNED_IN, include_in_schema=False)
async def confirm(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Keep the second factor, and have the person sign in with it."""
    given = await bodies.form(request, Confirming)
    services, actor = context.services, await context.actor()
    try:
        await second_factors.confirm(
            services.db,
            actor,
            given.ticket,
            given.code.strip(),
            given.password,
            services.sealer,
        )
    except (WrongCodeError, WrongPasswordError) as error:
        return await _form(context, error)
    return Redirect("/sign-in", status_code=303)


async def _form(context: Context, error: SurveyError | None) -> Response[str]:
    offer = second_factors.offer(await context.actor(), context.services.sealer)
    picture = segno.make(offer.uri).svg_data_uri(scale=5, border=2)
    return context.page(
        "sessions/second_factor.html",
        status=error.status if error else 200,
        offer=offer,
        picture=picture,
        problem=i18n.describe(error, context.language) if error else "",
    )
