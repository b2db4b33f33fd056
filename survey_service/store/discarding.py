"""Drafts that were thrown away: marked, never removed."""

import sqlalchemy as sa

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.discarding import Discarding
from survey_service.store.assessments import (
    EVERY,
    ON_RECORD,
    VISIBLE,
    assessment_of,
    fetch_with,
)
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import assessment

_HOW = (assessment.c.opened_by, assessment.c.discarded_at, assessment.c.discarded_by)
_ONE = ON_RECORD.add_columns(*_HOW)
_ALL = EVERY.where(VISIBLE).add_columns(*_HOW)


def fetch(
    tx: Reader, assessment_id: int, *, visible_to: Actor
) -> tuple[Assessment, int, Discarding | None]:
    """Return an assessment on record, the id of who opened it, and how it was thrown away, if it was.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    found, (opened_by, at, author) = fetch_with(tx, _ONE, assessment_id, visible_to=visible_to)
    return found, opened_by, None if at is None else Discarding(at, author)


def discarded(tx: Reader, actor: Actor, *, limit: int) -> list[tuple[Assessment, int, Discarding]]:
    """Return up to `limit` drafts that were thrown away and that the actor may see, the newest first.

    Each comes with the id of who opened it, and how it was thrown away.
    """
    query = _ALL.where(assessment.c.discarded_at.is_not(None))
    query = query.order_by(assessment.c.discarded_at.desc(), assessment.c.id.desc()).limit(limit)
    rows = tx.execute(query, {"organisation": actor.organisation_id})
    return [
        (assessment_of(said), opened_by, Discarding(at, author))
        for *said, opened_by, at, author in rows
    ]


def continues(tx: Reader, assessment_id: int) -> bool:
    """Whether an assessment goes on from one on another version of the questionnaire."""
    before = sa.select(assessment.c.id).where(assessment.c.superseded_by == assessment_id)
    return tx.execute(before.limit(1)).first() is not None


def save(tx: Writer, assessment_id: int, now: Discarding | None) -> None:
    """Record that an assessment is thrown away, or with None that it is not."""
    at, author = (None, None) if now is None else (now.at, now.author)
    row = sa.update(assessment).where(assessment.c.id == assessment_id)
    tx.execute(row.values(discarded_at=at, discarded_by=author))
