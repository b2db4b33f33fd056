import pytest

from survey_service.errors import SurveyError
from survey_service.errors.answers import (
    ApplicableError,
    InvalidLevelError,
    NoAnswerError,
    ReasonMissingError,
    TwoAnswersError,
    UnknownIndicatorError,
)
from survey_service.maturity.answers import Answer, accept
from tests.samples import tiny

TWO = tiny("two_dimensions")


def test_a_level_on_the_scale_is_accepted() -> None:
    assert accept(TWO, "A", Answer(level=5)).code == "A"


def test_not_applicable_with_a_reason_is_accepted() -> None:
    assert accept(TWO, "A", Answer(not_applicable="no such unit")).code == "A"


@pytest.mark.parametrize(
    ("code", "answer", "refusal"),
    [
        ("Z", Answer(level=1), UnknownIndicatorError),
        ("A", Answer(level=0), InvalidLevelError),
        ("A", Answer(level=6), InvalidLevelError),
        ("A", Answer(), NoAnswerError),
        ("A", Answer(level=1, not_applicable="x"), TwoAnswersError),
        ("A", Answer(not_applicable=" "), ReasonMissingError),
        ("E", Answer(not_applicable="no such unit"), ApplicableError),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    code: str, answer: Answer, refusal: type[SurveyError]
) -> None:
    with pytest.raises(refusal):
        accept(TWO, code, answer)
