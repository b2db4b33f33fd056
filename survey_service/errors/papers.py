"""What can go wrong with papers on an assessment and with the templates that make them."""

from survey_service.errors import SurveyError


class TemplateFaultError(SurveyError, code="template_fault", status=422):
    """The template `file` makes no paper: at `line`, 0 where that is not known, for a `reason`."""


class NoPapersError(SurveyError, code="no_papers", status=409):
    """There is a `paper` on no assessment of a cycle."""


class NoPaperError(SurveyError, code="no_paper", status=409):
    """An assessment that is `state` has no such `paper`."""


class UnreadablePaperError(SurveyError, code="unreadable_paper", status=422):
    """What is said to be a paper is none, for a `reason`; `limit` is in megabytes."""


class InvalidKeyError(SurveyError, code="invalid_key", status=422):
    """The file `file` hands out no public key."""


class InvalidGrowthError(SurveyError, code="invalid_growth", status=422):
    """The file `file` is no proof that a log grew."""


class UncheckedPaperError(SurveyError, code="unchecked_paper", status=422):
    """To look into a file took more than `seconds`, or too much memory."""


class RenderingError(SurveyError, code="rendering", status=503):
    """The report could not be made, or not within `seconds`."""
