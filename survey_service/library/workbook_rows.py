"""All rows of a workbook's sheets, read in a process of its own: `python -m survey_service.library.workbook_rows`.

As `workbooks`, which reads lists: the workbook comes on standard input, and what it holds goes to
standard output as JSON. Macros and values that come from other files are told, and nothing of it read.
"""

import io
import resource
import sys
import zipfile
from collections.abc import Iterator

import msgspec
from msgspec import Struct
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from survey_service.library.workbooks import MEMORY, Cell, cell

ROWS, COLUMNS, SHEETS, CELLS = 20_000, 600, 120, 400_000
_UNSAFE = (
    "vbaproject",
    "externallinks/",
    "basic/",
    "scripts/",
    "macrosheets/",
    "activex/",
    "embeddings/",
)


class Sheet(Struct, frozen=True):
    """A sheet: its name, and its rows that hold anything by their numbers, from 1."""

    name: str
    rows: list[tuple[int, list[Cell]]]


class Read(Struct, frozen=True):
    """What a workbook holds; or what in it nobody should open, and nothing else."""

    sheets: list[Sheet] = []
    unsafe: str = ""


def main() -> None:
    """Read a workbook and write what it holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(msgspec.json.encode(_read(sys.stdin.buffer.read())))


def _read(content: bytes) -> Read:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if any(part in name.lower() for part in _UNSAFE):
                return Read(unsafe=name)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    names = [one.name for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    return Read(
        [Sheet(name, list(_rows(workbook.get_sheet_by_name(name)))) for name in names[:SHEETS]]
    )


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the rows that hold anything, without the blanks at their ends."""
    count = held = 0
    before: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)  # columns left of the first
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [*before, *map(cell, row)][:COLUMNS]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            count, held = count + 1, held + len(cells)
            yield number, cells
        if count > ROWS or held > CELLS:
            raise OverflowError("more than anybody fills in")  # rather than lose what is below


if __name__ == "__main__":
    main()
