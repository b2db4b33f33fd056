"""Keeping a copy of an installation, and bringing one back: whole, or not at all."""

import hashlib
import os
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from survey_service.conduct.trail import Head
from survey_service.errors.installation import BackupError
from survey_service.operations import log
from survey_service.operations.evidence import path as path_of
from survey_service.store import arrivals, backup, dumps, evidence, locks, schema, staging
from survey_service.store.archive import (
    DATABASES,
    FILES,
    MANIFEST,
    Archive,
    Manifest,
    part_of,
    unpack,
    writing,
)
from survey_service.store.database import Writer, is_postgresql
from survey_service.store.permissions import make_file

_LOG = "0011"  # the revision since which there is a log


class Restored(Struct, frozen=True):
    """What came of bringing back a backup.

    Attributes:
        cleared: Left-overs that stood in the way.
        before: The revision of the schema that the backup had.
        after: The one that the database has now.
        missing: How many files of evidence were not in the backup.
    """

    cleared: tuple[str, ...]
    before: str
    after: str
    missing: int


async def save(database: str, folder: Path | None, archive: Path) -> None:
    """Write the database, as of one moment, and the files into an archive, while others write.

    Args:
        database: The setting.
        folder: Where files are; None where they lie elsewhere.
        archive: What is written.

    Raises:
        BackupError: There is no database, or it is damaged, or the archive cannot be written.
    """
    manifest = await backup.describe(database)
    with writing(archive) as opened:
        opened.add_bytes(msgspec.json.encode(manifest), MANIFEST)
        copied = part_of(archive).with_suffix(".database")
        try:
            copied.unlink(missing_ok=True)
            make_file(copied)
            await backup.copy(database, copied)
            opened.add(copied, DATABASES[manifest.engine])
        finally:
            copied.unlink(missing_ok=True)
        if folder is not None:
            _add(opened, folder)  # after the database: what that refers to was kept before


async def restore(archive: Path, database: str, folder: Path | None) -> Restored:
    """Bring back what `save` wrote, where nothing is yet: it is checked first, and then all there.

    Args:
        archive: What was written.
        database: The setting.
        folder: Where files go; None where they lie elsewhere.

    Raises:
        BackupError: The archive is none of ours, or damaged, or there is a database already.
        ServedError: Somebody serves it, works on it, or brings it back as well.
    """
    if is_postgresql(database):
        version = await backup.server_version(database)
        async with backup.alone(database):
            return await _on_server(archive, database, folder, version)
    with locks.replacing(database):
        return await _in_file(archive, Path(database), folder)


async def _in_file(archive: Path, database: Path, folder: Path | None) -> Restored:
    backup.require_none(database)
    staged = database.with_name(f"{database.name}.{staging.NAME}") / DATABASES["sqlite"]
    with (
        staging.staged(staged.parent) as left,
        staging.staged(staging.within(folder)) as files_left,
    ):
        manifest = unpack(archive, partial(_place, staged, staging.within(folder)))
        backup.require_sound(staged)
        check = partial(_check, manifest, folder)
        before, missing = await schema.changing(str(staged), check)
        staging.move(folder)
        os.sync()  # what gets its name now is on the disk
        beside = staging.clear_beside(database)
        staged.replace(database)
        os.sync()
    return Restored((*left, *files_left, *beside), before, schema.newest(), missing)


async def _on_server(archive: Path, database: str, folder: Path | None, version: int) -> Restored:
    left = ("PostgreSQL",) if await schema.changing(database, backup.mark) else ()
    staged = _apart(database) / DATABASES["postgresql"]
    with staging.staged(staged.parent), staging.staged(staging.within(folder)) as files_left:
        try:
            manifest = unpack(archive, partial(_place, staged, staging.within(folder)))
            dumps.load(staged, version, database)
            finish = partial(_finish, manifest, folder)
            before, missing = await schema.changing(database, finish)
        except BaseException:
            await schema.changing(database, backup.empty)
            raise
    return Restored((*left, *files_left), before, schema.newest(), missing)


def _apart(database: str) -> Path:
    """Return where a dump lies on this machine, apart from that of another database."""
    address, _ = dumps.parted(database)
    digest = hashlib.sha256(address.encode()).hexdigest()
    return arrivals.temporary() / f"{staging.NAME}-{digest[:16]}"


def _finish(manifest: Manifest | None, folder: Path | None, tx: Writer) -> tuple[str, int]:
    """Make what was brought back on a server a database that can be served, if it is whole."""
    assert manifest is not None  # a server's backup has always had one
    backup.unmark(tx, manifest.revision)
    found = _check(manifest, folder, tx)
    staging.move(folder)
    return found


def _check(manifest: Manifest | None, folder: Path | None, tx: Writer) -> tuple[str, int]:
    """Bring what was restored up to date, and see that its log and its revisions are whole.

    Returns:
        The schema's revision before, and how many files of evidence are missing.

    Raises:
        BackupError: It is of a later version of the program, or something is not as it was.
    """
    before = schema.revision(tx)
    if before is None or not schema.is_known(before):
        raise BackupError(file=DATABASES["sqlite"], reason="newer", cause=before or "-")
    schema.upgrade(tx)
    head = Head.parsed(manifest.head) if manifest and manifest.head else None
    broken = log.since(tx, head, chained=before < _LOG)
    if broken:
        raise BackupError(file=DATABASES["sqlite"], reason="log", cause=broken[0].number)
    if lost := backup.gaps(tx):
        raise BackupError(file=DATABASES["sqlite"], reason="revisions", cause=lost)
    return before, _missing(tx, folder)


def _missing(tx: Writer, folder: Path | None) -> int:
    if folder is None:
        return 0
    places = (folder, staging.within(folder) or folder)
    wanted = map(path_of, evidence.kept(tx))
    return sum(not any((place / name).is_file() for place in places) for name in wanted)


def _place(database: Path, files: Path | None, name: str) -> Path | None:
    """Return where a member of the archive goes until it was checked."""
    if not name.startswith(FILES):
        if name != database.name:
            raise BackupError(file=name, reason="other_engine")
        return database
    return None if files is None else files / name.removeprefix(FILES)


def _add(opened: Archive, folder: Path) -> None:
    for path in staging.files(folder):
        within = path.relative_to(folder)
        if within.parts[0] not in {staging.NAME, arrivals.FOLDER}:
            opened.add(path, FILES + within.as_posix())
