"""What can go wrong with organisations, and with what is kept of them."""

from survey_service.errors import SurveyError


class NothingChangedError(SurveyError, code="nothing_changed", status=409):
    """There is nothing to take over: the organisation is as the assessment has it."""


class NameTakenError(SurveyError, code="name_taken", status=409):
    """An organisation is called `name` already."""


class InvalidNameError(SurveyError, code="invalid_name", status=422):
    """`name` is no name: it is empty, longer than `most` letters, or not one line."""


class BelowItselfError(SurveyError, code="below_itself", status=409):
    """The organisation `name` would stand below itself."""


class OwnOrganisationError(SurveyError, code="own_organisation", status=409):
    """Nobody deactivates the organisation that they belong to: it would shut them out."""


class UnkeepableError(SurveyError, code="unkeepable", status=422):
    """`value`, of the attribute `name`, cannot be kept: no number beyond `limit`, nor an endless one."""


class InactiveError(SurveyError, code="inactive", status=409):
    """`organisation` is no longer active; what it answered stays, and nothing new is opened."""
