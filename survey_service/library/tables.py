"""Lists from spreadsheets: the rows of a CSV or XLSX file, each by the names in its first row."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

import msgspec
from msgspec import Struct

from survey_service.errors import DocumentError
from survey_service.library.documents import LARGEST

ROWS, COLUMNS = 20_000, 50
_ZIP = b"PK"
_SECONDS = 30  # to read a workbook


class Row(Struct, frozen=True):
    """A row of a list: the line that a spreadsheet gives it, and its texts by heading."""

    line: int
    cells: dict[str, str]


def rows(content: bytes, file: str) -> list[Row]:
    """Return the rows of a file below its headings, as texts without blanks around.

    Raises:
        DocumentError: Too large, neither a workbook nor CSV in UTF-8, without headings, or a
            heading twice.
    """
    if len(content) > LARGEST:
        _refuse(file, 1, "too_large", limit=LARGEST)
    table = _workbook(content, file) if content.startswith(_ZIP) else _csv(content, file)
    if not table:
        _refuse(file, 1, "empty")
    headings = [heading.lower() for heading in table[0]]
    while headings and not headings[-1]:
        headings.pop()
    if not headings or "" in headings or len(set(headings)) < len(headings):
        _refuse(file, 1, "headings")
    return [
        Row(line, dict(zip(headings, row, strict=False)))
        for line, row in enumerate(table[1:], start=2)
        if any(row)
    ]


def _workbook(content: bytes, file: str) -> list[list[str]]:
    """Return the first sheet of a workbook, read by a process that can be stopped."""
    command = [sys.executable, "-m", "survey_service.library.workbooks"]
    try:
        found = subprocess.run(  # noqa: S603 - ourselves
            command, input=content, capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.SubprocessError:
        _refuse(file, 1, "no_workbook")
    table = msgspec.json.decode(found.stdout, type=list[list[str]])
    for line, row in enumerate(table):
        _bound(file, line, row)
    return table


def _csv(content: bytes, file: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(file, content[: error.start].count(b"\n") + 1, "not_utf8")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    table: list[list[str]] = []
    try:
        for row in reader:
            _bound(file, len(table), row)
            table.append([cell.strip() for cell in row])
    except csv.Error as error:
        _refuse(file, reader.line_num, "syntax", problem=str(error))
    return table


def _bound(file: str, line: int, row: Sequence[str]) -> None:
    if line > ROWS or len(row) > COLUMNS:
        _refuse(file, line + 1, "too_many", limit=ROWS)


def _refuse(file: str, line: int, reason: str, **details: object) -> NoReturn:
    raise DocumentError(file=file, line=line, key="-", reason=reason, **details)
