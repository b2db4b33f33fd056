"""Releases as they are published: drafted, looked at, published once, and never changed afterwards.

A correction is another release of the same cycle, with the next number, that says what it changes.
"""

import datetime as dt
import hashlib
from base64 import b32encode
from decimal import Decimal

from msgspec import Struct

from survey_service.analysis.releases import Change, Figure, Remembered
from survey_service.conduct.cycles import Window
from survey_service.conduct.life import Stage

SHOWN = 500
"""Changes that are kept to be shown; all of them are in the release itself."""

ARCHIVE, PAPERS = "release.zip", {"id": "report-id.pdf", "en": "report-en.pdf"}
"""What the files of a release are called: its data, and the national report by language."""
DRAFTS = {"id": "draft-id.pdf", "en": "draft-en.pdf"}
"""What the report is called that a draft would be published with, by language."""

_LETTERS, _GROUP = 15, 5


class Participation(Struct, frozen=True):
    """Who takes part in a cycle, `count` in all, at a moment.

    `places` counts who stands where, "" for who has not begun; `days` how many handed in and became
    final on each, ascending; the `windows` of the stages end with the deadlines.
    """

    places: dict[str, int] = {}
    days: tuple[tuple[dt.date, int, int], ...] = ()
    windows: dict[Stage, Window] = {}
    count: int = 0


class Earlier(Struct, frozen=True):
    """The final index of each organisation that has one, by its id, in a cycle before that asked the same."""

    cycle: str
    indices: dict[int, Decimal]


class Beside(Struct, frozen=True):
    """What a report tells beside its release: who publishes it, and the name of its cycle.

    `earlier` is what it is compared with; None for nothing.
    """

    organisation: str
    cycle: str
    earlier: Earlier | None = None


class Told(Struct, frozen=True):
    """What a release tells, as pages show it: `changes` are the first `SHOWN` of `changed`.

    `grades` counts those with a grade by its code, as far as organisations are named. `participation`
    and what is `beside` are as they were when the release was drafted, None of one that was drafted
    before they were kept.
    """

    figures: tuple[Figure, ...] = ()
    grades: dict[str, int] = {}
    changes: tuple[Change, ...] = ()
    changed: int = 0
    participation: Participation | None = None
    beside: Beside | None = None


class Memory(Struct, frozen=True):
    """What a release told of groups, which the next one must know; never to be published."""

    told: tuple[Remembered, ...] = ()


UNREADABLE = Told(changed=-1)
"""What stands where somebody damaged what a release tells."""
FORGOTTEN = Memory((Remembered(("", ""), ()),))
"""What stands where somebody damaged what must be remembered."""


class Publication(Struct, frozen=True):
    """A release of a cycle: a draft while `number` is None, then published under it, from 1.

    `before_id` is the release that it corrects, and `reason` says why. `digests` is the SHA-256 of its
    list of digests, by which the log knows all of it, under the short `code` and by `entry_id`.
    """

    id: int
    cycle_id: int
    number: int | None
    before_id: int | None
    reason: str
    named: bool
    organisations: int
    digests: str
    code: str
    told: Told
    author: str
    at: dt.datetime
    publisher: str | None = None
    published_at: dt.datetime | None = None
    entry_id: int | None = None

    @property
    def is_published(self) -> bool:
        """Whether it is out, and can never be changed."""
        return self.number is not None


def code_of(digests: str, number: int) -> str:
    """Return the short code of a release, fifteen letters in groups of five, as reports have them."""
    content = hashlib.sha256(f"release {number} {digests}".encode()).digest()
    letters = b32encode(content).decode()[:_LETTERS]
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))
