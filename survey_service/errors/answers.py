"""What can be wrong with an answer, or with writing it."""

from survey_service.errors import SurveyError


class UnknownIndicatorError(SurveyError, code="unknown_indicator", status=404):
    """The questionnaire has no indicator `indicator`."""


class InvalidLevelError(SurveyError, code="invalid_level", status=422):
    """`level` lies outside `lowest` to `highest`."""


class InvalidOptionError(SurveyError, code="invalid_option", status=422):
    """`option` is none of the `options` of `indicator`."""


class InvalidValueError(SurveyError, code="invalid_value", status=422):
    """`value` is no number from `lowest` to `highest` with at most `decimals` decimals."""


class WrongInputsError(SurveyError, code="wrong_inputs", status=422):
    """`indicator` is answered with the numbers `expected`, and `given` ones were given."""


class InvalidInputError(SurveyError, code="invalid_input", status=422):
    """`value` for `input` of `indicator` is negative, or no number to reckon with."""


class PartExceedsWholeError(SurveyError, code="part_exceeds_whole", status=422):
    """The `part` entered for `indicator` is more than the `whole` it belongs to."""


class InvalidItemError(SurveyError, code="invalid_item", status=422):
    """`item` is none of the `items` of `indicator`."""


class NotByUnitError(SurveyError, code="not_by_unit", status=422):
    """`indicator` is answered for the organisation as a whole, or no unit was given."""


class InvalidWeightError(SurveyError, code="invalid_weight", status=422):
    """`weight` of a unit of `indicator` is not above nothing."""


class UnitLineError(SurveyError, code="unit_line", status=422):
    """`line` of the units of `indicator` is not a name, a colon and an answer."""


class WrongKindError(SurveyError, code="wrong_kind", status=422):
    """`indicator` is answered with `expected`, and `found` was given."""


class NoAnswerError(SurveyError, code="no_answer", status=422):
    """The answer to `indicator` says neither what is `expected` nor why it does not apply."""


class TwoAnswersError(SurveyError, code="two_answers", status=422):
    """The answer to `indicator` says several things at once: `given`."""


class ApplicableError(SurveyError, code="applicable", status=422):
    """`indicator` must be answered: the questionnaire does not let it be left out."""


class ReasonMissingError(SurveyError, code="reason_missing", status=422):
    """`indicator` was called not applicable without a reason."""


class StaleRevisionError(SurveyError, code="stale_revision", status=409):
    """`indicator` was saved by somebody else since; `current` and `sent` are both versions."""


class ClosedError(SurveyError, code="closed", status=409):
    """In this `state` the assessment's scores of the stage can be read and not changed."""
