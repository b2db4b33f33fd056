"""Who is at which part of an assessment."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct

from survey_service.store.database import Reader, Writer
from survey_service.store.tables import person, presence


class Present(Struct, frozen=True):
    """Somebody who was at a `place`, a part by its code, at the moment `seen_at`."""

    person_id: int
    name: str
    place: str
    seen_at: dt.datetime


_PRESENT = (
    sa.select(presence.c.person_id, person.c.name, presence.c.place, presence.c.seen_at)
    .join_from(presence, person)
    .where(
        presence.c.assessment_id == sa.bindparam("assessment"),
        presence.c.seen_at >= sa.bindparam("since"),
    )
    .order_by(person.c.name, person.c.id)
)


def present(tx: Reader, assessment_id: int, since: dt.datetime) -> list[Present]:
    """Return who was at an assessment since a moment, by name."""
    rows = tx.execute(_PRESENT, {"assessment": assessment_id, "since": since})
    return [Present(*row) for row in rows]


def save(tx: Writer, assessment_id: int, person_id: int, place: str, seen_at: dt.datetime) -> None:
    """Record where somebody is."""
    one = {"assessment_id": assessment_id, "person_id": person_id}
    at = sa.and_(*(presence.c[name] == value for name, value in one.items()))
    known = sa.update(presence).where(at).values(place=place, seen_at=seen_at)
    if tx.execute(known).rowcount == 0:
        tx.execute(sa.insert(presence).values(**one, place=place, seen_at=seen_at))


def remove(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget where up to `limit` people were by a moment, and return how many were forgotten."""
    which = sa.tuple_(presence.c.assessment_id, presence.c.person_id)
    columns = (presence.c.assessment_id, presence.c.person_id)
    old = sa.select(*columns).where(presence.c.seen_at <= by).limit(limit)
    return tx.execute(sa.delete(presence).where(which.in_(old))).rowcount
