"""Throwing a draft away, and bringing it back within a day: nothing of it leaves the record."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.discarding import Discarding, require_discardable
from survey_service.conduct.life import Moved
from survey_service.errors import SurveyError
from survey_service.errors.review import NotBroughtBackError
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit
from survey_service.operations.assessments import asked
from survey_service.store import assessments, cycles, discarding, evidence, steps
from survey_service.store.database import Reader, Writer

_LISTED = 500  # drafts, those thrown away last


class Discarded(Struct, frozen=True):
    """A draft that was thrown away: when, by whom, and until when it can be brought back."""

    assessment: Assessment
    at: dt.datetime
    author: str
    until: dt.datetime


class Thrown(Struct, frozen=True):
    """A draft in the list of those thrown away; whether its reader can bring it back now."""

    assessment: Assessment
    discarded: Discarding
    revocable: bool


class Prospect(Struct, frozen=True):
    """What throwing a draft away would do, or did; `problem` is why it, or the undoing, cannot be.

    `discarded` is None while it is not thrown away; `attached` counts its evidence.
    """

    assessment: Assessment
    questionnaire: Questionnaire
    attached: int
    discarded: Discarding | None
    problem: SurveyError | None


def discard(tx: Writer, actor: Actor, assessment_id: int) -> Discarded:
    """Throw a draft away; one that is thrown away already stays as it is.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor neither coordinates the organisation nor opened the draft.
        SurveyError: It cannot be; see `require_discardable`.
    """
    draft, known = _fetch(tx, actor, assessment_id)
    if known is None:
        _require_discardable(tx, draft)
        known = Discarding(clock.now(), actor.name)
        discarding.save(tx, draft.id, known)
        audit.record_about(tx, actor, "assessment.discard", draft.id, "discarding", after=known)
    return Discarded(draft, known.at, known.author, known.until)


def bring_back(tx: Writer, actor: Actor, assessment_id: int) -> Assessment:
    """Bring a draft back that was thrown away; one that is not stays as it is.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor neither coordinates the organisation nor opened the draft.
        NotBroughtBackError: It is too late, or its place in the cycle is no longer free.
    """
    draft, known = _fetch(tx, actor, assessment_id)
    if known is not None:
        _require_revocable(tx, draft, known)
        discarding.save(tx, draft.id, None)
        audit.record_about(tx, actor, "assessment.bring_back", draft.id, "discarding", before=known)
    return draft


def prospect(tx: Reader, actor: Actor, assessment_id: int) -> Prospect:
    """Return what throwing a draft away would do, or how it was thrown away; raises as `discard`."""
    draft, known = _fetch(tx, actor, assessment_id)
    attached = sum(one.removed_at is None for one in evidence.attached(tx, draft.id))
    problem = None
    try:
        if known is None:
            _require_discardable(tx, draft)
        else:
            _require_revocable(tx, draft, known)
    except SurveyError as error:
        problem = error
    return Prospect(draft, asked(tx, draft), attached, known, problem)


def list_all(tx: Reader, actor: Actor) -> list[Thrown]:
    """Return the drafts that were thrown away, the newest first: the actor's own, or all that a ministry sees."""
    require(actor, "read")
    return [
        Thrown(draft, known, _is_revocable(tx, actor, draft.id))
        for draft, opened_by, known in discarding.discarded(tx, actor, limit=_LISTED)
        if actor.id == opened_by
        or may(actor, "discard", owner=draft.organisation.id)
        or may(actor, "plan", owner=draft.organisation.id)
    ]


def _is_revocable(tx: Reader, actor: Actor, assessment_id: int) -> bool:
    try:
        draft, known = _fetch(tx, actor, assessment_id)
        if known is not None:
            _require_revocable(tx, draft, known)
    except SurveyError:
        return False
    return known is not None


def is_possible(tx: Reader, actor: Actor, draft: Assessment, taken: Iterable[Moved]) -> bool:
    """Whether an actor could throw an assessment away that has taken these steps."""
    if draft.state != "draft" or not actor.is_team(draft.organisation.id):
        return False
    try:
        _fetch(tx, actor, draft.id)
        require_discardable(draft, taken, continues=discarding.continues(tx, draft.id))
    except SurveyError:
        return False
    return True


def _fetch(tx: Reader, actor: Actor, assessment_id: int) -> tuple[Assessment, Discarding | None]:
    """Return a draft and how it was thrown away, for its coordinator or whoever of the team opened it."""
    draft, opened_by, known = discarding.fetch(tx, assessment_id, visible_to=actor)
    owner = draft.organisation.id
    own = actor.id == opened_by and may(actor, "answer", owner=owner, stage="self")
    if not own:
        require(actor, "discard", owner=owner)
    return draft, known


def _require_discardable(tx: Reader, draft: Assessment) -> None:
    taken, continues = steps.steps(tx, draft.id), discarding.continues(tx, draft.id)
    require_discardable(draft, taken, continues=continues)


def _require_revocable(tx: Reader, draft: Assessment, known: Discarding) -> None:
    """Raise unless a draft can be brought back: in time, and to a place that is its own and free."""
    cycle, owner = draft.cycle, draft.organisation.id
    lost = cycle is not None and (
        not cycles.takes_part(tx, cycle.id, owner)
        or assessments.in_cycle(tx, cycle.id, owner) is not None
    )
    if lost or clock.now() >= known.until:
        raise NotBroughtBackError(assessment=draft.id)
