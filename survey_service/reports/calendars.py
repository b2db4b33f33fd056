"""Last days as a calendar (RFC 5545) to subscribe to."""

import datetime as dt
from collections.abc import Sequence

from icalendar import Calendar, Event

from survey_service.conduct.notices import LastDay
from survey_service.i18n import translate
from survey_service.reports.deadlines import zone_name

_AGAIN = dt.timedelta(hours=6)  # until a program looks anew


def calendar(days: Sequence[LastDay], language: str, public: str, at: dt.datetime) -> bytes:
    """Return last days as all-day events, each the same one wherever it is moved to.

    Args:
        days: What is due.
        language: Of the reader.
        public: The address of the service, to which each event leads.
        at: When the calendar is made.
    """
    made = Calendar()
    made.add("prodid", "-//survey-service//survey-service//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", translate("Reform assessments", language))
    made.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    for day in days:
        made.add_component(_event(day, language, public, at))
    return bytes(made.to_ical())


def _event(day: LastDay, language: str, public: str, at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"cycle-{day.cycle_id}-{day.stage}@{public.partition('://')[2]}")
    event.add("dtstamp", at)
    event.add("dtstart", day.last)
    event.add("dtend", day.last + dt.timedelta(days=1))  # the first day after it
    said = translate(
        "Last day: {stage} · {cycle} ({zone})",
        language,
        stage=day.stage,
        cycle=day.name,
        zone=zone_name(day.time_zone),
    )
    event.add("summary", said)
    event.add("url", f"{public}/cycles/{day.cycle_id}")
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event
