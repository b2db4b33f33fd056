"""The archive of a backup: a compressed tar whose members are checked as they stream by.

    backup.json    what it is a backup of, and when: see `Manifest`
    survey.db      the database, as of one moment; `survey.dump` of a server, for pg_restore
    files/…        the files
    SHA256SUMS     the digest of each of them, as `sha256sum --check` reads it

Archives of earlier versions had neither the first nor the last; they are read all the same.
"""

import datetime as dt
import fcntl
import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path, PurePosixPath
from typing import IO, Literal

import msgspec
from msgspec import Struct
from typing_extensions import override

from survey_service.errors.installation import BackupError
from survey_service.store.permissions import FILE, make_folder

MANIFEST, SUMS, FILES = "backup.json", "SHA256SUMS", "files/"
DATABASES = {"sqlite": "survey.db", "postgresql": "survey.dump"}
"""The name of the database among the members, by engine."""

_EVIDENCE = f"{FILES}evidence/"
_PIECE = 1024 * 1024  # bytes
_LEVEL = 6  # of compression: beyond it takes twice the time for a hundredth of the size


class Manifest(Struct, frozen=True):
    """What a backup is of: the engine, the schema's revision, and when it was made.

    `head` is the end of the log, `SIZE:ROOT`, or of the chain that there was before it; None where the
    database was of an earlier version than the program that saved it.
    """

    engine: Literal["sqlite", "postgresql"]
    revision: str
    head: str | None
    at: dt.datetime


class Archive:
    """An archive that is being written."""

    def __init__(self, opened: tarfile.TarFile, sums: IO[bytes]) -> None:
        self._opened = opened
        self._sums = sums

    def add(self, path: Path, name: str) -> None:
        """Add a file; one that has gone meanwhile is left out."""
        try:
            with path.open("rb") as content:
                self._add(content, os.fstat(content.fileno()).st_size, name)
        except FileNotFoundError:
            return

    def add_bytes(self, content: bytes, name: str) -> None:
        """Add a small content."""
        self._add(io.BytesIO(content), len(content), name)

    def finish(self) -> None:
        """Add the digests of all that was added."""
        size = self._sums.tell()
        self._sums.seek(0)
        self._opened.addfile(_member(SUMS, size), self._sums)

    def _add(self, content: IO[bytes], size: int, name: str) -> None:
        digesting = _Digesting(content)
        self._opened.addfile(_member(name, size), digesting)
        self._opened.members.clear()  # type: ignore[attr-defined] # else it keeps all in memory
        self._sums.write(_line(digesting.digest.hexdigest(), name))


class _Digesting(io.RawIOBase):
    """A file that is digested as it is read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    @override
    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece


@contextmanager
def writing(archive: Path) -> Iterator[Archive]:
    """Write an archive, for its owner alone; it appears once it is whole, or not at all.

    Raises:
        BackupError: It is there already, or being written, or cannot be.
    """
    part = part_of(archive)
    if archive.exists():
        raise BackupError(file=str(archive), reason="exists")
    try:
        make_folder(archive.parent)
        with (
            os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, FILE), "w+b") as written,
            tempfile.TemporaryFile(dir=archive.parent) as sums,
        ):
            _require_alone(written, archive)
            try:
                yield from _fill(written, sums)
                part.rename(archive)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(file=str(archive), reason="unwritable", cause=error.strerror) from error


def part_of(archive: Path) -> Path:
    """Return where an archive is written until it is whole."""
    return archive.with_name(archive.name + ".part")


def _require_alone(written: IO[bytes], archive: Path) -> None:
    """Take what a killed backup has left, and nothing that another one is writing."""
    try:
        fcntl.flock(written, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupError(file=str(archive), reason="under_way") from None
    os.fchmod(written.fileno(), FILE)
    written.truncate(0)


def _fill(written: IO[bytes], sums: IO[bytes]) -> Iterator[Archive]:
    with tarfile.open(fileobj=written, mode="w:gz", compresslevel=_LEVEL) as opened:
        filling = Archive(opened, sums)
        yield filling
        filling.finish()
    written.flush()
    os.fsync(written.fileno())


def unpack(archive: Path, place: Callable[[str], Path | None]) -> Manifest | None:
    """Write what an archive holds where `place` says, and check it against its digests.

    Args:
        archive: The archive.
        place: Returns where the member of a name goes; None to leave it out.

    Returns:
        What it is a backup of; None where an earlier version wrote it.

    Raises:
        BackupError: It is none of ours, or not as it was written.
    """
    reading = _Reading(place)
    try:
        with gzip.open(archive) as unzipped:
            with tarfile.open(fileobj=unzipped, mode="r|") as opened:
                for member in opened:
                    reading.take(member, opened.extractfile(member))
                    opened.members.clear()  # type: ignore[attr-defined] # as above
            while unzipped.read(_PIECE):
                pass  # to its end, where its own checksum stands
    except (EOFError, tarfile.TarError, zlib.error, msgspec.MsgspecError) as error:
        raise BackupError(file=str(archive), reason="no_backup") from error
    except OSError as error:  # of the archive's format where the system gave it no number
        reason = "no_backup" if error.errno is None else "unwritable"
        raise BackupError(file=str(archive), reason=reason, cause=error.strerror) from error
    if not reading.is_whole:
        raise BackupError(file=str(archive), reason="no_backup")
    return reading.manifest


class _Reading:
    """What was read of an archive: what it says of itself, and the digests of its members."""

    def __init__(self, place: Callable[[str], Path | None]) -> None:
        self.manifest: Manifest | None = None
        self._place = place
        self._sums = hashlib.sha256()
        self._listed: str | None = None
        self._has_database = False

    @property
    def is_whole(self) -> bool:
        """Whether a database was there, and everything as it was written."""
        as_written = self.manifest is None or self._listed == self._sums.hexdigest()
        return self._has_database and as_written

    def take(self, member: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        """Write a member where it belongs."""
        if content is None or not _is_ours(member.name):
            raise tarfile.ReadError(member.name)
        if member.name == SUMS:
            self._listed = _copied(content, None)
            return
        if member.name == MANIFEST:
            said = content.read(_PIECE)
            self.manifest = msgspec.json.decode(said, type=Manifest)
            digest = hashlib.sha256(said).hexdigest()
        else:
            digest = _copied(content, self._place(member.name))
            self._has_database |= member.name in DATABASES.values()
        if member.name.startswith(_EVIDENCE) and not member.name.endswith(digest):
            raise tarfile.ReadError(member.name)  # it is not the content that its name says
        self._sums.update(_line(digest, member.name))


def _copied(content: IO[bytes], target: Path | None) -> str:
    """Write a content where it belongs, if anywhere; return its digest."""
    digest = hashlib.sha256()
    with _new(target) if target else nullcontext() as written:
        while piece := content.read(_PIECE):
            digest.update(piece)
            if written is not None:
                written.write(piece)
    return digest.hexdigest()


def _new(path: Path) -> IO[bytes]:
    make_folder(path.parent)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE), "wb")


def _is_ours(name: str) -> bool:
    """Whether a member is one that we write: the name of a file leads nowhere else."""
    parts = PurePosixPath(name).parts
    below = name.startswith(FILES) and "/".join(parts) == name and ".." not in parts
    return below or name in {MANIFEST, SUMS, *DATABASES.values()}


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, FILE
    return member


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()
