"""What a file really is, whatever it calls itself; and whether it is safe to keep.

What counts is the content and the ending of the name: what a browser says of it is a guess from that
ending, and often wrong. Images are not decoded here, and documents are looked into elsewhere: sizes
are those that headers tell, and files whose headers tell too much are refused.
"""

import subprocess
import sys
import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from survey_service.conduct.evidence import ENDINGS
from survey_service.errors.evidence import UnacceptableFileError

PIXELS = 50_000_000
_SECONDS = 30  # to look into a document, on a busy machine
_DIRECTORY = 1_000_000  # bytes of a ZIP's table of contents: more would fill the memory
_END, _TAIL = b"PK\x05\x06", 65_557  # where that table ends, and how far from the end it may be
_PDF_END = 2048  # bytes in which a whole PDF says that it ends
_OLE, _LOCKED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_SAME = {"image/mpo": "image/jpeg", "image/apng": "image/png"}
"""What phones and others put more than one picture in: the first is what everybody shows."""
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"}


class _RefusedError(Exception):
    """The file is not taken, and why."""


def require_acceptable(path: Path, name: str) -> str:
    """Return the media type of a file that is safe to keep.

    Args:
        path: Where it lies.
        name: What it is called; the ending must be one of its type's.

    Raises:
        UnacceptableFileError: It is of a type that is not taken, of another than its ending says,
            cut off, locked, holds macros or scripts, or would be very large when unpacked or shown.
    """
    try:
        found = _type(path)
    except _RefusedError as error:
        raise UnacceptableFileError(name=name, reason=str(error)) from error
    if Path(name).suffix.lower() not in ENDINGS.get(found, ()):
        raise UnacceptableFileError(name=name, reason="other_type", found=found)
    return found


def _type(path: Path) -> str:
    with path.open("rb") as opened:
        start = opened.read(12)
    if start.startswith(b"%PDF-"):
        return _pdf(path)
    if start.startswith(b"PK\x03\x04"):
        return _archive(path)
    if start.startswith(_OLE):  # an office document of long ago, or what a locked one is wrapped in
        raise _RefusedError("encrypted" if _LOCKED in path.read_bytes() else "file_type")
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        raise _RefusedError("heic")
    return _image(path)


def _pdf(path: Path) -> str:
    if b"%%EOF" not in _tail(path, _PDF_END):
        raise _RefusedError("cut_off")
    return _inspected(path)


def _image(path: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # we have a limit of ours
            with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
                width, height = image.size
                found = str(image.get_format_mimetype())
                found = _SAME.get(found, found)
    except Image.DecompressionBombError as error:
        raise _RefusedError("bomb") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _RefusedError("file_type") from error
    if width * height > PIXELS:
        raise _RefusedError("bomb")
    return found


def _archive(path: Path) -> str:
    tail = _tail(path, _TAIL)
    end = tail.rfind(_END)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _DIRECTORY:
        raise _RefusedError("cut_off" if end < 0 else "bomb")
    return _inspected(path)


def _inspected(path: Path) -> str:
    """Return the type of a document, looked into by a process that has limits."""
    command = [sys.executable, "-m", "survey_service.library.inspection", str(path)]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, capture_output=True, timeout=_SECONDS, check=True, text=True
        )
    except subprocess.SubprocessError as error:
        raise _RefusedError("bomb") from error
    if done.stdout.startswith("!"):
        raise _RefusedError(done.stdout[1:])
    return done.stdout


def _tail(path: Path, length: int) -> bytes:
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - length))
        return opened.read()
