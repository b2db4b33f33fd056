"""Lists to fill in, with an example that whoever takes them along could bring as it is."""

from survey_service.conduct.access import Action, Actor, require
from survey_service.store import organisations
from survey_service.store.database import Reader


def own_place(tx: Reader, actor: Actor, action: Action) -> tuple[Actor, str]:
    """Return an actor who may take an action, and what their organisation is called.

    Raises:
        ForbiddenError: They may not.
    """
    require(actor, action)
    return actor, organisations.fetch(tx, actor.organisation_id).name
