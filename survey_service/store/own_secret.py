"""The secret that an installation makes for itself, in a file beside what it seals.

Where a place is served to others its secret is set, and kept elsewhere: whoever takes the folder away
takes this one with it.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from survey_service.errors.installation import UnsafeSettingError
from survey_service.settings import MAKING_A_SECRET, Settings
from survey_service.store.database import is_postgresql
from survey_service.store.permissions import make_folder

_BYTES = 32


def place(settings: Settings) -> Path | None:
    """Return where it lies: beside the SQLite file, or the folder of files; None beside neither."""
    if not is_postgresql(settings.database):
        return Path(os.path.realpath(settings.database) + "-secret")
    if settings.files.startswith("s3://"):
        return None
    return Path(os.path.realpath(settings.files) + "-secret")


def own_secret(settings: Settings) -> str:
    """Return the secret, made now where there is none; of several who make one at once, one's holds.

    Raises:
        UnsafeSettingError: There is no folder on this machine that it could lie in.
    """
    path = place(settings)
    if path is None:
        raise UnsafeSettingError(name="SURVEY_SECRET", expected=MAKING_A_SECRET)
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    make_folder(path.parent)
    # A temporary file is for its user alone from the first moment, whatever the umask.
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, encoding="ascii") as made:
        made.write(secrets.token_hex(_BYTES) + "\n")
        made.flush()
        os.fsync(made.fileno())
        with suppress(FileExistsError):  # somebody was quicker
            os.link(made.name, path)
