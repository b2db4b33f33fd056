"""Workbooks of answers as people bring them back: saved by another program, with cells changed."""

import io
import random
from collections.abc import Callable, Mapping
from decimal import Decimal

import xlsxwriter

from survey_service.conduct.workbooks import FORMAT, Identity, Version
from survey_service.library import answer_workbooks
from survey_service.library.workbook_rows import Sheet
from survey_service.library.workbooks import Cell
from survey_service.maturity.answers import Answer, ends
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator
from survey_service.reports.workbook_looks import Exported
from survey_service.reports.workbooks import workbook

Change = Mapping[str, Mapping[str, Cell]]
"""What is typed, by the key of the row and the name of the column."""


def exported(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    language: str = "id",
    kind: str = "",
    note: str = "",
) -> Exported:
    """Return what goes into a workbook that belongs to no assessment."""
    identity = Identity(FORMAT, questionnaire.reference, "digest", language, kind, "Agency")
    shown = {code: Version(answer, note) for code, answer in answers.items()}
    return Exported(questionnaire, identity, Profile(kind), shown)


def made(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    language: str = "id",
    note: str = "",
) -> bytes:
    return workbook(exported(questionnaire, answers, language, note=note))


def sheets(content: bytes) -> list[Sheet]:
    return answer_workbooks.sheets(content, "a.xlsx")


def changed(found: list[Sheet], change: Change) -> list[Sheet]:
    """Return sheets in whose cells something else was typed."""
    done = []
    for sheet in found:
        headings = next((row for _, row in sheet.rows if "@key" in row), [])
        rows = []
        for number, row in sheet.rows:
            typed = dict(change.get(_key(headings, row), {}))
            full = [*row, *[""] * (len(headings) - len(row))]
            for name, cell in typed.items():
                full[headings.index(f"@{name}")] = cell
            rows.append((number, full))
        done.append(Sheet(sheet.name, rows))
    return done


def _key(headings: list[Cell], row: list[Cell]) -> str:
    at = headings.index("@key") if headings else len(row)
    return str(row[at]) if at < len(row) else ""


def saved(found: list[Sheet]) -> bytes:
    """Return a workbook as a program saves it that keeps nothing but what stands in cells."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    for sheet in found:
        page = book.add_worksheet(sheet.name)
        for number, row in sheet.rows:
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number - 1, at, cell)
                else:
                    page.write_number(number - 1, at, cell)
    book.close()
    return written.getvalue()


def typed(content: bytes, change: Change) -> bytes:
    """Return a workbook in which something else was typed, saved by another program."""
    return saved(changed(sheets(content), change))


def rows_of(found: list[Sheet], mend: Callable[[list[tuple[int, list[Cell]]]], object]) -> None:
    """Let something be done to the rows of each sheet that is filled in."""
    for sheet in found:
        if any("@key" in row for _, row in sheet.rows):
            mend(sheet.rows)


def random_answers(questionnaire: Questionnaire, seed: int) -> dict[str, Answer]:
    """Return answers to most of what is asked, the same each time for a seed."""
    chance = random.Random(seed)
    found = {
        code: _random(questionnaire, indicator, chance)
        for code, indicator in questionnaire.indicators.items()
    }
    return {code: one for code, one in found.items() if one is not None}


def _random(
    questionnaire: Questionnaire, indicator: Indicator, chance: random.Random
) -> Answer | None:
    if chance.random() < 0.1:
        return None
    if chance.random() < 0.1 and indicator.not_applicable != "forbidden":
        return Answer(not_applicable="sebab")
    if indicator.answer_type == "level":
        return Answer(level=chance.choice(list(questionnaire.levels(indicator))))
    if indicator.answer_type == "option":
        return Answer(option=chance.choice(questionnaire.options(indicator)).code)
    if indicator.number is not None:
        lowest, highest = (end or Decimal(0) for end in ends(questionnaire, indicator.number))
        value = lowest + (highest - lowest) * chance.randint(0, 100) / 100
        return Answer(value=value.quantize(Decimal(1).scaleb(-indicator.number.decimals)))
    if indicator.ratio is not None:
        inside = indicator.ratio.part
        return Answer(
            values={
                one.code: Decimal(chance.randint(0, 3) + 5 * (one.code not in inside))
                for one in indicator.ratio.inputs
            }
        )
    if indicator.checklist:
        there = [one.code for one in indicator.checklist if chance.random() < 0.5]
        return Answer(checked=tuple(there))
    return Answer(text="=1+2")


def kinds(questionnaire: Questionnaire) -> list[str]:
    """Return the kinds of organisation that are asked different things."""
    apart = questionnaire.tells_kinds_apart
    return [one.code for one in questionnaire.kinds] if apart else [""]
