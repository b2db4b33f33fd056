"""What a repeated request was answered the first time."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct

from survey_service.store.database import Reader, Writer
from survey_service.store.tables import idempotency


class Repeat(Struct, frozen=True):
    """The request that came with a key before, by its fingerprint, and its outcome as JSON."""

    fingerprint: str
    outcome: str


def earlier(tx: Reader, person_id: int, key: str) -> Repeat | None:
    """Return what the person's key stood for before; None if it is new."""
    one = sa.and_(idempotency.c.person_id == person_id, idempotency.c.key == key)
    columns = (idempotency.c.fingerprint, idempotency.c.outcome)
    row = tx.execute(sa.select(*columns).where(one)).first()
    return Repeat(*row) if row else None


def remember(tx: Writer, person_id: int, key: str, repeat: Repeat, at: dt.datetime) -> None:
    """Keep the outcome under the person's key."""
    tx.execute(
        sa.insert(idempotency).values(
            person_id=person_id,
            key=key,
            fingerprint=repeat.fingerprint,
            outcome=repeat.outcome,
            created_at=at,
        )
    )


def remove(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget up to `limit` requests that came by a moment, and return how many were forgotten."""
    which = sa.tuple_(idempotency.c.person_id, idempotency.c.key)
    columns = (idempotency.c.person_id, idempotency.c.key)
    old = sa.select(*columns).where(idempotency.c.created_at <= by).limit(limit)
    return tx.execute(sa.delete(idempotency).where(which.in_(old))).rowcount
