"""What keeps the database or the files from serving, told apart from what is our fault.

Neither a full disk nor a server that is gone can be helped by the code that meets it: it rises as it
came, which undoes the transaction, and is named at the door.
"""

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from obstore.exceptions import BaseError as FilesError
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from survey_service.errors import SurveyError
from survey_service.errors.installation import (
    DatabaseBusyError,
    DatabaseReadOnlyError,
    DatabaseUnavailableError,
    FilesUnavailableError,
    NoSpaceError,
)
from survey_service.settings import Settings

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DISK = {errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}
_NO_SPACE_SAID = re.compile(rf"os error ({'|'.join(map(str, sorted(_NO_SPACE)))})\b")
_SQLITE = {  # primary result codes: busy, locked, I/O, corrupt, cannot open, no database
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
}
_GONE = ("08", "53", "57P", "58")  # of SQLSTATE: connection, resources, shut down, system
_FULL = "53100"
_READ_ONLY = "25006"
_CROWDED = "40"  # rolled back for others' sake, again and again
_LEAST = 50_000_000  # bytes that a disk must have free: a few uploads, and what SQLite writes ahead
_TELLING = ("22", "23")  # of SQLSTATE: messages on values and constraints quote what was sent


def fault(error: BaseException) -> SurveyError | None:
    """Return what to tell of an error that is no fault of the code; None if it is one."""
    for one in _causes(error):
        if isinstance(one, SurveyError):
            return one if one.status == 503 else None  # noqa: PLR2004 - by its number it is best known
        if (known := _known(one)) is not None:
            return known
    return None


def told(error: BaseException) -> str:
    """Return in a line what an error came from, for the log."""
    origin = list(_causes(error))[-1]
    return " ".join(f"{type(origin).__name__}: {origin}".split())


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from, the last first."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _known(error: BaseException) -> SurveyError | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseUnavailableError()
    if isinstance(error, PoolTimeoutError | TimeoutError):  # of a statement, that is
        return DatabaseUnavailableError()
    if (state := getattr(error, "sqlstate", None)) is not None:
        return _of_postgresql(str(state))
    if isinstance(error, FilesError):
        full = _NO_SPACE_SAID.search(str(error))
        return NoSpaceError() if full else FilesUnavailableError()
    if isinstance(error, OSError):
        return _of_the_system(error.errno)
    return None


def _of_sqlite(code: int) -> SurveyError | None:
    if code == sqlite3.SQLITE_FULL:
        return NoSpaceError()
    if code == sqlite3.SQLITE_READONLY:
        return DatabaseReadOnlyError()
    return DatabaseUnavailableError() if code in _SQLITE else None


def _of_postgresql(state: str) -> SurveyError | None:
    if state == _FULL:
        return NoSpaceError()
    if state == _READ_ONLY:
        return DatabaseReadOnlyError()
    if state.startswith(_CROWDED):
        return DatabaseBusyError()
    return DatabaseUnavailableError() if state.startswith(_GONE) else None


def _of_the_system(number: int | None) -> SurveyError | None:
    if number in _NO_SPACE:
        return NoSpaceError()
    return FilesUnavailableError() if number in _DISK else None


def require_space(settings: Settings) -> None:
    """Raise `NoSpaceError` where a disk that we write to is nearly full."""
    for place in (settings.database, settings.files):
        if "://" not in place and shutil.disk_usage(_existing(Path(place))).free < _LEAST:
            raise NoSpaceError


def _existing(path: Path) -> Path:
    """Return the path, or what is nearest above it."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


async def connected(*arguments: Any, **named: Any) -> Any:
    """Return a connection to PostgreSQL.

    Raises:
        DatabaseUnavailableError: The server cannot be reached, or does not take us in time.
    """
    import asyncpg  # noqa: PLC0415 - an extra, which those without the server do not install

    try:
        return await asyncpg.connect(*arguments, **named)
    except OSError as error:
        raise DatabaseUnavailableError from error


def conceal(engine: sa.Engine) -> None:
    """Take what was sent, such as an answer or a name, out of the errors of an engine.

    They end up in a log; `hide_parameters` hides those of SQLAlchemy, not what the server quotes.
    """

    @event.listens_for(engine, "handle_error")
    def _conceal(context: sa.engine.ExceptionContext) -> None:
        told_as = context.sqlalchemy_exception
        errors = [*([told_as] if told_as else []), *_causes(context.original_exception)]
        states = [str(state) for one in errors if (state := getattr(one, "sqlstate", None))]
        if not states:
            return
        named = _names(errors)
        for one in errors:
            said = str(one.args[0]) if one.args else ""
            kept = said.partition("\nDETAIL:")[0]
            one.args = (f"{states[0]} {named}" if states[0].startswith(_TELLING) else kept,)
            for name in ("detail", "message"):
                if isinstance(getattr(one, name, None), str):
                    setattr(one, name, None)


def _names(errors: list[BaseException]) -> str:
    """Return the table, the column and the constraint that the server names."""
    parts = [f"{part}_name" for part in ("table", "column", "constraint")]
    return " ".join(getattr(one, part, None) or "" for one in errors for part in parts).strip()
