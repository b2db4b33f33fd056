"""The ways from every page: those that lead somebody to what they may do."""

from survey_service.conduct.access import Action, Actor, may

_ENTRIES: tuple[tuple[str, Action], ...] = (
    ("assessments", "read"),
    ("cycles", "read"),
    ("releases", "read"),
    ("actions", "read"),
    ("questionnaires", "read"),
    ("organisations", "organise"),
    ("people", "admit"),
    ("reports", "read"),
)


def menu(actor: Actor | None) -> list[str]:
    """Return the names of the pages that an actor is shown the way to, each at `/name`."""
    return [name for name, action in _ENTRIES if actor is not None and may(actor, action)]
