"""What can go wrong with an installation's database while somebody looks after it; see `errors`."""

from survey_service.errors import SurveyError


class BackupError(SurveyError, code="backup", status=409):
    """`file` cannot be backed up to or restored from; `reason` says why."""


class MigrationError(SurveyError, code="migration", status=500):
    """The migration was undone: `count` rows of `table` would refer to nothing."""


class ServedError(SurveyError, code="served", status=409):
    """Another process serves the file `database`, or brings it back from a backup."""


class DatabaseBusyError(SurveyError, code="database_busy", status=503):
    """Another process has been writing to the database for long, and still does."""


class ResultsMissingError(SurveyError, code="results_missing", status=503):
    """Assessments from before results were stored have none yet: bringing up to date was cut off."""
