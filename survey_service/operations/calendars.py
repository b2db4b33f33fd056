"""A person's last days as a calendar, under a secret link that can be made anew or ended."""

import secrets

from msgspec import Struct

from survey_service.conduct.access import Actor, require
from survey_service.conduct.notices import LastDay, last_days
from survey_service.errors import NotFoundError
from survey_service.operations import audit, notices
from survey_service.operations.sessions import digest
from survey_service.store import calendars, cycles
from survey_service.store import notices as stored
from survey_service.store.database import Reader, Writer

_LOOKED_AT = 200  # cycles, the newest


class Dates(Struct, frozen=True):
    """What is due for somebody, and the language they chose; None for none."""

    days: list[LastDay]
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
    return Dates(last_days(known[0], found), notices.chosen(tx, known[0]).language)
