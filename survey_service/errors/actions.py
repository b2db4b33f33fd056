"""What can go wrong with actions on the way to a grade."""

from survey_service.errors import SurveyError


class WhyDroppedError(SurveyError, code="why_dropped", status=422):
    """An action is dropped without a word why."""


class NoTargetError(SurveyError, code="no_target", status=422):
    """An action on `indicator` aims at no answer."""


class NoStepChosenError(SurveyError, code="no_step_chosen", status=422):
    """No step of a plan was chosen to become an action."""
