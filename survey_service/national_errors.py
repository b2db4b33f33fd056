"""What can go wrong in looking at a whole cycle; worded in the catalogues as all errors are."""

from survey_service.errors import SurveyError


class OtherQuestionnaireError(SurveyError, code="other_questionnaire", status=422):
    """The cycle to compare with asked `before`, this one asks `now`: their indices differ in meaning."""
