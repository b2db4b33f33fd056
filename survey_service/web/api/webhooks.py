"""Addresses of your programs that are told what happens, in the form of Standard Webhooks."""

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.webhooks import Webhook
from survey_service.operations import webhooks
from survey_service.operations.webhooks import Issued
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context


class WantedWebhook(Struct, frozen=True, forbid_unknown_fields=True):
    """Where events are to go: `https://…`, a machine on the internet."""

    url: Annotated[bodies.Line, Meta(min_length=1)]


@get("/webhooks", opt=SIGNED_IN, operation_id="listWebhooks")
async def read_all(context: NamedDependency[Context]) -> Page[Webhook]:
    """List your addresses."""
    return Page(await context.read(webhooks.list_all), None)


@post("/webhooks", opt=SIGNED_IN, operation_id="addWebhook", operation_class=taking(WantedWebhook))
async def add(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Issued:
    """Add an address that is told of each step of the assessments that you see.

    The secret that signs what it is told is shown this once.
    """
    url = (await bodies.json(request, WantedWebhook)).url
    sealer = context.services.sealer

    def added(tx: Writer, actor: Actor, wanted: str) -> Issued:
        """Add it; that it is asked for once goes by the address."""
        return webhooks.add(tx, actor, wanted, sealer)

    return await context.once(key, Issued, added, url)


@post("/webhooks/{webhook_id:int}/secret", opt=SIGNED_IN, operation_id="renewWebhookSecret")
async def renew(
    context: NamedDependency[Context], webhook_id: FromPath[int], key: Key = None
) -> Issued:
    """Give an address a new secret; the one before signs beside it for a day."""
    sealer = context.services.sealer

    def renewed(tx: Writer, actor: Actor, which: int) -> Issued:
        """Renew it; that it is asked for once goes by the address's id."""
        return webhooks.renew(tx, actor, which, sealer)

    return await context.once(key, Issued, renewed, webhook_id)


@delete("/webhooks/{webhook_id:int}", opt=SIGNED_IN, operation_id="removeWebhook")
async def remove(context: NamedDependency[Context], webhook_id: FromPath[int]) -> None:
    """Tell an address no more."""
    await context.write(webhooks.remove, webhook_id)
