"""The evidence of an assessment as one ZIP: the files, a list with digests, and a page to read it by.

Its last file is the statement: it covers all bytes before itself, and names each file by its digest.
What follows is the directory of the ZIP, which only says again where each file lies.

    answers.json … SHA256SUMS files/… ┃ statement.json  directory
    ──────────── covered ──────────── ┃
"""

import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import AsyncIterator, Callable, Sequence
from io import RawIOBase
from typing import NamedTuple

from msgspec import Struct
from typing_extensions import Buffer, override

from survey_service.conduct.evidence import Evidence
from survey_service.conduct.statements import Bytes
from survey_service.i18n import translate
from survey_service.reports.assessment import Report, code
from survey_service.reports.attachments import official
from survey_service.reports.papers import papers, shipped
from survey_service.reports.tables import Table, csv

PAGE = "index.html"
"""What the page is called that people read."""

_NO_NAME = re.compile(r'[<>:"|?*\\/]|[. ]+\Z')  # what a file's name has not got on every machine
_FIRST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # a ZIP knows no time before


class Attached(Struct, frozen=True):
    """A piece of evidence in the bundle, and its path there, "" of a link or of a file that is lost."""

    evidence: Evidence
    path: str


class Entry(NamedTuple):
    """A file of the bundle: its path, when it came about, and its content piece by piece."""

    path: str
    at: dt.datetime
    pieces: AsyncIterator[bytes]


def attached(evidence: Sequence[Evidence], lost: set[str]) -> list[Attached]:
    """Return where each piece of evidence lies in the bundle.

    Args:
        evidence: What is attached, in its order.
        lost: The digests of files that the store has no longer.
    """
    return [
        Attached(one, _path(number, one) if one.digest and one.digest not in lost else "")
        for number, one in enumerate(evidence, start=1)
    ]


def _path(number: int, one: Evidence) -> str:
    return f"files/{one.indicator}/{number:03}-{_NO_NAME.sub('_', one.name)}"


def index(report: Report, found: Sequence[Attached], language: str) -> bytes:
    """Return the page that opens without a server: what supports which answer."""
    questionnaire = report.questionnaire.for_kind(report.profile.kind)
    groups = [
        (indicator, own)
        for code, indicator in questionnaire.indicators.items()
        if (own := [one for one in found if one.evidence.indicator == code])
    ]
    page = papers(shipped()).render(
        "bundle.html",
        language,
        report=report,
        record=report.record,
        questionnaire=questionnaire,
        code=code(report),
        card=official(report),
        groups=groups,
        count=len(found),
    )
    return page.encode()


def listed(found: Sequence[Attached], language: str) -> bytes:
    """Return the same as a table for programs."""
    headings = [
        translate("Code", language),
        translate("Name", language),
        translate("Date", language),
        "SHA-256",
        translate("Link", language),
        translate("File", language),
    ]
    rows = [
        (
            one.evidence.indicator,
            one.evidence.name,
            one.evidence.at.date(),
            one.evidence.digest,
            one.evidence.url,
            one.path,
        )
        for one in found
    ]
    return csv(Table("evidence", headings, rows))


def sums(digests: Sequence[tuple[str, str]]) -> bytes:
    """Return digests and paths as `sha256sum --check` reads them."""
    return "".join(f"{digest}  {path}\n" for digest, path in digests).encode()


async def zipped(
    entries: AsyncIterator[Entry], last: Callable[[Bytes], Entry] | None = None
) -> AsyncIterator[bytes]:
    """Yield a ZIP of files piece by piece, with no more than a piece of it in memory.

    Args:
        entries: The files, in their order.
        last: Makes one more, on all the bytes before it.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:  # stored: evidence is compressed as it is
        async for entry in entries:
            async for piece in _written(archive, entry, sink):
                yield piece
        if last is not None:
            async for piece in _written(archive, last(sink.covered()), sink):
                yield piece
    yield sink.taken()


async def _written(archive: zipfile.ZipFile, entry: Entry, sink: "_Sink") -> AsyncIterator[bytes]:
    """Write a file into a ZIP; yield what the ZIP is meanwhile longer by."""
    path, at, pieces = entry
    about = zipfile.ZipInfo(path, max(at, _FIRST.astimezone(at.tzinfo)).timetuple()[:6])
    about.external_attr = 0o644 << 16
    with archive.open(about, "w", force_zip64=True) as file:
        async for piece in pieces:
            file.write(piece)
            yield sink.taken()
    yield sink.taken()


async def whole(content: bytes) -> AsyncIterator[bytes]:
    """Yield the content of a file at once."""
    yield content


class _Sink(RawIOBase):
    """Takes what is written until somebody takes it; it cannot go back."""

    def __init__(self) -> None:
        self._written = bytearray()
        self._digest, self._size = hashlib.sha256(), 0

    @override
    def writable(self) -> bool:
        return True

    @override
    def write(self, piece: Buffer, /) -> int:
        before = len(self._written)
        self._written += piece
        return len(self._written) - before

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        self._digest.update(taken)
        self._size += len(taken)
        return taken

    def covered(self) -> Bytes:
        """Return all that was taken as a statement behind it covers it."""
        return Bytes(self._digest.hexdigest(), self._size, self._size, self._size)
