"""A ZIP that is said to be the evidence of an assessment: its statement, and what else lies in it.

Only a ZIP as we write them is read: the files one behind the other, none of them packed, the statement
last. So nothing is larger when it is unpacked, and no byte lies where nobody looks.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from survey_service.conduct.statements import NAME, Bytes
from survey_service.errors import FileMissingError
from survey_service.errors.papers import UnreadablePaperError

LARGEST = 16_000_000_000  # bytes; nobody attaches so much to one assessment
_OWN = 32_000_000  # bytes of a file that we write ourselves, each: they have some hundred thousand
_FILES = 100_000
_PIECE = 1 << 20
_TAIL = 1 << 17  # bytes in which a ZIP says that it ends
_FIRST = b"PK\x03\x04"
_HEADER, _WIDE, _DESCRIPTOR, _END = 30, 20, 24, 22  # bytes around a file, and behind all of them
_TAG = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)


class BundleFile(Struct, frozen=True):
    """What lies in a bundle.

    `start` is where the entry of the statement begins, and `surplus` how many bytes behind that belong
    neither to it nor to the ZIP's directory. `digests` are those of the other files, by name: more than
    one where a name is there twice. `enclosed` are the contents of those that were asked for.
    """

    statement: bytes
    start: int
    surplus: int
    digests: dict[str, list[str]]
    enclosed: dict[str, list[bytes]]
    page: str


def is_bundle(path: Path) -> bool:
    """Whether a file may be a bundle: it begins as a ZIP does.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_FIRST)) == _FIRST
    except OSError as error:
        raise FileMissingError(file=str(path), cause=error.strerror or "") from error


def read(path: Path, wanted: frozenset[str], page: str) -> BundleFile:
    """Return what lies in a bundle.

    Args:
        path: The file.
        wanted: Names of the files whose contents are asked for.
        page: The name of the one that people read.

    Raises:
        UnreadablePaperError: It is too large, no whole ZIP, not one of ours, or without a statement.
    """
    if path.stat().st_size > LARGEST:
        raise UnreadablePaperError(reason="too_large_paper", limit=LARGEST // 1_000_000)
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return _read(file, archive, wanted, page)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnreadablePaperError(reason="cut_off_paper") from error


def _read(
    file: BinaryIO, archive: zipfile.ZipFile, wanted: frozenset[str], page: str
) -> BundleFile:
    listed = archive.infolist()
    *others, last = _ours(listed)
    digests: dict[str, list[str]] = {}
    enclosed: dict[str, list[bytes]] = {}
    for one in others:
        digests.setdefault(one.filename, []).append(_digest(file, one))
        if one.filename in wanted:
            enclosed.setdefault(one.filename, []).append(_content(file, one))
    words = next((_words(_content(file, one)) for one in others if one.filename == page), "")
    surplus = _surplus(file, archive, last)
    statement = _content(file, last)
    return BundleFile(statement, last.header_offset, surplus, digests, enclosed, words)


def _ours(listed: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the files of a ZIP if they may be a bundle's, the statement last."""
    if any(one.filename == "datapackage.json" for one in listed):
        raise UnreadablePaperError(reason="release_zip")
    if len(listed) > _FILES or any(
        one.compress_type != zipfile.ZIP_STORED or one.file_size != one.compress_size
        for one in listed
    ):
        raise UnreadablePaperError(reason="packed_bundle")
    stated = [one for one in listed if one.filename == NAME]
    if not stated:
        raise UnreadablePaperError(reason="no_statement")
    if len(stated) > 1:
        raise UnreadablePaperError(reason="several_statements")
    return [*(one for one in listed if one.filename != NAME), *stated]


def _pieces(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    while size > 0 and (piece := file.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece


def _begins(file: BinaryIO, one: zipfile.ZipInfo) -> int:
    """Return where the content of a file begins, behind its name and what else is said of it."""
    file.seek(one.header_offset)
    header = file.read(_HEADER)
    if not header.startswith(_FIRST) or len(header) < _HEADER:
        raise zipfile.BadZipFile(one.filename)
    named, more = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    return one.header_offset + _HEADER + named + more


def _digest(file: BinaryIO, one: zipfile.ZipInfo) -> str:
    """Return the SHA-256 of a file, in hex; what its checksum in the ZIP says does not matter."""
    digest = hashlib.sha256()
    for piece in _pieces(file, _begins(file, one), one.file_size):
        digest.update(piece)
    return digest.hexdigest()


def _content(file: BinaryIO, one: zipfile.ZipInfo) -> bytes:
    if one.file_size > _OWN:
        raise UnreadablePaperError(reason="bomb")
    return b"".join(_pieces(file, _begins(file, one), one.file_size))


def _words(page: bytes) -> str:
    return " ".join(unescape(_TAG.sub(" ", page.decode(errors="replace"))).split())


def _surplus(file: BinaryIO, archive: zipfile.ZipFile, last: zipfile.ZipInfo) -> int:
    """Return how many bytes behind the beginning of the statement's entry are not as we write them."""
    ends = last.header_offset + _HEADER + len(NAME) + _WIDE + last.file_size + _DESCRIPTOR
    file.seek(max(file.seek(0, 2) - _TAIL, 0))
    tail = file.read()
    behind = len(tail) - tail.rindex(b"PK\x05\x06") - _END
    said = sum(len(one.comment) for one in archive.infolist())
    return abs(archive.start_dir - ends) + behind + said


def covered(path: Path, size: int) -> Bytes:
    """Return the first bytes of a file as a statement behind them covers them."""
    digest, seen = hashlib.sha256(), 0
    with path.open("rb") as file:
        for piece in _pieces(file, 0, size):
            digest.update(piece)
            seen += len(piece)
    return Bytes(digest.hexdigest(), seen, size, size)
