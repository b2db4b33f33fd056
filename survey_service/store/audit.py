"""The audit trail's rows: added and read, never changed; triggers in the database see to it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.trail import Entry, Head
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import audit

_ENTRY = tuple(audit.c[field] for field in Entry.__struct_fields__)
_HEAD = sa.select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)
_ADD = sa.insert(audit)
_TOGETHER = 1000  # entries read at a time when the whole trail is walked


def head(tx: Reader) -> Head:
    """Return the end of the chain."""
    row = tx.execute(_HEAD).first()
    return Head(*row) if row else Head()


def add(tx: Writer, entry: Entry, assessment_id: int | None) -> None:
    """Add an entry; one about an assessment belongs to its trail."""
    tx.execute(_ADD, {**structs.asdict(entry), "assessment_id": assessment_id})


def entries(tx: Reader) -> Iterator[Entry]:
    """Yield the whole trail, oldest first."""
    after = 0
    while found := [Entry(*row) for row in tx.execute(_after(after))]:
        yield from found
        after = found[-1].number


def of_assessment(
    tx: Reader, assessment_id: int, kept_back: Sequence[str], *, after: int, limit: int
) -> list[Entry]:
    """Return up to `limit` entries about an assessment, oldest first, with numbers above `after`.

    Entries about what begins with one of `kept_back` are left out.
    """
    query = sa.select(*_ENTRY).where(_about(assessment_id, kept_back), audit.c.number > after)
    return [Entry(*row) for row in tx.execute(query.order_by(audit.c.number).limit(limit))]


def newest(tx: Reader, assessment_id: int, kept_back: Sequence[str]) -> int:
    """Return the number of the newest entry about an assessment; `kept_back` as above."""
    given = {f"kept_back_{at}": prefix for at, prefix in enumerate(kept_back)}
    query = _newest(len(kept_back))
    number: int | None = tx.execute(query, {"assessment": assessment_id, **given}).scalar()
    return number or 0


@lru_cache
def _newest(kept_back: int) -> sa.Select[Any]:
    """Return the query for the newest entry; built once, since pages ask it every few seconds."""
    others = (
        ~audit.c.about.startswith(sa.bindparam(f"kept_back_{at}", type_=sa.Text))
        for at in range(kept_back)
    )
    query = sa.select(audit.c.number).where(
        audit.c.assessment_id == sa.bindparam("assessment"), *others
    )
    return query.order_by(audit.c.number.desc()).limit(1)


def _about(assessment_id: int, kept_back: Sequence[str]) -> sa.ColumnElement[bool]:
    others = (~audit.c.about.startswith(prefix) for prefix in kept_back)
    return sa.and_(audit.c.assessment_id == assessment_id, *others)


def _after(number: int) -> sa.Select[Any]:
    query = sa.select(*_ENTRY).where(audit.c.number > number).order_by(audit.c.number)
    return query.limit(_TOGETHER)
