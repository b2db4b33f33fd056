"""A copy of everything that an installation keeps: the SQLite database and the files."""

import io
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from survey_service.errors import BackupError
from survey_service.store.schema import require_no_newer

_DATABASE = "survey.db"
_FILES = "files/"


def save(database: str, files: Path | None, archive: Path) -> None:
    """Write the database, as of one moment, and the files into a compressed archive.

    `files` is None where they lie elsewhere.

    Raises:
        BackupError: There is no database, or the archive is there already.
        NewerDatabaseError: The database is one of a newer program.
    """
    if not Path(database).is_file():
        raise BackupError(file=database, reason="no_database")
    require_no_newer(Path(database))
    if archive.exists():
        raise BackupError(file=str(archive), reason="exists")
    part = archive.with_name(archive.name + ".part")  # else a backup cut off looks like a whole one
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / _DATABASE
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("vacuum into ?", (str(copy),))
        with tarfile.open(part, "w:gz") as opened:
            opened.add(copy, _DATABASE)
            for path in _everything(files):
                opened.add(path, _FILES + path.relative_to(files or path).as_posix())
    part.replace(archive)


def restore(archive: Path, database: str, files: Path | None) -> None:
    """Bring back what `save` wrote, where nothing is yet; `files` is None where they lie elsewhere.

    Raises:
        BackupError: The archive is none of ours, or there is a database already.
        NewerDatabaseError: What is in it is of a newer program.
    """
    target = Path(database)
    if target.exists():
        raise BackupError(file=database, reason="exists")
    try:
        with tarfile.open(archive, "r:gz") as opened:
            members = {member.name: member for member in opened.getmembers() if member.isfile()}
            content = _content(opened, members.pop(_DATABASE))
            _require_no_newer(content)
            for name, member in members.items():
                if files is not None:
                    _put(files, name.removeprefix(_FILES), _content(opened, member))
    except (OSError, EOFError, KeyError, tarfile.TarError, DatabaseError) as error:
        raise BackupError(file=str(archive), reason="no_backup") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)  # last: until then there is nothing that could be served


def _require_no_newer(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / _DATABASE
        copy.write_bytes(content)
        require_no_newer(copy)


def _everything(files: Path | None) -> list[Path]:
    return [] if files is None else sorted(one for one in files.rglob("*") if one.is_file())


def _content(opened: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    return (opened.extractfile(member) or io.BytesIO()).read()


def _put(files: Path, name: str, content: bytes) -> None:
    path = files / name
    if not path.resolve().is_relative_to(files.resolve()):
        raise KeyError(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
