"""An answer as the cells of a workbook, and back.

An indicator has a row of its own, with its answer, a note and a reason, and one below it for each
thing more that is entered: the numbers of a ratio, the items of a checklist, the day of a value. Units
have rows on a sheet of their own. What cells say is read as people write it, in either language.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from msgspec import Struct, structs

from survey_service import i18n
from survey_service.characters import normal, visible
from survey_service.errors.writing import (
    AmbiguousNumberError,
    LostDigitsError,
    NotADateError,
    UnitTwiceError,
    UnreadableAnswerError,
)
from survey_service.maturity.answers import Answer, Given, UnitAnswer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator

DATED = "@dated"
"""The key of the row for the day of a value that somebody else supplied; no code has such a sign."""

NOT_APPLICABLE, YES, NO = "not_applicable", "yes", "no"
Reading = Literal["whole", "part"]
"""Which of the two a number means that has one sign and three digits after it."""

_DIGITS = 15  # that a spreadsheet keeps of a number
_NONE_MET = "."  # of the criteria of levels
_CRITERIA = re.compile(r"[0-9]+\.[0-9]+([;,\s]+[0-9]+\.[0-9]+)*")
_LEVEL = re.compile(r"(?:level|tingkat)?\s*(?P<number>[0-9]{1,9})(?:\s*[-:\u2013\u2014].*)?")
_WORDED = re.compile(r"(?P<code>\S+)\s*[-:\u2013\u2014]\s.*")
_OTHERS = {
    NOT_APPLICABLE: "n/a na t/b tb",
    YES: "ya y yes true benar ada v ✓ ✔ ☑ 1",  # no "x": for some it is yes, for others no
    NO: "tidak t n no false salah tidakada ✗ ☐ 0",
}


class Cell(Struct, frozen=True, omit_defaults=True):
    """What stands in a cell, and whether as a number: then it is written with a point."""

    text: str = ""
    is_number: bool = False


class UnitRow(Struct, frozen=True, omit_defaults=True):
    """What one unit answers: with what weight, whether it shows evidence, and a reason."""

    name: str
    answer: Cell = Cell()
    weight: Cell = Cell()
    evidence: str = ""
    reason: str = ""


class Entry(Struct, frozen=True, omit_defaults=True):
    """What the cells of one indicator say: its own, and by their keys those of the rows below it.

    `place` is where it stands: the name of the sheet and the row; `cell` is that of the answer, "" where it
    may be any of the row. `written` is what stands there where that is a word which a mapping reads as
    another. `evidence` is what its cells of evidence say, which is no part of the answer.
    """

    own: Cell = Cell()
    below: dict[str, Cell] = {}
    note: str = ""
    reason: str = ""
    units: tuple[UnitRow, ...] = ()
    place: tuple[str, int] = ("", 0)
    evidence: str = ""
    cell: str = ""
    written: str = ""

    @property
    def plain(self) -> object:
        """Return what counts in it, to be compared: blanks at the ends of lines do not."""
        cells = {key: _bare(cell.text) for key, cell in self.below.items() if _bare(cell.text)}
        rows = sorted(
            (
                *map(_bare, (one.name, one.answer.text, one.evidence, one.reason)),
                _bare(one.weight.text) or "1",
            )
            for one in self.units
        )
        return _bare(self.own.text), cells, _bare(self.note), _bare(self.reason), rows


def keys_below(indicator: Indicator) -> list[str]:
    """Return the keys of the rows that an indicator has below its own."""
    inputs = indicator.ratio.inputs if indicator.ratio else ()
    dated = [DATED] if indicator.external is not None else []
    listed = [item.code for item in indicator.checklist]
    return [*(one.code for one in inputs), *listed, *dated]


def entry(indicator: Indicator, answer: Answer | None, note: str, language: str) -> Entry:
    """Return the cells that say an answer; None is none."""
    given = answer or Answer()
    units = given.units or {}
    return Entry(
        _own(given, language),
        _below(indicator, given, language),
        note,
        given.override or given.not_applicable or "",
        tuple(_row(name, unit, language) for name, unit in units.items()),
    )


def mark(word: str, language: str) -> str:
    """Return what is chosen for yes, no, or what does not apply."""
    return i18n.translate(f"cell.{word}", language)


def _row(name: str, unit: UnitAnswer, language: str) -> UnitRow:
    weight = Cell() if unit.weight == 1 else _number(unit.weight, language)
    evidence = "" if unit.evidence else mark(NO, language)
    return UnitRow(name, _own(unit, language), weight, evidence, unit.not_applicable or "")


def _own(given: Given, language: str) -> Cell:
    if given.not_applicable is not None:
        return Cell(mark(NOT_APPLICABLE, language))
    if given.level is not None:
        return Cell(str(given.level), is_number=True)
    if given.value is not None:
        return _number(given.value, language)
    if given.checked is not None and all("." in one for one in given.checked):
        return Cell("; ".join(given.checked) or _NONE_MET)
    return Cell(given.option or given.text or "")


def _below(indicator: Indicator, given: Answer, language: str) -> dict[str, Cell]:
    found = {code: _number(one, language) for code, one in (given.values or {}).items()}
    if indicator.checklist and given.checked is not None:
        for item in indicator.checklist:
            found[item.code] = Cell(mark(YES if item.code in given.checked else NO, language))
    if given.dated is not None:
        found[DATED] = Cell(given.dated.isoformat())
    return found


def _number(value: Decimal, language: str) -> Cell:
    """Return a number as one, where a spreadsheet keeps all of it; else as a text."""
    if len(value.normalize().as_tuple().digits) <= _DIGITS:
        return Cell(f"{value.normalize():f}", is_number=True)
    return Cell(i18n.typed(value, language))


def answer(
    questionnaire: Questionnaire,
    indicator: Indicator,
    given: Entry,
    reading: Reading | None = None,
) -> Answer | None:
    """Return what cells say; None where they say nothing.

    Args:
        questionnaire: What asks it.
        indicator: What is asked.
        given: The cells.
        reading: What numbers mean that could mean two things.

    Raises:
        AmbiguousNumberError: One could, and `reading` is None.
        SurveyError: Something in them cannot be read.
    """
    own = _given(questionnaire, indicator, given, reading)
    units = _units(questionnaire, indicator, given, reading)
    if own is None and units is None:
        return None
    found = own or Answer()
    override = visible(given.reason) or None if units and own is not None else None
    return structs.replace(found, units=units, override=override, dated=_dated(given))


def _given(
    questionnaire: Questionnaire, indicator: Indicator, given: Entry, reading: Reading | None
) -> Answer | None:
    text = visible(given.own.text)
    if indicator.answer_type == "text":
        return Answer(text=given.own.text.strip()) if text else None
    if _means(text, NOT_APPLICABLE) and not _is_option(questionnaire, indicator, text):
        return Answer(not_applicable=given.reason.strip())
    if indicator.answer_type == "values":
        return _values(indicator, given.below, reading)
    if indicator.answer_type == "checked":
        return _checked(indicator, given.below)
    if not text:
        return None
    return _chosen(questionnaire, indicator, given.own, reading)


def _chosen(
    questionnaire: Questionnaire, indicator: Indicator, cell: Cell, reading: Reading | None
) -> Answer:
    """Return a level, an option or a number."""
    text = visible(cell.text)
    if indicator.answer_type == "value":
        return Answer(value=_decimal(indicator.code, cell, reading))
    if indicator.answer_type == "option":
        return Answer(option=_option(questionnaire, indicator, text))
    if (level := _LEVEL.fullmatch(normal(text))) is not None:
        return Answer(level=int(level["number"]))
    if _CRITERIA.fullmatch(text) or text == _NONE_MET:
        return Answer(checked=tuple(re.findall(r"[0-9]+\.[0-9]+", text)))
    raise UnreadableAnswerError(value=text[:80], expected=_levels(questionnaire, indicator))


def _levels(questionnaire: Questionnaire, indicator: Indicator) -> str:
    return ", ".join(map(str, questionnaire.levels(indicator)))


def _is_option(questionnaire: Questionnaire, indicator: Indicator, text: str) -> bool:
    return any(normal(one.code) == normal(text) for one in questionnaire.options(indicator))


def _option(questionnaire: Questionnaire, indicator: Indicator, text: str) -> str:
    """Return the code of the option that a text is: its code, or its code and words."""
    codes = [one.code for one in questionnaire.options(indicator)]
    worded = _WORDED.fullmatch(text)
    for said in (text, worded["code"] if worded else text):
        for code in codes:
            if said == code:
                return code
        alike = [code for code in codes if normal(code) == normal(said)]
        if len(alike) == 1:
            return alike[0]
    raise UnreadableAnswerError(value=text[:80], expected=", ".join(codes))


def _values(
    indicator: Indicator, below: Mapping[str, Cell], reading: Reading | None
) -> Answer | None:
    found = {
        key: _decimal(indicator.code, below[key], reading)
        for key in keys_below(indicator)
        if key != DATED and visible(below.get(key, Cell()).text)
    }
    return Answer(values=found) if found else None


def _checked(indicator: Indicator, below: Mapping[str, Cell]) -> Answer | None:
    said = {item.code: visible(below.get(item.code, Cell()).text) for item in indicator.checklist}
    for text in said.values():
        if text and not _means(text, YES) and not _means(text, NO):
            expected = ", ".join(mark(word, one) for one in i18n.LANGUAGES for word in (YES, NO))
            raise UnreadableAnswerError(value=text[:80], expected=expected)
    if not any(said.values()):
        return None
    return Answer(checked=tuple(code for code, text in said.items() if _means(text, YES)))


def _units(
    questionnaire: Questionnaire, indicator: Indicator, given: Entry, reading: Reading | None
) -> dict[str, UnitAnswer] | None:
    units: dict[str, UnitAnswer] = {}
    for row in given.units:
        name = visible(row.name)
        if normal(name) in map(normal, units):
            raise UnitTwiceError(unit=name)
        own = _given(questionnaire, indicator, Entry(row.answer, reason=row.reason), reading)
        said = structs.asdict(own or Answer())
        weight = visible(row.weight.text)
        units[name] = UnitAnswer(
            **{kind: said[kind] for kind in Given.__struct_fields__},
            weight=_decimal(indicator.code, row.weight, reading) if weight else Decimal(1),
            evidence=not _means(visible(row.evidence), NO),
        )
    return units or None


def _dated(given: Entry) -> dt.date | None:
    text = visible(given.below.get(DATED, Cell()).text)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise NotADateError(value=text[:80]) from None


def _decimal(code: str, cell: Cell, reading: Reading | None) -> Decimal:
    if cell.is_number:
        number = Decimal(cell.text)
        if len(number.normalize().as_tuple().digits) > _DIGITS or abs(number) >= 10**_DIGITS:
            raise LostDigitsError(name=code, value=cell.text)
        return number
    try:
        return i18n.number(cell.text) or Decimal(0)
    except AmbiguousNumberError:
        if reading is None:
            raise
        return i18n.readings(visible(cell.text))[reading == "part"]


def _means(text: str, word: str) -> bool:
    return normal(text) in _said(word)


@lru_cache
def _said(word: str) -> frozenset[str]:
    """Return what people write for yes, no, or what does not apply."""
    named = (mark(word, language) for language in i18n.LANGUAGES)
    return frozenset(map(normal, (*named, *_OTHERS[word].split())))


def _bare(text: str) -> str:
    """Return a text without what spreadsheets change in it: ends of lines, and blanks there."""
    return "\n".join(line.rstrip() for line in visible(text).splitlines())
