"""Figures of organisations in a CSV file: a row for each, and a number or nothing in each column."""

import csv
import io
import re
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import NoReturn

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.characters import visible
from survey_service.errors import DocumentError
from survey_service.library.encodings import text_of

LARGEST = 64_000_000  # bytes
ROWS, COLUMNS = 100_000, 1000
_FURTHEST = 1e20  # what lies nearer is shown with all of its digits
_MINUS = "\N{MINUS SIGN}"  # as texts have it
_NOTHING = frozenset({
    "", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "..", "...", "\N{HORIZONTAL ELLIPSIS}",
    "n/a", "#n/a", "na", "n.a.", "null", "none",
})  # fmt: skip
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
_WITH_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+([eE][-+]?[0-9]{1,4})?")
_SEPARATORS = ",;\t|"  # the first of those that give as many headings is taken
_SAID = re.compile(r"sep=([,;\t|])[\r\n]", re.IGNORECASE)  # by a first line that Excel knows
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS; XLS
_TOLD = 12  # columns of a file that are named where one is missing


class Measurements(Struct, frozen=True):
    """Organisations by name, and their values, shape (organisations, columns), `nan` where none."""

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    unused: tuple[str, ...]


def read(
    content: bytes,
    file: str,
    wanted: Sequence[str],
    unit: str | None = None,
    above: Mapping[str, Decimal] | None = None,
) -> Measurements:
    """Return the columns that are wanted of a CSV file, in that order.

    Args:
        content: Of the file; its first line has the names of the columns.
        file: What it is called, in errors.
        wanted: Names of columns.
        unit: The column of the organisations' names; the first one where it is None.
        above: What values must lie above, by column.

    Raises:
        DocumentError: No CSV, a column missing or there twice, an organisation there twice or without
            a name, or a cell that is neither empty nor a number, or not above what it must be.
    """
    if content.startswith(_WORKBOOKS):
        _refuse(file, 1, "is_workbook")
    text = text_of(content, file)
    composed = {one: unicodedata.normalize("NFC", one) for one in (*wanted, unit or "")}
    separator, rows = _parted(text, file, set(composed.values()))
    headings = _headings(file, rows)
    names = [composed[unit] if unit else headings[0], *(composed[one] for one in wanted)]
    for one in names:
        if one not in headings:
            _refuse(file, 1, "no_column", key=one, found=_some(headings))
    at = headings.index(names[0])
    places = {one: headings.index(composed[one]) for one in wanted}
    cells = _Cells(file, places, above or {}, comma=separator != ",")
    units: dict[str, int] = {}
    for line, row in rows:
        if any(map(_shown, row)):
            if len(row) > len(headings):
                _refuse(file, line, "too_many_cells")
            _take_in(file, line, names[0], row[at] if at < len(row) else "", units)
            cells.take_in(line, row)
    if not units:
        _refuse(file, 1, "no_rows")
    return Measurements(
        tuple(units),
        tuple(wanted),
        np.frombuffer(cells.values, float).reshape(len(units), len(wanted)),
        tuple(one for one in headings if one not in names),
    )


class _Cells:
    """The values of wanted columns, in a file that writes all of its numbers in one way.

    Where commas part the cells, a comma in a number is one of thousands, and elsewhere a decimal one.
    """

    def __init__(
        self, file: str, columns: Mapping[str, int], above: Mapping[str, Decimal], *, comma: bool
    ) -> None:
        self.values = array("d")
        self._comma = comma
        self._file, self._columns, self._above = file, columns, above
        self._written: dict[str, tuple[int, str]] = {}

    def take_in(self, line: int, row: Sequence[str]) -> None:
        """Keep the values of a line; what it does not reach is not there."""
        for column, place in self._columns.items():
            value = self._value(line, column, _shown(row[place]) if place < len(row) else "")
            least = self._above.get(column)
            if least is not None and value <= float(least):
                _refuse(
                    self._file, line, "no_logarithm", column, found=f"{value:g}", least=str(least)
                )
            self.values.append(value)

    def _value(self, line: int, column: str, cell: str) -> float:
        if cell.lower() in _NOTHING:
            return float("nan")
        written = cell.replace(_MINUS, "-")
        if has_comma := self._comma and _WITH_COMMA.fullmatch(written) is not None:
            written = written.replace(",", ".")
        value = float(written) if _NUMBER.fullmatch(written) else float("inf")
        if not isfinite(value) or abs(value) > _FURTHEST:
            _refuse(self._file, line, "no_number", column, found=cell[:40])
        if has_comma or "." in cell:
            self._in_one_way(line, column, cell, mark="," if has_comma else ".")
        return value

    def _in_one_way(self, line: int, column: str, cell: str, *, mark: str) -> None:
        """Refuse a second way to write decimals: one of the two would be a sign of thousands."""
        self._written.setdefault(mark, (line, cell))
        if len(self._written) > 1:
            other = next(seen for sign, seen in self._written.items() if sign != mark)
            _refuse(
                self._file, line, "two_marks", column, found=cell[:40], other=other[1][:40],
                line_of_other=other[0],
            )  # fmt: skip


def _take_in(file: str, line: int, column: str, written: str, units: dict[str, int]) -> None:
    name = _heading(written)
    if not name:
        _refuse(file, line, "no_name", key=column)
    if name in units:
        _refuse(file, line, "name_twice", key=column, name=name)
    units[name] = line


def _parted(text: str, file: str, wanted: set[str]) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """Return what parts the cells, and the lines with the headings first."""
    said = _SAID.match(text)
    separator = said[1] if said else _separator(text, wanted)
    rows = _rows(text, file, separator)
    if said:
        next(rows)
    return separator, rows


def _rows(text: str, file: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line, with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for count, row in enumerate(reader):
            begins = reader.line_num + 1
            if count > ROWS:
                _refuse(file, reader.line_num, "too_many_rows", limit=ROWS)
            if len(row) > COLUMNS:
                _refuse(file, 1, "too_many_columns", limit=COLUMNS, found=len(row))
            yield reader.line_num, row
    except csv.Error as error:
        if reader.line_num > begins:
            _refuse(file, begins, "open_quote")
        _refuse(file, reader.line_num or 1, "no_csv", problem=str(error))


def _separator(text: str, wanted: set[str]) -> str:
    """Return what parts the cells: what gives most of the wanted headings, or else most headings."""

    def given(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator)
        try:
            headings = [_heading(one) for one in next(reader, [])]
        except csv.Error:
            return 0, 0
        return len(wanted.intersection(headings)), len(headings)

    return max(_SEPARATORS, key=given)


def _headings(file: str, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    _, row = next(rows, (1, []))
    headings = [_heading(one) for one in row]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        _refuse(file, 1, "empty")
    twice = [one for place, one in enumerate(headings) if one in headings[:place]]
    if twice:
        _refuse(file, 1, "column_twice", key=twice[0])
    return headings


def _heading(written: str) -> str:
    """Return a name in one line, its letters as they are usually composed."""
    return " ".join(unicodedata.normalize("NFC", _shown(written)).split())


def _shown(cell: str) -> str:
    """Return what is seen of a cell; letter by letter only where some may not be."""
    return cell.strip() if cell.isascii() and cell.isprintable() else visible(cell)


def _some(headings: Sequence[str]) -> str:
    more = ["\N{HORIZONTAL ELLIPSIS}"] if len(headings) > _TOLD else []
    return ", ".join([one[:40] for one in headings[:_TOLD]] + more)


def _refuse(file: str, line: int, reason: str, key: str = "-", **details: object) -> NoReturn:
    raise DocumentError(file=file, line=line, key=key, reason=reason, **details)
