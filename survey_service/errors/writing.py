"""What people type or list that cannot be read, or could be read in two ways."""

from survey_service.errors import SurveyError


class NotANumberError(SurveyError, code="not_a_number", status=422):
    """`value` was written where a number is asked for."""


class AmbiguousNumberError(SurveyError, code="ambiguous_number", status=422):
    """`value` has one sign and three digits after it, and may be either of the `readings`."""


class LostDigitsError(SurveyError, code="lost_digits", status=422):
    """`value` of `name` went through a spreadsheet as a number, which keeps no more than 15 digits."""


class NotToBeTakenInError(SurveyError, code="not_to_be_taken_in", status=409):
    """Something in the list `file` is wrong, or has to be answered, before it can be taken in."""


class CannotBeUndoneError(SurveyError, code="cannot_be_undone", status=409):
    """What a list did to `name` is undone already, was changed since, or is too long ago."""


class NothingToUndoError(SurveyError, code="nothing_to_undo", status=404):
    """No list was imported from the command line within the last day, or all of them are undone."""


class ChangedSinceError(SurveyError, code="changed_since", status=409):
    """A list that changed `name` is not undone, as somebody changed it again since."""


class NoSuccessionError(SurveyError, code="no_succession", status=422):
    """So many organisations cannot follow so many by a `succession` such as a merger."""


class WhichOrganisationError(SurveyError, code="which_organisation", status=422):
    """No organisation, or more than one, is called `name`."""


class UnreadableAnswerError(SurveyError, code="unreadable_answer", status=422):
    """`value` stands in a cell where one of the `expected` is to be chosen."""


class UnitTwiceError(SurveyError, code="unit_twice", status=422):
    """The `unit` has two rows for the same indicator."""


class NotADateError(SurveyError, code="not_a_date", status=422):
    """`value` was written where a day is asked for, as 2026-12-31."""
