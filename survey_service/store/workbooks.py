"""Workbooks that came back, each kept beside its assessment for those who may see that."""

import datetime as dt

import sqlalchemy as sa

from survey_service.conduct.access import Actor
from survey_service.conduct.workbooks import Books, Drafted
from survey_service.store.database import Reader, Writer
from survey_service.store.tables.workbooks import drafted_workbook

_DRAFTED = sa.select(*(drafted_workbook.c[field] for field in Drafted.__struct_fields__))


def add(tx: Writer, actor: Actor, assessment_id: int, books: Books, at: dt.datetime) -> int:
    """Keep workbooks that came back; return the id that they are kept under."""
    added = sa.insert(drafted_workbook).values(
        assessment_id=assessment_id, person_id=actor.id, books=books, at=at
    )
    return int(tx.execute(added.returning(drafted_workbook.c.id)).scalar_one())


def find(tx: Reader, assessment_id: int, draft_id: int) -> Drafted | None:
    """Return workbooks that came back to an assessment."""
    one = sa.and_(
        drafted_workbook.c.assessment_id == assessment_id, drafted_workbook.c.id == draft_id
    )
    row = tx.execute(_DRAFTED.where(one)).first()
    return None if row is None else Drafted(*row)


def recent(tx: Reader, actor: Actor, assessment_id: int, limit: int) -> list[Drafted]:
    """Return what the actor brought back to an assessment, newest first."""
    own = sa.and_(
        drafted_workbook.c.assessment_id == assessment_id,
        drafted_workbook.c.person_id == actor.id,
    )
    found = _DRAFTED.where(own).order_by(drafted_workbook.c.id.desc()).limit(limit)
    return [Drafted(*row) for row in tx.execute(found)]


def save_books(tx: Writer, draft_id: int, books: Books) -> None:
    """Keep other workbooks under an id."""
    one = sa.update(drafted_workbook).where(drafted_workbook.c.id == draft_id)
    tx.execute(one.values(books=books))


def save_taken(tx: Writer, draft_id: int, taken: int, at: dt.datetime) -> None:
    """Record that workbooks were taken in, and how many answers of them."""
    one = sa.update(drafted_workbook).where(drafted_workbook.c.id == draft_id)
    tx.execute(one.values(taken=taken, taken_at=at))


def remove(tx: Writer, before: dt.datetime, limit: int) -> int:
    """Forget up to `limit` that came back before a moment; return how many."""
    old = sa.select(drafted_workbook.c.id).where(drafted_workbook.c.at < before).limit(limit)
    return tx.execute(sa.delete(drafted_workbook).where(drafted_workbook.c.id.in_(old))).rowcount
