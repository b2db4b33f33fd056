"""What can be wrong with a workbook of answers that somebody brings back."""

from survey_service.errors import SurveyError


class NotAWorkbookError(SurveyError, code="not_a_workbook", status=422):
    """`file` is no workbook that can be read, or one that is too large, for a `reason`."""


class UnsafeWorkbookError(SurveyError, code="unsafe_workbook", status=422):
    """`file` has macros, or takes values from other files: `what` is in it."""


class ForeignWorkbookError(SurveyError, code="foreign_workbook", status=422):
    """`file` was not written by this service: it has nothing that says what it answers."""


class DamagedWorkbookError(SurveyError, code="damaged_workbook", status=422):
    """What `file` says of itself was damaged: `what`, a sheet or its column of codes."""


class OtherQuestionnaireError(SurveyError, code="other_questionnaire_workbook", status=409):
    """`file` answers `found`, and the assessment asks `expected`."""


class OtherVersionError(SurveyError, code="other_version_workbook", status=409):
    """`file` answers the version `found` of the questionnaire, and the assessment asks `expected`."""


class OtherAssessmentError(SurveyError, code="other_assessment_workbook", status=409):
    """`file` was exported from another assessment, of `organisation`."""


class OtherStageError(SurveyError, code="other_stage_workbook", status=409):
    """`file` holds the scores of a `stage` that the assessment is not at."""


class EvidenceElsewhereError(SurveyError, code="evidence_elsewhere", status=422):
    """`value` was typed as evidence by those who check the answers of others."""


class UnmappedWorkbookError(SurveyError, code="unmapped_workbook", status=422):
    """Nothing of what `mapping` reads is in `file`."""


class OtherMappingError(SurveyError, code="other_mapping", status=409):
    """`mapping` reads sheets of `found`, and the assessment asks `expected`."""


class NewerWorkbookError(SurveyError, code="newer_workbook", status=422):
    """`file` was written by a newer version of this service."""


class TooManyWorkbooksError(SurveyError, code="too_many_workbooks", status=422):
    """More workbooks were brought back to be taken in together than the `most` that can be."""


class UndecidedError(SurveyError, code="undecided_workbook", status=422):
    """Of `count` indicators it has not been said which answer is to stand; `missing` lists them."""


class NothingToTakeInError(SurveyError, code="nothing_to_take_in", status=409):
    """Nothing of what is in `file` was chosen, or all of it stands already."""
