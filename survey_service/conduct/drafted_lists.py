"""Lists that somebody uploaded: looked at first, then taken in, and for a day undone as one step."""

import datetime as dt
from typing import Literal

from msgspec import Struct, structs

from survey_service.conduct.organisations import Intended, Listed

ListKind = Literal["organisations", "people"]
UNDONE_WITHIN = dt.timedelta(days=1)
KEPT = dt.timedelta(days=7)  # those that nobody took in


UNREADABLE = (Intended("add", None, Listed("", "")),)
"""Stands for changes that are damaged where they are kept: nothing is called so."""


class Drafted(Struct, frozen=True):
    """A list as it was uploaded, its rows as JSON by `kind`; `at` is when it was last changed.

    `job_id` is the job that takes it in, None while nobody asked for that, and `undoing_id` the one
    that undoes it; `changes` are those of organisations that were asked for. What a list of people
    changes, its job knows.
    """

    id: int
    kind: ListKind
    file: str
    rows: str
    at: dt.datetime
    job_id: int | None = None
    undoing_id: int | None = None
    changes: tuple[Intended, ...] = ()

    def can_be_undone(self, now: dt.datetime) -> bool:
        """Whether it was taken in no longer than a day ago, changed something, and still stands."""
        known = bool(self.changes) and self.changes != UNREADABLE
        known = known or (self.kind == "people" and self.job_id is not None)
        return known and self.undoing_id is None and now - self.at < UNDONE_WITHIN


def undone(change: Intended, id_: int, parent_id: int | None) -> Intended:
    """Return what undoes a change of the organisation of an id; one that was added is deactivated.

    For nothing is ever removed, and it may have been used since. It stands below `parent_id` by now.
    """
    if change.before is None:
        closed = structs.replace(change.after, active=False)
        return Intended("change", change.after, closed, id_, parent_id)
    return Intended("change", change.after, change.before, id_, change.was_below)
