"""A workbook's first sheet, read in a process of its own: `python -m survey_service.library.workbooks`.

A small workbook can claim a million rows of sixteen thousand columns, and whoever believes it runs
out of memory and is ended by the reader, which is written in Rust. So this process has little of it,
and nobody else suffers. The workbook comes on standard input; rows go to standard output as JSON.
"""

import datetime as dt
import io
import resource
import sys

import msgspec
from python_calamine import CalamineWorkbook

MEMORY = 512 * 1024 * 1024  # bytes
_ROWS = 20_002  # one more than a list may have, so that it shows


def main() -> None:
    """Read a workbook and write its rows."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheet = workbook.get_sheet_by_index(0)
    rows = sheet.to_python(nrows=_ROWS, skip_empty_area=False)
    sys.stdout.buffer.write(msgspec.json.encode([[_text(cell) for cell in row] for row in rows]))


def _text(cell: object) -> str:
    """Return a cell as somebody would have typed it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip()


if __name__ == "__main__":
    main()
