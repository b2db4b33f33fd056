"""What can go wrong with evidence: the file, the link, the room for it."""

from survey_service.errors import SurveyError


class UnacceptableFileError(SurveyError, code="unacceptable_file", status=422):
    """The file `name` cannot be taken; `reason` says why (`problem.*`)."""


class NoFileError(SurveyError, code="no_file", status=422):
    """No file was chosen."""


class InvalidLinkError(SurveyError, code="invalid_link", status=422):
    """`url` is no address on the web."""


class FileTooLargeError(SurveyError, code="file_too_large", status=413):
    """The file `name` is larger than `limit` (text with a unit)."""


class TooManyFilesError(SurveyError, code="too_many_files", status=409):
    """`name` is one too many: the answer has `most` pieces of evidence, as many as it may have."""


class TooManyKeptError(SurveyError, code="too_many_kept", status=409):
    """`name` is one too many: the answer has `most` pieces, with those that were taken away."""


class AssessmentFullError(SurveyError, code="assessment_full", status=409):
    """There is no room for `name`: the assessment's evidence takes `taken` of `most`."""


class OrganisationFullError(SurveyError, code="organisation_full", status=409):
    """There is no room for `name`: the organisation's evidence takes `taken` of `most`."""


class NotAttachedError(SurveyError, code="not_attached", status=409):
    """The piece of `evidence` was taken away before."""
