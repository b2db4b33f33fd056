"""Cycles: a period in which a questionnaire is open to those who take part, with dates per stage."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct, structs

from survey_service import time_zones
from survey_service.conduct.life import Stage, State
from survey_service.errors import DamagedCalendarError
from survey_service.errors.cycles import InvalidWindowError, OutsideDatesError, UnknownZoneError
from survey_service.errors.review import MoreTimeError, WrongStateError

CycleState = Literal["planned", "open"]
_ORDER: tuple[Stage, ...] = ("self", "internal", "external")


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """The days of a stage, first and last one included."""

    opens: dt.date
    closes: dt.date


class Calendar(Struct, frozen=True):
    """The windows of a cycle's stages, in the days of its time zone (such as Asia/Jakarta).

    A stage that is left out is no part of the cycle; `self` and `external` always are.
    """

    windows: Mapping[Stage, Window]
    time_zone: str

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that the cycle has."""
        return tuple(stage for stage in _ORDER if stage in self.windows)

    @property
    def is_damaged(self) -> bool:
        """Whether it was damaged where it is kept."""
        return self == UNREADABLE

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone; UTC where somebody made it one that there is not."""
        return time_zones.find(self.time_zone) or zoneinfo.ZoneInfo("UTC")

    def require_sensible(self) -> None:
        """Raise what is wrong with the windows or the zone.

        Raises:
            UnknownZoneError: There is no such time zone.
            InvalidWindowError: A stage is missing, ends before it begins, or begins before the one
                it follows.
        """
        if time_zones.find(self.time_zone) is None:
            raise UnknownZoneError(zone=self.time_zone)
        earliest = dt.date.min
        for stage in _ORDER:
            window = self.windows.get(stage)
            if window is None and stage == "internal":
                continue
            if window is None:
                raise InvalidWindowError(stage=stage, reason="window_missing")
            if window.closes < window.opens:
                raise InvalidWindowError(stage=stage, reason="window_backwards")
            if window.opens < earliest:
                raise InvalidWindowError(stage=stage, reason="window_early")
            earliest = window.opens
        if "final" in self.windows:
            raise InvalidWindowError(stage="final", reason="window_none")

    def require_within(self, stage: Stage, at: dt.datetime) -> None:
        """Raise unless a moment lies within a stage's days.

        Raises:
            OutsideDatesError: It lies before or after them.
            DamagedCalendarError: Nobody can tell; see `UNREADABLE`.
        """
        window = self.windows.get(stage)
        if window is None:
            raise DamagedCalendarError
        if not window.opens <= at.astimezone(self.zone).date() <= window.closes:
            raise OutsideDatesError(
                stage=stage, opens=window.opens, closes=window.closes, zone=self.time_zone
            )

    def extended(self, stage: Stage, until: dt.date | None) -> "Calendar":
        """Return the calendar of one who has until a later day at a stage; None: as everybody."""
        window = self.windows.get(stage)
        if window is None or until is None or until <= window.closes:
            return self
        windows = {**self.windows, stage: Window(window.opens, until)}
        return structs.replace(self, windows=windows)

    def require_more(self, stage: Stage, until: dt.date, at: dt.datetime) -> None:
        """Raise `MoreTimeError` unless a day gives a stage more time, at the moment."""
        today, window = at.astimezone(self.zone).date(), self.windows.get(stage)
        if window is None or until <= window.closes or until < today:
            raise MoreTimeError(stage=stage, closes=window.closes if window else today)


UNREADABLE = Calendar({}, "UTC")
"""Stands for a calendar that is damaged where it is kept: none is without windows."""


class Cycle(Struct, frozen=True):
    """A cycle of the organisation `organisation_id` and those who take part in it.

    `digest` is None while the cycle is planned: opening it pins version and digest.
    """

    id: int
    name: str
    organisation_id: int
    questionnaire: str
    version: str
    calendar: Calendar
    state: CycleState = "planned"
    digest: str | None = None
    opened_at: dt.datetime | None = None

    @property
    def reference(self) -> str:
        """`code@version` of what is asked."""
        return f"{self.questionnaire}@{self.version}"

    def opened(self, digest: str, at: dt.datetime) -> "Cycle":
        """Return the cycle open, and what is asked pinned.

        Raises:
            WrongStateError: It was opened before.
        """
        if self.state == "open":
            raise WrongStateError(state=self.state, step="open")
        return structs.replace(self, state="open", digest=digest, opened_at=at)

    def require_same_version(self, questionnaire: str, version: str) -> None:
        """Raise `WrongStateError` where an open cycle is to ask something else."""
        if self.state == "open" and (questionnaire, version) != (self.questionnaire, self.version):
            raise WrongStateError(state=self.state, step="change")


class Withdrawal(Struct, frozen=True):
    """A participant that is out of a cycle and still shown in it: why, who said so, and when."""

    organisation_id: int
    reason: str
    author: str
    at: dt.datetime


class Extension(Struct, frozen=True):
    """More time for one participant at a stage: until which day, why, who gave it, and when."""

    organisation_id: int
    stage: Stage
    until: dt.date
    reason: str
    author: str
    at: dt.datetime


class Progress(Struct, frozen=True):
    """How far a participant is: the id and state of its assessment, None while it is not opened.

    `answered` counts the indicators that it has answered so far, of a `total` that apply; those
    `to_confirm` were carried over and are not answered yet. `index` and `grade`, by code, are those of
    the result that stands, None while it is being answered. With `withdrawn`, the reason, it is out of
    the cycle.
    """

    organisation_id: int
    organisation: str
    assessment: int | None
    state: State | None
    answered: int
    total: int
    to_confirm: int
    index: Decimal | None
    grade: str | None
    withdrawn: str | None
