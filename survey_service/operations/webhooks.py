"""Telling programs, in the form of Standard Webhooks; a person's addresses, each with its secret."""

import base64
import secrets

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.webhooks import (
    BOTH_HOLD,
    MOST,
    PREFIX,
    Event,
    Webhook,
    event,
    headers,
    require_sound,
)
from survey_service.errors import NotFoundError
from survey_service.errors.jobs import WebhookLimitError, WebhookSecretError
from survey_service.operations import audit
from survey_service.operations.jobs import Tools, enqueue
from survey_service.operations.sealing import Sealer, sealer_of
from survey_service.outside import webhooks as outside
from survey_service.store import people, webhooks
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.organisations import HIGHEST
from survey_service.store.webhooks import Kept


class Issued(Webhook, frozen=True, kw_only=True):
    """An address with its new secret, which is shown this once."""

    secret: str


class _Message(Struct, frozen=True):
    webhook_id: int
    id: str
    body: str


def add(tx: Writer, actor: Actor, url: str, sealer: Sealer) -> Issued:
    """Add an address that is told of what the actor sees.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
        WebhookAddressError: Nothing can be sent there.
        WebhookLimitError: The actor has as many as anybody may have.
    """
    require(actor, "issue")
    require_sound(url)
    if len(webhooks.own(tx, actor.id)) >= MOST:
        raise WebhookLimitError(most=MOST)
    secret, now = _secret(), clock.now()
    id_ = webhooks.add(tx, actor.id, url, sealer.seal(secret), now)
    audit.record(tx, actor, "webhook.add", f"webhooks/{id_}", after={"url": url})
    return Issued(id_, url, now, secret=secret)


def renew(tx: Writer, actor: Actor, webhook_id: int, sealer: Sealer) -> Issued:
    """Give one of the actor's addresses a new secret; the one before signs beside it for a day.

    Raises:
        NotFoundError: The actor has no such address.
        ForbiddenError: The actor acts with a token that may only read.
    """
    kept = _own(tx, actor, webhook_id)
    secret, now = _secret(), clock.now()
    webhooks.save_secrets(tx, webhook_id, sealer.seal(secret), kept.secret, now)
    audit.record(tx, actor, "webhook.renew", f"webhooks/{webhook_id}")
    return Issued(webhook_id, kept.url, now, secret=secret)


def remove(tx: Writer, actor: Actor, webhook_id: int) -> None:
    """Tell one of the actor's addresses no more.

    Raises:
        NotFoundError: The actor has no such address.
        ForbiddenError: The actor acts with a token that may only read.
    """
    _own(tx, actor, webhook_id)
    webhooks.remove(tx, actor.id, webhook_id)
    audit.record(tx, actor, "webhook.remove", f"webhooks/{webhook_id}")


def ping(tx: Writer, actor: Actor, webhook_id: int) -> int:
    """Return the id of the job that sends one of the actor's addresses an event to try it.

    Raises:
        NotFoundError: The actor has no such address.
        ForbiddenError: The actor acts with a token that may only read.
    """
    kept = _own(tx, actor, webhook_id)
    return _send(tx, actor, kept, Event("ping", clock.now()), followed=True)


def list_all(tx: Reader, actor: Actor) -> list[Webhook]:
    """Return the actor's addresses."""
    return webhooks.own(tx, actor.id)


def tell(tx: Writer, assessment: Assessment, step: str) -> None:
    """Have the programs of those told of a step who see the assessment."""
    said = event(assessment, step, clock.now())
    for kept in webhooks.told(tx, assessment.organisation.id):
        owner = people.actor(tx, kept.person_id)
        if owner is not None:
            _send(tx, owner, kept, said, followed=False)


def _send(tx: Writer, owner: Actor, kept: Kept, said: Event, *, followed: bool) -> int:
    message = f"msg_{secrets.token_hex(12)}"
    body = msgspec.json.encode(said).decode()
    payload = msgspec.json.encode(_Message(kept.id, message, body)).decode()
    wanted = Wanted("webhook", f"webhook:{message}", payload, "webhooks", kept.url)
    return enqueue(tx, owner, wanted, followed=followed)


async def deliver(tools: Tools, claimed: Claimed) -> str:
    """Send a program what it is to be told; nothing once its address is gone.

    Raises:
        PrivateAddressError: The address leads to none on the internet.
        WebhookError: The program did not take it.
        WebhookSecretError: The secret cannot be opened any more.
    """
    message = msgspec.json.decode(claimed.payload, type=_Message)
    kept = await tools.db.read(webhooks.find, message.webhook_id)
    if kept is None:
        return ""
    now, sealer = clock.now(), sealer_of(tools.settings)
    holding = [kept.secret]
    if kept.previous is not None and now - kept.made_at < BOTH_HOLD:
        holding.append(kept.previous)
    opened = [found for one in holding if (found := sealer.open(one)) is not None]
    if not opened:
        raise WebhookSecretError(url=kept.url)
    body = message.body.encode()
    await outside.send(kept.url, headers(message.id, now, body, opened), body)
    return ""


def reseal(tx: Writer, sealer: Sealer) -> int:
    """Seal every secret anew that can be opened, and return how many there are."""
    found = webhooks.all_kept(tx)
    for kept in found:
        renewed = sealer.renew(kept.secret)
        previous = None if kept.previous is None else sealer.renew(kept.previous)
        if renewed is not None:
            webhooks.save_secrets(tx, kept.id, renewed, previous, kept.made_at)
    return len(found)


def _own(tx: Reader, actor: Actor, webhook_id: int) -> Kept:
    require(actor, "issue")
    kept = webhooks.find(tx, webhook_id) if 0 < webhook_id <= HIGHEST else None
    if kept is None or kept.person_id != actor.id:
        raise NotFoundError(webhook=webhook_id)
    return kept


def _secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
