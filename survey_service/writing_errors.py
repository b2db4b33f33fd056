"""What people type or list that cannot be read, or could be read in two ways; see `errors`."""

from survey_service.errors import SurveyError


class NotANumberError(SurveyError, code="not_a_number", status=422):
    """`value` was written where a number is asked for."""


class AmbiguousNumberError(SurveyError, code="ambiguous_number", status=422):
    """`value` has one sign and three digits after it, and may be either of the `readings`."""


class LostDigitsError(SurveyError, code="lost_digits", status=422):
    """`value` of `name` went through a spreadsheet as a number, which keeps no more than 15 digits."""
