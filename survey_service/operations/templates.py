"""Seeing what the templates in use make, before anybody gets a paper made of them."""

import datetime as dt

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.life import State
from survey_service.errors import NotFoundError
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import questionnaires
from survey_service.operations.record import Shown
from survey_service.reports.assessment import Report
from survey_service.reports.national_paper import National
from survey_service.reports.national_sample import national_sample
from survey_service.reports.sample import sample
from survey_service.store import questionnaires as stored
from survey_service.store.database import Reader


def preview(tx: Reader, actor: Actor, state: State, language: str, shown: Shown) -> Report:
    """Return a made-up assessment to see templates by, on what is published first by its name.

    Raises:
        ForbiddenError: The actor looks after nothing here.
        NotFoundError: Nothing is published.
    """
    found, digest, source = _first(tx, actor)
    return sample(found, digest, _now(shown), state, language, source)


def preview_national(
    tx: Reader, actor: Actor, state: State, language: str, shown: Shown
) -> National:
    """Return a made-up national report to see templates by, as `preview` does; a draft, or published.

    Raises:
        ForbiddenError: The actor looks after nothing here.
        NotFoundError: Nothing is published.
    """
    found, digest, source = _first(tx, actor)
    is_published = state == "final"
    return national_sample(found, digest, _now(shown), language, source, is_published=is_published)


def _first(tx: Reader, actor: Actor) -> tuple[Questionnaire, str, str]:
    """Return the questionnaire that is published first by its name, its digest, and its text."""
    require(actor, "organise")
    published = stored.list_all(tx)
    if not published:
        raise NotFoundError(questionnaire="")
    digest = published[0].digest
    return questionnaires.decoded(tx, digest), digest, stored.content(tx, digest)


def _now(shown: Shown) -> dt.datetime:
    return clock.now().replace(microsecond=0).astimezone(shown.zone)


def require_looking(tx: Reader, actor: Actor) -> None:
    """Raise `ForbiddenError` unless the actor may see the templates."""
    del tx
    require(actor, "organise")
