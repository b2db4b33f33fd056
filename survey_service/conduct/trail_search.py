"""What a trail can be narrowed to: a person, an indicator, a kind of what happened, a span of time."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

from survey_service.conduct.life import STAGES

TrailKind = Literal[
    "answers", "scores", "evidence", "comments", "assignments", "actions", "steps", "downloads"
]
TRAIL_KINDS: tuple[TrailKind, ...] = get_args(TrailKind)

_SAVES = ("response.save", "response.take_back")
ACTIONS: Mapping[TrailKind, tuple[str, ...]] = {
    "answers": (*_SAVES, "response.carry", "response.ready"),
    "scores": _SAVES,
    "evidence": ("evidence.attach", "evidence.remove", "evidence.restore"),
    "comments": ("remark.",),
    "assignments": ("part.",),
    "actions": ("action.",),
    "steps": ("assessment.", "cycle."),
    "downloads": ("report.", "evidence.download"),
}
"""How the actions of each kind begin; of saves, those of a later stage are scores, the others answers."""


class Sought(Struct, frozen=True):
    """What a trail is narrowed to; what is None narrows nothing.

    `actor` is a sign-in name. `below` is the path of what it is about, or lies under. What is
    sought happened at `since` or later, and before `until`.
    """

    actor: str | None = None
    indicator: str | None = None
    kind: TrailKind | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    below: str | None = None


EVERYTHING = Sought()


def day_of(day: dt.date | None, zone: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Return when a day begins and when it is over, where a zone is; of no day, no moments.

    Nor when the first of all days begins or the last is over: elsewhere there is no such moment.
    """
    if day is None:
        return None, None
    since = dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(zone))
    return (
        None if day == dt.date.min else since,
        None if day == dt.date.max else since + dt.timedelta(days=1),
    )


def is_score(action: str, about: str) -> bool:
    """Whether an entry is of a score that somebody who checks gave, and not of an agency's answer.

    Args:
        action: What was done.
        about: On what, as `assessments/3/external/responses/M1.1`.
    """
    below = about.split("/")[2:3]
    return action in _SAVES and below != [] and below[0] in STAGES
