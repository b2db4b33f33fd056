"""The audit trail's rows: added and read, never changed; triggers in the database see to it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.trail import Entry, Event, Numbered
from survey_service.store.database import Reader, Writer
from survey_service.store.log import ENTRY
from survey_service.store.tables import assessment, entry, leaf

_SAID = ("at", "actor", "address", *Event.__struct_fields__)
_ADD = sa.insert(entry).inline()
# Entries about one assessment follow one another: the one that has the next id is committed before
# another one can have its own. Else a page of them, or the newest, could pass one over for good.
_HELD = (
    sa.select(assessment.c.id)
    .where(assessment.c.id == sa.bindparam("assessment", type_=sa.Integer))
    .with_for_update(key_share=True)
    .cte("held")
)
_ADD_IN_LINE = _ADD.from_select(
    [*_SAID, "assessment_id"],
    sa.select(*(sa.bindparam(f"said_{one}", type_=entry.c[one].type) for one in _SAID), _HELD.c.id),
)
_NUMBERED = sa.select(leaf.c.number, *ENTRY).outerjoin_from(entry, leaf)
_TOGETHER = 1000  # entries read at a time when all of them are walked


def add(
    tx: Writer, event: Event, actor: str, address: str, at: dt.datetime, assessment_id: int | None
) -> None:
    """Add an entry; one about an assessment belongs to its trail."""
    said = {"at": at, "actor": actor, "address": address, **structs.asdict(event)}
    if assessment_id is None or tx.dialect.name == "sqlite":  # which has one writer
        tx.execute(_ADD, {**said, "assessment_id": assessment_id})
        return
    named = {f"said_{name}": value for name, value in said.items()}
    if tx.execute(_ADD_IN_LINE, {**named, "assessment": assessment_id}).rowcount != 1:
        raise LookupError(assessment_id)


def entries(tx: Reader) -> Iterator[Numbered]:
    """Yield every entry in the order in which they were numbered, then those that still wait."""
    order = (leaf.c.number.is_(None), leaf.c.number, entry.c.id)
    query = _NUMBERED.order_by(*order).execution_options(yield_per=_TOGETHER)
    for row in tx.execute(query):
        yield Numbered(row[0], Entry(*row[1:]))


def chained(tx: Reader) -> Iterator[Entry]:
    """Yield the entries from before the log, in their order."""
    query = sa.select(*ENTRY).where(entry.c.digest.is_not(None)).order_by(entry.c.id)
    for row in tx.execute(query.execution_options(yield_per=_TOGETHER)):
        yield Entry(*row)


def of_assessment(
    tx: Reader, assessment_id: int, kept_back: Sequence[str], *, after: int, limit: int
) -> list[Numbered]:
    """Return up to `limit` entries about an assessment, oldest first, with ids above `after`.

    Entries about what begins with one of `kept_back` are left out.
    """
    query = _NUMBERED.where(_about(assessment_id, kept_back), entry.c.id > after)
    rows = tx.execute(query.order_by(entry.c.id).limit(limit))
    return [Numbered(row[0], Entry(*row[1:])) for row in rows]


def newest(tx: Reader, assessment_id: int, kept_back: Sequence[str]) -> int:
    """Return the id of the newest entry about an assessment, 0 for none; `kept_back` as above."""
    given = {f"kept_back_{at}": prefix for at, prefix in enumerate(kept_back)}
    query = _newest(len(kept_back))
    return tx.execute(query, {"assessment": assessment_id, **given}).scalar() or 0


@lru_cache
def _newest(kept_back: int) -> sa.Select[Any]:
    """Return the query for the newest entry; built once, since pages ask it every few seconds."""
    others = (
        ~entry.c.about.startswith(sa.bindparam(f"kept_back_{at}", type_=sa.Text))
        for at in range(kept_back)
    )
    query = sa.select(entry.c.id).where(
        entry.c.assessment_id == sa.bindparam("assessment"), *others
    )
    return query.order_by(entry.c.id.desc()).limit(1)


def _about(assessment_id: int, kept_back: Sequence[str]) -> sa.ColumnElement[bool]:
    others = (~entry.c.about.startswith(prefix) for prefix in kept_back)
    return sa.and_(entry.c.assessment_id == assessment_id, *others)
