"""Texts as spreadsheets save them: in UTF-8, in UTF-16, or in the Windows-1252 of long ago."""

import codecs
from typing import NoReturn

from survey_service.errors import DocumentError

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_UNLIKELY = (
    0xFE,
    0xFF,
)  # letters of Icelandic and of old French, and bytes of files that are no text


def text_of(content: bytes, file: str) -> str:
    """Return the text in a file, in whichever of these it is saved.

    Raises:
        DocumentError: It is in none of them; says on which line the first strange byte stands.
    """
    encoding, start = _encoding(content)
    try:
        return content[start:].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or start or any(byte in content for byte in _UNLIKELY):
            _refuse(content, file, error)
    try:
        return content.decode("windows-1252")
    except UnicodeDecodeError as error:
        _refuse(content, file, error)


def _encoding(content: bytes) -> tuple[str, int]:
    """Return the encoding that a mark or the noughts between letters tell, and where the text begins."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding, len(mark)
    if content[:2].count(0) == 1 and not len(content) % 2:
        return ("utf-16-le" if content[1] == 0 else "utf-16-be"), 0
    return "utf-8", 0


def _refuse(content: bytes, file: str, error: UnicodeDecodeError) -> NoReturn:
    line = content[: error.start].count(b"\n") + 1
    raise DocumentError(file=file, line=line, key="-", reason="not_utf8") from error
