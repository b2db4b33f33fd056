"""Telling, once a day, of last days and actions that come near or are over, and sending the day's letters."""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.actions import is_for
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import Stage
from survey_service.conduct.notices import (
    ACTION_DAYS,
    MAILED_FOR,
    News,
    due,
    due_action,
    told_of_deadline,
    waiting_stage,
)
from survey_service.operations import notices
from survey_service.operations.jobs import Tools, enqueue, in_time, rest
from survey_service.operations.notices import Letter
from survey_service.store import actions, cycles, jobs, organisations, successions
from survey_service.store import notices as stored
from survey_service.store.actions import Listed
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.notices import Place

_HOUR = dt.time(6)  # of the day: before people come to work
_TOGETHER = 200  # letters asked for in one transaction


class Told(Struct, frozen=True):
    """Somebody who is to be told, and what."""

    reader: Actor
    news: News


def schedule(tx: Writer) -> None:
    """See to it that it is looked after last days some day: at once, where nothing is planned yet."""
    if not jobs.has_unfinished(tx, "deadlines"):
        enqueue(tx, None, _of(clock.now().date()))


async def tell(tools: Tools, _: Claimed) -> str:
    """Tell of last days and send the day's letters, and come again tomorrow."""
    zone = zoneinfo.ZoneInfo(tools.settings.time_zone)
    today = clock.now().astimezone(zone).date()
    await tools.db.write(_schedule_tomorrow, today, zone)
    told = await tools.db.read(news_of_the_day)
    told += await tools.db.read(news_of_actions, today)
    done = 0
    while done < len(told):
        done += await tools.db.write(_tell_some, told[done:])
        await rest()
    after: int | None = 0
    while after is not None:
        after = await tools.db.write(_send_some, today, after)
        await rest()
    return ""


def _schedule_tomorrow(tx: Writer, today: dt.date, zone: dt.tzinfo) -> None:
    tomorrow = today + dt.timedelta(days=1)
    enqueue(tx, None, _of(tomorrow), due_at=dt.datetime.combine(tomorrow, _HOUR, zone))


def _of(day: dt.date) -> Wanted:
    return Wanted("deadlines", f"deadlines:{day.isoformat()}", about="notices")


def news_of_the_day(tx: Reader) -> list[Told]:
    """Return whom there is something to tell of the last days of all open cycles."""
    open_cycles = cycles.all_open(tx)
    if not open_cycles:
        return []
    parents, folk = organisations.parents(tx), {one.id: one for one in stored.folk(tx)}
    return [told for one in open_cycles for told in _of_cycle(tx, one, parents, folk)]


def _of_cycle(
    tx: Reader, cycle: Cycle, parents: Mapping[int, int | None], folk: Mapping[int, Actor]
) -> Iterator[Told]:
    today = clock.now().astimezone(cycle.calendar.zone).date()
    places = {one.organisation_id: one for one in stored.places(tx, cycle.id)}
    for (stage, last), waiting in _last_days(tx, cycle, places.values()).items():
        known = due(last, today)
        if known is None:
            continue
        kind, days = known
        key = f"due:{cycle.id}:{stage}:{last.isoformat()}:{days}"
        for person_id, owners in told_of_deadline(stage, waiting, parents, folk.values()).items():
            about, name = _about(cycle, [places[each] for each in owners])
            owner = owners[0] if len(owners) == 1 else folk[person_id].organisation_id
            zone, count = cycle.calendar.time_zone, len(owners)
            news = News(kind, key, about, name, owner, count=count, day=last, time_zone=zone)
            yield Told(folk[person_id], news)


def _last_days(
    tx: Reader, cycle: Cycle, places: Iterable[Place]
) -> dict[tuple[Stage, dt.date], list[int]]:
    """Return which organisations wait at a stage that ends on a day, of the cycle's or their own."""
    own = {(one.organisation_id, one.stage): one.until for one in cycles.extensions(tx, cycle.id)}
    found: dict[tuple[Stage, dt.date], list[int]] = {}
    for one in places:
        stage = waiting_stage(one.state, cycle.calendar.stages)
        if stage is not None and stage in cycle.calendar.windows:
            closes = cycle.calendar.windows[stage].closes
            last = own.get((one.organisation_id, stage), closes)
            found.setdefault((stage, last), []).append(one.organisation_id)
    return found


def _about(cycle: Cycle, places: Sequence[Place]) -> tuple[str, str]:
    """Return where to look for what is due, and what that is called."""
    if len(places) > 1:
        return f"cycles/{cycle.id}", cycle.name
    one = places[0]
    opened = one.assessment is not None
    about = f"assessments/{one.assessment}" if opened else f"cycles/{cycle.id}"
    return about, one.name if opened else cycle.name


def news_of_actions(tx: Reader, today: dt.date) -> list[Told]:
    """Return whom there is something to tell of actions that are due, or overdue.

    That is its owner; of what is nobody's, those who coordinate the organisation, or what follows it.
    """
    first, last = (today + dt.timedelta(days=days) for days in ACTION_DAYS)
    found = actions.due(tx, from_=first, to=last)
    if not found:
        return []
    folk = stored.folk(tx)
    owners = {one.organisation_id for one in found}
    whose = {id_: {id_, *successions.followers(tx, id_)} for id_ in owners}
    return [
        told for one in found for told in _of_action(one, whose[one.organisation_id], folk, today)
    ]


def _of_action(
    one: Listed, whose: Collection[int], folk: Sequence[Actor], today: dt.date
) -> Iterator[Told]:
    action = one.action
    known = None if action.due is None else due_action(action.due, today)
    if known is None or action.due is None:
        return
    kind, days = known
    key = f"action:{action.id}:{action.due.isoformat()}:{days}"
    about = f"assessments/{action.assessment_id}/actions/{action.id}"
    news = News(kind, key, about, one.organisation, one.organisation_id, day=action.due)
    for reader in folk:
        if is_for(reader, action, whose):
            place = reader.organisation_id
            seen = place if place in whose else one.organisation_id  # else it is nothing to them
            yield Told(reader, structs.replace(news, organisation_id=seen))


def _tell_some(tx: Writer, told: Sequence[Told]) -> int:
    count = 0
    for one in in_time(told):
        notices.tell(tx, [one.reader], one.news)
        count += 1
    return count


def _send_some(tx: Writer, today: dt.date, after: int) -> int | None:
    """Have letters of the day sent, and return after whom to go on; None once all have theirs."""
    people = stored.waiting(tx, clock.now() - MAILED_FOR, after=after, limit=_TOGETHER)
    last = None
    for last in in_time(people):
        notices.send(tx, Letter(last, daily=True), f"{last}:{today.isoformat()}")
    return last
