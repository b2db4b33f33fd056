"""Looking after organisations, one by one or by a list, after a look at what it would change."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from survey_service.characters import normal
from survey_service.conduct.access import Actor, require
from survey_service.conduct.names import in_order, require_name
from survey_service.conduct.organisation_lists import Bounds, Entry, Plan
from survey_service.conduct.organisation_lists import plan as planned
from survey_service.conduct.organisations import (
    KINDS,
    Found,
    Intended,
    Listed,
    Organised,
    is_due,
    within,
)
from survey_service.errors import NotFoundError
from survey_service.errors.accounts import UnknownRoleError
from survey_service.errors.jobs import ListOutdatedError
from survey_service.errors.organisations import (
    BelowItselfError,
    NameTakenError,
    OwnOrganisationError,
)
from survey_service.maturity.conditions import Attributes
from survey_service.operations import audit, jobs
from survey_service.operations.jobs import Tools, enqueue, in_time, rest
from survey_service.operations.preconditions import require_match
from survey_service.store import jobs as stored_jobs
from survey_service.store import organisations, sessions
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.organisations import HIGHEST


class Placed(Struct, frozen=True):
    """What an organisation is to be: its name and kind, where it stands, and what it requires.

    `parent_id` is None at the top of the tree. With `second_factor` its people, and those of what is
    below it, must set one up.
    """

    name: str
    kind: str
    parent_id: int | None = None
    attributes: Attributes = {}
    active: bool = True
    second_factor: bool = False


def preview(tx: Reader, actor: Actor | None, rows: Sequence[Entry]) -> Plan:
    """Return what a list would change, and what is wrong in it.

    An actor's list may change what is at and below their organisation; from the command line, where
    there is none, any.
    """
    everywhere = organisations.standings(tx)
    if actor is None:
        return planned(everywhere, rows)
    require(actor, "organise")
    own = organisations.standings(tx, below_id=actor.organisation_id)
    others = (one.listed.name for id_, one in everywhere.items() if id_ not in own)
    return planned(own, rows, Bounds(actor.organisation_id, frozenset(map(normal, others))))


def request_import(tx: Writer, actor: Actor, plan: Plan, list_id: int | None = None) -> int:
    """Return the id of the job that changes what a list changes that somebody has looked at.

    Raises:
        OwnOrganisationError: It would deactivate the one that the actor belongs to.
    """
    require(actor, "organise")
    own = actor.organisation_id
    if any(one.id == own and not one.after.active for one in plan.changes):
        raise OwnOrganisationError
    payload = msgspec.json.encode(plan.changes)
    key = f"organisations:{actor.id}:{hashlib.sha256(payload).hexdigest()}"
    total = len(plan.changes)
    about = "organisations" if list_id is None else f"organisations/lists/{list_id}"
    return enqueue(tx, actor, Wanted("organisations", key, payload.decode(), about, total=total))


def requested(tx: Reader, actor: Actor, job_id: int) -> Plan:
    """Return what the job of an import changes."""
    jobs.view(tx, actor, job_id)
    changes = msgspec.json.decode(stored_jobs.payload(tx, job_id), type=tuple[Intended, ...])
    return Plan(changes)


async def take_in(tools: Tools, claimed: Claimed) -> str:
    """Change what a list changes, in pieces, from where it was left.

    Raises:
        ListOutdatedError: Somebody else changed something of it since it was looked at.
    """
    changes = msgspec.json.decode(claimed.payload, type=tuple[Intended, ...])
    done = claimed.progress
    while done < len(changes):
        done = await tools.db.write(_take_in_piece, claimed, changes, done)
        await rest()
    return ""


def _take_in_piece(tx: Writer, claimed: Claimed, changes: Sequence[Intended], done: int) -> int:
    done += apply(tx, jobs.acting(tx, claimed), changes, done)
    jobs.advance(tx, claimed, done)
    return done


def apply(tx: Writer, actor: Actor | None, changes: Sequence[Intended], start: int = 0) -> int:
    """Make as many of some changes, from one on, as one transaction has time for; return how many.

    Raises:
        ListOutdatedError: What is to be changed is not what it was, or stands elsewhere by now.
        OwnOrganisationError: The actor's would no longer be active.
    """
    parents = organisations.parents(tx)
    part = None if actor is None else within(parents, actor.organisation_id)
    done = 0
    for change in in_time(changes[start:]):
        there = found(tx, changes, change)
        if not is_due(change, there, parents, part):
            raise ListOutdatedError(name=change.after.name)
        id_ = _applied(tx, actor, change, there)
        parents[id_] = there.parent
        if part is not None:
            part.add(id_)
        done += 1
    _require_still_in(tx, actor)
    sessions.remove_all_of_those_out(tx)
    return done


def found(tx: Reader, changes: Sequence[Intended], change: Intended) -> Found:
    """Return what is there by now of what is to be changed, and of what it is to stand below."""
    parent = _parent(tx, changes, change)
    id_ = change.id or organisations.child(tx, change.after.name, parent)
    return Found(id_, None if id_ is None else organisations.listed(tx, id_), parent)


def _parent(tx: Reader, changes: Sequence[Intended], change: Intended) -> int | None:
    """Return the id of what a change puts an organisation below; None for nothing that is there."""
    if change.under is None:
        return change.parent_id
    adding = changes[change.under]
    called = organisations.called(tx, adding.after.name)
    if len(called) <= 1:
        return called[0] if called else None
    return organisations.child(tx, adding.after.name, _parent(tx, changes, adding))


def _applied(tx: Writer, actor: Actor | None, change: Intended, found: Found) -> int:
    """Make a change and return the id of the organisation."""
    if found.id is None:
        return enter(tx, change.after, found.parent, actor)
    alter(tx, found.id, change.after, found.parent, actor)
    return found.id


def enter(tx: Writer, listed: Listed, parent_id: int | None, actor: Actor | None = None) -> int:
    """Add an organisation and record it; return its id. There is no actor on the command line."""
    added = organisations.insert(tx, listed, parent_id)
    _record(tx, actor, "organisation.add", None, organisations.organised(tx, added))
    return added


def enter_once(tx: Writer, listed: Listed) -> int:
    """Return the id of the organisation of a name, entered now at the top or there already."""
    known = organisations.identity(tx, listed.name)
    return enter(tx, listed, None) if known is None else known


def alter(
    tx: Writer, id_: int, listed: Listed, parent_id: int | None, actor: Actor | None = None
) -> None:
    """Change an organisation and record it; there is no actor on the command line."""
    before = organisations.organised(tx, id_)
    organisations.update(tx, id_, listed, parent_id)
    _record(tx, actor, "organisation.change", before, organisations.organised(tx, id_))


def _record(
    tx: Writer, actor: Actor | None, action: str, before: Organised | None, after: Organised
) -> None:
    about = f"organisations/{after.id}"
    if actor is None:
        audit.record_system(tx, action, about, after, before)
    else:
        audit.record(tx, actor, action, about, before=before, after=after)


def view(tx: Reader, actor: Actor, organisation_id: int) -> Organised:
    """Return an organisation.

    Raises:
        NotFoundError: There is none for this actor.
    """
    require(actor, "read")
    return organisations.view(tx, organisation_id, visible_to=actor)


def list_all(
    tx: Reader, actor: Actor, *, kind: str | None, after: int, limit: int
) -> list[Organised]:
    """Return the organisations that the actor sees, or those of one kind."""
    require(actor, "read")
    return organisations.list_all(tx, actor, kind=kind, after=after, limit=limit)


def all_seen(tx: Reader, actor: Actor) -> list[Organised]:
    """Return every organisation that the actor sees, however many, in the order of their names."""
    found = list_all(tx, actor, kind=None, after=0, limit=HIGHEST)
    return sorted(found, key=lambda one: in_order(one.name))


def by_name(found: Sequence[Organised]) -> dict[str, list[int]]:
    """Return the ids of organisations by their names, alone and after those of their parents."""
    names, called = {one.id: one.name for one in found}, defaultdict[str, list[int]](list)
    for one in found:
        called[normal(one.name)].append(one.id)
        if one.parent_id in names:
            called[normal(f"{names[one.parent_id]} / {one.name}")].append(one.id)
    return called


def add(tx: Writer, actor: Actor, wanted: Placed) -> Organised:
    """Add an organisation below the actor's.

    Raises:
        NotFoundError: There is nothing for this actor that it could stand below.
        InvalidNameError: Nothing is called so.
        NameTakenError: One is called so already.
        UnknownRoleError: There is no such kind.
    """
    _require_place(tx, actor, wanted.parent_id)
    _require_sound(tx, wanted)
    added = organisations.insert(tx, _listed(wanted), wanted.parent_id)
    organisations.require_second_factor(tx, added, required=wanted.second_factor)
    after = organisations.view(tx, added, visible_to=actor)
    audit.record(tx, actor, "organisation.add", f"organisations/{added}", after=after)
    return after


def change(tx: Writer, actor: Actor, organisation_id: int, wanted: Placed, seen: str) -> Organised:
    """Change an organisation, on what its editor has `seen`; it is deactivated, never removed.

    People of one that is deactivated are out at once; so are those who lack a second factor that is
    now required of them, until they have signed in anew and set it up.

    Raises:
        NotFoundError: There is none for this actor, or nothing that it could stand below.
        InvalidNameError: Nothing is called so.
        NameTakenError: Another one is called so.
        BelowItselfError: It would stand below itself.
        StaleEditError: Somebody else changed it since.
        OwnOrganisationError: The actor belongs to it, and it would no longer be active.
    """
    before = view(tx, actor, organisation_id)
    require(actor, "organise", owner=organisation_id)
    require_match(before, seen)
    if wanted.parent_id != before.parent_id:
        _require_place(tx, actor, wanted.parent_id)
        if wanted.parent_id in organisations.visible(tx, organisation_id):
            raise BelowItselfError(name=before.name)
    _require_sound(tx, wanted, but=organisation_id)
    organisations.update(tx, organisation_id, _listed(wanted), wanted.parent_id)
    organisations.require_second_factor(tx, organisation_id, required=wanted.second_factor)
    _require_still_in(tx, actor)
    sessions.remove_all_of_those_out(tx)
    after = organisations.view(tx, organisation_id, visible_to=actor)
    about = f"organisations/{organisation_id}"
    audit.record(tx, actor, "organisation.change", about, before=before, after=after)
    return after


def _require_still_in(tx: Reader, actor: Actor | None) -> None:
    if actor is not None and not organisations.fetch(tx, actor.organisation_id).active:
        raise OwnOrganisationError


def _require_place(tx: Reader, actor: Actor, parent_id: int | None) -> None:
    if parent_id is None or parent_id not in organisations.visible(tx, actor.organisation_id):
        raise NotFoundError(organisation=parent_id)
    require(actor, "organise", owner=parent_id)


def _require_sound(tx: Reader, wanted: Placed, but: int | None = None) -> None:
    require_name(wanted.name)
    if wanted.kind not in KINDS:
        raise UnknownRoleError(found=wanted.kind, expected=", ".join(KINDS))
    if organisations.child(tx, wanted.name, wanted.parent_id) not in {None, but}:
        raise NameTakenError(name=wanted.name)


def _listed(wanted: Placed) -> Listed:
    return Listed(wanted.name, wanted.kind, None, wanted.attributes, wanted.active)
