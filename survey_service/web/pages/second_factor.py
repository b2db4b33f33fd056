"""Setting up the second factor, of one's own accord or because the organisation requires it.

What is shown this once is the answer to the form itself: it is at no address to come back to.
"""

from typing import Annotated, Any

import segno
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.access import Actor
from survey_service.errors import SurveyError
from survey_service.errors.accounts import (
    SecondFactorRequiredError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongPasswordError,
)
from survey_service.operations import people, second_factors
from survey_service.operations.second_factors import Confirmation, Enrolment
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.context import Context

WRONG = (SecondFactorRequiredError, TooManyAttemptsError, WrongCodeError, WrongPasswordError)
"""What stands beside a form in which somebody shows anew who they are."""


class Confirming(Struct, frozen=True):
    """The ticket of the offer, the application's first code, the password, and the present factor."""

    ticket: Annotated[str, Meta(max_length=1000)] = ""
    code: bodies.Line = ""
    password: Annotated[str, Meta(max_length=1000)] = ""
    present: bodies.Line = ""


@get("/second-factor", opt=SIGNED_IN, include_in_schema=False)
async def form(context: NamedDependency[Context]) -> Response[str]:
    """Show a new secret, to be read by an application's camera or typed in."""
    actor = await context.actor()
    return await _form(context, actor, second_factors.offer(actor, context.services.sealer), None)


@post("/second-factor", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def confirm(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Keep the second factor and show recovery codes; or say what is wrong, and change nothing."""
    given = await bodies.form(request, Confirming)
    services, actor = context.services, await context.actor()
    confirmation = Confirmation(
        given.ticket, given.code.strip(), given.password, given.present.strip()
    )
    try:
        codes = await second_factors.confirm(
            services.db, actor, confirmation, context.trial(actor), services.sealer
        )
    except WRONG as error:
        offered = second_factors.offered(actor, given.ticket, services.sealer)
        return await _form(context, actor, offered, error)
    return codes_page(context, codes, done=True)


def codes_page(context: Context, codes: list[str], *, done: bool) -> Response[str]:
    """Return the page that shows recovery codes; `done` where it ended every session."""
    return context.page("sessions/recovery_codes.html", codes=codes, done=done)


async def _form(
    context: Context, actor: Actor, offer: Enrolment, error: SurveyError | None
) -> Response[str]:
    account = await context.services.db.read(people.myself, actor)
    return context.page(
        "sessions/second_factor.html",
        status=error.status if error else 200,
        account=account,
        offer=offer,
        picture=segno.make(offer.uri).svg_data_uri(scale=5, border=2),
        problem=i18n.describe(error, context.language) if error else "",
    )
