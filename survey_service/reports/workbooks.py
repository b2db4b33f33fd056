"""An assessment as a workbook to work in: a sheet for each dimension, with drop-downs and a live index.

It looks as the worksheets of evaluations do that people know. What may be filled in is open, the rest
is locked without a password. Hidden sheets hold the lists, the reckoning, and what was exported.
"""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import msgspec
import xlsxwriter
from msgspec import structs

from survey_service.conduct.workbook_cells import Cell, entry
from survey_service.conduct.workbooks import MAGIC, UNITS, Version, checksum
from survey_service.i18n import translate
from survey_service.reports.workbook_arithmetic import Places
from survey_service.reports.workbook_formulas import Rules, Sheet
from survey_service.reports.workbook_lists import Lists
from survey_service.reports.workbook_looks import Exported, Writing
from survey_service.reports.workbook_parts import answers_of, parts, put, write
from survey_service.reports.workbook_summary import summary

_PIECE = 30_000  # letters; a cell takes 32,767
_ROOM = 500  # rows for units that have drop-downs
_UNITS = {"code": 12, "unit": 44, "answer": 14, "weight": 10, "shown": 14, "reason": 44}
"""The columns of the sheet of units, with their widths in letters."""

_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # of one that nobody exported at a time


def workbook(exported: Exported) -> bytes:
    """Return the workbook, in the language that its identity says; equal ones are equal bytes."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    language, asked = exported.identity.language, exported.questionnaire
    made = (exported.identity.exported_at or _DATE).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": asked.name.in_(language), "created": made})
    answers = {code: one.answer for code, one in exported.shown.items() if one.answer is not None}
    lists = Lists(asked, answers, language)
    laid = parts(asked, language, with_before=bool(exported.before))
    places = Places(answers_of(laid).__getitem__, lists.worth)
    running, official = (
        Sheet(Rules(asked, answers, exported.profile, official), places)
        for official in (False, True)
    )
    writing = Writing(book, exported, lists, running, official)
    summary(writing, translate("Summary", language))
    for part in laid:
        write(writing, part)
    _units(writing)
    lists.write(book)
    _scores(book, "_scores", running)
    _scores(book, "_official", official)
    _identity(book, exported)
    book.close()
    return written.getvalue()


def _units(writing: Writing) -> None:
    """Write the sheet of units, where anything is answered by them."""
    language, asked = writing.language, writing.exported.questionnaire
    by_units = [one for one in asked.indicators.values() if one.units is not None]
    if not by_units:
        return
    page = writing.book.add_worksheet(translate("Units", language))
    for at, (name, width) in enumerate(_UNITS.items()):
        page.set_column(at, at, width)
        page.write_string(0, at, f"@{name}", writing.look("hidden"))
        writing.text(page, 3, at, translate(f"heading.{name}", language), "heading")
    page.set_row(0, None, None, {"hidden": True})
    page.write_string(0, len(_UNITS), UNITS, writing.look("hidden"))
    page.set_column(len(_UNITS), len(_UNITS), 4, None, {"hidden": True})
    writing.text(page, 1, 0, translate("Units", language), "title")
    codes = ", ".join(one.code for one in by_units)
    about = translate("A row for each unit and each of: {codes}", language, codes=codes)
    writing.text(page, 2, 0, about, "line")
    row = 4
    for indicator in by_units:
        version = writing.exported.shown.get(indicator.code, Version())
        for unit in entry(indicator, version.answer, "", language).units:
            cells = (Cell(indicator.code), Cell(unit.name), unit.answer, unit.weight)
            for at, cell in enumerate((*cells, Cell(unit.evidence), Cell(unit.reason))):
                put(writing, page, (row, at), cell, "typed" if at in {0, 2, 3, 4} else "prose")
            row += 1
    for empty in range(row, row + _ROOM):
        for at in range(len(_UNITS)):
            look = "typed" if at in {0, 4} else "number" if at in {2, 3} else "prose"
            page.write_blank(empty, at, None, writing.look(look))
    page.data_validation(
        4, 4, row + _ROOM, 4, {"validate": "list", "source": f"={writing.lists.yes_no}"}
    )
    page.freeze_panes(4, 0)
    writing.protect(page)
    writing.print_set_up(page, 3)


def _scores(book: Any, name: str, sheet: Sheet) -> None:
    """Write the hidden sheet on which everything is reckoned."""
    page = book.add_worksheet(name)
    for line in sheet.lines():
        for at, formula in line.cells.items():
            if formula.said is not None:
                page.write_formula(line.row, at, f"={formula.said}", None, formula.value)
            elif isinstance(formula.value, str):
                page.write_string(line.row, at, formula.value)
            else:
                page.write_number(line.row, at, formula.value)
    page.hide()


def _identity(book: Any, exported: Exported) -> None:
    """Write the hidden sheet that says what it answers, and how each answer was exported."""
    page = book.add_worksheet("_identity")
    page.set_column(0, 3, 20)
    called = {code: tuple(one.name for one in each) for code, each in exported.evidence.items()}
    whose = structs.replace(exported.identity, evidence=called)
    identity = msgspec.json.encode(whose).decode()
    given = {
        code: msgspec.json.encode(exported.shown.get(code, Version())).decode()
        for code in exported.questionnaire.indicators
    }
    page.write_row(0, 0, (MAGIC, checksum(identity, given)))
    for row, (code, text) in enumerate(_pieces({"": identity, **given}), start=1):
        page.write_string(row, 0, f"#{code}")
        page.write_string(row, 1, text)
    page.hide()


def _pieces(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield long texts in pieces that fit into a cell, in order."""
    for code, text in texts.items():
        for start in range(0, len(text), _PIECE):
            yield code, text[start : start + _PIECE]
