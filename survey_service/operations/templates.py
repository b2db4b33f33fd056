"""Seeing what the templates in use make, before anybody gets a paper made of them."""

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.life import State
from survey_service.errors import NotFoundError
from survey_service.operations import questionnaires
from survey_service.operations.record import Shown
from survey_service.reports.assessment import Report
from survey_service.reports.sample import sample
from survey_service.store import questionnaires as stored
from survey_service.store.database import Reader


def preview(tx: Reader, actor: Actor, state: State, language: str, shown: Shown) -> Report:
    """Return a made-up assessment to see templates by, on what is published first by its name.

    Raises:
        ForbiddenError: The actor looks after nothing here.
        NotFoundError: Nothing is published.
    """
    require(actor, "organise")
    published = stored.list_all(tx)
    if not published:
        raise NotFoundError(questionnaire="")
    digest = published[0].digest
    found, source = questionnaires.decoded(tx, digest), stored.content(tx, digest)
    at = clock.now().replace(microsecond=0).astimezone(shown.zone)
    return sample(found, digest, at, state, language, source)


def require_looking(tx: Reader, actor: Actor) -> None:
    """Raise `ForbiddenError` unless the actor may see the templates."""
    del tx
    require(actor, "organise")
