"""Reminding, with one button, all who take part in a cycle and have not begun; seeing who was."""

import datetime as dt

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, may
from survey_service.conduct.notices import News, Reminder, can_be_reminded
from survey_service.errors.review import WrongStateError
from survey_service.operations import audit, cycles, jobs, notices
from survey_service.operations.cycles import Planned
from survey_service.operations.jobs import Tools, enqueue, in_time, rest
from survey_service.store import notices as stored
from survey_service.store import reminders
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.notices import Place


class _Wanted(Struct, frozen=True):
    cycle_id: int
    at: dt.datetime


def request(tx: Writer, actor: Actor, cycle_id: int) -> int:
    """Return the id of the job that reminds those who have not begun, and were not just reminded.

    Raises:
        NotFoundError: There is no such cycle for this actor.
        ForbiddenError: The actor may not plan it.
        WrongStateError: It is not open: nobody can begin yet.
    """
    cycle = cycles.plannable(tx, actor, cycle_id)
    if cycle.state != "open":
        raise WrongStateError(state=cycle.state, step="remind")
    now, left = clock.now(), _left(tx, cycle)
    audit.record(tx, actor, "cycle.remind", f"cycles/{cycle_id}", after={"count": len(left)})
    payload = msgspec.json.encode(_Wanted(cycle_id, now)).decode()
    key, about = f"reminders:{cycle_id}", f"cycles/{cycle_id}"
    return enqueue(tx, actor, Wanted("reminders", key, payload, about, cycle.name, len(left)))


async def remind(tools: Tools, claimed: Claimed) -> str:
    """Remind those who have not begun, in pieces, on behalf of whoever asked for it.

    Raises:
        NotFoundError: There is no longer such a cycle for them.
    """
    wanted, done = msgspec.json.decode(claimed.payload, type=_Wanted), claimed.progress
    while (piece := await tools.db.write(_remind_some, claimed, wanted, done)) > 0:
        done += piece
        await rest()
    return ""


def list_all(tx: Reader, actor: Actor, cycle_id: int) -> list[Reminder]:
    """Return the last reminder to each participant that was reminded.

    Raises:
        NotFoundError: There is no such cycle for this actor.
        ForbiddenError: The actor may not plan it.
    """
    cycle = cycles.plannable(tx, actor, cycle_id)
    seen = set(cycle.participants)
    return [one for each, one in reminders.latest(tx, cycle_id).items() if each in seen]


def _remind_some(tx: Writer, claimed: Claimed, wanted: _Wanted, done: int) -> int:
    """Remind some of those who are left, and return how many."""
    actor = jobs.acting(tx, claimed)
    cycle, count = cycles.plannable(tx, actor, wanted.cycle_id), 0
    left = _left(tx, cycle)
    for place in in_time(left):
        _remind(tx, actor, cycle, place, wanted.at)
        count += 1
    jobs.advance(tx, claimed, done + count)
    return count


def _left(tx: Reader, cycle: Planned) -> list[Place]:
    """Return those who have not begun, and were not reminded within a day."""
    seen, known, now = set(cycle.participants), reminders.latest(tx, cycle.id), clock.now()
    last = {each: one.at for each, one in known.items()}
    return [
        one
        for one in stored.places(tx, cycle.id)
        if one.state is None
        and one.organisation_id in seen
        and can_be_reminded(last.get(one.organisation_id), now)
    ]


def _remind(tx: Writer, actor: Actor, cycle: Planned, place: Place, at: dt.datetime) -> None:
    owner = place.organisation_id
    told = [one for one in stored.around(tx, owner) if may(one, "open", owner=owner)]
    window = cycle.calendar.windows.get("self")
    news = News(
        "not_begun",
        f"not_begun:{cycle.id}:{owner}:{at.isoformat()}",
        f"cycles/{cycle.id}",
        cycle.name,
        owner,
        actor.name,
        day=window.closes if window else None,
        time_zone=cycle.calendar.time_zone,
    )
    notices.tell(tx, told, news)
    reminders.add(tx, cycle.id, Reminder(owner, at, actor.name, len(told)))
