"""The units of one indicator as a form has them: a line for each, typed, or pasted from a spreadsheet.

Typed, a line is `Name: 3`, `Name: 3 * 120` with a weight, `Name: 3 !` where there is no evidence,
`Name: - reason` where it does not apply, `Name: 2.1, 2.2` with the criteria met. Pasted, it has cells
that tabs separate: name, answer, weight, whether there is evidence, why it does not apply.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.characters import normal, visible
from survey_service.errors.answers import UnitLineError
from survey_service.library.vocabulary import truth
from survey_service.maturity.answers import UnitAnswer
from survey_service.maturity.tree import Indicator
from survey_service.web.pages.readings import alone, settled

_NO_EVIDENCE, _NONE_MET, _NOT_APPLICABLE = "!", ".", "-"
_CRITERION = re.compile(r"[0-9]+\.[0-9]+")
_CRITERIA = re.compile(rf"\.|{_CRITERION.pattern}(,\s*{_CRITERION.pattern})*")
_LINE = re.compile(
    r"(?P<name>.+?):\s*(?:-\s*(?P<reason>.*?)|(?P<mark>[^*!]+?))\s*"
    rf"(?:[*]\s*(?P<weight>[^*!]+?))?\s*(?P<bare>{_NO_EVIDENCE})?"
)
_NUMBERS = (1, 2)  # the cells that may hold one
_HEADINGS = {"unit", "unit kerja", "nama unit", "nama", "name"}
_SHOWN = 80  # letters of a line that is told


class Unit(Struct, frozen=True):
    """What a line says of a unit, as it is written; `bare` where there is no evidence."""

    name: str
    mark: str = ""
    weight: str = ""
    bare: bool = False
    reason: str = ""


def units(indicator: Indicator, written: str) -> dict[str, UnitAnswer]:
    """Return what lines say of the units of an indicator, by their names.

    Raises:
        UnitLineError: A line cannot be read, has no answer, or tells of a unit again.
        NotANumberError: A number is none.
        AmbiguousNumberError: A number may be read in two ways.
    """
    found: dict[str, UnitAnswer] = {}
    named: set[str] = set()
    for line in _lines(written):
        unit = _unit(line)
        if unit is None or not unit.name or normal(unit.name) in named:
            raise UnitLineError(indicator=indicator.code, line=line[:_SHOWN])
        named.add(normal(unit.name))
        found[unit.name] = _answer(indicator, unit, line)
    return found


def rows(written: str) -> list[Unit]:
    """Return what lines say as far as it can be read, for a table; what cannot is a name alone."""
    return [_unit(line) or Unit(line) for line in _lines(written)]


def as_chosen(written: str, reading: str) -> str:
    """Return lines with the reading that was chosen in the place of what is ambiguous."""
    return "\n".join(
        _cells_as_chosen(line, reading)
        if "\t" in line
        else settled(line, _LINE, ("mark", "weight"), reading)
        for line in written.splitlines()
    )


def line_of(name: str, unit: UnitAnswer, language: str) -> str:
    """Return the line that says the same of a unit; in cells where its name could end elsewhere."""
    if ":" in name:
        return _cells_of(name, unit, language)
    mark, weight = _marked(unit, language), _weighed(unit, language)
    reason = f" {unit.not_applicable}" if unit.not_applicable is not None else ""
    weighed = f" * {weight}" if weight else ""
    return f"{name}: {mark}{reason}{weighed}" + ("" if unit.evidence else f" {_NO_EVIDENCE}")


def _cells_of(name: str, unit: UnitAnswer, language: str) -> str:
    bare = "" if unit.evidence else _NO_EVIDENCE
    cells = (name, _marked(unit, language), _weighed(unit, language), bare)
    return "\t".join((*cells, unit.not_applicable or ""))


def _marked(unit: UnitAnswer, language: str) -> str:
    if unit.not_applicable is not None:
        return _NOT_APPLICABLE
    if unit.checked is not None:
        return ", ".join(unit.checked) or _NONE_MET
    if unit.value is not None:
        return i18n.typed(unit.value, language)
    return next(str(one) for one in (unit.level, unit.option) if one is not None)


def _weighed(unit: UnitAnswer, language: str) -> str:
    return "" if unit.weight == 1 else i18n.typed(unit.weight, language)


def _lines(written: str) -> Iterator[str]:
    """Yield the lines that say something; headings that were pasted along say nothing."""
    lines = [one.rstrip("\r\n") for one in written.splitlines() if visible(one)]
    for number, line in enumerate(lines):
        name = normal(line.partition("\t")[0])
        if number or "\t" not in line or name not in _HEADINGS:
            yield line if "\t" in line else visible(line)


def _unit(line: str) -> Unit | None:
    if "\t" in line:
        return _pasted(line)
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    mark = _NOT_APPLICABLE if found["mark"] is None else found["mark"]
    reason, bare = found["reason"] or "", found["bare"] is not None
    return Unit(found["name"].strip(), mark, found["weight"] or "", bare, reason)


def _pasted(line: str) -> Unit | None:
    """Return what cells say; None where there are more of them, or no word for yes or no is one."""
    name, mark, weight, evidence, reason, *more = [*map(visible, line.split("\t")), *[""] * 5]
    there = True if not evidence else truth(evidence)
    if evidence == _NO_EVIDENCE:
        there = False
    if any(more) or there is None:
        return None
    return Unit(name, mark or (_NOT_APPLICABLE if reason else ""), weight, not there, reason)


def _answer(indicator: Indicator, unit: Unit, line: str) -> UnitAnswer:
    weight = i18n.number(unit.weight or "1") or Decimal(1)
    evidence = not unit.bare
    if unit.mark == _NOT_APPLICABLE:
        return UnitAnswer(not_applicable=unit.reason, weight=weight, evidence=evidence)
    if unit.mark and indicator.answer_type == "value":
        return UnitAnswer(value=i18n.number(unit.mark), weight=weight, evidence=evidence)
    if unit.mark and indicator.answer_type == "option":
        return UnitAnswer(option=unit.mark, weight=weight, evidence=evidence)
    if unit.mark.isdecimal():
        return UnitAnswer(level=int(unit.mark), weight=weight, evidence=evidence)
    if _CRITERIA.fullmatch(unit.mark):
        met = tuple(_CRITERION.findall(unit.mark))
        return UnitAnswer(checked=met, weight=weight, evidence=evidence)
    raise UnitLineError(indicator=indicator.code, line=" ".join(line.split())[:_SHOWN])


def _cells_as_chosen(line: str, reading: str) -> str:
    cells = line.split("\t")
    return "\t".join(
        alone(cell, reading) if place in _NUMBERS else cell for place, cell in enumerate(cells)
    )
