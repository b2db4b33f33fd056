"""The tree of organisations, and changes of it that somebody has looked at before."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Literal, get_args

from msgspec import Struct

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


class Standing(Struct, frozen=True):
    """An organisation as a list has it, and the id of what it stands below; None at the top."""

    listed: Listed
    parent_id: int | None


class Intended(Struct, frozen=True, omit_defaults=True):
    """What is to be done: add an organisation, or change the one of an id from `before` to `after`.

    It stands below `parent_id`, or below what the change at the place `under` among all of them adds;
    both are None at the top. It stood below `was_below` before.
    """

    action: Literal["add", "change"]
    before: Listed | None
    after: Listed
    id: int | None = None
    parent_id: int | None = None
    under: int | None = None
    was_below: int | None = None


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
    moves = found.id is None or parents.get(found.id) != found.parent
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
