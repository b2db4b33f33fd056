"""Forgetting, once a day, what has served its time; in pieces that keep nobody waiting.

What uploads that were killed left behind goes with it: in the folder of files, or, with S3, on the
machine that does this.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable

from survey_service import clock
from survey_service.conduct import drafted_lists as drafted
from survey_service.conduct.jobs import KEPT
from survey_service.conduct.notices import KEPT as TOLD
from survey_service.conduct.throttling import KNOWN_FOR, WINDOW
from survey_service.conduct.workbooks import KEPT as BROUGHT_BACK
from survey_service.operations import exports, files, result_exports
from survey_service.operations.jobs import Tools, enqueue
from survey_service.settings import Settings
from survey_service.store import (
    attempts,
    drafted_lists,
    idempotency,
    jobs,
    notices,
    presence,
    sessions,
    workbooks,
)
from survey_service.store.database import Writer
from survey_service.store.jobs import Claimed, Wanted

TOGETHER = 500  # rows removed in one transaction
_HOUR = dt.time(2)  # of the day, where few are at work
_REMEMBERED = dt.timedelta(days=3)  # until an Idempotency-Key is new again
_PRESENT = dt.timedelta(days=1)

Forget = Callable[[Writer], int]
"""Removes up to `TOGETHER` rows and returns how many it removed."""


def schedule(tx: Writer) -> None:
    """See to it that a clean-up is due some day: at once, where none is yet."""
    if not jobs.has_unfinished(tx, "clean_up"):
        enqueue(tx, None, _of(clock.now().date()))


async def clean(tools: Tools, _: Claimed) -> str:
    """Forget what has served its time, and come again tomorrow."""
    await tools.db.write(_schedule_tomorrow, zoneinfo.ZoneInfo(tools.settings.time_zone))
    for forget in _forgetting(tools.settings, clock.now()):
        while await tools.db.write(forget) == TOGETHER:
            pass
    await exports.remove_unused(tools)
    await result_exports.remove_unused(tools)
    await files.clear_up(
        tools.db, tools.files, await files.inconsistencies(tools.db, tools.files, deep=False)
    )
    return ""


def _schedule_tomorrow(tx: Writer, zone: dt.tzinfo) -> None:
    tomorrow = clock.now().astimezone(zone).date() + dt.timedelta(days=1)
    enqueue(tx, None, _of(tomorrow), due_at=dt.datetime.combine(tomorrow, _HOUR, zone))


def _of(day: dt.date) -> Wanted:
    return Wanted("clean_up", f"clean_up:{day.isoformat()}")


def _forgetting(settings: Settings, now: dt.datetime) -> list[Forget]:
    idle = dt.timedelta(minutes=settings.session_minutes)
    return [
        lambda tx: idempotency.remove(tx, now - _REMEMBERED, TOGETHER),
        lambda tx: sessions.remove_ended(tx, now, now - idle, TOGETHER),
        lambda tx: sessions.remove_links(tx, now, TOGETHER),
        lambda tx: attempts.remove(tx, now - WINDOW, TOGETHER),
        lambda tx: attempts.remove_familiar(tx, now - KNOWN_FOR, TOGETHER),
        lambda tx: attempts.remove_tallies(tx, (now - attempts.TOLD_FOR).date(), TOGETHER),
        lambda tx: presence.remove(tx, now - _PRESENT, TOGETHER),
        lambda tx: notices.remove(tx, now - TOLD, TOGETHER),
        lambda tx: drafted_lists.remove(tx, now - drafted.KEPT, TOGETHER),
        lambda tx: workbooks.remove(tx, now - BROUGHT_BACK, TOGETHER),
        lambda tx: _remove_jobs(tx, now),
    ]


def _remove_jobs(tx: Writer, now: dt.datetime) -> int:
    old = jobs.ended(tx, {kind: now - kept for kind, kept in KEPT.items()}, TOGETHER)
    jobs.remove(tx, old)
    return len(old)
