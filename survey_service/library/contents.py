"""What a file really is, whatever it calls itself; and whether it is safe to keep.

Nothing is unpacked or decoded: sizes are those that headers tell, and files whose headers tell too
much are refused.
"""

import warnings
import zipfile
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from survey_service.conduct.evidence import ENDINGS
from survey_service.errors import UnacceptableFileError

PIXELS = 50_000_000
UNPACKED, RATIO, ENTRIES = 300_000_000, 200, 5000  # bytes; times the size of the file; files in it
_DIRECTORY = 1_000_000  # bytes of a ZIP's table of contents: more would fill the memory
_END, _TAIL = b"PK\x05\x06", 65_557  # where that table ends, and how far from the end it may be
_PDF_END = 2048  # bytes in which a whole PDF says that it ends

_OOXML = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}


def require_acceptable(path: Path, name: str, declared: str) -> str:
    """Return the media type of a file that is what it says it is.

    Args:
        path: Where it lies.
        name: What it is called; the ending must be one of its type's.
        declared: The media type that came with it.

    Raises:
        UnacceptableFileError: It is of a type that is not taken, of another than it says, cut off,
            encrypted, holds macros, or would be very large when unpacked or shown.
    """
    found = _type(path)
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS.get(found, ()) or declared != found:
        raise UnacceptableFileError(name=name, reason="other_type", found=found)
    return found


def _type(path: Path) -> str:
    with path.open("rb") as opened:
        start = opened.read(8)
    if start.startswith(b"%PDF-"):
        return _pdf(path)
    if start.startswith(b"PK\x03\x04"):
        return _archive(path)
    return _image(path)


def _pdf(path: Path) -> str:
    if b"%%EOF" not in _tail(path, _PDF_END):
        raise _refused(path, "cut_off")
    return "application/pdf"


def _image(path: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # we have a limit of ours
            with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as image:
                width, height = image.size
                found = str(image.get_format_mimetype())
    except Image.DecompressionBombError as error:
        raise _refused(path, "bomb") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _refused(path, "file_type") from error
    if width * height > PIXELS:
        raise _refused(path, "bomb")
    return found


def _archive(path: Path) -> str:
    """Return the type of an office document, which is a ZIP of a certain content."""
    tail = _tail(path, _TAIL)
    end = tail.rfind(_END)
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _DIRECTORY:
        raise _refused(path, "cut_off" if end < 0 else "bomb")
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
            _require_harmless(path, entries)
            return _office(path, opened, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _refused(path, "cut_off") from error


def _require_harmless(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    size = path.stat().st_size
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * size:
        raise _refused(path, "bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused(path, "encrypted")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise _refused(path, "macros")


def _office(path: Path, opened: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names:
        for name, found in _OOXML.items():
            if name in names:
                return found
    if "mimetype" in names:
        with opened.open("mimetype") as kept:
            declared = kept.read(100).decode("ascii", "replace")
        if declared.startswith("application/vnd.oasis.") and declared in ENDINGS:
            return declared
    raise _refused(path, "file_type")


def _tail(path: Path, length: int) -> bytes:
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - length))
        return opened.read()


def _refused(path: Path, reason: str) -> UnacceptableFileError:
    return UnacceptableFileError(name=path.name, reason=reason)
