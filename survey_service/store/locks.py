"""Locks between processes: they end with the process that holds them, however it ends.

SQLite before 3.51.3 can corrupt a WAL when one connection checkpoints while another one writes or
checkpoints. It orders the writes of all processes, and not the checkpoint that follows a commit. So
whoever writes, the service or a command beside it, holds `<database>-lock` from before its
transaction until the checkpoint is done: there is one at a time, on every SQLite. The service holds
`<database>-serving` as long as it runs: there is one of it, and nobody restores below it. Nor below
those who work beside it for long, who share `<database>-working`: ending, SQLite would remove the
`-wal` of what has been put in the place of their file.

A lock of the database's own file would not do: to close it ends SQLite's locks of the same process.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey_service.errors.installation import DatabaseBusyError, ServedError
from survey_service.store.permissions import FILE, make_folder

PATIENCE = 30.0  # seconds to wait for another process's transaction: a migration's takes longest
_SLEEP = 0.005  # seconds between two attempts


class Lock:
    """A file that one process at a time holds; several may share it where all say so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Hold the lock; False where somebody else does."""
        if self._file is None:
            make_folder(self._path.parent)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def leave(self) -> None:
        """Let others hold it."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let others hold it, for good."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def writing(database: str) -> Lock:
    """Return the lock that every transaction which writes to a SQLite file holds."""
    return Lock(Path(os.path.realpath(database) + "-lock"))


@contextmanager
def held(lock: Lock, seconds: float = PATIENCE) -> Iterator[None]:
    """Hold a lock, waiting for it so long.

    Raises:
        DatabaseBusyError: Another process did not leave it in that time.
    """
    until = time.monotonic() + seconds
    while not lock.take():
        if time.monotonic() > until:
            raise DatabaseBusyError
        time.sleep(_SLEEP)
    try:
        yield
    finally:
        lock.leave()


@contextmanager
def serving(database: str) -> Iterator[None]:
    """Be the one process that serves a SQLite file, or that puts one in its place.

    Raises:
        ServedError: Another one does.
    """
    with _claimed(database, "serving", shared=False):
        yield


@contextmanager
def working(database: str) -> Iterator[None]:
    """Be one of those who work on a SQLite file for long, beside the one that serves it.

    Raises:
        ServedError: Somebody is putting one in its place.
    """
    with _claimed(database, "working", shared=True):
        yield


@contextmanager
def replacing(database: str) -> Iterator[None]:
    """Be the one who puts a SQLite file in its place, which nobody serves or works on.

    Raises:
        ServedError: Somebody does.
    """
    with serving(database), _claimed(database, "working", shared=False):
        yield


@contextmanager
def _claimed(database: str, purpose: str, *, shared: bool) -> Iterator[None]:
    lock = Lock(Path(f"{os.path.realpath(database)}-{purpose}"))
    try:
        if not lock.take(shared=shared):
            raise ServedError(database=database)
        yield
    finally:
        lock.close()
