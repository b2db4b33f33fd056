"""Assessments, seen only by the organisation they belong to and those above it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import structs

from survey_service.errors import NotFoundError
from survey_service.maturity.access import Actor
from survey_service.maturity.assessment import Assessment, Organisation
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import below
from survey_service.store.tables import assessment, organisation

_COLUMNS = (
    assessment.c.id,
    assessment.c.questionnaire,
    assessment.c.version,
    assessment.c.digest,
    organisation.c.id,
    organisation.c.name,
    organisation.c.kind,
    organisation.c.attributes,
    organisation.c.active,
    assessment.c.state,
    assessment.c.opened_at,
    assessment.c.submitted_at,
)
_HIGHEST = 2**31 - 1  # ids beyond what a column holds are of nothing
_SELECT = sa.select(*_COLUMNS).join(organisation)
_VISIBLE = assessment.c.organisation_id.in_(below(sa.bindparam("organisation", type_=sa.Integer)))
_ONE = _SELECT.where(assessment.c.id == sa.bindparam("assessment"), _VISIBLE)


def add(tx: Writer, opened: Assessment, opened_by: int) -> Assessment:
    """Add an assessment and return it with its id."""
    added = (
        sa.insert(assessment)
        .values(
            questionnaire=opened.questionnaire,
            version=opened.version,
            digest=opened.digest,
            organisation_id=opened.organisation.id,
            state=opened.state,
            opened_by=opened_by,
            opened_at=opened.opened_at,
        )
        .returning(assessment.c.id)
    )
    return structs.replace(opened, id=tx.execute(added).scalar_one())


def fetch(tx: Reader, assessment_id: int, *, visible_to: Actor) -> Assessment:
    """Return an assessment that the actor may see.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    if not 0 < assessment_id <= _HIGHEST:
        raise NotFoundError(assessment=assessment_id)
    row = tx.execute(_ONE, {"assessment": assessment_id, **_seen_by(visible_to)}).first()
    if row is None:
        raise NotFoundError(assessment=assessment_id)
    return _assessment(row)


def newest(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments the actor may see, newest first, with ids under `before`."""
    query = _SELECT.where(_VISIBLE).order_by(assessment.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(assessment.c.id < before)
    return [_assessment(row) for row in tx.execute(query, _seen_by(actor))]


def earlier(tx: Reader, organisation_id: int, *, before: int, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments of just this organisation opened before one, newest first."""
    own = sa.and_(assessment.c.organisation_id == organisation_id, assessment.c.id < before)
    query = _SELECT.where(own).order_by(assessment.c.id.desc()).limit(limit)
    return [_assessment(row) for row in tx.execute(query)]


def save_state(tx: Writer, changed: Assessment) -> None:
    """Record the assessment's state."""
    row = sa.update(assessment).where(assessment.c.id == changed.id)
    tx.execute(row.values(state=changed.state, submitted_at=changed.submitted_at))


def _seen_by(actor: Actor) -> dict[str, int]:
    return {"organisation": actor.organisation_id}


def _assessment(row: Sequence[Any]) -> Assessment:
    id_, questionnaire, version, digest = row[:4]
    state, opened_at, submitted_at = row[9:]
    owner = Organisation(*row[4:9])
    return Assessment(id_, questionnaire, version, digest, owner, state, opened_at, submitted_at)
