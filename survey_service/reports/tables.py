"""Tables to take along: as CSV for programs, as XLSX for people, with numbers as numbers."""

import csv as comma_separated
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from msgspec import Struct

Cell = str | int | Decimal | dt.date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the file's, so that equal tables are equal bytes


class Table(Struct, frozen=True):
    """A table: what it is called, its headings, and its rows; numbers are exact."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv(table: Table) -> bytes:
    """Return the table as CSV in UTF-8, with points in numbers.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    written = io.StringIO()
    writer = comma_separated.writer(written)
    writer.writerow(table.headings)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # the mark by which Excel knows UTF-8


def xlsx(table: Table) -> bytes:
    """Return the table as a workbook with one sheet."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"title": table.name, "created": _DATE.replace(tzinfo=None)})
    sheet = workbook.add_worksheet()
    bold = workbook.add_format({"bold": True})
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, bold)
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int | Decimal):
                sheet.write_number(number, column, float(cell))
            elif cell is not None:
                sheet.write_string(number, column, str(cell))
    sheet.freeze_panes(1, 1)
    sheet.autofit()
    workbook.close()
    return content.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        written = f"{cell:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    written = str(cell)
    return f"'{written}" if isinstance(cell, str) and written.startswith(_FORMULA) else written
