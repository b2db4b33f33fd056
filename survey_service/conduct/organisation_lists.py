"""Lists of organisations: what one says row by row, and what it would change in the tree.

A row is about the organisation of its name, compared as it looks (`characters.normal`), below the
parent that it names; where it names none, about the only one of that name. Equal names below
different parents are two units. What a row does not say stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from survey_service.characters import normal
from survey_service.conduct.names import LONGEST, is_name
from survey_service.conduct.organisations import KINDS, Intended, Listed, Standing
from survey_service.conduct.resemblance import Resembling
from survey_service.maturity.conditions import UNREADABLE, Attributes

Reason = Literal[
    "no_name",
    "bad_name",
    "name_twice",
    "no_kind",
    "no_parent",
    "which_parent",
    "which_one",
    "below_itself",
    "elsewhere",
    "at_the_top",
]


class Entry(Struct, frozen=True, omit_defaults=True):
    """A row of a list, on a line of it; None, or no attribute, where it says nothing.

    `parent` is a name, or where several are called so, the name of its parent before it: "A / B".
    `another` says that it is another organisation than those whose names resemble its own.
    """

    line: int
    name: str
    kind: str | None = None
    parent: str | None = None
    attributes: Attributes = {}
    active: bool | None = None
    another: bool = False


class Misfit(Struct, frozen=True):
    """A row that cannot be taken: its line in the list, and what of it is wrong (`problem.<reason>`)."""

    line: int
    name: str
    reason: Reason
    value: str = ""


class Similar(Struct, frozen=True):
    """A row whose organisation would be new, and one that it may be, by its name and its parent's."""

    line: int
    name: str
    other: str
    below: str = ""


class Plan(Struct, frozen=True):
    """What a list would change, parents before what is below them, and what is wrong in it.

    Organisations that the list leaves out stay as they are: nothing is ever removed. Where a row is
    wrong, or resembles another one and nobody said which it is, nothing is changed.
    """

    changes: tuple[Intended, ...]
    misfits: tuple[Misfit, ...] = ()
    similar: tuple[Similar, ...] = ()


class Bounds(Struct, frozen=True):
    """The part of the tree that a list may change: at and below `top`, which stays where it is.

    `elsewhere` are the names of organisations in other parts, in their normal form.
    """

    top: int
    elsewhere: frozenset[str]


class _Wrong(NamedTuple):
    reason: Reason
    value: str = ""


Key = int
"""An organisation: its id, or of one that a list adds, less than nothing by the place of its row."""


def plan(
    known: Mapping[int, Standing], rows: Sequence[Entry], bounds: Bounds | None = None
) -> Plan:
    """Return what a list of organisations would change in those that are `known`, by id.

    Args:
        known: Those that the list may be about.
        rows: The list, in its order.
        bounds: None for whoever may change the whole tree.
    """
    planning = _Planning(known, rows, bounds)
    if planning.misfits:
        return Plan((), tuple(sorted(planning.misfits, key=lambda misfit: misfit.line)))
    if similar := tuple(planning.similar()):
        return Plan((), (), similar)
    return Plan(tuple(planning.changes()))


class _Planning:
    """A plan in the making: which organisation each row is about, and what it stands below."""

    def __init__(
        self, known: Mapping[int, Standing], rows: Sequence[Entry], bounds: Bounds | None
    ) -> None:
        self._known, self._bounds = known, bounds
        self.misfits: list[Misfit] = []
        self._called: dict[str, list[Key]] = {}
        self._rows: dict[Key, Entry] = {}
        self._added: set[tuple[str, str]] = set()
        self._refused: set[str] = set()
        self._parents: dict[Key, Key | None] = {}
        for id_, one in known.items():
            self._call(id_, one.listed.name, one.listed.parent)
            self._parents[id_] = one.parent_id if one.parent_id in known else None
        for place, row in enumerate(rows, start=1):
            self._find(-place, row)
        for key, row in self._rows.items():
            if key < 0:
                self._call(key, row.name, row.parent)
        for key, row in self._rows.items():
            self._place(key, row)
        self._depths = _depths(self._parents)
        for key, row in self._rows.items():
            if key not in self._depths:
                self._refuse(row, _Wrong("below_itself", row.parent or ""))

    def _refuse(self, row: Entry, wrong: _Wrong) -> None:
        self._refused.add(normal(row.name))
        self.misfits.append(Misfit(row.line, row.name[:LONGEST], *wrong))

    def _call(self, key: Key, name: str, parent: str | None) -> None:
        self._called.setdefault(normal(name), []).append(key)
        if parent is not None:
            self._called.setdefault(normal(f"{parent} / {name}"), []).append(key)

    def _find(self, new: Key, row: Entry) -> None:
        """Note which organisation a row is about: one that is known, or a `new` one."""
        found = _unnamed(row) or self._about(new, row)
        said = normal(row.name), normal(row.parent or "")
        if isinstance(found, _Wrong):
            self._refuse(row, found)
        elif found in self._rows or said in self._added:
            self._refuse(row, _Wrong("name_twice", row.name))
        else:
            self._rows[found] = row
            self._parents.setdefault(found, None)
            self._added.add(said)

    def _about(self, new: Key, row: Entry) -> Key | _Wrong:
        called = self._called.get(normal(row.name), [])
        if row.parent is not None:
            below = [key for key in called if self._stands_below(key, row.parent)]
            called = below or [key for key in called if self._known[key].parent_id is None]
        if len(called) > 1:
            return _Wrong("which_one", row.name)
        wrong = _unkind(row, is_new=not called)
        return wrong or (called[0] if called else new)

    def _stands_below(self, id_: int, parent: str) -> bool:
        one = self._known[id_]
        if one.listed.parent is None:
            return False
        if normal(one.listed.parent) == normal(parent):
            return True
        return one.parent_id in self._called.get(normal(parent), ())

    def _place(self, key: Key, row: Entry) -> None:
        """Note what the organisation of a row is to stand below."""
        found = self._placed(key, row)
        if isinstance(found, _Wrong):
            self._refuse(row, found)
        else:
            self._parents[key] = found

    def _placed(self, key: Key, row: Entry) -> Key | _Wrong | None:
        bounds, stays = self._bounds, row.parent is None
        if key > 0 and row.parent is not None:
            stays = self._stands_below(key, row.parent)
        if stays and key > 0:
            return self._parents[key]
        if bounds is not None and key == bounds.top:
            return _Wrong("elsewhere", row.name)
        if row.parent is None:
            if bounds is None:
                return None
            is_elsewhere = normal(row.name) in bounds.elsewhere
            return _Wrong("elsewhere" if is_elsewhere else "at_the_top", row.name)
        found = self._called.get(normal(row.parent), [])
        if len(found) == 1:
            return found[0]
        if not found and normal(row.parent) in self._refused:
            return None  # what is wrong is that row, not this one
        return _Wrong("which_parent" if found else "no_parent", row.parent)

    def similar(self) -> Iterator[Similar]:
        """Yield what the rows that add an organisation resemble, below the same parent or none."""
        noted: Resembling[Key] = Resembling()
        for id_, one in self._known.items():
            noted.add(one.listed.name, id_)
        for key, row in self._rows.items():
            if key > 0:
                continue
            for other in () if row.another else noted.of(row.name):
                if row.parent is None or self._parents[other] in {None, self._parents[key]}:
                    yield Similar(row.line, row.name, *self._told(other))
                    break
            noted.add(row.name, key)

    def _told(self, key: Key) -> tuple[str, str]:
        listed = self._known[key].listed if key > 0 else self._rows[key]
        return listed.name, listed.parent or ""

    def changes(self) -> Iterator[Intended]:
        """Yield what is to be done, parents before what is below them."""
        places: dict[Key, int] = {}
        for key in sorted(self._rows, key=self._depths.__getitem__):
            known = self._known.get(key)
            before = None if known is None else known.listed
            after = self._after(key, before)
            if before == after:
                continue
            places[key] = len(places)
            above = self._parents[key]
            parent_id = known.parent_id if known and above is None else above
            under = places[above] if above is not None and above < 0 else None
            yield Intended(
                "change" if known else "add",
                before,
                after,
                key if known else None,
                None if under is not None else parent_id,
                under,
                known.parent_id if known else None,
            )

    def _after(self, key: Key, before: Listed | None) -> Listed:
        row, parent = self._rows[key], self._parents[key]
        if parent is not None:
            above: str | None = self._told(parent)[0]
        else:  # the top of the part that may be changed stays below what is above it
            above = before.parent if before else None
        known = before or Listed(row.name, row.kind or "")
        return Listed(
            known.name,
            row.kind or known.kind,
            above,
            _readable(known.attributes) | row.attributes,
            known.active if row.active is None else row.active,
        )


def _readable(attributes: Attributes) -> Attributes:
    return {} if attributes == UNREADABLE else attributes


def _unnamed(row: Entry) -> _Wrong | None:
    if not row.name:
        return _Wrong("no_name")
    return None if is_name(row.name) else _Wrong("bad_name", row.name[:LONGEST])


def _unkind(row: Entry, *, is_new: bool) -> _Wrong | None:
    if row.kind is None and not is_new:
        return None
    return None if row.kind in KINDS else _Wrong("no_kind", row.kind or "")


def _depths(parents: Mapping[Key, Key | None]) -> dict[Key, int]:
    """Return how many stand above each organisation; without those that are below themselves.

    From the top down, so that each is looked at once, however deep the tree is.
    """
    below: dict[Key | None, list[Key]] = {}
    for key, parent in parents.items():
        below.setdefault(parent, []).append(key)
    depths: dict[Key, int] = {}
    tier, depth = below.get(None, []), 0
    while tier:
        depths.update(dict.fromkeys(tier, depth))
        tier = [child for key in tier for child in below.get(key, ())]
        depth += 1
    return depths
