"""What can go wrong with files for other engines, and with those."""

from survey_service.errors import SurveyError


class ExtraMissingError(SurveyError, code="extra_missing", status=501):
    """What is asked for needs the extra `extra` of the package, which is not installed here."""


class NothingToExportError(SurveyError, code="nothing_to_export", status=409):
    """No cycle has been opened yet, so there are no results."""


class ExportTakenError(SurveyError, code="export_taken", status=409):
    """There is an export called `name` already."""


class ExportNameError(SurveyError, code="export_name", status=422):
    """`name` is no name of an export: letters, digits, dots, hyphens and underscores."""


class ExportBusyError(SurveyError, code="export_busy", status=409):
    """The export `name` is just being made, or removed."""


class ExportChangedError(SurveyError, code="export_changed", status=409):
    """The export `name` was replaced or removed while it was read."""


class EngineUnreachableError(SurveyError, code="engine_unreachable", status=503):
    """The engine at `address` does not answer, or not within `seconds`."""


class NoExportError(SurveyError, code="no_export", status=422):
    """The engine finds no export at `place`; `why` is what it says, "" where it says nothing."""


class OtherExportError(SurveyError, code="other_export", status=422):
    """The export at `place` was written by another version of this program."""


class ColumnsMissingError(SurveyError, code="columns_missing", status=422):
    """The results at `place` lack the columns `missing`, which the export says that they have."""


class PartialExportError(SurveyError, code="partial_export", status=409):
    """The export at `place` is being written, or was cut off: it is not whole.

    `why` is what the engine says of the file that it does not find, "" where it says nothing.
    """


class EngineFailedError(SurveyError, code="engine_failed", status=502):
    """The engine could not do what it was asked; `why` is what it says."""


class NoSuchCycleError(SurveyError, code="no_such_cycle", status=404):
    """The export at `place` has no cycle `cycle`; `known` are those that it has."""


class NoSuchGroupError(SurveyError, code="no_such_group", status=422):
    """Nothing by which the export groups is called `by`; `known` are the names that there are."""
