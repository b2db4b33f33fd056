"""Tables to take along: as CSV for programs, as XLSX for people, with numbers as numbers."""

import csv as separated
import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter
from msgspec import Struct
from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | dt.datetime | dt.date | None
# What spreadsheets take for a formula, also in the wide, small and raised letters that they fold:
# at the start of a cell, and where one begins for who parts text at semicolons, tabs or lines.
_FORMULA = re.compile(
    r"""(?P<before> \A [\s\0-\x1f\x7f-\xa0\u200b-\u200f\u2060\ufeff]*
        (?=[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207a\u207b\u207c\u208a\u208b\u208c\u2212])
      | [;\t\r\n\x0b\x0c\x85\u2028\u2029] \s* (?=[=\uff1d\ufe66@\uff20\ufe6b]) )""",
    re.VERBOSE,
)
SEPARATORS = {"id": (";", ","), "en": (",", ".")}
"""What stands between the cells of a CSV, and before the decimals of a number."""

_UNTITLED = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")  # what no sheet may be called
_LONGEST_TITLE = 31  # letters
_WIDEST = 500  # dots of a column that fits what it holds

_USUAL, _MOST = 2, 6  # decimals of a number
_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the file's, so that equal tables are equal bytes


class Table(Struct, frozen=True):
    """A table: what it is called, its headings, and its rows; numbers are exact.

    `codes` tells by column, or where each row is another node `by_row`, whose index the numbers are:
    that of a node, or by "" that of the whole; None, or nothing, where they are none. `digits` are how
    many decimals numbers have at the least, by column; `own` those of each row, where they differ.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    codes: Sequence[str | None] = ()
    by_row: bool = False
    digits: Sequence[int] = ()
    own: Sequence[Sequence[int]] = ()

    def code(self, row: int, column: int) -> str | None:
        """Return whose index the number of a cell is; None if it is none."""
        place = row if self.by_row else column
        return self.codes[place] if place < len(self.codes) else None


def csv(table: Table, language: str = "en") -> bytes:
    """Return the table as CSV in UTF-8, as spreadsheets of those who read the language expect it.

    In Indonesian that is with semicolons between cells and a comma in numbers.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    written = io.StringIO()
    separator, point = SEPARATORS[language]
    writer = separated.writer(written, delimiter=separator)
    writer.writerow([_plain(heading, point) for heading in table.headings])
    writer.writerows([_plain(cell, point) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # the mark by which Excel knows UTF-8


def xlsx(table: Table) -> bytes:
    """Return the table as a workbook with one sheet, which is called what the table is.

    Its headings stay in view and filter; numbers are numbers, shown as such.
    A text stays one even if somebody goes over its cell and presses Enter.
    """
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"title": table.name, "created": _DATE.replace(tzinfo=None)})
    sheet = workbook.add_worksheet(title(table.name))
    bold = workbook.add_format({"bold": True, "quote_prefix": True})
    for column, heading in enumerate(table.headings):
        sheet.write_string(0, column, heading, bold)
        digits = table.digits[column] if table.digits else None
        own: list[int | None] = [row[column] for row in table.own]
        own = own or [digits] * len(table.rows)
        _write_column(workbook, sheet, column, [row[column] for row in table.rows], own)
    if table.headings:
        sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)
    sheet.freeze_panes(1, 1)
    sheet.autofit(max_width=_WIDEST)
    workbook.close()
    return content.getvalue()


def title(name: str) -> str:
    """Return what a sheet may be called after a name."""
    return _UNTITLED.sub(" ", name).strip(" '")[:_LONGEST_TITLE].rstrip(" '") or "1"


def _write_column(
    workbook: xlsxwriter.Workbook,
    sheet: Worksheet,
    column: int,
    cells: Sequence[Cell],
    digits: Sequence[int | None],
) -> None:
    """Write what stands below a heading, each number with so many decimals at the least."""
    text = workbook.add_format({"quote_prefix": True})
    numbers = {
        least: workbook.add_format({"num_format": _number_format(cells, least)})
        for least in dict.fromkeys(digits)
    }
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for row, (cell, least) in enumerate(zip(cells, digits, strict=True), start=1):
        if isinstance(cell, int | Decimal):
            sheet.write_number(row, column, float(cell), numbers[least])
        elif isinstance(cell, dt.datetime):
            sheet.write_datetime(row, column, cell, moment)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(row, column, cell, day)
        elif cell is not None:
            sheet.write_string(row, column, cell, text)


def _number_format(cells: Sequence[Cell], digits: int | None) -> str:
    """Return how a column shows its numbers: with up to six decimals, and at the least `digits`.

    Where nobody says how many, with two, and without any where all of them are whole.
    """
    numbers = [cell for cell in cells if isinstance(cell, Decimal)]
    if not numbers or (digits is None and all(one == int(one) for one in numbers)):
        return "0"
    least = _USUAL if digits is None else digits
    return f"0.{'0' * least}{'#' * (_MOST - least)}"


def _plain(cell: Cell, point: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        written = f"{cell:f}"
        bare = written.rstrip("0").rstrip(".") if "." in written else written
        return bare.replace(".", point)
    return guarded(cell) if isinstance(cell, str) else str(cell)


def guarded(text: str) -> str:
    """Return a text with an apostrophe where a spreadsheet would begin to reckon."""
    return _FORMULA.sub(lambda found: f"{found['before']}'", text)
