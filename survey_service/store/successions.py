"""Who follows whom among the organisations."""

import datetime as dt

import sqlalchemy as sa

from survey_service.conduct.successions import Succession, SuccessionKind
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import organisation
from survey_service.store.tables.lists import succession

_before, _after = organisation.alias("before"), organisation.alias("after")
_SUCCESSION = (
    sa.select(
        succession.c.kind,
        succession.c.on,
        succession.c.predecessor_id,
        _before.c.name,
        succession.c.successor_id,
        _after.c.name,
    )
    .join_from(succession, _before, succession.c.predecessor_id == _before.c.id)
    .join(_after, succession.c.successor_id == _after.c.id)
)


def add(
    tx: Writer, kind: SuccessionKind, on: dt.date, predecessor_id: int, successor_id: int
) -> None:
    """Record that one organisation follows another one."""
    values = {"predecessor_id": predecessor_id, "successor_id": successor_id}
    tx.execute(sa.insert(succession).values(kind=kind, on=on, **values))


def successions(tx: Reader, organisation_id: int) -> list[Succession]:
    """Return what an organisation follows, and what follows it, by day."""
    either = sa.or_(
        succession.c.predecessor_id == organisation_id, succession.c.successor_id == organisation_id
    )
    found = tx.execute(_SUCCESSION.where(either).order_by(succession.c.on, succession.c.id))
    return [Succession(*row) for row in found]


def predecessors(tx: Reader, organisation_id: int) -> list[int]:
    """Return the ids of those that an organisation follows, and of those that they followed."""
    own = sa.select(organisation.c.id).where(organisation.c.id == organisation_id)
    return [row.id for row in tx.execute(followed(own))]


def followers(tx: Reader, organisation_id: int) -> list[int]:
    """Return the ids of those that follow an organisation, and of those that follow them."""
    edge = sa.select(succession.c.successor_id.label("id"))
    found = edge.where(succession.c.predecessor_id == organisation_id).cte("next", recursive=True)
    later = edge.where(succession.c.predecessor_id == found.c.id)
    return [row.id for row in tx.execute(sa.select(found.union(later).c.id))]


def followed(organisations: sa.Select[tuple[int]]) -> sa.Select[tuple[int]]:
    """Return the ids of what organisations follow, and of what that followed, as a part of a query."""
    edge = sa.select(succession.c.predecessor_id.label("id"))
    first = edge.where(succession.c.successor_id.in_(organisations))
    found = first.cte(recursive=True)  # unnamed: a query may ask for those of several
    earlier = edge.where(succession.c.successor_id == found.c.id)
    return sa.select(found.union(earlier).c.id)
