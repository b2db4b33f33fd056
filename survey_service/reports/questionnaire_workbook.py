"""A questionnaire as a workbook to write in: a row for each entry, its places as headings."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

import xlsxwriter

_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook's, so that equal ones are equal bytes
_NARROW, _WIDE = 12, 40  # letters
_LONG = 16  # letters of a text that wants a wide column

Cell = str | int | float | Decimal


def workbook(tables: Mapping[str, Sequence[Sequence[Cell]]], title: str) -> bytes:
    """Return the workbook with a sheet for each table, the first row of each its headings."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    book.set_properties({"title": title, "created": _DATE})
    plain = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#B8C4D2"}
    head = book.add_format(
        {**plain, "bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "valign": "vcenter"}
    )
    text, number = book.add_format({**plain, "num_format": "@"}), book.add_format(plain)
    for name, rows in tables.items():
        page = book.add_worksheet(name)
        for at, heading in enumerate(rows[0]):
            cells = [row[at] for row in rows[1:] if row[at] != ""]
            is_text = not cells or any(isinstance(cell, str) for cell in cells)
            long = any(len(str(cell)) > _LONG for cell in cells)
            page.set_column(at, at, _WIDE if long else _NARROW, text if is_text else number)
            page.write_string(0, at, str(heading), head)
        for row, entry in enumerate(rows[1:], start=1):
            for at, cell in enumerate(entry):
                if isinstance(cell, str):
                    page.write_string(row, at, cell, text)
                else:
                    page.write_number(row, at, float(cell), number)
        page.set_row(0, 48)
        page.freeze_panes(1, 2 if len(rows[0]) > 2 else 0)  # noqa: PLR2004 - where it belongs, and its code
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    book.close()
    return written.getvalue()
