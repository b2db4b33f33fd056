"""What can go wrong with a cycle: its days, and who takes part."""

from survey_service.errors import SurveyError


class OutsideDatesError(SurveyError, code="outside_dates", status=409):
    """The cycle gives the days `opens` to `closes` in `zone` to the `stage`, and now is none of them."""


class InvalidWindowError(SurveyError, code="invalid_window", status=422):
    """The days of the `stage` cannot be so; `reason` says why."""


class UnknownZoneError(SurveyError, code="unknown_zone", status=422):
    """There is no time zone `zone`."""


class HandedInError(SurveyError, code="handed_in", status=409):
    """Of those who are left out of a cycle, `organisations` have handed in; `count` of them."""


class WithdrawnError(SurveyError, code="withdrawn", status=409):
    """The organisation is withdrawn from the `cycle`, `because` of what was said then."""


class NotWithdrawnError(SurveyError, code="not_withdrawn", status=409):
    """The `organisation` takes part in the cycle."""
