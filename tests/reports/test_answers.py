"""Answers in words: what stands on pages and in reports for each kind."""

import pytest

from survey_service.maturity.answers import Answer
from survey_service.reports.answers import said
from tests.samples import TINY, load

ANSWERS = load(TINY / "answers.yaml")


@pytest.mark.parametrize(
    ("checked", "level"),
    [
        ((), "1"),
        (("2.1",), "1"),
        (("2.1", "2.2"), "2"),
        (("2.1", "2.2", "3.1"), "2"),
        (("3.1", "3.2"), "1"),
    ],
)
def test_criteria_are_told_with_the_level_that_they_reach(
    checked: tuple[str, ...], level: str
) -> None:
    climb = ANSWERS.indicators["climb"]

    told = said(ANSWERS, climb, Answer(checked=checked), "en")

    assert told.mark == level
    assert len(told.meaning) == len(checked)
