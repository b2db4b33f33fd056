"""What can go wrong in looking at a whole cycle."""

from survey_service.errors import SurveyError


class OtherQuestionnaireError(SurveyError, code="other_questionnaire", status=422):
    """The cycle to compare with asked `before`, this one asks `now`: their indices differ in meaning."""


class UnknownChoiceError(SurveyError, code="unknown_choice", status=422):
    """A view cannot be grouped or sorted by `value`, or has no such tier; `known` is what there is."""


class NotRolledUpError(SurveyError, code="not_rolled_up", status=422):
    """`questionnaire` asks something on conditions, which results of units do not tell."""
