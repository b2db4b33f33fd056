"""What can be chosen in a workbook, on a hidden sheet: cells take more than the 255 letters of a list."""

from collections.abc import Mapping
from typing import Any

from survey_service.conduct.workbook_cells import NO, NOT_APPLICABLE, YES, entry, mark
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import Values
from survey_service.reports.workbook_arithmetic import column, written

NAME = "_lists"
_Rows = tuple[tuple[int | str, str, str], ...]
"""What is shown, the text that it is found by, and what it is worth, as formulas write it."""


class Lists:
    """The lists of a questionnaire; equal ones are written once."""

    def __init__(
        self, questionnaire: Questionnaire, answers: Mapping[str, Answer], language: str
    ) -> None:
        self._questionnaire = questionnaire
        self._answers = answers
        self._language = language
        self._places: dict[_Rows, int] = {}
        self._of: dict[str, _Rows] = {}
        for code, indicator in questionnaire.indicators.items():
            if indicator.answer_type in {"level", "option"}:
                rows = (*self._chosen(indicator), *self._aside(indicator))
                self._of[code] = rows
                self._places.setdefault(rows, len(self._places))
        yes_no = tuple((mark(word, language), mark(word, language), "0") for word in (YES, NO))
        self._yes_no: _Rows = yes_no
        self._places.setdefault(yes_no, len(self._places))

    def _chosen(self, indicator: Indicator) -> _Rows:
        worth = self._questionnaire.answer_values[indicator.code]
        return tuple((one, str(one), written(value)) for one, value in worth.items())

    def _aside(self, indicator: Indicator) -> _Rows:
        """Return what else stands in cells: that it does not apply, and the answer of now by criteria."""
        rows: _Rows = ()
        if indicator.not_applicable != "forbidden":
            word = mark(NOT_APPLICABLE, self._language)
            rows = ((word, word, '""'),)
        answer = self._answers.get(indicator.code)
        if answer is not None and answer.units is None and answer.checked is not None:
            value = Values(self._questionnaire, {}).of(indicator, answer)
            text = entry(indicator, answer, "", self._language).own.text
            rows = (*rows, (text, text, '""' if value is None else written(value)))
        return rows

    def offered(self, indicator: Indicator) -> str:
        """Return the range of what can be chosen for an indicator."""
        return self._range(self._of[indicator.code], 0)

    @property
    def yes_no(self) -> str:
        """The range of yes and no."""
        return self._range(self._yes_no, 0)

    def worth(self, code: str) -> str:
        """Return the formula of what a choice, `?`, is worth; nothing where it is none."""
        rows = self._of[code]
        sought = '?&""'
        if any(set("*?~") & set(text) for _, text, _ in rows):
            sought = f'SUBSTITUTE(SUBSTITUTE({sought},"~","~~"),"*","~*")'
        marks, values = self._range(rows, 1), self._range(rows, 2)
        return f'IFERROR(INDEX({values},MATCH({sought},{marks},0)),"")'

    def _range(self, rows: _Rows, at: int) -> str:
        letters = column(3 * self._places[rows] + at)
        return f"{NAME}!${letters}$1:${letters}${len(rows)}"

    def write(self, book: Any) -> None:
        """Write the hidden sheet."""
        page = book.add_worksheet(NAME)
        for rows, place in self._places.items():
            for number, (shown, text, value) in enumerate(rows):
                self._put(page, number, 3 * place, shown)
                page.write_string(number, 3 * place + 1, text)
                if value == '""':
                    page.write_string(number, 3 * place + 2, "")
                else:
                    page.write_formula(number, 3 * place + 2, f"={value}", None, _float(value))
        page.hide()

    @staticmethod
    def _put(page: Any, row: int, at: int, shown: int | str) -> None:
        if isinstance(shown, int):
            page.write_number(row, at, shown)
        else:
            page.write_string(row, at, shown)


def _float(value: str) -> float:
    """Return a number that a formula writes."""
    above, _, below = value.strip("()").partition("/")
    return float(above) / float(below or 1)
