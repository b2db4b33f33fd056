"""Lists of people that somebody uploaded: looked at, taken in, undone; see `drafted_lists`."""

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.drafted_lists import UNDONE_WITHIN, Drafted
from survey_service.conduct.people import Admission, Invited, ListedPerson
from survey_service.errors import DamagedError, NotFoundError
from survey_service.errors.writing import CannotBeUndoneError
from survey_service.operations import people
from survey_service.operations.one_time_links import Mailing
from survey_service.operations.people import Invitations
from survey_service.store import drafted_lists, jobs
from survey_service.store.database import Reader, Writer


class LookedPeople(Struct, frozen=True):
    """A list, and whom it would invite as things stand; once it is taken in, whom it invited."""

    drafted: Drafted
    plan: Admission
    may_undo: bool


def keep(tx: Writer, actor: Actor, file: str, rows: str) -> int:
    """Keep a list that was uploaded, its rows as JSON, and return its id."""
    require(actor, "admit")
    return drafted_lists.add(tx, actor, "people", file, rows, clock.now())


def look(tx: Reader, actor: Actor, list_id: int) -> LookedPeople:
    """Return a list as it stands.

    Raises:
        NotFoundError: There is none for this actor.
    """
    found = _fetch(tx, actor, list_id)
    if found.job_id is not None:
        invited = _invited(tx, found.job_id)
        may_undo = bool(invited) and found.can_be_undone(clock.now())
        return LookedPeople(found, Admission(invited, (), ()), may_undo)
    try:
        rows = msgspec.json.decode(found.rows, type=list[ListedPerson])
    except msgspec.MsgspecError:
        raise DamagedError(what=found.file) from None
    return LookedPeople(found, people.preview(tx, actor, rows), may_undo=False)


def take_in(
    tx: Writer, actor: Actor, list_id: int, plan: Admission, mailing: Mailing | None
) -> int:
    """Return the id of the job that invites whom a list invites; asked for once.

    Raises:
        NotFoundError: There is no such list for this actor.
    """
    found = _fetch(tx, actor, list_id)
    if found.job_id is not None:
        return found.job_id
    job_id = people.request_import(tx, actor, plan, mailing)
    drafted_lists.save_request(tx, list_id, job_id, (), clock.now())
    return job_id


def undo(tx: Writer, actor: Actor, list_id: int) -> int:
    """Return the id of the job that deactivates all whom a list invited.

    Raises:
        NotFoundError: There is no such list for this actor.
        CannotBeUndoneError: It is too long ago, undone already, or an account was changed since.
    """
    found = _fetch(tx, actor, list_id)
    invited = () if found.job_id is None else _invited(tx, found.job_id)
    if not invited or not found.can_be_undone(clock.now()):
        raise CannotBeUndoneError(name=found.file)
    for one in invited:
        people.as_invited(tx, one)
    job_id = people.request(tx, actor, Invitations(invited, None, undoing=True))
    drafted_lists.save_undoing(tx, list_id, job_id)
    return job_id


def recent(tx: Reader, actor: Actor) -> list[Drafted]:
    """Return the lists that were taken in within the time in which they can be undone."""
    require(actor, "admit")
    return drafted_lists.taken_in(tx, actor, "people", clock.now() - UNDONE_WITHIN)


def _fetch(tx: Reader, actor: Actor, list_id: int) -> Drafted:
    found = drafted_lists.find(tx, actor, "people", list_id)
    if found is None:
        raise NotFoundError(list=list_id)
    require(actor, "admit")
    return found


def _invited(tx: Reader, job_id: int) -> tuple[Invited, ...]:
    """Return whom a job invited; nobody where it is forgotten by now."""
    payload = jobs.known_payload(tx, job_id)
    return () if payload is None else msgspec.json.decode(payload, type=Invitations).invited
