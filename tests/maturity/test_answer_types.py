"""Options and numbers, beside levels: what they are worth and what is refused."""

from contextlib import nullcontext
from decimal import Decimal

import pytest

from survey_service.errors import SurveyError
from survey_service.errors.answers import (
    InvalidOptionError,
    InvalidValueError,
    NoAnswerError,
    TwoAnswersError,
    WrongKindError,
)
from survey_service.library import documents, questionnaires
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import score
from tests.samples import TINY, tiny

KINDS = tiny("kinds")
RIGHT = (TINY / "kinds.yaml").read_text()


def _index(letter: str, exists: str, percentage: str) -> Decimal | None:
    answers = {
        "L1": Answer(option=letter),
        "Y1": Answer(option=exists),
        "N1": Answer(value=Decimal(percentage)),
    }
    return score(KINDS, answers).index


def test_options_and_numbers_are_worth_their_value() -> None:
    assert _index("B", "yes", "12.5") == Decimal("55.25")  # 0.6*(67.5 + 100)/2 + 0.4*12.5
    assert _index("A", "yes", "100") == 100
    assert _index("C", "no", "0") == 0


def test_a_bound_that_does_not_belong_to_its_grade_is_not_enough() -> None:
    at = score(KINDS, {"N1": Answer(value=Decimal(50))}).grade
    beyond = score(KINDS, {"N1": Answer(value=Decimal("50.1"))}).grade

    assert at is not None
    assert beyond is not None
    assert (at.code, beyond.code) == ("low", "high")


def test_unanswered_options_count_as_the_lowest_value_officially() -> None:
    assert score(KINDS, {"L1": Answer(option="A")}, official=True).index == 30  # 0.6*(100 + 0)/2


@pytest.mark.parametrize(
    ("code", "answer", "refusal"),
    [
        ("L1", Answer(level=3), WrongKindError),
        ("L1", Answer(value=Decimal(3)), WrongKindError),
        ("N1", Answer(option="A"), WrongKindError),
        ("L1", Answer(option="D"), InvalidOptionError),
        ("Y1", Answer(option="A"), InvalidOptionError),
        ("N1", Answer(value=Decimal("100.1")), InvalidValueError),
        ("N1", Answer(value=Decimal(-1)), InvalidValueError),
        ("N1", Answer(value=Decimal("1.25")), InvalidValueError),
        ("N1", Answer(value=Decimal("NaN")), InvalidValueError),
        ("N1", Answer(option="A", value=Decimal(1)), TwoAnswersError),
        ("N1", Answer(), NoAnswerError),
    ],
)
def test_an_answer_of_another_kind_or_off_the_scale_is_refused(
    code: str, answer: Answer, refusal: type[SurveyError]
) -> None:
    with pytest.raises(refusal):
        accept(KINDS, code, answer)


@pytest.mark.parametrize(("written", "fits"), [("10", True), ("1.0", False), ("10.0", False)])
def test_a_number_without_decimals_is_written_without_them(written: str, fits: bool) -> None:  # noqa: FBT001
    whole = RIGHT.replace("decimals: 1", "decimals: 0")
    questionnaire = questionnaires.load(documents.read(whole.encode(), "kinds.yaml"))
    answer = Answer(value=Decimal(written))

    with nullcontext() if fits else pytest.raises(InvalidValueError):
        accept(questionnaire, "N1", answer)


def test_the_next_better_option_is_recommended_and_a_number_has_none() -> None:
    (step,) = recommend(KINDS, {"L1": Answer(option="C"), "N1": Answer(value=Decimal(0))})

    assert step.after == Answer(option="B")
    assert step.gain == Decimal("20.25")  # 0.6*67.5/2


def test_the_best_option_has_no_next_one() -> None:
    assert recommend(KINDS, {"L1": Answer(option="A")}) == ()


def test_what_is_missing_from_a_checklist_is_recommended_item_by_item() -> None:
    answers = tiny("answers")

    (step,) = recommend(answers, {"list": Answer(checked=("plan",))})

    assert step.after == Answer(checked=("plan", "team"))
    assert recommend(answers, {"list": Answer(checked=("plan", "team"))}) == ()


def test_an_option_is_found_by_its_code() -> None:
    letter = KINDS.indicators["L1"]

    assert KINDS.option(letter, "B") == KINDS.options(letter)[1]
    assert KINDS.option(letter, "Z") is None


@pytest.mark.parametrize(
    ("was", "becomes", "finding", "key"),
    [
        ("choice: letters}", "choice: digits}", "unknown_choice", "nodes[0].indicators[0].choice"),
        (
            "choice: letters}",
            "choice: letters, number: {}}",
            "one_kind",
            "nodes[0].indicators[0].code",
        ),
        ("value: 67.5", "value: 167.5", "option_beyond", "choices[0].options[1].value"),
        ("code: B,", "code: A,", "code_reused", "choices[0].options[1].code"),
        ("highest: 100", "highest: 0", "scale_empty", "scale"),
        ("highest: 100", 'highest: "NaN"', "number", "scale.highest"),
        ("weight: 60", 'weight: "1e999999999"', "number", "nodes[0].weight"),
        ("value: 67.5", 'value: "-Infinity"', "number", "choices[0].options[1].value"),
        ("above: 50", 'above: "sNaN"', "number", "grades[1].above"),
    ],
)
def test_a_contradiction_is_found_where_it_stands(
    was: str, becomes: str, finding: str, key: str
) -> None:
    assert was in RIGHT
    text = RIGHT.replace(was, becomes, 1)

    found = questionnaires.findings(documents.read(text.encode(), "kinds.yaml"))

    assert (finding, key) in [(one.finding.code, one.key) for one in found]
