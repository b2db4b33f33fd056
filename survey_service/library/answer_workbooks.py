"""Workbooks of answers that come back: found by their hidden codes, never by place or text."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import msgspec

from survey_service.characters import visible
from survey_service.conduct.workbook_cells import Cell as Said
from survey_service.conduct.workbook_cells import Entry, UnitRow
from survey_service.conduct.workbooks import (
    FORMAT,
    MAGIC,
    OURS,
    UNITS,
    WIDE,
    Book,
    Identity,
    Stray,
    Version,
    checksum,
)
from survey_service.errors.workbooks import (
    DamagedWorkbookError,
    ForeignWorkbookError,
    NewerWorkbookError,
    NotAWorkbookError,
    UnsafeWorkbookError,
)
from survey_service.i18n import LANGUAGES, translate
from survey_service.library.workbook_rows import Read, Sheet
from survey_service.library.workbooks import Cell

LARGEST = 16_000_000  # bytes; with a million rows that were only coloured it takes five
SECONDS = 20  # to read a workbook
_ZIP = b"PK"
_KEY = "@key"
_FILLED = ("answer", "note", "reason", "criteria", "evidence")
_BETWEEN = ("answer", "note", "reason", "evidence")  # columns that rows of nobody leave empty
TOLD = 200  # letters of something that belongs nowhere
MOST = 50  # of such things that are told


class _Row(NamedTuple):
    """A row of a sheet with its cells by the names of their columns."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return what a cell says, as a text."""
        found = self.cells.get(name, "")
        return found if isinstance(found, str) else plain(found)

    def cell(self, name: str) -> Said:
        """Return a cell, which keeps whether it was a number."""
        found = self.cells.get(name, "")
        return Said(self.text(name), is_number=not isinstance(found, str))


def sheets(content: bytes, file: str) -> list[Sheet]:
    """Return what all sheets of a workbook hold, read by a process that can be stopped.

    Raises:
        NotAWorkbookError: It is none, or takes too long or too much.
        UnsafeWorkbookError: It has macros, or takes values from other files.
    """
    if len(content) > LARGEST:
        raise NotAWorkbookError(file=file, reason="too_large", limit=LARGEST)
    if not content.startswith(_ZIP):
        raise NotAWorkbookError(file=file, reason="no_workbook")
    command = [sys.executable, "-m", "survey_service.library.workbook_rows"]
    try:
        found = subprocess.run(  # noqa: S603 - ourselves
            command, input=content, capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.SubprocessError:
        raise NotAWorkbookError(file=file, reason="no_workbook") from None
    read = msgspec.json.decode(found.stdout, type=Read)
    if read.unsafe:
        raise UnsafeWorkbookError(file=file, what=read.unsafe)
    return read.sheets


def load(content: bytes, file: str) -> Book:
    """Return what a workbook answers.

    Raises:
        ForeignWorkbookError: This service did not write it.
        NewerWorkbookError: A newer version of it did.
        DamagedWorkbookError: What it says of itself, or the column of codes, was damaged.
        SurveyError: See `sheets`.
    """
    return book(sheets(content, file), file)


def book(found: Sequence[Sheet], file: str) -> Book:
    """Return what the sheets of a workbook answer; see `load`."""
    identity, exported = _identity(found, file)
    rows = [row for sheet in found for row in _rows(sheet)]
    keyed: defaultdict[str, list[_Row]] = defaultdict(list)
    strays: list[Stray] = []
    for row in rows:
        key = visible(row.text("key"))
        if key.startswith("#"):
            keyed[key].append(row)
        elif written := _written(row, _BETWEEN if key == OURS else _FILLED):
            strays.append(Stray(row.sheet, row.number, written))
    units = _units(found)
    entries, twice = _entries(keyed, units)
    if exported and not entries.keys() & exported.keys():
        raise DamagedWorkbookError(file=file, what="codes")
    strays += [
        Stray(keyed[key][0].sheet, keyed[key][0].number, key)
        for key in keyed
        if _code(key) not in exported
    ]
    missing = tuple(code for code in exported if code not in entries)
    left = {code: one for code, one in entries.items() if code in exported}
    return Book(file, identity, exported, left, tuple(strays[:MOST]), missing, tuple(sorted(twice)))


def _identity(found: Sequence[Sheet], file: str) -> tuple[Identity, dict[str, Version]]:
    """Return what a workbook says of itself, and the answers as they were exported."""
    for sheet in found:
        if sheet.rows and sheet.rows[0][1][:1] == [MAGIC]:
            break
    else:
        raise ForeignWorkbookError(file=file)
    (_, head), *below = sheet.rows
    said: defaultdict[str, str] = defaultdict(str)
    for _, row in below:
        if len(row) > 1 and str(row[0]).startswith("#"):
            said[str(row[0]).removeprefix("#")] += str(row[1])
    identity = said.pop("", "")
    if len(head) < 2 or head[1] != checksum(identity, said):  # noqa: PLR2004
        raise DamagedWorkbookError(file=file, what="identity")
    try:
        read = msgspec.json.decode(identity, type=Identity)
        if read.format > FORMAT:
            raise NewerWorkbookError(file=file)
        return read, {code: msgspec.json.decode(one, type=Version) for code, one in said.items()}
    except msgspec.MsgspecError:
        raise NewerWorkbookError(file=file) from None


def _rows(sheet: Sheet) -> Iterator[_Row]:
    """Yield the rows of a sheet that is filled in, by the hidden headings, wherever these have gone."""
    headings = next((row for _, row in sheet.rows if _KEY in row and "@answer" in row), None)
    if headings is None:
        return
    names = {at: str(name).removeprefix("@") for at, name in enumerate(headings) if _is_name(name)}
    for number, row in sheet.rows:
        if row is not headings:
            yield _Row(
                sheet.name, number, {name: row[at] for at, name in names.items() if at < len(row)}
            )


def _is_name(found: Cell) -> bool:
    return isinstance(found, str) and found.startswith("@")


def _written(row: _Row, columns: Sequence[str]) -> str:
    """Return what somebody wrote in a row, to be told; of the row of headings nothing."""
    said = {one: visible(row.text(one)) for one in columns}
    if all(said[one] in _headed(one) for one in said):
        return ""
    return " · ".join(filter(None, said.values()))[:TOLD]


@lru_cache
def _headed(column: str) -> frozenset[str]:
    """Return how a column is headed, in any language, and that it says nothing."""
    return frozenset({"", *(translate(f"heading.{column}", one) for one in LANGUAGES)})


def _code(key: str) -> str:
    """Return the code of the indicator that a key belongs to."""
    return key.removesuffix(WIDE).split("#")[1]


def _entries(
    keyed: Mapping[str, Sequence[_Row]], units: Mapping[str, list[UnitRow]]
) -> tuple[dict[str, Entry], set[str]]:
    """Return the cells of each indicator, and the codes of those that stand twice and differ."""
    found: dict[str, Entry] = {}
    twice: set[str] = set()
    below: defaultdict[str, dict[str, Said]] = defaultdict(dict)
    evidence: defaultdict[str, list[str]] = defaultdict(list)
    for key, rows in keyed.items():
        code, part = _code(key), key.removesuffix(WIDE).partition("#")[2].partition("#")[2]
        column = "criteria" if key.endswith(WIDE) else "answer"
        said = [(row.cell(column), row.text("note"), row.text("reason")) for row in rows]
        if len(set(map(repr, said))) > 1:
            twice.add(code)
        own, note, reason = said[0]
        evidence[code] += [row.text("evidence") for row in rows]
        if part:
            below[code][part] = own
        else:
            place = (rows[0].sheet, rows[0].number)
            by_unit = tuple(units.get(code, ()))
            found[code] = Entry(own, {}, note, reason, by_unit, place)
    return {
        code: msgspec.structs.replace(one, below=below[code], evidence="\n".join(evidence[code]))
        for code, one in found.items()
    }, twice


def _units(found: Sequence[Sheet]) -> dict[str, list[UnitRow]]:
    """Return the rows of units by the code of the indicator that they answer."""
    units: defaultdict[str, list[UnitRow]] = defaultdict(list)
    for sheet in found:
        headings = next((row for _, row in sheet.rows if UNITS in row and "@unit" in row), None)
        if headings is None:
            continue
        names = {at: str(name).removeprefix("@") for at, name in enumerate(headings)}
        for number, row in sheet.rows:
            line = _Row(
                sheet.name, number, {names[at]: one for at, one in enumerate(row) if at in names}
            )
            code, unit = visible(line.text("code")), visible(line.text("unit"))
            if code and unit:
                own = line.cell("answer"), line.cell("weight"), line.text("shown")
                units[code].append(UnitRow(unit, *own, line.text("reason")))
    return units


def plain(number: float) -> str:
    """Return a number of a cell as a text, without an exponent."""
    return f"{Decimal(repr(number)):f}"
