"""One's programs that are told what happens: their addresses and secrets, and trying them."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.errors.jobs import WebhookAddressError, WebhookLimitError
from survey_service.operations import webhooks
from survey_service.operations.webhooks import Issued
from survey_service.web import bodies, jobs
from survey_service.web.access import SIGNED_IN
from survey_service.web.context import Context

_ONE = "/webhooks/{webhook_id:int}"


class Sent(Struct, frozen=True):
    """Where events are to go."""

    url: bodies.Line = ""


@get("/webhooks", opt=SIGNED_IN, include_in_schema=False)
async def show(context: NamedDependency[Context]) -> Response[str]:
    """Show the reader's addresses."""
    return await _page(context)


@post("/webhooks", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def add(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[str]:
    """Add an address and show its secret this once, or show why not."""
    url = (await bodies.form(request, Sent)).url.strip()
    try:
        issued = await context.make(Issued, webhooks.add, url, context.services.sealer)
    except (WebhookAddressError, WebhookLimitError) as error:
        return await _page(context, error=error, url=url)
    return await _page(context, issued)


@post(_ONE + "/secret", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def renew(context: NamedDependency[Context], webhook_id: FromPath[int]) -> Response[str]:
    """Give an address a new secret, and show it this once."""
    sealer = context.services.sealer
    return await _page(context, await context.write(webhooks.renew, webhook_id, sealer))


@post(_ONE + "/removal", opt=SIGNED_IN, include_in_schema=False)
async def remove(context: NamedDependency[Context], webhook_id: FromPath[int]) -> Redirect:
    """Tell an address no more."""
    await context.write(webhooks.remove, webhook_id)
    return Redirect("/webhooks", status_code=303)


@post(_ONE + "/ping", opt=SIGNED_IN, include_in_schema=False)
async def ping(context: NamedDependency[Context], webhook_id: FromPath[int]) -> Redirect:
    """Send an address an event to try it, and show what becomes of it."""
    return jobs.progress_of(await context.ask(webhooks.ping, webhook_id))


async def _page(
    context: Context, issued: Issued | None = None, error: SurveyError | None = None, url: str = ""
) -> Response[str]:
    return context.page(
        "notices/webhooks.html",
        status=error.status if error else 200,
        found=await context.read(webhooks.list_all),
        issued=issued,
        url=url,
        problem=i18n.describe(error, context.language) if error else "",
    )
