"""What can go wrong with a release of open data."""

from survey_service.errors import SurveyError


class NothingFinalError(SurveyError, code="nothing_final", status=409):
    """Nothing in the cycle `cycle` is final yet, so there is nothing to release."""


class NoReleaseError(SurveyError, code="no_release", status=422):
    """`file`, at `line`, is not as a release has it."""


class FolderTakenError(SurveyError, code="folder_taken", status=409):
    """There is something in `folder` already."""


class ReasonMissingError(SurveyError, code="release_reason", status=422):
    """A release that corrects number `number` says why it does."""


class DraftOutdatedError(SurveyError, code="draft_outdated", status=409):
    """Another release of the cycle was published since this one was drafted."""


class PublishedError(SurveyError, code="published_already", status=409):
    """It is published already, as number `number`."""
