"""What can go wrong with what needs an extra of the package; worded in the catalogues as all errors are."""

from survey_service.errors import SurveyError


class ExtraMissingError(SurveyError, code="extra_missing", status=501):
    """What is asked for needs the extra `extra` of the package, which is not installed here."""
