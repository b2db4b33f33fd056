"""How a team shares the work: who does which part, and what is ready to be checked."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node


class Assignment(Struct, frozen=True):
    """A node or indicator by its code, and the person who is to answer what is below it.

    `left` says that they cannot any more: deactivated, or no longer of the organisation's team.
    """

    code: str
    person_id: int
    person: str
    left: bool = False


class Ready(Struct, frozen=True):
    """That somebody called a response ready for check, at the revision that it then had."""

    indicator: str
    revision: int
    author: str
    at: dt.datetime


class Leaver(Struct, frozen=True):
    """Somebody who left, and the codes of what is assigned to them, to be given to somebody else."""

    person_id: int
    person: str
    codes: tuple[str, ...]


def leavers(assignments: Iterable[Assignment]) -> list[Leaver]:
    """Return those who left and still have something assigned, by name."""
    gone = sorted((one for one in assignments if one.left), key=lambda one: one.person_id)
    found = (list(theirs) for _, theirs in groupby(gone, key=lambda one: one.person_id))
    people = (
        Leaver(each[0].person_id, each[0].person, tuple(sorted(one.code for one in each)))
        for each in found
    )
    return sorted(people, key=lambda one: one.person)


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
