"""Uploaded lists, for those who look after the same part of the tree as who uploaded them."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.conduct.access import Actor
from survey_service.conduct.drafted_lists import Drafted, ListKind
from survey_service.conduct.organisations import Intended
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import below
from survey_service.store.tables import person
from survey_service.store.tables.lists import drafted_list

_DRAFTED = sa.select(*(drafted_list.c[field] for field in Drafted.__struct_fields__))


def add(tx: Writer, actor: Actor, kind: ListKind, file: str, rows: str, at: dt.datetime) -> int:
    """Keep a list that was uploaded; return its id."""
    added = sa.insert(drafted_list).values(
        kind=kind, file=file, rows=rows, at=at, changes=(), person_id=actor.id
    )
    return int(tx.execute(added.returning(drafted_list.c.id)).scalar_one())


def add_from_command(tx: Writer, file: str, changes: Sequence[Intended], at: dt.datetime) -> None:
    """Keep what a list of organisations changed that was taken in by nobody who is signed in."""
    tx.execute(
        sa.insert(drafted_list).values(
            kind="organisations", file=file, rows="[]", at=at, changes=tuple(changes)
        )
    )


def from_command(tx: Reader, since: dt.datetime) -> list[Drafted]:
    """Return the lists that were taken in so since, newest first."""
    taken = sa.and_(drafted_list.c.person_id.is_(None), drafted_list.c.at >= since)
    rows = tx.execute(_DRAFTED.where(taken).order_by(drafted_list.c.id.desc()))
    return [Drafted(*row) for row in rows]


def remove_one(tx: Writer, list_id: int) -> None:
    """Forget a list."""
    tx.execute(sa.delete(drafted_list).where(drafted_list.c.id == list_id))


def find(tx: Reader, actor: Actor, kind: ListKind, list_id: int) -> Drafted | None:
    """Return a list of a kind that somebody uploaded at or below the actor's organisation."""
    row = tx.execute(_DRAFTED.where(_seen_by(actor, kind), drafted_list.c.id == list_id)).first()
    return None if row is None else Drafted(*row)


def taken_in(tx: Reader, actor: Actor, kind: ListKind, since: dt.datetime) -> list[Drafted]:
    """Return the lists that were asked to be taken in since, newest first."""
    asked = sa.and_(drafted_list.c.at >= since, drafted_list.c.job_id.is_not(None))
    found = _DRAFTED.where(_seen_by(actor, kind), asked).order_by(drafted_list.c.id.desc())
    return [Drafted(*row) for row in tx.execute(found)]


def _seen_by(actor: Actor, kind: ListKind) -> sa.ColumnElement[bool]:
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    uploader = sa.select(person.c.id).where(person.c.organisation_id.in_(seen))
    return sa.and_(drafted_list.c.kind == kind, drafted_list.c.person_id.in_(uploader))


def save_rows(tx: Writer, list_id: int, rows: str) -> None:
    """Change the rows of a list."""
    one = sa.update(drafted_list).where(drafted_list.c.id == list_id)
    tx.execute(one.values(rows=rows))


def save_request(
    tx: Writer, list_id: int, job_id: int, changes: Sequence[Intended], at: dt.datetime
) -> None:
    """Record which job takes a list in, and what it changes."""
    one = sa.update(drafted_list).where(drafted_list.c.id == list_id)
    tx.execute(one.values(job_id=job_id, changes=tuple(changes), at=at))


def save_undoing(tx: Writer, list_id: int, job_id: int) -> None:
    """Record which job undoes a list."""
    one = sa.update(drafted_list).where(drafted_list.c.id == list_id)
    tx.execute(one.values(undoing_id=job_id))


def remove(tx: Writer, before: dt.datetime, limit: int) -> int:
    """Forget up to `limit` lists that nobody has touched since a moment; return how many."""
    old = sa.select(drafted_list.c.id).where(drafted_list.c.at < before).limit(limit)
    return tx.execute(sa.delete(drafted_list).where(drafted_list.c.id.in_(old))).rowcount
