"""A questionnaire as a workbook to read: what is asked, each answer with what it says, and where it comes from."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter

from survey_service.i18n import decimal, translate
from survey_service.maturity.answer_types import Number
from survey_service.maturity.answers import ends
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import Text
from survey_service.maturity.tree import Indicator, Node

_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook's, so that equal ones are equal bytes
_WIDTHS = (10, 44, 9, 9, 60, 50, 40)  # letters
_ABOUT = (20, 100)
Row = tuple[str, ...]


def sheet(questionnaire: Questionnaire, language: str) -> bytes:
    """Return the workbook, in a language."""
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True})
    workbook.set_properties({"title": questionnaire.name.in_(language), "created": _DATE})
    rows = [_headings(language), *_rows(questionnaire, language)]
    page = _write(workbook, translate("Questionnaire", language), rows, _WIDTHS)
    page.autofilter(0, 0, len(rows) - 1, len(_WIDTHS) - 1)
    _write(workbook, translate("About it", language), list(_about(questionnaire, language)), _ABOUT)
    workbook.close()
    return written.getvalue()


def _write(workbook: Any, name: str, rows: Sequence[Row], widths: Sequence[int]) -> Any:
    page = workbook.add_worksheet(name)
    plain = {"text_wrap": True, "valign": "top", "quote_prefix": True}
    text, bold = workbook.add_format(plain), workbook.add_format({**plain, "bold": True})
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    for number, row in enumerate(rows):
        head = number == 0 or (len(row) > 2 and not row[3] and not row[5])  # noqa: PLR2004
        for column, cell in enumerate(row):
            if cell:
                page.write_string(number, column, cell, bold if head else text)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    return page


def _headings(language: str) -> Row:
    return (
        translate("Code", language),
        translate("What is asked", language),
        translate("Weight", language),
        translate("Answer", language),
        translate("What the answer says", language),
        translate("Guidance", language),
        translate("Evidence", language),
    )


def _rows(questionnaire: Questionnaire, language: str) -> Iterator[Row]:
    for node in questionnaire.all_nodes.values():
        described = node.description.in_(language) if node.description else ""
        yield (node.code, node.name.in_(language), _weight(node, language), "", described, "", "")
        for indicator in node.indicators:
            yield _asked(indicator, language)
            for mark, words in _answers(questionnaire, indicator, language):
                yield (indicator.code, "", "", mark, words, "", "")


def _asked(indicator: Indicator, language: str) -> Row:
    return (
        indicator.code,
        indicator.name.in_(language),
        _weight(indicator, language),
        "",
        "",
        indicator.guidance.in_(language) if indicator.guidance else "",
        _lines(indicator.evidence, language),
    )


def _weight(thing: Node | Indicator, language: str) -> str:
    return "" if thing.weight is None else decimal(thing.weight, language, exact=True)


def _answers(
    questionnaire: Questionnaire, indicator: Indicator, language: str
) -> Iterator[tuple[str, str]]:
    """Yield each answer there is to choose or to enter: its mark, and its words."""
    if indicator.answer_type == "level":
        for number, level in questionnaire.levels(indicator).items():
            named = () if level.name is None else (level.name,)
            yield str(number), _lines((*named, *level.criteria), language)
    for option in questionnaire.options(indicator) if indicator.answer_type == "option" else ():
        yield option.code, option.text.in_(language)
    for item in indicator.checklist:
        yield "☐", item.text.in_(language)
    for asked in indicator.ratio.inputs if indicator.ratio else ():
        yield "…", asked.name.in_(language)
    if indicator.number is not None:
        yield "…", _number(questionnaire, indicator.number, language)
    if indicator.text is not None:
        yield "…", translate("A text", language)


def _number(questionnaire: Questionnaire, number: Number, language: str) -> str:
    """Return what a number may be, and what it is measured by, line by line."""
    said = [translate("A number", language)]
    lowest, highest = ends(questionnaire, number)
    if lowest is not None and highest is not None:
        limits = (
            f"{decimal(lowest, language, exact=True)} – {decimal(highest, language, exact=True)}"  # noqa: RUF001 - from to
        )
        said.append(limits)
    if number.target is not None:
        target = decimal(number.target, language, exact=True)
        said.append(translate("best at {target}", language, target=target))
    if number.is_open and (lowest is not None or highest is not None):
        said.append(translate("what lies beyond an end counts as the end", language))
    if number.over == "population":
        said.append(translate("measured against all organisations compared", language))
    return "\n".join(said)


def _lines(texts: Sequence[Text], language: str) -> str:
    return "\n".join(one.in_(language) for one in texts)


def _about(questionnaire: Questionnaire, language: str) -> Iterator[Row]:
    yield translate("Questionnaire", language), questionnaire.name.in_(language)
    yield translate("Version", language), questionnaire.version
    if questionnaire.description:
        yield translate("Description", language), questionnaire.description.in_(language)
    if questionnaire.provenance:
        status = translate(f"provenance.{questionnaire.provenance.status}", language)
        note = questionnaire.provenance.note.in_(language)
        yield translate("Provenance", language), f"{status}\n{note}"
    if questionnaire.source:
        yield translate("Source", language), questionnaire.source
    for grade in questionnaire.grades:
        meaning = grade.meaning.in_(language) if grade.meaning else ""
        yield (
            f"{translate('Grade', language)} {grade.code}",
            f"{grade.name.in_(language)}\n{meaning}".strip(),
        )
