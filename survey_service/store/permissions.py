"""Files and folders that are for the service's user alone, whatever the umask says."""

import os
from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing; one that is there stays as it is."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(FOLDER, exist_ok=True)  # `parents=True` would give those above the umask's mode


def make_file(path: Path) -> None:
    """Make a file that is empty; one that is there stays as it is."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE))


def others_may(path: Path) -> bool:
    """Whether anybody but the owner may read, write or enter."""
    return bool(path.stat().st_mode & 0o077)
