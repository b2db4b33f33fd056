"""What can go wrong with an installation's database while somebody looks after it."""

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


class InvalidCheckpointError(SurveyError, code="invalid_checkpoint", status=422):
    """The file `file` is no checkpoint."""


class ForeignCheckpointError(SurveyError, code="foreign_checkpoint", status=422):
    """The checkpoint in `file` is of the log `origin`, and ours is `expected`."""


class UnsignedCheckpointError(SurveyError, code="unsigned_checkpoint", status=422):
    """The one in `file` lacks the signature of `origin`, or was changed after it was signed."""


class LogKeyError(SurveyError, code="log_key", status=503):
    """The log's key cannot be opened with the secret that is set, or there is none yet."""


class SealError(SurveyError, code="seal", status=503):
    """What papers are sealed with cannot be used: `source` is a file, a token or an authority."""


class NewerDatabaseError(SurveyError, code="newer_database", status=503):
    """The database is at revision `found`, of a newer program; this one knows `expected`."""


class InvalidSettingError(SurveyError, code="invalid_setting", status=500):
    """The environment variable `name` holds `value`, and `expected` is wanted."""


class UnsafeSettingError(SurveyError, code="unsafe_setting", status=500):
    """The setting `name` is only good for trying the service out; `expected` is wanted."""


class NotMigratedError(SurveyError, code="not_migrated", status=503):
    """The database is not at the revision that this program expects."""


class DatabaseReadOnlyError(SurveyError, code="database_read_only", status=503):
    """The database can only be read; what was sent was not kept."""


class DatabaseUnavailableError(SurveyError, code="database_unavailable", status=503):
    """The database does not answer; what was sent was not kept."""


class FilesUnavailableError(SurveyError, code="files_unavailable", status=503):
    """The store of files does not answer; what was sent was not kept."""


class NoSpaceError(SurveyError, code="no_space", status=503):
    """There is no space left on a disk; what was sent was not kept."""


class MissingLibraryError(SurveyError, code="missing_library", status=503):
    """A system library or file that `task` needs is not on this machine."""


class OverloadedError(SurveyError, code="overloaded", status=503):
    """As much is under way as can be served well; there is room again in `seconds`."""


class CrowdingError(SurveyError, code="crowding", status=429):
    """From one address as much is under way as one may have of what is for everybody."""
