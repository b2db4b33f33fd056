"""Being told of what happened and of what is due: whom, what goes by mail at once, and what once a day.

Everybody is told in the feed on their first page. By mail goes, of each kind, what they choose: at
once, once a day in one letter with the rest, or never.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, get_args

from msgspec import Struct, structs

from survey_service.conduct.access import Actor, Role, may
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import Stage, State, Step, at_work, working

Kind = Literal[
    "assigned",
    "mentioned",
    "returned",
    "handed_in",
    "announced",
    "panel",
    "panel_met",
    "panel_settled",
    "not_begun",
    "due",
    "due_soon",
    "overdue",
    "ready",
    "action",
    "action_due",
    "action_overdue",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Choice = Literal["at_once", "daily", "never"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

_URGENT: frozenset[Kind] = frozenset({"returned", "not_begun", "due_soon", "overdue"})
_FIRST, _SECOND, _LAST = 14, 7, 2  # days before the last one
_LONGEST_OVERDUE = 7  # days: who was told nothing until then need not hear of it any more

_TO_THE_TEAM: Mapping[Step, Kind] = {
    "return": "returned",
    "announce": "announced",
    "finalise": "announced",
}

_WORKS_AT: Mapping[Role, Stage] = {
    "respondent": "self",
    "coordinator": "self",
    "inspector": "internal",
    "evaluator": "external",
}

MAILED_FOR = dt.timedelta(days=3)  # what is older was in the feed for long: mail was off meanwhile
KEPT = dt.timedelta(days=120)
REMINDED_FOR = dt.timedelta(days=1)
"""How long nobody is reminded again of not having begun."""

READY_AFTER = dt.timedelta(minutes=1)
"""How long somebody waits beside what they asked for: later, they are told that it is there."""


class News(Struct, frozen=True):
    """Something to tell, each person once under its `key`.

    Args:
        kind: What it is.
        key: What makes it the same again.
        about: Where to look, as a path.
        name: What people call that.
        organisation_id: Whose it is: who does not see that organisation is not told.
        author: Who did it, by name; "" for nobody.
        count: Of how many things.
        day: The last day, where there is one.
        time_zone: Where that day ends; None where there is none.
    """

    kind: Kind
    key: str
    about: str
    name: str
    organisation_id: int
    author: str = ""
    count: int = 1
    day: dt.date | None = None
    time_zone: str | None = None


class Notice(Struct, frozen=True):
    """News as somebody is told of it; `seen_at` is None until they say that they have seen it."""

    id: int
    kind: Kind
    about: str
    name: str
    author: str
    count: int
    day: dt.date | None
    at: dt.datetime
    seen_at: dt.datetime | None = None
    time_zone: str | None = None

    @property
    def words(self) -> str:
        """The name under which the catalogues have its sentence."""
        return f"notice.{self.kind}.many" if self.count > 1 else f"notice.{self.kind}"


class Subscription(Struct, frozen=True):
    """What somebody chose: the language of their mail, and when each kind is sent.

    `language` is None where they never chose one; `digest_on` the day of the last daily letter.
    """

    language: str | None = None
    mail: Mapping[Kind, Choice] = {}
    digest_on: dt.date | None = None

    def choice(self, kind: Kind) -> Choice:
        """Return when a kind is sent: what is urgent at once, unless they chose otherwise."""
        return self.mail.get(kind, "at_once" if kind in _URGENT else "daily")

    def kinds(self, *choices: Choice) -> tuple[Kind, ...]:
        """Return the kinds that are sent so."""
        return tuple(kind for kind in KINDS if self.choice(kind) in choices)


SILENT: Mapping[Kind, Choice] = dict.fromkeys(KINDS, "never")
"""What is chosen by unsubscribing."""


class Reminder(Struct, frozen=True):
    """That an organisation was reminded of not having begun: when, by whom, and how `people` many."""

    organisation_id: int
    at: dt.datetime
    author: str
    people: int


class LastDay(Struct, frozen=True):
    """The last day of a stage of a cycle, which ends where its time zone is."""

    cycle_id: int
    name: str
    stage: Stage
    last: dt.date
    time_zone: str


def last_days(actor: Actor, cycles: Iterable[Cycle]) -> list[LastDay]:
    """Return the last days of open cycles that concern an actor: of the stages they work at.

    Those who work at none follow all of them.
    """
    return [
        LastDay(one.id, one.name, stage, window.closes, one.calendar.time_zone)
        for one in cycles
        if one.state == "open"
        for stage, window in one.calendar.windows.items()
        if _WORKS_AT.get(actor.role, stage) == stage
    ]


def gathered(notices: Iterable[Notice]) -> list[Notice]:
    """Return notices with those in a row as one that tell the same of one thing, counted together.

    Forty-nine questions that a coordinator assigns one by one are one line.
    """
    return [_together(list(same)) for _, same in groupby(notices, _alike)]


def _alike(notice: Notice) -> tuple[object, ...]:
    place = "/".join(notice.about.split("/")[:2])
    return notice.kind, place, notice.author, notice.name, notice.day, notice.seen_at is None


def _together(same: Sequence[Notice]) -> Notice:
    newest = same[0]
    return structs.replace(newest, count=sum(one.count for one in same))


def told_of_step(
    step: Step, people: Iterable[Actor], owner: int, state: State, stages: Collection[Stage]
) -> tuple[Kind | None, list[Actor]]:
    """Return what a step is to others, and to whom; None where it is nothing to be told.

    Args:
        step: What was done.
        people: Those who see the assessment.
        owner: Whose it is.
        state: Where it stands since.
        stages: Those that it goes through.
    """
    if step in {"submit", "pass_on"}:
        stage = waiting_stage(state, stages)
        return "handed_in", [one for one in people if may(one, "answer", owner=owner, stage=stage)]
    kind = _TO_THE_TEAM.get(step)
    return kind, [one for one in people if kind is not None and may(one, "ready", owner=owner)]


def waiting_stage(state: State | None, stages: Collection[Stage]) -> Stage | None:
    """Return the stage whose people have the next word; None once it is final, or has no such stage."""
    if state is None:
        return "self"
    return working("begin", state, stages) if state == "submitted" else at_work(state)


def told_of_deadline(
    stage: Stage,
    owners: Iterable[int],
    parents: Mapping[int, int | None],
    people: Iterable[Actor],
) -> dict[int, list[int]]:
    """Return who is told of a stage's last day, by id, and of which organisations.

    Args:
        stage: Whose last day it is.
        owners: The organisations whose assessments wait for it.
        parents: What each organisation stands below; None at the top.
        people: Everybody who can be told.
    """
    staff: dict[int, list[Actor]] = defaultdict(list)
    for one in people:
        staff[one.organisation_id].append(one)
    told: dict[int, list[int]] = defaultdict(list)
    for owner in owners:
        for place in _upwards(owner, parents):
            for one in staff.get(place, ()):
                if may(one, "answer", owner=owner, stage=stage):
                    told[one.id].append(owner)
    return dict(told)


def _upwards(place: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    while place is not None:
        yield place
        place = parents.get(place)


def due(last: dt.date, today: dt.date) -> tuple[Kind, int] | None:
    """Return what there is to tell of a last day, with the days before it at which that begins.

    A day on which nothing ran is made up for: what was to be told fourteen days before is told
    thirteen days before. None where there is nothing to tell.
    """
    left = (last - today).days
    if left < 0:
        return ("overdue", -1) if left >= -_LONGEST_OVERDUE else None
    if left <= _LAST:
        return "due_soon", _LAST
    begun = next((days for days in (_SECOND, _FIRST) if left <= days), None)
    return None if begun is None else ("due", begun)


def due_action(last: dt.date, today: dt.date) -> tuple[Kind, int] | None:
    """Return what `due` does of an action's day, as it is told of actions."""
    known = due(last, today)
    if known is None:
        return None
    kind, days = known
    return "action_overdue" if kind == "overdue" else "action_due", days


ACTION_DAYS = (-_LONGEST_OVERDUE, _FIRST)
"""From how many days before today to how many after it an action is told of that is due then."""


def can_be_reminded(last: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether who has not begun is reminded, having been so last at a moment; None for never."""
    return last is None or at - last >= REMINDED_FOR


def mentioned(text: str, people: Iterable[Actor]) -> list[Actor]:
    """Return those whom a text mentions, as `@Name`; of names that begin alike, the longest."""
    left, found = text, []
    for one in sorted(people, key=lambda each: -len(each.name)):
        if f"@{one.name}" in left:
            left = left.replace(f"@{one.name}", "@")
            found.append(one)
    return found
