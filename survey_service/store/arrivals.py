"""Files on their way into a folder, and what is left of those that a kill cut off.

Whoever writes a file, or is about to record one, holds a lock of it, which ends with the process.
What nobody holds in the folder of arrivals is left over; what nobody holds and nothing refers to
among the files that arrived can go, even while others are arriving.
"""

import fcntl
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from survey_service.errors.installation import FilesUnavailableError
from survey_service.store.permissions import make_folder

FOLDER = "arriving"
"""Within the folder of files; what lies in it is part of no backup."""

_STAGED = re.compile(r"#\d+\Z")  # how an earlier version's names ended until a file was whole
_FORGOTTEN = 3600  # seconds after which such a file is nobody's any more


def temporary() -> Path:
    """Return a folder for arrivals on this machine, of this user's own."""
    path = Path(tempfile.gettempdir()) / f"survey-{os.getuid()}"
    make_folder(path)
    if path.is_symlink() or path.stat().st_uid != os.getuid():  # anybody may make a name there
        raise PermissionError(path)
    return path


@contextmanager
def arriving(folder: Path) -> Iterator[Path]:
    """Make room for a file that arrives; what was not given a name is gone afterwards.

    Raises:
        FilesUnavailableError: The folder is not there, and cannot be made.
    """
    try:
        make_folder(folder)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise FilesUnavailableError from error
    while True:
        file, name = tempfile.mkstemp(dir=folder)
        path = Path(name)
        if _hold(file, path, fcntl.LOCK_SH):
            break
        os.close(file)  # taken for a left-over, in between
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(file)


def place(arrived: Path, target: Path) -> None:
    """Give a whole file its name, in place of what bears it."""
    _flush(arrived)
    make_folder(target.parent)
    arrived.replace(target)
    _flush(target.parent)


@contextmanager
def named(arrived: Path, target: Path) -> Iterator[None]:
    """Give a whole file its name, unless one of the same content bears it; hold it meanwhile."""
    _flush(arrived)
    make_folder(target.parent)
    while True:
        with suppress(FileExistsError):
            os.link(arrived, target)
        with suppress(FileNotFoundError):
            file = os.open(target, os.O_RDONLY | os.O_CLOEXEC)
            if _hold(file, target, fcntl.LOCK_SH):
                break
            os.close(file)
        time.sleep(0.001)  # it is being cleared away: link it anew
    _flush(target.parent)
    try:
        yield
    finally:
        os.close(file)


@contextmanager
def unheld(path: Path) -> Iterator[bool]:
    """Hold a file that nobody else holds, so that it can be removed; False where somebody does."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _hold(file, path, fcntl.LOCK_EX)
    finally:
        os.close(file)


def left_over(root: Path) -> list[Path]:
    """Return what uploads that were cut off have left in a folder of files."""
    found = []
    for path in (root / FOLDER).glob("*"):
        with unheld(path) as free:
            found += [path] if free else []
    old = time.time() - _FORGOTTEN
    for path in root.rglob("*#*"):
        if _STAGED.search(path.name) and path.is_file() and path.stat().st_mtime < old:
            found.append(path)
    return found


def clear(path: Path) -> None:
    """Remove what is left over."""
    with unheld(path) as free:
        if free:
            path.unlink()


def _hold(file: int, path: Path, how: int) -> bool:
    """Lock an open file that bears this name; False where it no longer does, or others hold it."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _flush(path: Path) -> None:
    """See to it that a file's content, or a folder's names, survive a loss of power."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
