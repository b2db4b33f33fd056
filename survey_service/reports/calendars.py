"""Last days as a calendar (RFC 5545) to subscribe to."""

import datetime as dt
from collections.abc import Sequence

from icalendar import Calendar, Event

from survey_service.conduct.actions import DueAction
from survey_service.conduct.notices import LastDay
from survey_service.i18n import translate, zone_name

_AGAIN = dt.timedelta(hours=6)  # until a program looks anew


def calendar(
    days: Sequence[LastDay],
    actions: Sequence[DueAction],
    language: str,
    public: str,
    at: dt.datetime,
) -> bytes:
    """Return last days as all-day events, each the same one wherever it is moved to.

    Args:
        days: The last days of stages.
        actions: What is to be done by a day.
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
        said = translate(
            "Last day: {stage} · {cycle} ({zone})",
            language,
            stage=day.stage,
            cycle=day.name,
            zone=zone_name(day.time_zone),
        )
        about = f"cycle-{day.cycle_id}-{day.stage}", f"cycles/{day.cycle_id}"
        made.add_component(_event(about, said, day.last, public, at))
    for one in actions:
        named = {"code": one.indicator, "name": one.name.in_(language)}
        said = translate(
            "To be done: {code} {name} · {who}", language, **named, who=one.organisation
        )
        about = f"action-{one.id}", f"assessments/{one.assessment_id}/actions/{one.id}"
        made.add_component(_event(about, said, one.due, public, at))
    return bytes(made.to_ical())


def _event(about: tuple[str, str], said: str, day: dt.date, public: str, at: dt.datetime) -> Event:
    """Return an all-day event; it is `about` what has a name of its own, and a path."""
    event = Event()
    event.add("uid", f"{about[0]}@{public.partition('://')[2]}")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    if day < dt.date.max:
        event.add("dtend", day + dt.timedelta(days=1))  # the first day after it
    event.add("summary", said)
    event.add("url", f"{public}/{about[1]}")
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    return event
