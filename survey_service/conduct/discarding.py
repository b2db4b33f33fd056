"""Throwing away a draft that was never handed in: for a day it can be brought back, and its record stays."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Moved
from survey_service.errors.review import KeptError

_REGRET = dt.timedelta(days=1)


class Discarding(Struct, frozen=True):
    """When a draft was thrown away, and the name of who did it."""

    at: dt.datetime
    author: str

    @property
    def until(self) -> dt.datetime:
        """The moment from which it can no longer be brought back."""
        return self.at + _REGRET


def require_discardable(assessment: Assessment, taken: Iterable[Moved], *, continues: bool) -> None:
    """Raise unless an assessment can be thrown away.

    Args:
        assessment: As it stands.
        taken: The steps of its life so far.
        continues: Whether it goes on from one on another version, which may have been handed in.

    Raises:
        KeptError: It is no draft, was handed in once, or goes on from another one.
        ClosedError: It goes on in another one.
        WithdrawnError: Its organisation is withdrawn from the cycle.
    """
    assessment.require_going_on()
    handed_in = any(one.step == "submit" for one in taken)
    if assessment.state != "draft" or handed_in or continues:
        raise KeptError(assessment=assessment.id)
