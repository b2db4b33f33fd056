"""Merging, splitting and renaming agencies: results stay with whom they were."""

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from survey_service.characters import normal
from survey_service.conduct.access import Actor, require
from survey_service.conduct.names import require_name
from survey_service.conduct.organisations import Listed, Organised
from survey_service.conduct.successions import Succession, SuccessionKind, require_sound
from survey_service.errors import NotFoundError
from survey_service.errors.writing import NoSuccessionError, WhichOrganisationError
from survey_service.operations import audit, organisations
from survey_service.operations.organisations import Placed
from survey_service.store import organisations as stored
from survey_service.store import people, sessions, successions
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST
from survey_service.store.people import Account


class Wanted(Struct, frozen=True):
    """What follows what, by names: of several called so, "A / B" is the one below A.

    A successor that is not there is added in the place of the first predecessor. `people` and `units`
    say of a split who goes over, by their ids, to which of the successors; whoever they leave out stays.
    """

    kind: SuccessionKind
    on: dt.date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    people: dict[int, str] = {}
    units: dict[int, str] = {}


class Unit(Struct, frozen=True):
    """A unit by its id and name."""

    id: int
    name: str


class Belonging(Struct, frozen=True):
    """Who works in what is split, and what stands right below it: by whom is asked where they go."""

    people: list[Account]
    units: list[Unit]

    def __bool__(self) -> bool:
        """Whether there is anybody to be asked about."""
        return bool(self.people or self.units)


def succeed(tx: Writer, actor: Actor, organisation_id: int, wanted: Wanted) -> list[int]:
    """Let organisations follow others, one of which is given; return the ids of those that follow.

    The predecessors are deactivated and keep their results. Where one follows, what stood below them
    and who worked there goes over to it; of a split, those people and units of which that is wanted.

    Raises:
        NotFoundError: There is no such organisation for this actor.
        NoSuccessionError: These are no merger, split or renaming.
        WhichOrganisationError: Nothing, or more than one thing, is called so.
    """
    called = organisations.by_name(organisations.all_seen(tx, actor))
    before = _predecessors(tx, actor, organisation_id, wanted, called)
    after = [_successor(tx, actor, called, name, before[0], wanted) for name in wanted.successors]
    require_sound(wanted.kind, {one.id for one in before}, {one.id for one in after})
    _place(tx, actor, before, after, wanted)
    for one in before:
        _retire(tx, actor, one, after)
        for other in after:
            successions.add(tx, wanted.kind, wanted.on, one.id, other.id)
            about = f"organisations/{other.id}"
            audit.record(tx, actor, "organisation.succeed", about, before=one, after=other)
    return [one.id for one in after]


def to_place(tx: Reader, actor: Actor, organisation_id: int, wanted: Wanted) -> Belonging:
    """Return the people and units of what is split, of which it can be wanted that they go over.

    Raises:
        SurveyError: See `succeed`.
    """
    called = organisations.by_name(organisations.all_seen(tx, actor))
    before = _predecessors(tx, actor, organisation_id, wanted, called)
    staff = [one for each in before for one in _people(tx, actor, each) if one.active]
    following = {normal(name) for name in wanted.successors}
    units = [
        Unit(id_, one.name)
        for each in before
        for id_, one in _units(tx, each).items()
        if one.active and normal(one.name) not in following
    ]
    return Belonging(staff, units)


def history(tx: Reader, actor: Actor, organisation_id: int) -> list[Succession]:
    """Return what an organisation follows and what follows it, as far as the actor sees them.

    Raises:
        NotFoundError: There is none for this actor.
    """
    organisations.view(tx, actor, organisation_id)
    seen = stored.visible(tx, actor.organisation_id)
    found = successions.successions(tx, organisation_id)
    return [one for one in found if {one.predecessor_id, one.successor_id} <= seen]


def _predecessors(
    tx: Reader,
    actor: Actor,
    organisation_id: int,
    wanted: Wanted,
    called: Mapping[str, Sequence[int]],
) -> list[Organised]:
    """Return what others follow, of which one is given; see `succeed` for what is raised."""
    organisations.view(tx, actor, organisation_id)
    require(actor, "organise", owner=organisation_id)
    before = [organisations.view(tx, actor, _one(called, name)) for name in wanted.predecessors]
    require_sound(wanted.kind, wanted.predecessors, tuple(map(normal, wanted.successors)))
    ids = {one.id for one in before}
    if organisation_id not in ids or actor.organisation_id in ids:
        raise NoSuccessionError(succession=wanted.kind)
    return before


def _one(called: Mapping[str, Sequence[int]], name: str) -> int:
    found = called.get(normal(name), ())
    if len(found) != 1:
        raise WhichOrganisationError(name=name)
    return found[0]


def _successor(
    tx: Writer,
    actor: Actor,
    called: Mapping[str, Sequence[int]],
    name: str,
    first: Organised,
    wanted: Wanted,
) -> Organised:
    if called.get(normal(name)):
        return organisations.view(tx, actor, _one(called, name))
    require_name(name)
    if first.parent_id is None:
        raise NotFoundError(organisation=first.parent_id)
    attributes = first.attributes if wanted.kind == "rename" and not first.is_damaged else {}
    placed = Placed(
        name, first.kind, first.parent_id, attributes, second_factor=first.second_factor
    )
    return organisations.add(tx, actor, placed)


def _retire(tx: Writer, actor: Actor, one: Organised, after: Sequence[Organised]) -> None:
    """Deactivate a predecessor; what belongs to it goes over where only one follows."""
    if len(after) == 1:
        _hand_over(tx, actor, one, after[0])
    listed = stored.listed(tx, one.id)
    if listed is not None:
        organisations.alter(tx, one.id, structs.replace(listed, active=False), one.parent_id, actor)


def _hand_over(tx: Writer, actor: Actor, one: Organised, after: Organised) -> None:
    for id_, unit in _units(tx, one).items():
        if id_ != after.id:
            _stand_below(tx, actor, id_, unit, after)
    for account in _people(tx, actor, one):
        _move(tx, actor, account, after)


def _units(tx: Reader, one: Organised) -> dict[int, Listed]:
    """Return what stands right below an organisation, by id."""
    found = stored.standings(tx, below_id=one.id).items()
    return {id_: below.listed for id_, below in found if below.parent_id == one.id}


def _stand_below(tx: Writer, actor: Actor, id_: int, unit: Listed, after: Organised) -> None:
    moved = structs.replace(unit, parent=after.name)
    organisations.alter(tx, id_, moved, after.id, actor)


def _place(
    tx: Writer,
    actor: Actor,
    before: Sequence[Organised],
    after: Sequence[Organised],
    wanted: Wanted,
) -> None:
    """Let people and units of what is split go over to the successor that is wanted for each."""
    if not (wanted.people or wanted.units):
        return
    called = dict(zip(map(normal, wanted.successors), after, strict=True))
    theirs = {one.id: one for each in before for one in _people(tx, actor, each)}
    for id_, name in wanted.people.items():
        if id_ not in theirs:
            raise NotFoundError(person=id_)
        _move(tx, actor, theirs[id_], _following(called, name))
    below = {id_: one for each in before for id_, one in _units(tx, each).items()}
    for id_, name in wanted.units.items():
        if id_ not in below or id_ in {one.id for one in after}:
            raise NotFoundError(organisation=id_)
        _stand_below(tx, actor, id_, below[id_], _following(called, name))


def _following(called: Mapping[str, Organised], name: str) -> Organised:
    if normal(name) not in called:
        raise WhichOrganisationError(name=name)
    return called[normal(name)]


def _people(tx: Reader, actor: Actor, one: Organised) -> list[Account]:
    return people.accounts(tx, actor, organisation_id=one.id, after=0, limit=HIGHEST)


def _move(tx: Writer, actor: Actor, account: Account, after: Organised) -> None:
    """Let a person belong to another organisation from now on; they sign in anew."""
    changed = structs.replace(account, organisation_id=after.id, organisation=after.name)
    people.update(tx, changed)
    sessions.remove_all(tx, account.id)
    about = f"people/{account.id}"
    audit.record(tx, actor, "person.change", about, before=account, after=changed)
