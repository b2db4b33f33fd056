"""What can go wrong with a questionnaire: with the file, or with asking for one."""

from survey_service.errors import SurveyError


class UnknownQuestionnaireError(SurveyError, code="unknown_questionnaire", status=404):
    """No questionnaire has this code and version; `reference` is `code@version`."""


class UnknownKindError(SurveyError, code="unknown_kind", status=422):
    """`questionnaire` is asked of the kinds `expected` of organisation, and `kind` is none."""


class CheckFailedError(SurveyError, code="check_failed", status=422):
    """A questionnaire has `findings` that keep it from being used; `count` of them."""


class PublishedDiffersError(SurveyError, code="published_differs", status=409):
    """`reference` is published, and the file that now bears its name says something else."""
