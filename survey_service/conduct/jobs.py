"""Long work: what it is, whose turn it is, when it is tried again, and when it is given up.

People take turns, by start-time fair queueing. Each job gets a turn, one later than the newest of its
owner's that is not done and than the one that is being done now, and the lowest turn is done first:

    in the queue                     turns          then comes     turns
    Ana's six hundred, 2 done        3 4 5 … 600    Budi's one     4: after Ana's next one

So whoever asks for much waits for much, and whoever asks for little does not wait for others' much.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Kind = Literal[
    "report",
    "organisations",
    "people",
    "table",
    "cycle_reports",
    "release",
    "release_papers",
    "export",
    "export_removal",
    "mail",
    "notices",
    "deadlines",
    "reminders",
    "webhook",
    "clean_up",
]
State = Literal["waiting", "running", "done", "dead", "cancelled"]
Lane = Literal["reports", "collections", "tables", "mail", "webhooks", "lists"]
"""A line of its own: a list that is taken in keeps no report waiting, nor a mail server a table."""

LANES: Mapping[Kind, Lane] = {
    "report": "reports",
    "table": "tables",
    "cycle_reports": "collections",
    "release": "collections",
    "release_papers": "collections",
    "export": "collections",
    "export_removal": "collections",
    "mail": "mail",
    "notices": "mail",
    "webhook": "webhooks",
    "deadlines": "lists",
    "reminders": "lists",
    "organisations": "lists",
    "people": "lists",
    "clean_up": "lists",
}
UNFINISHED: tuple[State, ...] = ("waiting", "running")
LEASE = dt.timedelta(seconds=30)  # a worker that is not heard of for so long has lost its job

_ATTEMPTS: Mapping[Kind, int] = {"mail": 9, "notices": 9, "webhook": 9}  # most of a day
_OTHERWISE = 3
_FIRST, _GROWTH = dt.timedelta(seconds=10), 4
_LONGEST = dt.timedelta(hours=6)
_FAULT_OF_OURS = 500  # from this HTTP status on, trying again may help

_WEEKS, _DAY = dt.timedelta(days=30), dt.timedelta(days=1)
KEPT: Mapping[Kind, dt.timedelta] = {
    "report": _DAY,
    "table": _DAY,
    "cycle_reports": _DAY,
    "release": _DAY,
    "release_papers": _DAY,
    "export": _DAY,
    "export_removal": _DAY,
    "mail": _DAY,
    "notices": _DAY,
    "webhook": _DAY,
    "deadlines": _DAY,
    "reminders": _WEEKS,
    "organisations": _WEEKS,
    "people": _WEEKS,
    "clean_up": _DAY,
}
"""How long a job is kept once it is done or cancelled; those that failed, as long as any."""


class Failure(Struct, frozen=True):
    """Why a job failed the last time: the code of the error and its details."""

    code: str
    details: dict[str, Any] = {}


UNREADABLE = Failure("damaged", {"what": "job"})
"""What stands where somebody damaged the reason of a failure."""


class Job(Struct, frozen=True):
    """A job as those see it who asked for it, and those who look after them.

    `about` is what it is about, as a path, and `name` what people call that, "" for nothing. Of
    `total` steps `progress` are done; 0 where they are not counted. `owner` is the name of whoever
    asked first, "" for nobody; `mine` tells whether whoever looks asked for it, and `ahead` how many
    come before it while it waits.
    """

    id: int
    kind: Kind
    state: State
    about: str
    name: str
    owner: str
    mine: bool
    attempt: int
    progress: int
    total: int
    ahead: int
    error: Failure | None
    created_at: dt.datetime
    due_at: dt.datetime
    finished_at: dt.datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing more is done, unless somebody starts it again."""
        return self.state not in UNFINISHED

    @property
    def takes_in(self) -> bool:
        """Whether it takes in a list, of which what is in stays, however the job ends."""
        return self.kind in {"organisations", "people"}

    @property
    def can_start_again(self) -> bool:
        """Whether it ended before it was done."""
        return self.state in {"dead", "cancelled"}


def turn(own: int, now: int) -> int:
    """Return the turn of a new job.

    Args:
        own: The newest turn of its owner's jobs in the line; 0 for none.
        now: The turn of what is being done; or else, of what is next; 0 where the line is empty.
    """
    return 1 + max(own, now)


def pause(attempt: int) -> dt.timedelta:
    """Return how long to wait after an attempt that failed, the first being 1."""
    return min(_FIRST * int(_GROWTH ** (attempt - 1)), _LONGEST)


def most_attempts(kind: Kind) -> int:
    """Return how often a job of a kind is tried."""
    return _ATTEMPTS.get(kind, _OTHERWISE)


def is_given_up(kind: Kind, attempt: int, status: int) -> bool:
    """Whether a job that failed is dead: tried often enough, or by its error's status for good."""
    return status < _FAULT_OF_OURS or attempt >= most_attempts(kind)
