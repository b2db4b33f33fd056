"""The tree of organisations, and what a list of them would change in it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from survey_service.maturity.conditions import Attribute

OrganisationKind = Literal["ministry", "body", "province", "regency", "city", "unit"]
KINDS: tuple[OrganisationKind, ...] = get_args(OrganisationKind)


class Listed(Struct, frozen=True):
    """An organisation as a list has it: below `parent` by name, or at the top."""

    name: str
    kind: str
    parent: str | None = None
    attributes: dict[str, Attribute] = {}
    active: bool = True


class Misfit(Struct, frozen=True):
    """A row that cannot be taken: its line in the list, and why (`problem.<reason>`)."""

    line: int
    name: str
    reason: Literal["no_name", "name_twice", "no_kind", "no_parent", "below_itself"]


class Planned(Struct, frozen=True):
    """What a row would do: add an organisation, or change the one of its name."""

    action: Literal["add", "change"]
    before: Listed | None
    after: Listed


class Plan(Struct, frozen=True):
    """What a list would change, parents before what is below them, and what is wrong in it.

    Organisations that the list leaves out stay as they are: nothing is ever removed.
    """

    changes: tuple[Planned, ...]
    misfits: tuple[Misfit, ...]


def plan(current: Mapping[str, Listed], rows: Sequence[Listed], first_line: int = 2) -> Plan:
    """Return what a list of organisations would change in the `current` ones, by name."""
    wanted = {**current, **{row.name: row for row in rows}}
    misfits = tuple(_misfits(wanted, rows, first_line))
    if misfits:
        return Plan((), misfits)
    ordered = sorted(rows, key=lambda row: _depth(wanted, row.name))
    changes = [
        Planned("change" if row.name in current else "add", current.get(row.name), row)
        for row in ordered
        if current.get(row.name) != row
    ]
    return Plan(tuple(changes), ())


def _misfits(
    wanted: Mapping[str, Listed], rows: Sequence[Listed], first_line: int
) -> Iterator[Misfit]:
    seen: set[str] = set()
    for line, row in enumerate(rows, start=first_line):
        if not row.name:
            yield Misfit(line, row.name, "no_name")
        elif row.name in seen:
            yield Misfit(line, row.name, "name_twice")
        elif row.kind not in KINDS:
            yield Misfit(line, row.name, "no_kind")
        elif row.parent is not None and row.parent not in wanted:
            yield Misfit(line, row.name, "no_parent")
        elif _depth(wanted, row.name) > len(wanted):
            yield Misfit(line, row.name, "below_itself")
        seen.add(row.name)


def _depth(wanted: Mapping[str, Listed], name: str) -> int:
    """Return how many stand above an organisation; more than there are where it is below itself."""
    depth, parent = 0, wanted[name].parent
    while parent is not None and parent in wanted and depth <= len(wanted):
        depth, parent = depth + 1, wanted[parent].parent
    return depth
