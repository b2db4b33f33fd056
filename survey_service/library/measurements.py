"""Figures of organisations in a CSV file: a row for each, and a number or nothing in each column."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import NoReturn

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.characters import visible
from survey_service.errors import DocumentError, FileMissingError
from survey_service.library.encodings import text_of

LARGEST = 64_000_000  # bytes
ROWS, COLUMNS = 100_000, 1000
_FURTHEST = 1e20  # what lies nearer is shown with all of its digits
_NOTHING = {"", "-", "\N{EN DASH}", "\N{EM DASH}", "..", "n/a", "na", "null", "none"}
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
_SEPARATORS = ",;\t"  # the first of those that stand equally often is taken


class Measurements(Struct, frozen=True):
    """Organisations by name, and their values, shape (organisations, columns), `nan` where none."""

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    unused: tuple[str, ...]


def read(path: Path, wanted: Sequence[str], unit: str | None = None) -> Measurements:
    """Return the columns that are wanted of a CSV file, in that order.

    Args:
        path: Of the file; its first line has the names of the columns.
        wanted: Names of columns.
        unit: The column of the organisations' names; the first one where it is None.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
        DocumentError: Too large, no CSV, a column missing or there twice, an organisation there twice
            or without a name, or a cell that is neither empty nor a number.
    """
    file, rows = str(path), _rows(path)
    headings = _headings(file, rows)
    names = [unit or headings[0], *wanted]
    for one in names:
        if one not in headings:
            _refuse(file, 1, "no_column", key=one)
    places = [headings.index(one) for one in names]
    units: dict[str, int] = {}
    values: list[list[float]] = []
    for line, row in rows:
        if any(row):
            cells = _filled_up(file, line, row, len(headings))
            _take_in(file, line, names[0], cells[places[0]], units)
            values.append([_value(file, line, headings[at], cells[at]) for at in places[1:]])
    if not units:
        _refuse(file, 1, "no_rows")
    return Measurements(
        tuple(units),
        tuple(wanted),
        np.array(values, float).reshape(len(units), len(wanted)),
        tuple(one for one in headings if one not in names),
    )


def _filled_up(file: str, line: int, row: list[str], width: int) -> list[str]:
    if len(row) > width:
        _refuse(file, line, "too_many_cells")
    return [*row, *[""] * (width - len(row))]


def _take_in(file: str, line: int, column: str, name: str, units: dict[str, int]) -> None:
    if not name:
        _refuse(file, line, "no_name", key=column)
    if name in units:
        _refuse(file, line, "name_twice", key=column, name=name)
    units[name] = line


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line, with its number."""
    try:
        if path.stat().st_size > LARGEST:
            _refuse(str(path), 1, "too_large", limit=LARGEST)
        text = text_of(path.read_bytes(), str(path))
    except OSError as error:
        raise FileMissingError(file=str(path), cause=error.strerror or "") from error
    heading = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for count, row in enumerate(reader):
            if count > ROWS:
                _refuse(str(path), reader.line_num, "too_many_rows", limit=ROWS)
            if len(row) > COLUMNS:
                _refuse(str(path), 1, "too_many_columns", limit=COLUMNS, found=len(row))
            yield reader.line_num, [_cell(one, comma=separator != ",") for one in row]
    except csv.Error as error:
        _refuse(str(path), reader.line_num or 1, "syntax", problem=str(error))


def _cell(written: str, *, comma: bool) -> str:
    cell = visible(written).strip()
    if comma and re.fullmatch(r"[-+]?[0-9]+,[0-9]+", cell):
        return cell.replace(",", ".")  # where commas part no cells, they are decimal ones
    return cell


def _headings(file: str, rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    _, headings = next(rows, (1, []))
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        _refuse(file, 1, "empty")
    twice = [one for place, one in enumerate(headings) if one in headings[:place]]
    if twice:
        _refuse(file, 1, "column_twice", key=twice[0])
    return headings


def _value(file: str, line: int, column: str, cell: str) -> float:
    if cell.lower() in _NOTHING:
        return float("nan")
    value = float(cell) if _NUMBER.fullmatch(cell) else float("inf")
    if not isfinite(value) or abs(value) > _FURTHEST:
        _refuse(file, line, "no_number", key=column, found=cell[:40])
    return value


def _refuse(file: str, line: int, reason: str, key: str = "-", **details: object) -> NoReturn:
    raise DocumentError(file=file, line=line, key=key, reason=reason, **details)
