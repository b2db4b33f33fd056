"""Lists from spreadsheets: the rows of a CSV or XLSX file, each by the names above its columns."""

import csv
import io
import subprocess
import sys
from collections.abc import Collection, Sequence
from decimal import Decimal
from itertools import count, islice, zip_longest
from typing import NoReturn

import msgspec
from msgspec import Struct

from survey_service.characters import visible
from survey_service.errors import DocumentError
from survey_service.library.documents import LARGEST
from survey_service.library.encodings import text_of
from survey_service.library.vocabulary import Words, plain
from survey_service.library.workbooks import Cell

ROWS, COLUMNS = 20_000, 50
_ZIP = b"PK"
_SECONDS = 30  # to read a workbook
_TITLES = 30  # rows that may stand above the headings: what the list is called, of when, of whom
_TOLD = 2  # headings that tell the row of them from a title
_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number, and noughts for the others
_DASHES = {"-", "\N{EN DASH}", "\N{EM DASH}"}
_COUNTING = {"no", ""}  # what stands above the numbers of rows, which are no part of the list
_SEPARATORS = ";\t,"

_Table = Sequence[Sequence[Cell]]


class Row(Struct, frozen=True):
    """A row of a list: the line that a spreadsheet gives it, and its texts by heading.

    What is in `numbers` was kept as one, and is written with a point. The headings stand on line `top`.
    """

    line: int
    cells: dict[str, str]
    numbers: frozenset[str] = frozenset()
    top: int = 1


def rows(content: bytes, file: str, known: Words) -> list[Row]:
    """Return the rows of a file below its headings, as texts without blanks around.

    Args:
        content: A workbook, of which the first sheet that is seen counts, or CSV.
        file: What it is called, in errors.
        known: What headings mean; any others are themselves, in small letters.

    Raises:
        DocumentError: Too large, neither a workbook nor CSV, without headings or anything below them, a
            heading twice, or a number that has lost digits.
    """
    if len(content) > LARGEST:
        _refuse(file, 1, "too_large", limit=LARGEST)
    is_workbook = content.startswith(_ZIP)
    table = _workbook(content, file) if is_workbook else _csv(content, file, known)
    if not any(map(any, table)):
        _refuse(file, 1, "empty")
    top = _heading_row(table, known)
    headings = _headings(file, top, table[top], known)
    found = [
        _row(file, (top + 1, line), headings, row)
        for line, row in enumerate(table[top + 1 :], start=top + 2)
        if any(row)
    ]
    if not found:
        _refuse(file, top + 1, "no_entries")
    return found


def _heading_row(table: _Table, known: Words) -> int:
    """Return the place of the row with known headings, or else of the first that has anything.

    Of headings merged over several rows it is the last of them.
    """
    filled = [place for place, row in enumerate(islice(table, _TITLES)) if any(row)]
    told = [place for place in filled if _tells(table[place], known)]
    if not told:
        return filled[0] if filled else 0
    following = (place for place in count(told[0]) if place + 1 not in told)
    return next(following)


def _tells(row: Sequence[Cell], known: Words) -> bool:
    return len({known[plain(str(cell))] for cell in row if plain(str(cell)) in known}) >= _TOLD


def _headings(file: str, top: int, row: Sequence[Cell], known: Words) -> list[str]:
    """Return what stands above each column; "" above the numbers of rows."""
    written = [" ".join(visible(str(cell)).split()) for cell in row]
    while written and not written[-1]:
        written.pop()
    found = [known.get(plain(one), one.lower()) for one in written]
    named = [one for one in found if plain(one) not in _COUNTING]
    if not named or "" in written or len(set(named)) < len(named):
        _refuse(file, top + 1, "headings")
    return [one if one in named else "" for one in found]


def _row(file: str, at: tuple[int, int], headings: Sequence[str], row: Sequence[Cell]) -> Row:
    """Return a row, `at` the line of its headings and its own; a cell that is not there is empty."""
    top, line = at
    pairs = [
        (name, cell)
        for name, cell in zip_longest(headings, row[: len(headings)], fillvalue="")
        if name
    ]
    for name, cell in pairs:
        if not isinstance(cell, str) and abs(cell) >= _EXACT:
            value = f"{Decimal(cell):f}"
            raise DocumentError(file=file, line=line, key=name, reason="lost_digits", value=value)
    return Row(
        line,
        {name: _text(cell) for name, cell in pairs},
        frozenset(name for name, cell in pairs if not isinstance(cell, str)),
        top,
    )


def _text(cell: Cell) -> str:
    """Return what a cell says; a dash says nothing."""
    if not isinstance(cell, str):
        return f"{Decimal(repr(cell)):f}"
    bare = visible(cell)
    return "" if bare in _DASHES else bare


def _workbook(content: bytes, file: str) -> _Table:
    """Return the first sheet of a workbook, read by a process that can be stopped."""
    command = [sys.executable, "-m", "survey_service.library.workbooks"]
    try:
        found = subprocess.run(  # noqa: S603 - ourselves
            command, input=content, capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.SubprocessError:
        _refuse(file, 1, "no_workbook")
    table = msgspec.json.decode(found.stdout, type=list[list[Cell]])
    for line, row in enumerate(table):
        _bound(file, line, row)
    return table


def _csv(content: bytes, file: str, known: Words) -> _Table:
    text = io.StringIO(text_of(content, file), newline=None).read()
    table: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=_separator(text, known), strict=True):
            _bound(file, len(table), row)
            table.append([visible(cell) for cell in row])
    except csv.Error as error:
        _refuse(file, len(table) + 1, "syntax", problem=str(error))
    return table


def _separator(text: str, known: Words) -> str:
    """Return what parts the cells: what gives known headings, or else stands most often in them."""
    beginning = "\n".join(text[: _TITLES * 1000].splitlines()[:_TITLES])
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(beginning), delimiter=separator)
        if any(_tells(row, known) for row in reader):
            return separator
    first = beginning.partition("\n")[0]
    return max(_SEPARATORS[::-1], key=first.count)


def _bound(file: str, line: int, row: Collection[object]) -> None:
    if line > ROWS or len(row) > COLUMNS:
        _refuse(file, line + 1, "too_many", limit=ROWS)


def _refuse(file: str, line: int, reason: str, **details: object) -> NoReturn:
    raise DocumentError(file=file, line=line, key="-", reason=reason, **details)
