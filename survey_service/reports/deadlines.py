"""How a last day is told, wherever it is: the day, where it ends, and how long it still is."""

import datetime as dt

from survey_service import i18n, time_zones
from survey_service.conduct.cycles import Window
from survey_service.i18n import zone_name


def days_left(days: int, language: str) -> str:
    """Return how long a last day still is: `3 days left`, `today`, `2 days late`."""
    if days == 0:
        return i18n.translate("today", language)
    if days < 0:
        return i18n.translate("{days} days late", language, days=-days)
    return i18n.translate("{days} days left", language, days=days)


def deadline(last: dt.date, zone: str, at: dt.datetime, language: str) -> str:
    """Return a last day with its zone and how long it still is at a moment.

    Args:
        last: The last day on which it can be done.
        zone: Where that day ends, such as Asia/Jakarta.
        at: The moment.
        language: Of the reader.
    """
    days = (last - _today(zone, at)).days
    return f"{i18n.day(last, language)} {zone_name(zone)} ({days_left(days, language)})"


def period(window: Window, zone: str, at: dt.datetime, language: str) -> str:
    """Return the days of a stage with their zone; while they run, with how long they still do."""
    first, last = (i18n.day(one, language) for one in (window.opens, window.closes))
    told = f"{first} – {last} {zone_name(zone)}"  # noqa: RUF001 - from one day to another
    today = _today(zone, at)
    if not window.opens <= today <= window.closes:
        return told
    return f"{told} ({days_left((window.closes - today).days, language)})"


def _today(zone: str, at: dt.datetime) -> dt.date:
    """Return the day that it is where a zone is; where somebody made it one that there is not, in UTC."""
    return at.astimezone(time_zones.find(zone) or dt.UTC).date()
