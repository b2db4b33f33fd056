"""Lists of organisations that somebody uploaded: looked at, taken in as they were seen, undone."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.drafted_lists import UNDONE_WITHIN, UNREADABLE, Drafted, undone
from survey_service.conduct.organisation_lists import Entry, Plan
from survey_service.conduct.organisations import Intended
from survey_service.errors import DamagedError, NotFoundError
from survey_service.errors.requests import StaleEditError
from survey_service.errors.writing import (
    CannotBeUndoneError,
    ChangedSinceError,
    NotToBeTakenInError,
)
from survey_service.operations import organisations
from survey_service.operations.preconditions import tag
from survey_service.store import drafted_lists
from survey_service.store import organisations as stored
from survey_service.store.database import Reader, Writer

Said = Literal["same", "another"]
"""Whether a row is about the organisation whose name resembles its own, or about another one."""


class Looked(Struct, frozen=True):
    """A list with what it would change as things stand; `seen` is the tag of that.

    Of one that was asked to be taken in, it is what it changes. `may_undo` while that can be undone.
    """

    drafted: Drafted
    plan: Plan
    seen: str
    may_undo: bool


def keep(tx: Writer, actor: Actor, file: str, rows: list[Entry]) -> int:
    """Keep a list that was uploaded, and return its id."""
    require(actor, "organise")
    written = msgspec.json.encode(rows).decode()
    return drafted_lists.add(tx, actor, "organisations", file, written, clock.now())


def look(tx: Reader, actor: Actor, list_id: int) -> Looked:
    """Return a list as it stands.

    Raises:
        NotFoundError: There is none for this actor.
    """
    found = _fetch(tx, actor, list_id)
    require(actor, "organise")
    if found.job_id is not None:
        changes = () if found.changes == UNREADABLE else found.changes
        return Looked(found, Plan(changes), "", found.can_be_undone(clock.now()))
    plan = organisations.preview(tx, actor, _rows(found))
    return Looked(found, plan, tag(plan), may_undo=False)


def answer(tx: Writer, actor: Actor, list_id: int, said: Mapping[int, Said]) -> None:
    """Say, by lines, of rows that resemble what is there, which they are.

    Raises:
        NotFoundError: There is none for this actor.
    """
    found = look(tx, actor, list_id)
    similar = {one.line: one for one in found.plan.similar}
    rows = []
    for row in _rows(found.drafted):
        other = similar.get(row.line)
        if other is not None and said.get(row.line) == "same":
            rows.append(structs.replace(row, name=other.other, parent=other.below or row.parent))
        else:
            another = row.another or said.get(row.line) == "another"
            rows.append(structs.replace(row, another=another))
    drafted_lists.save_rows(tx, list_id, msgspec.json.encode(rows).decode())


def take_in(tx: Writer, actor: Actor, list_id: int, seen: str) -> int:
    """Return the id of the job that takes a list in, as it was seen; asked for once.

    Raises:
        NotFoundError: There is none for this actor.
        StaleEditError: It would do something else by now than what was seen.
        NotToBeTakenInError: Something in it is wrong, or to be answered first.
    """
    found = look(tx, actor, list_id)
    if found.drafted.job_id is not None:
        return found.drafted.job_id
    if found.plan.misfits or found.plan.similar:
        raise NotToBeTakenInError(file=found.drafted.file)
    if found.seen != seen:
        raise StaleEditError(current=found.seen, sent=seen)
    job_id = organisations.request_import(tx, actor, found.plan, list_id)
    drafted_lists.save_request(tx, list_id, job_id, found.plan.changes, clock.now())
    return job_id


def undo(tx: Writer, actor: Actor, list_id: int) -> int:
    """Return the id of the job that undoes what a list changed, all of it.

    Raises:
        NotFoundError: There is none for this actor.
        CannotBeUndoneError: It is too long ago, or undone already.
        ChangedSinceError: One of the organisations was changed since.
    """
    found = _fetch(tx, actor, list_id)
    require(actor, "organise")
    if not found.can_be_undone(clock.now()):
        raise CannotBeUndoneError(name=found.file)
    changes = reversal(tx, found.changes)
    job_id = organisations.request_import(tx, actor, Plan(changes), list_id)
    drafted_lists.save_undoing(tx, list_id, job_id)
    return job_id


def reversal(tx: Reader, changes: Sequence[Intended]) -> tuple[Intended, ...]:
    """Return what undoes changes, the last one first.

    Raises:
        ChangedSinceError: One of the organisations was changed since.
    """
    return tuple(_undone(tx, changes, change) for change in reversed(changes))


def _undone(tx: Reader, changes: Sequence[Intended], change: Intended) -> Intended:
    """Return what undoes a change, as long as nobody has changed the same organisation since."""
    id_ = organisations.found(tx, changes, change).id
    if id_ is None or stored.listed(tx, id_) != change.after:
        raise ChangedSinceError(name=change.after.name)
    return undone(change, id_, stored.organised(tx, id_).parent_id)


def recent(tx: Reader, actor: Actor) -> list[Drafted]:
    """Return the lists that were taken in within the time in which they can be undone."""
    require(actor, "organise")
    since = clock.now() - UNDONE_WITHIN
    return drafted_lists.taken_in(tx, actor, "organisations", since)


def _fetch(tx: Reader, actor: Actor, list_id: int) -> Drafted:
    found = drafted_lists.find(tx, actor, "organisations", list_id)
    if found is None:
        raise NotFoundError(list=list_id)
    return found


def _rows(drafted: Drafted) -> list[Entry]:
    try:
        return msgspec.json.decode(drafted.rows, type=list[Entry])
    except msgspec.MsgspecError:
        raise DamagedError(what=drafted.file) from None
