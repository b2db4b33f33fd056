"""A release as one file: packed so that equal releases are equal bytes, and unpacked with care.

A downloaded archive may have been made by anybody, so that it cannot fill a disk or name a file
elsewhere: it has few files, all of them side by side, and no more in them than any release has.
"""

import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from survey_service.errors.releases import NoReleaseError

_DAY = (1980, 1, 1, 0, 0, 0)  # of every file: a ZIP knows none before
_MOST = 64  # files
_LARGEST = 4 << 30  # bytes of all files: a hundred times a country's
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)  # fmt: skip


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            about = zipfile.ZipInfo(name, _DAY)
            about.external_attr = 0o644 << 16
            archive.writestr(about, each, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive of our own, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Yield the folder of a release that was downloaded: unpacked, or as it lies in an archive.

    Raises:
        NoReleaseError: The file is no archive of a release.
    """
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, Path(folder))
        except _BROKEN as error:
            raise NoReleaseError(file=path.name, line=1) from error
        yield Path(folder)


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    """Write the files of an archive into a folder."""
    found, left = archive.infolist(), _LARGEST
    if len(found) > _MOST:
        raise ValueError(len(found))
    for one in found:
        left -= one.file_size  # no more than it says is read of any
        if left < 0 or Path(one.filename).name != one.filename:
            raise ValueError(one.filename)
        with archive.open(one) as packed_, (folder / one.filename).open("xb") as written:
            shutil.copyfileobj(packed_, written)
