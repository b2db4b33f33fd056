"""Recording what happens, in the transaction in which it happens, and reading the record."""

import secrets as random
from typing import get_args

import msgspec

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import STAGES
from survey_service.conduct.remarks import Audience
from survey_service.conduct.trail import Entry, Event, Place, Recorded
from survey_service.conduct.trail_search import EVERYTHING, Sought
from survey_service.errors import ForbiddenError
from survey_service.store import assessments, audit
from survey_service.store.audit import By, Doer
from survey_service.store.database import Reader, Writer
from survey_service.store.people import Credential

_SALT = 16  # bytes


def record(
    tx: Writer,
    actor: Actor,
    action: str,
    about: str,
    *,
    before: object = None,
    after: object = None,
    assessment_id: int | None = None,
) -> None:
    """Record that an actor did something; `before` and `after` are what it changed.

    Args:
        tx: The transaction of the change itself: both are kept, or neither.
        actor: Who, and from where.
        action: What, as `assessment.submit`.
        about: On what, as a path.
        before: How that was; None where it was not there.
        after: How that is now; None where it is gone.
        assessment_id: The assessment whose trail it belongs to.
    """
    event = Event(action, about, _written(before), _written(after))
    hidden = actor.evaluates and assessment_id is not None
    address = _hidden(tx, actor) if hidden else actor.address
    audit.add(tx, event, By(actor.login, actor.name, address), clock.now(), assessment_id)


def _hidden(tx: Writer, actor: Actor) -> str:
    """Keep from where an actor did something beside the trail, and return its digest for the entry."""
    place = Place(actor.address, random.token_hex(_SALT))
    audit.keep_place(tx, place)
    return place.digest


def record_about(
    tx: Writer,
    actor: Actor,
    action: str,
    assessment_id: int,
    below: str = "",
    *,
    before: object = None,
    after: object = None,
) -> None:
    """Record a change to an assessment, or to something `below` it, in the assessment's trail."""
    about = f"assessments/{assessment_id}/{below}".rstrip("/")
    record(tx, actor, action, about, before=before, after=after, assessment_id=assessment_id)


def record_account(tx: Writer, owner: Credential, address: str, action: str) -> None:
    """Record what was done with an account by whoever proved to be its owner; never what they typed."""
    who = By(owner.login, owner.name, address)
    audit.add(tx, Event(action, "sessions"), who, clock.now(), None)


def record_refusal(tx: Writer, actor: Actor, refused: ForbiddenError) -> None:
    """Record that an actor was refused something."""
    record(tx, actor, "refused", "-", after=refused.details)


def record_system(
    tx: Writer, action: str, about: str, after: object = None, before: object = None
) -> None:
    """Record what was done from the command line, by nobody who is signed in."""
    event = Event(action, about, _written(before), _written(after))
    audit.add(tx, event, By("-", None, "-"), clock.now(), None)


def trail(
    tx: Reader,
    actor: Actor,
    assessment_id: int,
    sought: Sought = EVERYTHING,
    *,
    after: int,
    limit: int,
) -> list[Recorded]:
    """Return what of it is sought that happened to an assessment, oldest first, with ids above `after`.

    What those who score a stage are still at is left out for those who may not see it yet; from where
    those who evaluate did it is told to no agency.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = assessments.on_record(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    return happened(tx, actor, assessment, sought, after=after, limit=limit)


def happened(
    tx: Reader, actor: Actor, assessment: Assessment, sought: Sought, *, after: int, limit: int
) -> list[Recorded]:
    """Return what `trail` does, of an assessment of which the actor may read what is sought."""
    kept_back = _kept_back(actor, assessment)
    return audit.of_assessment(
        tx, actor, assessment.id, kept_back, sought, after=after, limit=limit
    )


def doers(tx: Reader, actor: Actor, assessment: Assessment) -> list[Doer]:
    """Return who did something to an assessment, as far as the actor sees it, by name."""
    return audit.doers(tx, assessment.id, _kept_back(actor, assessment))


def newest(tx: Reader, actor: Actor, assessment: Assessment) -> int:
    """Return the id of the newest entry that changed an assessment, as far as the actor sees it.

    That somebody fetches the report changes nothing.
    """
    kept_back = [*_kept_back(actor, assessment), f"assessments/{assessment.id}/report"]
    return audit.newest(tx, assessment.id, kept_back)


def is_seen(tx: Reader, actor: Actor, assessment_id: int, entry: Entry | None) -> bool:
    """Whether the actor may have the proof of an entry in an assessment's trail: it holds all of it.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = assessments.on_record(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    if entry is None or entry.assessment_id != assessment_id:
        return False
    kept_back = entry.about.startswith(tuple(_kept_back(actor, assessment)))
    return not kept_back and (entry.is_placeless or audit.is_placed(tx, actor, entry.actor))


def _kept_back(actor: Actor, assessment: Assessment) -> list[str]:
    at, seen = f"assessments/{assessment.id}", actor.sees(assessment.state)
    audiences = actor.audiences(assessment.organisation.id)
    return [
        *(f"{at}/{stage}/" for stage in STAGES if stage not in seen),
        *(f"{at}/{one}/remarks/" for one in get_args(Audience) if one not in audiences),
        *(() if actor.evaluates else (f"{at}/panel",)),  # who of the evaluators scored what
    ]


def _written(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
