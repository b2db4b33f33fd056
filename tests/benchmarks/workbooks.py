"""Workbooks of the largest questionnaire: written with all formulas, and read in a process of their own."""

from survey_service.library.answer_workbooks import load
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import score
from survey_service.reports.workbooks import workbook
from tests.answer_books import exported, random_answers
from tests.benchmarks.timing import milliseconds
from tests.samples import LIBRARY
from tests.samples import load as read

_KIND = "regency"
_ZONA = read(LIBRARY / "zona-integritas" / "2021.90.yaml").for_kind(_KIND)
_EXPORTED = exported(_ZONA, random_answers(_ZONA, 1), kind=_KIND)


def writing() -> tuple[float, float]:
    """Return the milliseconds of writing, and those of scoring the same answers."""
    answers = {code: one.answer for code, one in _EXPORTED.shown.items() if one.answer is not None}
    scored = milliseconds(lambda: score(_ZONA, answers, profile=Profile(_KIND)), 20)
    return milliseconds(lambda: workbook(_EXPORTED), 5), scored


def reading() -> float:
    """Return the milliseconds from a file to its answers."""
    content = workbook(_EXPORTED)
    return milliseconds(lambda: load(content, "a.xlsx"), 5)
