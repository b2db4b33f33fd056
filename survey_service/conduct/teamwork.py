"""How a team shares the work: who does which part, and what is ready to be checked."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node


class Assignment(Struct, frozen=True):
    """A node or indicator by its code, and the person who is to answer what is below it."""

    code: str
    person_id: int
    person: str


class Ready(Struct, frozen=True):
    """That somebody called a response ready for check, at the revision that it then had."""

    indicator: str
    revision: int
    author: str
    at: dt.datetime


def assignees(
    questionnaire: Questionnaire, assignments: Mapping[str, Assignment]
) -> dict[str, Assignment]:
    """Return who answers each indicator: who it is assigned to, or else the nearest node above it."""
    return dict(_assigned(questionnaire.nodes, assignments, None))


def _assigned(
    things: Sequence[Node | Indicator],
    assignments: Mapping[str, Assignment],
    above: Assignment | None,
) -> Iterator[tuple[str, Assignment]]:
    for thing in things:
        here = assignments.get(thing.code, above)
        if isinstance(thing, Node):
            yield from _assigned(thing.children, assignments, here)
        elif here is not None:
            yield thing.code, here
