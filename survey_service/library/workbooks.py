"""The first sheet of a workbook that is seen, read in a process of its own: `python -m survey_service.library.workbooks`.

A small workbook can claim a million rows of sixteen thousand columns, and whoever believes it runs
out of memory and is ended by the reader, which is written in Rust. So this process has little of it,
and nobody else suffers. The workbook comes on standard input; rows go to standard output as JSON,
numbers as numbers.
"""

import datetime as dt
import io
import resource
import sys

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = str | int | float

MEMORY = 512 * 1024 * 1024  # bytes
_ROWS = 20_002  # one more than a list may have, so that it shows
_SEEN = (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)


def main() -> None:
    """Read a workbook and write its rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = [one.name for one in workbook.sheets_metadata if (one.typ, one.visible) == _SEEN]
    sheet = workbook.get_sheet_by_name(sheets[0])
    rows = sheet.to_python(nrows=_ROWS, skip_empty_area=False)
    table = [[cell(one) for one in row] for row in rows]
    _spread(sheet, table)
    sys.stdout.buffer.write(msgspec.json.encode(table))


def _spread(sheet: CalamineSheet, table: list[list[Cell]]) -> None:
    """Write what merged cells show into each of the rows that they span, in their first column."""
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        spanned = [row for row in table[first : last + 1] if column < len(row)]
        for row in spanned[1:]:
            row[column] = spanned[0][column]


def cell(found: object) -> Cell:
    """Return a number as it is, and anything else as somebody would have typed it."""
    if isinstance(found, bool):
        return "1" if found else "0"
    if isinstance(found, float):
        return int(found) if found.is_integer() else found
    if isinstance(found, int):
        return found
    if isinstance(found, dt.datetime) and found.time() == dt.time():
        return found.date().isoformat()
    if isinstance(found, dt.date | dt.time):
        return found.isoformat()
    return str(found)


if __name__ == "__main__":
    main()
