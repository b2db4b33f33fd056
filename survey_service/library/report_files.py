"""A PDF that is said to be a report: its statement, what is enclosed, and the words of its first page.

Whoever opens it must have little memory and time: a small file can be made to take gigabytes.
"""

import hashlib
import re
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from survey_service.conduct.statements import NAME, OPENING
from survey_service.errors import FileMissingError
from survey_service.errors.papers import UnreadablePaperError

LARGEST = 64_000_000  # bytes; the largest report has a hundredth of it
_TAIL = 2048  # bytes in which a whole PDF says that it ends
_OBJECTS = 200_000  # beside those in object streams; the largest report has some hundreds
_NAME = 200  # letters of what an enclosed file is called
_LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R")


class ReportFile(Struct, frozen=True):
    """What lies in a PDF.

    The statement lies from `start` to `end` of its bytes; both are 0 where there is none. `enclosed`
    are the other files inside, by name: more than one content where a name is there twice.
    """

    content: bytes
    start: int
    end: int
    enclosed: dict[str, list[bytes]]
    cover: str

    @property
    def statement(self) -> bytes:
        """The statement as it stands in the file."""
        return self.content[self.start : self.end]

    @property
    def digests(self) -> dict[str, list[str]]:
        """The SHA-256 of what is enclosed, in hex, by name."""
        return {
            name: [hashlib.sha256(one).hexdigest() for one in contents]
            for name, contents in self.enclosed.items()
        }


def content_of(path: Path) -> bytes:
    """Return the bytes of a file that may be a report.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
        UnreadablePaperError: It is too large to be one, or no whole PDF, or locked.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadablePaperError(reason="too_large_paper", limit=LARGEST // 1_000_000)
        content = path.read_bytes()
    except OSError as error:
        raise FileMissingError(file=str(path), cause=error.strerror or "") from error
    if not content.startswith(b"%PDF-"):
        raise UnreadablePaperError(reason="no_pdf")
    if _LOCKED.search(content):
        raise UnreadablePaperError(reason="locked_pdf")
    return content


def statement_in(content: bytes) -> tuple[int, int]:
    """Return where the only statement in a PDF begins, and where it ends with the blanks behind it.

    It lies there as it is, neither compressed nor in another object.

    Raises:
        UnreadablePaperError: There is none, or more than one.
    """
    start = content.find(OPENING)
    if start < 0:
        whole = b"%%EOF" in content[-_TAIL:]
        raise UnreadablePaperError(reason="no_statement" if whole else "cut_off_paper")
    if content.find(OPENING, start + 1) >= 0:
        raise UnreadablePaperError(reason="several_statements")
    end = content.find(b"\nendstream", start)
    if end < 0:
        raise UnreadablePaperError(reason="cut_off_paper")
    return start, end


def read(content: bytes, start: int, end: int) -> ReportFile:
    """Return what lies in a PDF whose statement is known to lie from `start` to `end`.

    Raises:
        UnreadablePaperError: It cannot be read, or would be too large when unpacked.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - megabytes, for who verifies, which is rare
    from pypdf.errors import LimitReachedError, PyPdfError  # noqa: PLC0415 - as above

    if content.count(b" obj") > _OBJECTS:
        raise UnreadablePaperError(reason="bomb")
    try:
        opened = PdfReader(BytesIO(content), strict=False)
        enclosed = {str(name)[:_NAME]: one for name, one in opened.attachments.items()}
        cover = " ".join(opened.pages[0].extract_text().split())
    except (LimitReachedError, RecursionError, MemoryError) as error:
        raise UnreadablePaperError(reason="bomb") from error
    except (
        PyPdfError,
        ArithmeticError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        raise UnreadablePaperError(reason="cut_off_paper") from error
    if enclosed.get(NAME) == [content[start:end]]:
        del enclosed[NAME]  # else it is another file of that name, which no statement tells of
    return ReportFile(content, start, end, enclosed, cover)
