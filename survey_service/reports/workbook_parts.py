"""The sheets of a workbook that are filled in: one for each dimension, a row for each thing asked."""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from survey_service.conduct.workbook_cells import DATED, Cell, Entry, entry, keys_below
from survey_service.conduct.workbooks import OURS, WIDE, Version
from survey_service.i18n import decimal, translate
from survey_service.maturity.answers import ends
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import Text
from survey_service.maturity.tree import Indicator, Node
from survey_service.reports.workbook_arithmetic import INDEX, Formula, column
from survey_service.reports.workbook_looks import Writing

Column = Literal[
    "number", "code", "question", "weight", "criteria", "before", "answer", "value", "note",
    "reason", "evidence", "key",
]  # fmt: skip
WIDTHS: dict[Column, int] = {
    "number": 5, "code": 12, "question": 42, "weight": 8, "criteria": 62, "before": 24, "answer": 13,
    "value": 9, "note": 36, "reason": 26, "evidence": 34, "key": 4,
}  # fmt: skip
_TOP = 4  # rows above those that are filled in
_ROOM = 2000  # rows that people may insert
_NAME = 31  # letters of a sheet's name
_MOST_URL = 2000  # letters
_LINE, _HIGHEST = 14, 400  # points, of a line and of a row


class Part(Struct, frozen=True):
    """A sheet: its name, the dimension, the columns, and the rows with their keys."""

    name: str
    node: Node
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, Node | Indicator], ...]

    @property
    def quoted(self) -> str:
        """Return the name as formulas write it."""
        return "'" + self.name.replace("'", "''") + "'"

    def at(self, name: Column) -> int:
        """Return the place of a column."""
        return self.columns.index(name)

    def range(self, name: Column) -> str:
        """Return the range of a column, with room for rows that people insert."""
        letters = column(self.at(name))
        return f"{self.quoted}!${letters}$1:${letters}${_TOP + len(self.rows) + _ROOM}"


def parts(questionnaire: Questionnaire, language: str, *, with_before: bool) -> list[Part]:
    """Return the sheets of a questionnaire."""
    chosen = tuple(name for name in WIDTHS if name != "before" or with_before)
    return [
        Part(_sheet_name(number, node, language), node, chosen, tuple(_rows(node)))
        for number, node in enumerate(questionnaire.nodes, start=1)
    ]


def _sheet_name(number: int, node: Node, language: str) -> str:
    words = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", node.name.in_(language))
    return " ".join(f"{number} {words}".split())[:_NAME].strip().strip("'").strip()


def _rows(node: Node) -> Iterator[tuple[str, Node | Indicator]]:
    for _, each in node.walk():
        yield OURS, each
        for indicator in each.indicators:
            wide = WIDE if indicator.answer_type == "text" else ""
            yield f"#{indicator.code}{wide}", indicator
            for key in keys_below(indicator):
                yield f"#{indicator.code}#{key}", indicator


def answers_of(laid: Sequence[Part]) -> dict[str, str]:
    """Return the formula of the cell with the answer of each key, wherever its row has gone."""
    found: dict[str, str] = {}
    for part in laid:
        answers, wide, keys = part.range("answer"), part.range("criteria"), part.range("key")
        for key, _ in part.rows:
            column_ = wide if key.endswith(WIDE) else answers
            found[key.removesuffix(WIDE)] = f'INDEX({column_},MATCH("{key}",{keys},0))'
    return found


def write(writing: Writing, part: Part) -> None:
    """Write a sheet."""
    page = writing.book.add_worksheet(part.name)
    language = writing.language
    for at, name in enumerate(part.columns):
        page.set_column(at, at, WIDTHS[name], None, {"hidden": name == "key"})
        page.write_string(0, at, f"@{name}", writing.look("hidden"))
        heading = "" if name == "key" else translate(f"heading.{name}", language)
        writing.text(page, _TOP - 1, at, heading, "heading")
    page.set_row(0, None, None, {"hidden": True})
    page.set_row(_TOP - 1, 30)
    page.set_row(1, 22)
    writing.text(page, 1, 0, part.node.name.in_(language), "title")
    identity = writing.exported.identity
    about = " · ".join(filter(None, (identity.organisation, identity.questionnaire)))
    writing.text(page, 2, 0, about, "line")
    for row in range(1, _TOP):
        page.write_string(row, part.at("key"), OURS)
    number = 0
    for row, (key, thing) in enumerate(part.rows, start=_TOP):
        page.write_string(row, part.at("key"), key, writing.look("hidden"))
        if isinstance(thing, Node):
            _band(writing, page, part, row, thing)
        elif key.count("#") > 1:
            _below(writing, page, part, row, thing, key.rpartition("#")[2])
        else:
            number += 1
            _asked(writing, page, part, row, thing, number)
        page.set_row(row, _height(writing, key, thing))
    page.freeze_panes(_TOP, part.at("weight"))
    writing.protect(page)
    writing.print_set_up(page, _TOP - 1)


def _height(writing: Writing, key: str, thing: Node | Indicator) -> int:
    """Return how high a row is that shows all its words: not every program finds that out itself."""
    language = writing.language
    if isinstance(thing, Node):
        described = thing.description.in_(language) if thing.description else ""
        texts = {"question": thing.name.in_(language), "criteria": described, "code": thing.code}
    elif key.count("#") > 1:
        texts = {"question": _below_name(thing, key.rpartition("#")[2], language)}
    else:
        version = writing.exported.shown.get(thing.code, Version())
        given = entry(thing, version.answer, version.note, language)
        texts = {
            "question": _question(thing, language),
            "criteria": given.own.text if key.endswith(WIDE) else _answers(writing, thing),
            "before": writing.exported.before.get(thing.code, ""),
            "note": given.note,
            "reason": given.reason,
            "evidence": "\n".join(
                f"• {one.name}" for one in writing.exported.evidence.get(thing.code, ())
            ),
        }
    lines = max(_lines(text, width) for name, width in WIDTHS.items() if (text := texts.get(name)))
    return min(_LINE * lines + 3, _HIGHEST)


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of a width in letters."""
    return sum(max(1, math.ceil(len(line) / width)) for line in text.splitlines())


def _band(writing: Writing, page: Any, part: Part, row: int, node: Node) -> None:
    """Write the row of a node: its name, weight and index."""
    language = writing.language
    for at in range(len(part.columns) - 1):
        page.write_blank(row, at, None, writing.look("band"))
    writing.text(page, row, part.at("code"), node.code, "band")
    writing.text(page, row, part.at("question"), node.name.in_(language), "band")
    described = node.description.in_(language) if node.description else ""
    writing.text(page, row, part.at("criteria"), described, "band")
    if node.weight is not None:
        page.write_number(row, part.at("weight"), float(node.weight), writing.look("band_number"))
    _value(writing, page, row, part.at("value"), node.code, "band_number")


def _value(writing: Writing, page: Any, row: int, at: int, code: str, look: str) -> None:
    cell = f"_scores!{writing.running.cell(code, INDEX)}"
    index = writing.running.card.nodes[code].index
    value = "" if index is None else float(index)
    writing.formula(page, row, at, Formula(f'IF({cell}="","",{cell})', value), look)


def _asked(
    writing: Writing, page: Any, part: Part, row: int, indicator: Indicator, number: int
) -> None:
    """Write the row of an indicator."""
    language, code = writing.language, indicator.code
    version = writing.exported.shown.get(code, Version())
    given = entry(indicator, version.answer, version.note, language)
    page.write_number(row, part.at("number"), number, writing.look("centred"))
    writing.text(page, row, part.at("code"), code, "centred")
    writing.text(page, row, part.at("question"), _question(indicator, language))
    if indicator.weight is not None:
        page.write_number(row, part.at("weight"), float(indicator.weight), writing.look("weight"))
    else:
        writing.text(page, row, part.at("weight"), "")
    said = _answers(writing, indicator)
    _answer(writing, page, part, row, indicator, given)
    if indicator.answer_type == "text":
        writing.text(page, row, part.at("answer"), "", "locked")
    else:
        writing.text(page, row, part.at("criteria"), said)
    if "before" in part.columns:
        writing.text(page, row, part.at("before"), writing.exported.before.get(code, ""), "locked")
    _value(writing, page, row, part.at("value"), code, "value")
    writing.text(page, row, part.at("note"), given.note, "prose")
    writing.text(page, row, part.at("reason"), given.reason, "prose")
    _evidence(writing, page, row, part.at("evidence"), code)


def _question(indicator: Indicator, language: str) -> str:
    words = [indicator.name.in_(language)]
    if indicator.guidance is not None:
        words.append(indicator.guidance.in_(language))
    if indicator.evidence:
        wanted = "\n".join(f"• {one.in_(language)}" for one in indicator.evidence)
        words.append(f"{translate('Evidence wanted:', language)}\n{wanted}")
    return "\n\n".join(words)


def _answers(writing: Writing, indicator: Indicator) -> str:
    """Return what can be answered, each with what it says."""
    language, asked = writing.language, writing.exported.questionnaire
    lines: list[str] = []
    if indicator.answer_type == "level":
        lines += [
            _line(number, _words([*filter(None, [level.name]), *level.criteria], language))
            for number, level in asked.levels(indicator).items()
        ]
    lines += [_line(one.code, one.text.in_(language)) for one in asked.options(indicator)]
    if indicator.number is not None:
        lowest, highest = (
            "…" if end is None else decimal(end, language, exact=True)
            for end in ends(asked, indicator.number)
        )
        lines.append(
            translate(
                "A number from {lowest} to {highest}", language, lowest=lowest, highest=highest
            )
        )
    if keys_below(indicator):
        lines.append(translate("Fill in the rows below.", language))
    if indicator.units is not None:
        lines.append(translate("Or by unit, on the sheet of units.", language))
    return "\n".join(lines)


def _line(mark: int | str, words: str) -> str:
    return f"{mark} – {words}"  # noqa: RUF001 - as the answer reads elsewhere


def _words(texts: Sequence[Text], language: str) -> str:
    return "; ".join(one.in_(language) for one in texts)


def _answer(
    writing: Writing, page: Any, part: Part, row: int, indicator: Indicator, given: Entry
) -> None:
    """Write the cell of an answer, with what can be chosen there."""
    at = part.at("criteria" if indicator.answer_type == "text" else "answer")
    look = {"level": "choice", "option": "typed", "value": "number", "text": "prose"}
    put(writing, page, (row, at), given.own, look.get(indicator.answer_type, "typed"))
    language = writing.language
    if indicator.answer_type in {"level", "option"}:
        several = indicator.answer_type == "level" and any(
            len(one.criteria) > 1
            for one in writing.exported.questionnaire.levels(indicator).values()
        )
        page.data_validation(
            row, at, row, at,
            {
                "validate": "list",
                "source": f"={writing.lists.offered(indicator)}",
                "error_type": "warning" if several else "stop",
                "error_title": translate("Answer", language),
                "error_message": translate("Choose one of the answers in the list.", language),
            },
        )  # fmt: skip
    elif indicator.number is not None:
        lowest, highest = ends(writing.exported.questionnaire, indicator.number)
        page.data_validation(
            row, at, row, at,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -(10.0**15) if lowest is None else float(lowest),
                "maximum": 10.0**15 if highest is None else float(highest),
                "error_type": "warning",
                "error_title": translate("Answer", language),
                "error_message": _answers(writing, indicator)[:250],
            },
        )  # fmt: skip


def _below(
    writing: Writing, page: Any, part: Part, row: int, indicator: Indicator, key: str
) -> None:
    """Write the row of something more that is entered: a number, an item, a day."""
    language = writing.language
    version = writing.exported.shown.get(indicator.code, Version())
    given = entry(indicator, version.answer, "", language)
    for at in range(len(part.columns) - 1):
        page.write_blank(row, at, None, writing.look("text"))
    writing.text(page, row, part.at("question"), _below_name(indicator, key, language), "below")
    at = part.at("answer")
    look = "number" if indicator.ratio is not None and key != DATED else "typed"
    put(writing, page, (row, at), given.below.get(key, Cell()), look)
    if indicator.checklist and key != DATED:
        weight = next(item.weight for item in indicator.checklist if item.code == key)
        page.write_number(row, part.at("weight"), float(weight), writing.look("weight"))
        page.data_validation(
            row, at, row, at, {"validate": "list", "source": f"={writing.lists.yes_no}"}
        )


def _below_name(indicator: Indicator, key: str, language: str) -> str:
    """Return what is entered in a row below an indicator."""
    if key == DATED:
        return translate("Day of the value, as 2026-12-31", language)
    words = {one.code: one.name for one in (indicator.ratio.inputs if indicator.ratio else ())}
    words |= {item.code: item.text for item in indicator.checklist}
    return words[key].in_(language)


def put(writing: Writing, page: Any, at: tuple[int, int], cell: Cell, look: str) -> None:
    """Write a cell that is filled in: a number as one, anything else as text, or nothing."""
    if cell.is_number:
        page.write_number(
            *at, float(cell.text), writing.look("choice" if look == "choice" else "number")
        )
    elif cell.text:
        writing.text(page, *at, cell.text, look)
    else:
        page.write_blank(*at, None, writing.look(look))


def _evidence(writing: Writing, page: Any, row: int, at: int, code: str) -> None:
    """Write what supports an answer; one piece is a link to it, several are one to their page.

    The organisation itself may type more links there.
    """
    own = writing.exported.identity.stage == "self"
    pieces = writing.exported.evidence.get(code, ())
    words = "\n".join(one.name if len(pieces) == 1 else f"• {one.name}" for one in pieces)
    url = pieces[0].url if len(pieces) == 1 else writing.exported.pages.get(code, "")
    if pieces and url.startswith(("http://", "https://")) and len(url) < _MOST_URL:
        page.write_url(
            row, at, url, writing.look("typed_link" if own else "link"), words[:_MOST_URL]
        )
    else:
        put(writing, page, (row, at), Cell(words), "prose" if own else "locked")
    if own:
        hint = translate(
            "One address (https://…) a line; it is attached when the workbook comes back.",
            writing.language,
        )
        page.data_validation(
            row,
            at,
            row,
            at,
            {
                "validate": "any",
                "input_title": translate("heading.evidence", writing.language),
                "input_message": hint,
            },
        )
