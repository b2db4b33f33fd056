"""What can go wrong while an assessment is checked and answered for."""

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


class IncompleteError(SurveyError, code="incomplete", status=409):
    """The assessment cannot be handed in yet; `missing` lists the unanswered indicators."""


class WrongStateError(SurveyError, code="wrong_state", status=409):
    """The `state` does not allow the `step`."""


class ReasonRequiredError(SurveyError, code="reason_required", status=422):
    """The score of `indicator` differs from that of the stage before, and no reason is given."""


class UncheckedError(SurveyError, code="unchecked", status=409):
    """The stage cannot end yet; `missing` lists the `count` answers that it has not scored."""


class PointsMissingError(SurveyError, code="points_missing", status=422):
    """What is returned to the agency needs at least one point to mend."""


class StepReasonError(SurveyError, code="step_reason", status=422):
    """The step needs a reason, which is kept for ever."""


class AnswerRequiredError(SurveyError, code="answer_required", status=422):
    """The objection `remark` needs an answer."""


class OpenObjectionsError(SurveyError, code="open_objections", status=409):
    """The assessment cannot become final yet: `count` objections are unanswered."""


class ResolvedError(SurveyError, code="resolved", status=409):
    """The remark `remark` was resolved before, by `author` at `at`."""
