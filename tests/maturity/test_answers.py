import pytest

from survey_service import errors
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
        ("Z", Answer(level=1), errors.UnknownIndicatorError),
        ("A", Answer(level=0), errors.InvalidLevelError),
        ("A", Answer(level=6), errors.InvalidLevelError),
        ("A", Answer(), errors.NoAnswerError),
        ("A", Answer(level=1, not_applicable="x"), errors.TwoAnswersError),
        ("A", Answer(not_applicable=" "), errors.ReasonMissingError),
        ("E", Answer(not_applicable="no such unit"), errors.ApplicableError),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    code: str, answer: Answer, refusal: type[errors.SurveyError]
) -> None:
    with pytest.raises(refusal):
        accept(TWO, code, answer)
