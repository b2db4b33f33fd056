"""Assessments, seen only by the organisation they belong to and those above it.

Who sees them goes by the tree as it is now; what they say of their organisation, by what it was.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, InCycle, Organisation
from survey_service.conduct.life import STATES, State, at_work
from survey_service.errors import NotFoundError
from survey_service.maturity.progress import Progress
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST, below, possible
from survey_service.store.successions import followed
from survey_service.store.tables import (
    GOING_ON,
    assessment,
    cycle,
    organisation,
    participant,
    response,
)
from survey_service.store.tables.review import extension

_COLUMNS = (
    assessment.c.id,
    assessment.c.questionnaire,
    assessment.c.version,
    assessment.c.digest,
    assessment.c.organisation_id,
    assessment.c.organisation_name,
    assessment.c.organisation_kind,
    assessment.c.organisation_attributes,
    organisation.c.active,
    assessment.c.organisation_ancestors,
    assessment.c.state,
    assessment.c.opened_at,
    assessment.c.submitted_at,
    cycle.c.id,
    cycle.c.name,
    cycle.c.calendar,
    participant.c.withdrawn_because,
    extension.c.stage,
    extension.c.until,
    extension.c.reason,
    assessment.c.reopened,
    assessment.c.superseded_by,
    assessment.c.answered,
    sa.func.coalesce(assessment.c.total, 0),
    assessment.c.to_confirm,
)
_AT_WORK = sa.case(
    {state: at_work(state) or "internal" for state in STATES}, value=assessment.c.state
)  # what is handed in waits for the internal stage, where there is one
EVERY = (
    sa.select(*_COLUMNS)
    .join_from(assessment, organisation, assessment.c.organisation_id == organisation.c.id)
    .outerjoin(cycle, assessment.c.cycle_id == cycle.c.id)
    .outerjoin(
        participant,
        sa.and_(
            participant.c.cycle_id == assessment.c.cycle_id,
            participant.c.organisation_id == assessment.c.organisation_id,
        ),
    )
    .outerjoin(
        extension,
        sa.and_(
            extension.c.cycle_id == assessment.c.cycle_id,
            extension.c.organisation_id == assessment.c.organisation_id,
            extension.c.stage == _AT_WORK,
        ),
    )
)
"""Every assessment on record; those that were thrown away are no part of what follows."""
ANYBODYS = EVERY.where(assessment.c.discarded_at.is_(None))
VISIBLE = assessment.c.organisation_id.in_(below(sa.bindparam("organisation", type_=sa.Integer)))
"""What is true of those that whoever belongs to the parameter `organisation` may see."""

_THIS = assessment.c.id == sa.bindparam("assessment")
ONE = ANYBODYS.where(_THIS, VISIBLE)
ON_RECORD = EVERY.where(_THIS, VISIBLE)

_ANSWERED = ANYBODYS.where(
    assessment.c.organisation_id == sa.bindparam("organisation"),
    assessment.c.id < sa.bindparam("before"),
    GOING_ON,
    sa.exists().where(
        response.c.assessment_id == assessment.c.id,
        sa.type_coerce(response.c.answer, sa.Text) != "{}",  # that were not all taken back
    ),
).order_by(assessment.c.id.desc())


class Wanted(Struct, frozen=True):
    """What a list of assessments is narrowed to; what is None narrows nothing.

    An id that can be of nothing is of nothing. `name` is a part of the organisation's name, of
    today or as the assessment has it.
    """

    organisation: int | None = None
    cycle: int | None = None
    questionnaire: str | None = None
    state: State | None = None
    name: str | None = None


_ANY = Wanted()


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
            cycle_id=None if opened.cycle is None else opened.cycle.id,
            answered=opened.answered,
            total=opened.total,
            to_confirm=opened.to_confirm,
            **_snapshot(opened.organisation),
        )
        .returning(assessment.c.id)
    )
    return structs.replace(opened, id=tx.execute(added).scalar_one())


def fetch(tx: Reader, assessment_id: int, *, visible_to: Actor) -> Assessment:
    """Return an assessment that the actor may see.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    return fetch_with(tx, ONE, assessment_id, visible_to=visible_to)[0]


def on_record(tx: Reader, assessment_id: int, *, visible_to: Actor) -> Assessment:
    """Return what `fetch` does, even where it was thrown away: what was done stays on record."""
    return fetch_with(tx, ON_RECORD, assessment_id, visible_to=visible_to)[0]


def fetch_with(
    tx: Reader, one: sa.Select[Any], assessment_id: int, *, visible_to: Actor, **more: object
) -> tuple[Assessment, Sequence[Any]]:
    """Return an assessment that the actor may see, and what else is asked of it.

    Args:
        tx: A snapshot.
        one: `ONE`, with further columns and with what they come from.
        assessment_id: Which one.
        visible_to: Whoever looks.
        **more: The further parameters of the statement.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    named = {"assessment": assessment_id, **_seen_by(visible_to), **more}
    row = tx.execute(one, named).first() if 0 < assessment_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(assessment=assessment_id)
    return assessment_of(row[: len(_COLUMNS)]), row[len(_COLUMNS) :]


def is_visible(tx: Reader, assessment_id: int, actor: Actor) -> bool:
    """Whether there is an assessment that the actor may see."""
    if not 0 < assessment_id <= HIGHEST:
        return False
    named = {"assessment": assessment_id, **_seen_by(actor)}
    return tx.execute(ONE.with_only_columns(assessment.c.id), named).first() is not None


def inherited(tx: Reader, assessment_id: int, actor: Actor) -> Assessment:
    """Return an assessment of what the actor's organisation, or one below it, follows.

    Raises:
        NotFoundError: There is none, or none of such an organisation.
    """
    theirs = followed(below(sa.literal(actor.organisation_id, sa.Integer)))
    one = ANYBODYS.where(
        assessment.c.id == possible(assessment_id), assessment.c.organisation_id.in_(theirs)
    )
    row = tx.execute(one).first()
    if row is None:
        raise NotFoundError(assessment=assessment_id)
    return assessment_of(row)


def newest(
    tx: Reader, actor: Actor, *, before: int | None, limit: int, wanted: Wanted = _ANY
) -> list[Assessment]:
    """Return up to `limit` assessments the actor may see, newest first, with ids under `before`."""
    narrowed = {
        assessment.c.organisation_id: possible(wanted.organisation),
        assessment.c.cycle_id: possible(wanted.cycle),
        assessment.c.questionnaire: wanted.questionnaire,
        assessment.c.state: wanted.state,
    }
    query = ANYBODYS.where(VISIBLE).order_by(assessment.c.id.desc()).limit(limit)
    query = query.where(
        *(column == value for column, value in narrowed.items() if value is not None)
    )
    if wanted.name:
        names = (organisation.c.name, assessment.c.organisation_name)
        query = query.where(sa.or_(*(contains(name, wanted.name) for name in names)))
    if before is not None:
        query = query.where(assessment.c.id < before)
    return [assessment_of(row) for row in tx.execute(query, _seen_by(actor))]


def unfinished(tx: Reader, actor: Actor, *, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments the actor may see that are still on their way, newest first."""
    going_on = sa.and_(
        assessment.c.state != "final",
        GOING_ON,
        participant.c.withdrawn_because.is_(None),
    )
    query = ANYBODYS.where(VISIBLE, going_on).order_by(assessment.c.id.desc()).limit(limit)
    return [assessment_of(row) for row in tx.execute(query, _seen_by(actor))]


def earlier(tx: Reader, organisation_id: int, *, before: int, limit: int) -> list[Assessment]:
    """Return up to `limit` assessments of just this organisation opened before one, newest first."""
    own = sa.and_(assessment.c.organisation_id == organisation_id, assessment.c.id < before)
    query = ANYBODYS.where(own).order_by(assessment.c.id.desc()).limit(limit)
    return [assessment_of(row) for row in tx.execute(query)]


def earlier_answered(
    tx: Reader, organisation_id: int, *, before: int, limit: int
) -> list[Assessment]:
    """Return what `earlier` does, of those that hold answers and go on being its own."""
    bounds = {"organisation": organisation_id, "before": before}
    return [assessment_of(row) for row in tx.execute(_ANSWERED.limit(limit), bounds)]


def save_state(tx: Writer, changed: Assessment) -> None:
    """Record the assessment's state."""
    row = sa.update(assessment).where(assessment.c.id == changed.id)
    tx.execute(
        row.values(
            state=changed.state,
            submitted_at=changed.submitted_at,
            reopened=changed.reopened,
            superseded_by=changed.superseded_by,
        )
    )


def save_organisation(tx: Writer, changed: Assessment) -> None:
    """Record what the assessment knows of its organisation."""
    row = sa.update(assessment).where(assessment.c.id == changed.id)
    tx.execute(row.values(**_snapshot(changed.organisation)))


_OF_ONE = sa.update(assessment).where(assessment.c.id == sa.bindparam("assessment"))
_COUNT = _OF_ONE.values(
    answered=sa.bindparam("count"),
    total=sa.bindparam("whole"),
    to_confirm=sa.bindparam("carried"),
)
_ADVANCE = _OF_ONE.values(
    answered=assessment.c.answered + sa.bindparam("count"),
    total=assessment.c.total + sa.bindparam("whole"),
    to_confirm=assessment.c.to_confirm + sa.bindparam("carried"),
)


def save_progress(tx: Writer, assessment_id: int, counted: Progress) -> None:
    """Record how far the assessment's own answers are."""
    tx.execute(_COUNT, _counted(assessment_id, counted))


def advance(tx: Writer, assessment_id: int, change: Progress) -> None:
    """Change how far the assessment's own answers are."""
    tx.execute(_ADVANCE, _counted(assessment_id, change))


def _counted(assessment_id: int, progress: Progress) -> dict[str, int]:
    return {
        "assessment": assessment_id,
        "count": progress.answered,
        "whole": progress.total,
        "carried": progress.to_confirm,
    }


def join_cycle(tx: Writer, assessment_id: int, cycle_id: int) -> None:
    """Let an assessment be its organisation's one in a cycle."""
    row = sa.update(assessment).where(assessment.c.id == assessment_id)
    tx.execute(row.values(cycle_id=cycle_id))


def in_cycle(tx: Reader, cycle_id: int, organisation_id: int) -> int | None:
    """Return the id of an organisation's assessment in a cycle; None while there is none."""
    one = sa.and_(
        assessment.c.cycle_id == cycle_id,
        assessment.c.organisation_id == organisation_id,
        GOING_ON,
    )
    return tx.execute(sa.select(assessment.c.id).where(one)).scalar()


def contains(name: sa.Column[str], part: str) -> sa.ColumnElement[bool]:
    """Whether a name has a part in it, be its letters large or small."""
    return name.icontains(part, autoescape=True)


def _snapshot(taken: Organisation) -> dict[str, object]:
    return {
        "organisation_name": taken.name,
        "organisation_kind": taken.kind,
        "organisation_attributes": taken.attributes,
        "organisation_ancestors": taken.ancestors,
    }


def _seen_by(actor: Actor) -> dict[str, int]:
    return {"organisation": actor.organisation_id}


def assessment_of(row: Sequence[Any]) -> Assessment:
    """Return an assessment from a row of `ANYBODYS`."""
    id_, questionnaire, version, digest = row[:4]
    state, opened_at, submitted_at, cycle_id, name, calendar, withdrawn = row[10:17]
    stage, until, more_time = row[17:20]
    return Assessment(
        id_,
        questionnaire,
        version,
        digest,
        Organisation(*row[4:10]),
        state,
        opened_at,
        submitted_at,
        None
        if cycle_id is None
        else InCycle(cycle_id, name, calendar.extended(stage, until), withdrawn, more_time),
        *row[20:],
    )
