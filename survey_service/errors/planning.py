"""What can go wrong in planning the way to a grade."""

from survey_service.errors import SurveyError


class UnknownTargetError(SurveyError, code="unknown_target", status=422):
    """`target` is none of the `grades` of `questionnaire`, and no index from `lowest` to `highest`."""


class NoWholeError(SurveyError, code="no_whole", status=422):
    """`questionnaire` has no index as a whole, to plan the way to."""


class SolverMissingError(SurveyError, code="solver_missing", status=501):
    """A plan over several years needs a solver that is not installed here."""
