"""What can go wrong with papers on an assessment and with the templates that make them; see `errors`."""

from survey_service.errors import SurveyError


class TemplateFaultError(SurveyError, code="template_fault", status=422):
    """The template `file` makes no paper: at `line`, 0 where that is not known, for a `reason`."""


class NoPapersError(SurveyError, code="no_papers", status=409):
    """There is a `paper` on no assessment of a cycle."""


class NoPaperError(SurveyError, code="no_paper", status=409):
    """An assessment that is `state` has no such `paper`."""
