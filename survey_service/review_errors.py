"""What can go wrong while an assessment is checked and answered for; see `errors`."""

from survey_service.errors import SurveyError


class WrongOutcomeError(SurveyError, code="wrong_outcome", status=422):
    """`outcome` can become of no remark of this kind."""


class MoreTimeError(SurveyError, code="more_time", status=422):
    """More time at the `stage` must end after the last day `closes` that it has, and not before today."""


class KeptError(SurveyError, code="kept", status=409):
    """Assessment `assessment` was handed in, or goes on from another version: it is not thrown away."""


class NotBroughtBackError(SurveyError, code="not_brought_back", status=409):
    """Assessment `assessment` was thrown away for good: a day is over, or its place is taken."""


class PanelError(SurveyError, code="panel", status=422):
    """A panel is of `fewest` to `most` different evaluators of the assessment, and only they score in it."""


class PanelWaitsError(SurveyError, code="panel_waits", status=409):
    """The panel has not met: `names` have still to hand in what they scored alone."""


class ScoresHandedInError(SurveyError, code="scores_handed_in", status=409):
    """`person` has handed in what they scored alone: it is changed no more."""
