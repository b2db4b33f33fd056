"""Addresses of programs that are told what happens."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.webhooks import Webhook
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import above
from survey_service.store.people import may_sign_in
from survey_service.store.tables import person
from survey_service.store.tables.notices import webhook


class Kept(Struct, frozen=True):
    """An address with its sealed secret, the one before, and whose it is."""

    id: int
    person_id: int
    url: str
    secret: str
    previous: str | None
    made_at: dt.datetime


_SHOWN = tuple(webhook.c[field] for field in Webhook.__struct_fields__)
_KEPT = sa.select(*(webhook.c[field] for field in Kept.__struct_fields__))
_ACTIVE = _KEPT.join_from(webhook, person).where(may_sign_in())
_TOLD = _ACTIVE.where(
    person.c.organisation_id.in_(above(sa.bindparam("owner", type_=sa.Integer)))
).order_by(webhook.c.id)


def add(tx: Writer, person_id: int, url: str, secret: str, at: dt.datetime) -> int:
    """Add an address and return its id."""
    values = {"person_id": person_id, "url": url, "secret": secret, "made_at": at}
    added = sa.insert(webhook).values(values).returning(webhook.c.id)
    return int(tx.execute(added).scalar_one())


def save_secrets(
    tx: Writer, webhook_id: int, secret: str, previous: str | None, made_at: dt.datetime
) -> None:
    """Keep an address's secrets, sealed."""
    one = sa.update(webhook).where(webhook.c.id == webhook_id)
    tx.execute(one.values(secret=secret, previous=previous, made_at=made_at))


def remove(tx: Writer, person_id: int, webhook_id: int) -> bool:
    """Remove one of a person's addresses; return whether there was one."""
    one = sa.and_(webhook.c.id == webhook_id, webhook.c.person_id == person_id)
    return tx.execute(sa.delete(webhook).where(one)).rowcount > 0


def own(tx: Reader, person_id: int) -> list[Webhook]:
    """Return a person's addresses."""
    query = sa.select(*_SHOWN).where(webhook.c.person_id == person_id).order_by(webhook.c.id)
    return [Webhook(*row) for row in tx.execute(query)]


def told(tx: Reader, owner: int) -> list[Kept]:
    """Return the addresses of those who see what belongs to an organisation, and may sign in."""
    return [Kept(*row) for row in tx.execute(_TOLD, {"owner": owner})]


def find(tx: Reader, webhook_id: int) -> Kept | None:
    """Return an address; None where it is gone, or its owner may no longer sign in."""
    row = tx.execute(_ACTIVE.where(webhook.c.id == webhook_id)).first()
    return Kept(*row) if row else None


def all_kept(tx: Reader) -> list[Kept]:
    """Return every address."""
    return [Kept(*row) for row in tx.execute(_KEPT)]
