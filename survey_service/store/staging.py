"""Where what is brought back lies until it was checked: beside where it goes, to be renamed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey_service.store.permissions import make_folder

NAME = "restoring"
"""Of the folder, within that of files."""

_BESIDE = ("-wal", "-shm", "-journal")


def within(folder: Path | None) -> Path | None:
    """Return where files lie until they were checked: beside where they go, to be renamed."""
    return None if folder is None else folder / NAME


@contextmanager
def staged(folder: Path | None) -> Iterator[tuple[str, ...]]:
    """Make a folder for what is not checked yet, for a while; yield what was left of one before."""
    if folder is None:
        yield ()
        return
    left = (str(folder),) if folder.exists() else ()
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    try:
        yield left
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def move(folder: Path | None) -> None:
    """Give the files that were checked their names; a file names its content, so none is lost."""
    if folder is None:
        return
    checked = folder / NAME
    for found in files(checked):
        target = folder / found.relative_to(checked)
        make_folder(target.parent)
        found.replace(target)


def clear_beside(database: Path) -> list[str]:
    """Remove what lies beside a database that is gone: beside another it would corrupt that."""
    beside = [Path(f"{database}{ending}") for ending in _BESIDE]
    found = [one for one in beside if one.exists()]
    for one in found:
        one.unlink()
    return [str(one) for one in found]


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, in order; links lead elsewhere and are none."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink():
                yield path
