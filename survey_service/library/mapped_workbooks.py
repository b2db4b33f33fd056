"""Answers from sheets that are not ours, read as a ministry's mapping tells; what it passes over is told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from survey_service.characters import normal, visible
from survey_service.conduct.workbook_cells import Cell as Said
from survey_service.conduct.workbook_cells import Entry
from survey_service.conduct.workbook_mappings import (
    PART,
    MappedSheet,
    SheetMapping,
    faults,
    is_asked,
)
from survey_service.conduct.workbooks import Book, Identity, Stray
from survey_service.errors.workbooks import UnmappedWorkbookError
from survey_service.library import answer_workbooks
from survey_service.library.answer_workbooks import MOST, TOLD, plain
from survey_service.library.documents import Document
from survey_service.library.workbook_rows import Sheet
from survey_service.library.workbooks import Cell
from survey_service.maturity.instrument import Questionnaire

_LETTERS = 26


class _Found(Struct, frozen=True):
    """What stands for an indicator, or a part of it, at a place."""

    target: str
    said: Said
    place: tuple[str, int]
    cell: str
    note: str = ""
    reason: str = ""
    evidence: str = ""
    written: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(map(visible, (self.said.text, self.note, self.reason, self.evidence)))

    @property
    def told(self) -> str:
        """Return what is written there, to be told."""
        words = (self.target, self.said.text, self.note, self.reason, self.evidence)
        return " · ".join(filter(None, map(visible, words)))[:TOLD]


def load(document: Document, asked: Questionnaire | None = None) -> SheetMapping:
    """Return the mapping that a document holds; `asked` is the questionnaire that it is of, if known.

    Raises:
        DocumentError: It holds none, or one that cannot be; says where, and what is wrong.
    """
    mapping = document.decode(SheetMapping)
    for fault in faults(mapping, asked):
        document.refuse(fault.at, fault.reason, **fault.details)
    return mapping


def read(
    content: bytes, file: str, mapping: SheetMapping, identity: Identity, asked: Questionnaire
) -> Book:
    """Return what sheets answer, as a workbook that was exported with no answer at all.

    Args:
        content: The workbook.
        file: What it is called.
        mapping: Where it has answers.
        identity: What it is to answer, and for whom.
        asked: The questionnaire, as the organisation is asked it.

    Raises:
        UnmappedWorkbookError: Nothing of what the mapping names is in it.
        SurveyError: See `answer_workbooks.sheets`.
    """
    found, strays = _all(answer_workbooks.sheets(content, file), mapping, identity.organisation)
    by_code: defaultdict[str, list[_Found]] = defaultdict(list)
    for one in found:
        code, _, part = one.target.partition(PART)
        if is_asked(asked, code, part):
            by_code[code].append(one)
        elif not one.is_empty:
            strays.append(Stray(*one.place, one.told))
    if not by_code:
        raise UnmappedWorkbookError(file=file, mapping=mapping.name)
    entries = {code: _entry(each) for code, each in by_code.items()}
    twice = sorted(code for code, each in by_code.items() if _differ(each))
    named = {one.partition(PART)[0] for each in mapping.sheets for one in each.targets.values()}
    missing = [code for code in asked.indicators if code in named and code not in entries]
    return Book(file, identity, {}, entries, tuple(strays[:MOST]), tuple(missing), tuple(twice))


def _all(
    sheets: Sequence[Sheet], mapping: SheetMapping, organisation: str
) -> tuple[list[_Found], list[Stray]]:
    """Return what is found on all sheets, and what is passed over: rows, and sheets of which nothing is read."""
    found: list[_Found] = []
    strays: list[Stray] = []
    for sheet in sheets:
        ways = [one for one in mapping.sheets if normal(one.sheet) in {"", normal(sheet.name)}]
        if not ways and sheet.rows:
            strays.append(Stray(sheet.name, 0, ""))
        for way in ways:
            if way.columns:
                found += _across(sheet, way, organisation)
            else:
                known, passed_over = _down(sheet, way)
                found += known
                strays += passed_over
    return found, strays


def _down(sheet: Sheet, way: MappedSheet) -> tuple[list[_Found], list[Stray]]:
    """Return what rows answer, and those that answer something that the mapping does not know."""
    targets = {normal(visible(key)): target for key, target in way.rows.items()}
    found: list[_Found] = []
    strays: list[Stray] = []
    for number, row in sheet.rows:
        if number < way.from_row:
            continue
        key = str(number) if way.code is None else visible(_text(row, way.code))
        target = targets.get(normal(key), "" if way.rows else key)
        one = _row(sheet, number, row, way, target)
        if target:
            found.append(one)
        elif visible(one.said.text):
            strays.append(Stray(sheet.name, number, f"{key} · {one.told}"[:TOLD]))
    return found, strays


def _row(sheet: Sheet, number: int, row: Sequence[Cell], way: MappedSheet, target: str) -> _Found:
    answer = way.answer or ""
    notes = "\n".join(filter(None, (_text(row, one).strip() for one in way.note)))
    reason, evidence = (_text(row, one) if one else "" for one in (way.reason, way.evidence))
    cell = _cell(row, answer)
    place = (sheet.name, number)
    return _Found(
        target,
        _worded(cell, way.words),
        place,
        f"{answer}{number}",
        notes,
        reason,
        evidence,
        cell.text,
    )


def _across(sheet: Sheet, way: MappedSheet, organisation: str) -> Iterator[_Found]:
    """Yield what the organisation's row answers."""
    for number, row in sheet.rows:
        own = way.organisation is not None and (
            normal(visible(_text(row, way.organisation))) == normal(organisation)
        )
        if own or number == way.row:
            for column, target in way.columns.items():
                cell, place = _cell(row, column), (sheet.name, number)
                said = _worded(cell, way.words)
                yield _Found(target, said, place, f"{column}{number}", written=cell.text)


def _entry(found: Sequence[_Found]) -> Entry:
    """Return the cells of an indicator: of what is there several times, the one that says something."""
    below = {
        one.target.partition(PART)[2]: one.said for one in _telling(found) if PART in one.target
    }
    whole = [one for one in _telling(found) if PART not in one.target]
    first = whole[0] if whole else found[0]
    own = first.said if whole else Said()
    return Entry(
        own,
        below,
        first.note,
        first.reason,
        place=first.place,
        evidence=first.evidence,
        cell=first.cell,
        written=first.written if whole and first.written != own.text else "",
    )


def _telling(found: Sequence[_Found]) -> list[_Found]:
    """Return what is found, with what says something before what is empty."""
    return sorted(found, key=lambda one: one.is_empty)


def _differ(found: Sequence[_Found]) -> bool:
    """Whether the same thing is there twice and says different things."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    for one in found:
        if not one.is_empty:
            said[one.target].add(repr((one.said, one.note, one.reason, one.evidence)))
    return any(len(each) > 1 for each in said.values())


def _worded(cell: Said, words: Mapping[str, str | int]) -> Said:
    """Return the answer that a word stands for; a cell that is none as it is."""
    known = {normal(visible(word)): meant for word, meant in words.items()}
    meant = known.get(normal(visible(cell.text)))
    return cell if meant is None else Said(str(meant), is_number=isinstance(meant, int))


def _cell(row: Sequence[Cell], column: str) -> Said:
    return Said(_text(row, column), is_number=not isinstance(_at(row, column), str))


def _text(row: Sequence[Cell], column: str) -> str:
    found = _at(row, column)
    return found if isinstance(found, str) else plain(found)


def _at(row: Sequence[Cell], column: str) -> Cell:
    at = 0
    for letter in column:
        at = at * _LETTERS + ord(letter) - ord("A") + 1
    return row[at - 1] if at <= len(row) else ""
