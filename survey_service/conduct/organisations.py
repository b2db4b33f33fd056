"""The tree of organisations, and what a list of them would change in it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, get_args

from msgspec import Struct

from survey_service.conduct.names import LONGEST, is_name
from survey_service.maturity.conditions import UNREADABLE, Attributes

OrganisationKind = Literal["ministry", "body", "province", "regency", "city", "unit"]
KINDS: tuple[OrganisationKind, ...] = get_args(OrganisationKind)


class Listed(Struct, frozen=True):
    """An organisation as a list has it: below `parent` by name, or at the top."""

    name: str
    kind: str
    parent: str | None = None
    attributes: Attributes = {}
    active: bool = True


class Organised(Struct, frozen=True):
    """An organisation where it stands: `parent_id` is None at the top of the tree.

    With `second_factor` its people, and those of what is below it, must have one.
    """

    id: int
    name: str
    kind: str
    parent_id: int | None
    attributes: Attributes
    active: bool
    second_factor: bool

    @property
    def is_damaged(self) -> bool:
        """Whether its attributes were damaged where they are kept."""
        return self.attributes == UNREADABLE


class Misfit(Struct, frozen=True):
    """A row that cannot be taken: its line in the list, and why (`problem.<reason>`)."""

    line: int
    name: str
    reason: Literal[
        "no_name",
        "bad_name",
        "name_twice",
        "no_kind",
        "no_parent",
        "below_itself",
        "elsewhere",
        "at_the_top",
    ]


class Intended(Struct, frozen=True):
    """What a row would do: add an organisation, or change the one of its name."""

    action: Literal["add", "change"]
    before: Listed | None
    after: Listed


class Plan(Struct, frozen=True):
    """What a list would change, parents before what is below them, and what is wrong in it.

    Organisations that the list leaves out stay as they are: nothing is ever removed.
    """

    changes: tuple[Intended, ...]
    misfits: tuple[Misfit, ...]


class Bounds(Struct, frozen=True):
    """The part of the tree that a list may change: at and below `top`, whose name stays where it is.

    `elsewhere` are the names of organisations in other parts.
    """

    top: str
    elsewhere: frozenset[str]


def plan(
    current: Mapping[str, Listed],
    rows: Sequence[Listed],
    first_line: int = 2,
    bounds: Bounds | None = None,
) -> Plan:
    """Return what a list of organisations would change in the `current` ones, by name.

    Args:
        current: Those that the list may be about.
        rows: The list, in its order.
        first_line: Where its first row stands.
        bounds: None for whoever may change the whole tree.
    """
    wanted = {**current, **{row.name: row for row in rows}}
    depths = _depths(wanted)
    misfits = [
        *_misfits(current, wanted, depths, rows, first_line),
        *_strays(bounds, current, rows, first_line),
    ]
    if misfits:
        return Plan((), tuple(sorted(misfits, key=lambda misfit: misfit.line)))
    ordered = sorted(rows, key=lambda row: depths[row.name])
    changes = [
        Intended("change" if row.name in current else "add", current.get(row.name), row)
        for row in ordered
        if current.get(row.name) != row
    ]
    return Plan(tuple(changes), ())


def _misfits(
    current: Mapping[str, Listed],
    wanted: Mapping[str, Listed],
    depths: Mapping[str, int],
    rows: Sequence[Listed],
    first_line: int,
) -> Iterator[Misfit]:
    seen: set[str] = set()
    for line, row in enumerate(rows, start=first_line):
        if not row.name:
            yield Misfit(line, row.name, "no_name")
        elif not is_name(row.name):
            yield Misfit(line, row.name[:LONGEST], "bad_name")
        elif row.name in seen:
            yield Misfit(line, row.name, "name_twice")
        elif row.kind not in KINDS:
            yield Misfit(line, row.name, "no_kind")
        elif _is_lost(current, wanted, row):
            yield Misfit(line, row.name, "no_parent")
        elif row.name not in depths:
            yield Misfit(line, row.name, "below_itself")
        seen.add(row.name)


def _is_lost(current: Mapping[str, Listed], wanted: Mapping[str, Listed], row: Listed) -> bool:
    """Whether a row wants to stand below what is not there; where it stands already will do."""
    stays = row.name in current and current[row.name].parent == row.parent
    return row.parent is not None and row.parent not in wanted and not stays


def _strays(
    bounds: Bounds | None,
    current: Mapping[str, Listed],
    rows: Sequence[Listed],
    first_line: int,
) -> Iterator[Misfit]:
    """Yield the rows that are about another part of the tree than may be changed."""
    if bounds is None:
        return
    for line, row in enumerate(rows, start=first_line):
        if row.name in bounds.elsewhere:
            yield Misfit(line, row.name, "elsewhere")
        elif row.name == bounds.top:
            if row.parent != current[row.name].parent:
                yield Misfit(line, row.name, "elsewhere")
        elif row.parent is None:
            yield Misfit(line, row.name, "at_the_top")


def _depths(wanted: Mapping[str, Listed]) -> dict[str, int]:
    """Return how many stand above each organisation, by name; without those that are below themselves.

    From the top down, so that each is looked at once, however deep the tree is.
    """
    below: dict[str | None, list[str]] = {None: []}
    for name, one in wanted.items():
        below.setdefault(one.parent if one.parent in wanted else None, []).append(name)
    depths: dict[str, int] = {}
    tier, depth = below[None], 0
    while tier:
        depths.update(dict.fromkeys(tier, depth))
        tier = [child for name in tier for child in below.get(name, ())]
        depth += 1
    return depths


class Found(Struct, frozen=True):
    """What is there of an organisation that is to be changed, and of what it is to stand below.

    `id` and `listed` are None where it is not there, `parent` where it is to stand below nothing that
    is there.
    """

    id: int | None
    listed: Listed | None
    parent: int | None


def is_due(
    change: Intended, found: Found, parents: Mapping[int, int | None], part: AbstractSet[int] | None
) -> bool:
    """Whether a change that was looked at can still be made, as it was looked at.

    Args:
        change: What was looked at.
        found: What is there by now.
        parents: The tree, as the parent of each organisation by ids.
        part: The part of it that may be changed; None for all of it.
    """
    before, after = change.before, change.after
    if found.listed != before or (found.parent is None and after.parent is not None):
        return False
    moves = before is None or before.parent != after.parent
    touched = {found.id if found.id is not None else found.parent}
    if moves:
        touched.add(found.parent)
    if part is not None and not touched <= part:
        return False
    if found.id is None or found.parent is None or not moves:
        return True
    return not is_within(parents, found.parent, found.id)


def within(parents: Mapping[int, int | None], top: int) -> set[int]:
    """Return the ids of an organisation and of all below it, of a tree given as each one's parent."""
    below: dict[int | None, list[int]] = {}
    for id_, parent in parents.items():
        below.setdefault(parent, []).append(id_)
    found, tier = {top}, [top]
    while tier:
        tier = [child for id_ in tier for child in below.get(id_, ())]
        found.update(tier)
    return found


def is_within(parents: Mapping[int, int | None], id_: int, top: int) -> bool:
    """Whether an organisation is another one, or stands somewhere below it.

    Of a tree that is bent into a circle as well: whoever asks is not to go round it for ever.
    """
    at: int | None = id_
    for _ in parents:
        if at is None or at == top:
            break
        at = parents[at]
    return at == top
