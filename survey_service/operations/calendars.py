"""A person's last days as a calendar, under a secret link that can be made anew or ended."""

import secrets

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.actions import DueAction
from survey_service.conduct.notices import LastDay, last_days
from survey_service.errors import NotFoundError
from survey_service.operations import audit, notices, questionnaires
from survey_service.operations.sessions import digest
from survey_service.store import actions, calendars, cycles
from survey_service.store import notices as stored
from survey_service.store.actions import Wanted
from survey_service.store.database import Reader, Writer

_LOOKED_AT = 200  # cycles, the newest


_SHOWN = 500  # actions, those that are due first


class Dates(Struct, frozen=True):
    """What is due for somebody, and the language they chose; None for none."""

    days: list[LastDay]
    actions: list[DueAction]
    language: str | None


def make_link(tx: Writer, actor: Actor) -> str:
    """Return the secret of a new link, told this once; the one before holds no longer.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    token = secrets.token_urlsafe(24)
    calendars.save(tx, actor.id, digest(token))
    audit.record(tx, actor, "calendar.link", f"people/{actor.id}")
    return token


def end_link(tx: Writer, actor: Actor) -> None:
    """End the actor's link.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    calendars.remove(tx, actor.id)
    audit.record(tx, actor, "calendar.end", f"people/{actor.id}")


def has_link(tx: Reader, actor: Actor) -> bool:
    """Whether the actor has a link."""
    return calendars.has_link(tx, actor.id)


def dates(tx: Reader, token: str) -> Dates:
    """Return the last days of whoever has a link, as they may see them now.

    Raises:
        NotFoundError: It is nobody's, or of somebody who is deactivated, or whose organisation is.
    """
    person_id = calendars.owner(tx, digest(token))
    known = stored.actors(tx, [] if person_id is None else [person_id])
    if not known:
        raise NotFoundError
    found = cycles.newest(tx, known[0], before=None, limit=_LOOKED_AT)
    chosen = notices.chosen(tx, known[0]).language
    return Dates(last_days(known[0], found), _actions(tx, known[0]), chosen)


def _actions(tx: Reader, actor: Actor) -> list[DueAction]:
    """Return the actor's own open actions that have a day."""
    wanted = Wanted(clock.now().date(), "open", mine=True)
    return [
        DueAction(
            one.action.id,
            one.action.assessment_id,
            one.organisation,
            one.action.indicator,
            questionnaires.decoded(tx, one.digest).indicators[one.action.indicator].name,
            one.action.due,
        )
        for one in actions.list_all(tx, actor, wanted, "due", limit=_SHOWN)
        if one.action.due is not None
    ]
