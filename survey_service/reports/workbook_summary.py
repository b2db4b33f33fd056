"""The first sheet of a workbook: how to fill it in, the index as it moves, the grade and its gates."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

from survey_service.i18n import NOTHING, decimal, moment, translate
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Gate, Grade
from survey_service.maturity.scoring import Card, passes
from survey_service.reports.workbook_arithmetic import (
    ANSWERED,
    INDEX,
    TOTAL,
    Formula,
    near,
    reaches,
    written,
)
from survey_service.reports.workbook_formulas import Sheet
from survey_service.reports.workbook_looks import Writing

_HOLDS, _FAILS = "✓", "✗"
_WIDTHS = (18, 52, 13, 14, 14, 16, 14, 24)
_GRADES = 3  # columns before those of the two ways to reckon
_SHEETS = ("_scores", "_official")


class _Held(Struct, frozen=True):
    """A minimum that a grade asks for of a node; with no `node` a condition that the service told."""

    gate: Gate
    node: str | None
    passes: tuple[bool, bool]


def summary(writing: Writing, name: str) -> None:
    """Write the sheet."""
    page = writing.book.add_worksheet(name)
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    row = _about(writing, page)
    grades_at = row + 4
    gates = _gates(writing)
    rows = _grades(writing, page, grades_at, gates)
    _verdict(writing, page, row, (grades_at + 1, len(writing.exported.questionnaire.grades)))
    _tree(writing, page, rows + 1)
    page.set_row(0, 26)
    page.set_row(row + 1, 30)
    page.freeze_panes(1, 0)
    writing.protect(page)
    writing.print_set_up(page, 0)


def _about(writing: Writing, page: Any) -> int:
    """Write what it is and how to fill it in; return the row after that."""
    exported, language = writing.exported, writing.language
    identity = exported.identity
    writing.text(page, 0, 0, exported.questionnaire.name.in_(language), "title")
    exported_at = moment(exported.at, language) if exported.at else ""
    lines = [
        " · ".join(filter(None, (identity.organisation, identity.questionnaire, exported_at))),
        translate(f"stage.{identity.stage}", language),
        translate(
            "Fill in the yellow cells on the sheets that follow; choose from the lists.", language
        ),
        translate(
            "Rows may be sorted, hidden or inserted; the hidden column on the right must stay.",
            language,
        ),
        translate(
            "Then upload the file where you got it: you see every change before it is applied.",
            language,
        ),
    ]
    if exported.questionnaire.conditional:
        lines.append(
            translate(
                "What is asked on a condition is as it was when this file was made.", language
            )
        )
    for row, line in enumerate(lines, start=1):
        writing.text(page, row, 0, line, "line")
    return len(lines) + 2


def _verdict(writing: Writing, page: Any, row: int, grades: tuple[int, int]) -> None:
    """Write index, grade and how many are answered."""
    language, first, count = writing.language, *grades
    for at, heading in ((0, "index"), (1, "grade"), (2, "answered"), (4, "lowest")):
        writing.text(page, row, at, translate(f"heading.{heading}", language), "line")
    for at, look, way in ((0, "index", 0), (4, "index", 1)):
        writing.formula(page, row + 1, at, _index_of(writing, way, ""), look)
    for at, way in ((1, 0), (5, 1)):
        card = _sheet(writing, way).card
        named = card.grade.name.in_(language) if card.grade else NOTHING
        marks = _range(_GRADES + 2 * way + 1, first, count)
        names = _range(1, first, count)
        said = f'IFERROR(INDEX({names},MATCH("{_HOLDS}",{marks},0)),"{NOTHING}")' if count else None
        writing.formula(page, row + 1, at, Formula(said, named), "grade")
    card, cells = writing.running.card, writing.running
    both = (f"_scores!{cells.cell('', one)}" for one in (ANSWERED, TOTAL))
    said = '&"/"&'.join(both)
    writing.formula(page, row + 1, 2, Formula(said, f"{card.answered}/{card.total}"), "grade")


def _range(at: int, first: int, count: int) -> str:
    letter = "ABCDEFGH"[at]
    return f"${letter}${first + 1}:${letter}${first + count}"


def _sheet(writing: Writing, way: int) -> Sheet:
    return (writing.running, writing.official)[way]


def _index_of(writing: Writing, way: int, code: str) -> Formula:
    sheet = _sheet(writing, way)
    cell = f"{_SHEETS[way]}!{sheet.cell(code, INDEX)}"
    index = sheet.card.nodes[code].index if code else sheet.card.index
    return Formula(f'IF({cell}="","{NOTHING}",{cell})', NOTHING if index is None else float(index))


def _ranked(writing: Writing) -> list[Grade]:
    """Return the grades, the highest first, as they are awarded."""
    grades = writing.exported.questionnaire.grades
    return sorted(grades, key=lambda grade: grade.bound, reverse=True)


def _gates(writing: Writing) -> list[list[_Held]]:
    """Return what each grade asks for, node by node, and whether it holds: running and official."""
    asked = writing.exported.questionnaire
    found: list[list[_Held]] = []
    for grade in _ranked(writing):
        held: list[_Held] = []
        for gate in (one for one in grade.gates if writing.running.known.hold(one.when)):
            if gate.require is not None:
                ways = (
                    sheet.known.hold(gate.require) for sheet in (writing.running, writing.official)
                )
                held.append(_Held(gate, None, _two(ways)))
            for code in asked.gated(gate) if gate.require is None else ():
                cards = (writing.running.card, writing.official.card)
                if code in cards[0].nodes:
                    ways = (passes(asked, card.nodes[code], code, gate) for card in cards)
                    held.append(_Held(gate, code, _two(ways)))
        found.append(held)
    return found


def _two(ways: Any) -> tuple[bool, bool]:
    first, second = ways
    return first, second


def _grades(writing: Writing, page: Any, row: int, gates: Sequence[Sequence[_Held]]) -> int:
    """Write the grades, and below them what each asks for; return the row after that."""
    language, ranked = writing.language, _ranked(writing)
    if not ranked:
        return row
    headings = ("grade", "", "from", "reached", "awarded", "reached", "awarded")
    _headings(writing, page, row, headings, (5, 6))
    below = row + len(ranked) + 3
    starts: list[int] = []
    for held in gates:
        starts.append(below)
        below += len(held)
    for number, (grade, held) in enumerate(zip(ranked, gates, strict=True), start=1):
        at = row + number
        writing.text(page, at, 0, grade.code, "centred")
        writing.text(page, at, 1, grade.name.in_(language))
        sign = "≥" if grade.above is None else ">"
        bound = decimal(grade.bound, language, exact=True)
        writing.text(page, at, 2, f"{sign} {bound}", "centred")
        for way in (0, 1):
            _graded(writing, page, at, grade, way, (starts[number - 1], held))
    if not any(gates):
        return row + len(ranked) + 1
    _headings(
        writing, page, row + len(ranked) + 2,
        ("grade", "gate", "minimum", "now", "holds", "now", "holds"), (5, 6),
    )  # fmt: skip
    for grade, held, start in zip(ranked, gates, starts, strict=True):
        for offset, one in enumerate(held):
            _gate(writing, page, start + offset, grade, one)
    return below


def _headings(
    writing: Writing, page: Any, row: int, headings: Sequence[str], of_official: Sequence[int]
) -> None:
    for at, heading in enumerate(headings):
        official = at in of_official
        words = translate(f"heading.{heading}", writing.language) if heading else ""
        more = f"\n({translate('official', writing.language)})" if official and heading else ""
        writing.text(page, row, at, words + more, "heading")
    page.set_row(row, 30)


def _graded(
    writing: Writing,
    page: Any,
    row: int,
    grade: Grade,
    way: int,
    asked: tuple[int, Sequence[_Held]],
) -> None:
    start, held = asked
    sheet = _sheet(writing, way)
    cell, card = f"{_SHEETS[way]}!{sheet.cell('', INDEX)}", sheet.card
    reached = card.index is not None and _reached(grade, card)
    said = f'IF({cell}="","{_FAILS}",IF({reaches(cell, grade)},"{_HOLDS}","{_FAILS}"))'
    at = _GRADES + 2 * way
    writing.formula(page, row, at, Formula(said, _HOLDS if reached else _FAILS), "value")
    letters = "ABCDEFGH"
    own = f"{letters[at]}{row + 1}"
    marks = _range(at + 1, start, len(held))
    holds = f'COUNTIF({marks},"{_FAILS}")=0' if held else "TRUE"
    value = reached and all(one.passes[way] for one in held)
    said = f'IF(AND({own}="{_HOLDS}",{holds}),"{_HOLDS}","{_FAILS}")'
    writing.formula(page, row, at + 1, Formula(said, _HOLDS if value else _FAILS), "value")


def _reached(grade: Grade, card: Card) -> bool:
    return card.index is not None and grade.reached(Fraction(card.index))


def _gate(writing: Writing, page: Any, row: int, grade: Grade, held: _Held) -> None:
    """Write a minimum, what it is held against, and whether it holds."""
    language, asked = writing.language, writing.exported.questionnaire
    writing.text(page, row, 0, grade.code, "centred")
    said = held.gate.reason.in_(language) if held.gate.reason else ""
    code = held.node
    if code is None:
        writing.text(page, row, 1, f"{said or held.gate.require} ({_told(language)})".strip())
        for at in (2, 3, 5):
            writing.text(page, row, at, NOTHING, "centred")
        for way in (0, 1):
            mark = _HOLDS if held.passes[way] else _FAILS
            writing.text(page, row, _GRADES + 1 + 2 * way, mark, "value")
        return
    minimum = asked.minimum(held.gate, code)
    sign, compared = (">", ">") if held.gate.above is not None else ("≥", ">=")
    writing.text(page, row, 1, f"{code} {asked.things[code].name.in_(language)}")
    shown = decimal(exact(minimum), language, 4).rstrip("0").rstrip(",.")
    writing.text(page, row, 2, f"{sign} {shown}", "centred")
    for way in (0, 1):
        sheet = _sheet(writing, way)
        at = _GRADES + 2 * way
        writing.formula(page, row, at, _index_of(writing, way, code), "value")
        cell, total = (f"{_SHEETS[way]}!{sheet.cell(code, one)}" for one in (INDEX, TOTAL))
        reached = f'IF({cell}="",FALSE,{near(cell)}{compared}{written(minimum)})'
        said = f'IF({total}=0,"{_HOLDS}",IF({reached},"{_HOLDS}","{_FAILS}"))'
        mark = _HOLDS if held.passes[way] else _FAILS
        writing.formula(page, row, at + 1, Formula(said, mark), "value")


def _told(language: str) -> str:
    return translate("computed by the service", language)


def _tree(writing: Writing, page: Any, row: int) -> None:
    """Write the index of every node."""
    language, asked = writing.language, writing.exported.questionnaire
    live = {line.code for line in writing.running.lines() if line.by_formula}
    headings = ("code", "part", "weight", "answered", "index", "index", "how")
    _headings(writing, page, row, headings, (5,))
    for at, (code, node) in enumerate(asked.all_nodes.items(), start=row + 1):
        look = "band" if not asked.depths[code] else "text"
        writing.text(page, at, 0, code, look)
        writing.text(page, at, 1, "  " * asked.depths[code] + node.name.in_(language), look)
        page.write_number(at, 2, float(asked.weights[code]), writing.look("weight"))
        score = writing.running.card.nodes[code]
        both = (f"_scores!{writing.running.cell(code, one)}" for one in (ANSWERED, TOTAL))
        counted = Formula('&"/"&'.join(both), f"{score.answered}/{score.total}")
        writing.formula(page, at, 3, counted, "centred")
        writing.formula(page, at, 4, _index_of(writing, 0, code), "value")
        writing.formula(page, at, 5, _index_of(writing, 1, code), "value")
        how = translate("by formula", language) if code in live else _told(language)
        writing.text(page, at, 6, how)
