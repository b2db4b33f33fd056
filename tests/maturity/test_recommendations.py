from decimal import Decimal
from fractions import Fraction

from survey_service.maturity.answers import Answer
from survey_service.maturity.recommendations import recommend
from tests.samples import FLAGSHIP, levels, load, tiny

TWO = tiny("two_dimensions")


def test_steps_are_ordered_by_gain_per_effort() -> None:
    steps = recommend(TWO, levels(A=1, B=2, C=3, D=3, E=3))

    found = [
        (step.indicator.code, round(step.gain, 4), step.step and step.step.effort) for step in steps
    ]
    assert found == [
        ("B", Decimal("0.45"), 2),  # 0.6 * 3/4, 0.225 for each point of effort
        ("A", Decimal("0.15"), 1),  # 0.6 * 1/4, 0.15
        ("C", Decimal("0.1333"), 2),  # 0.4 / 3, 0.067; equal ones in the file's order
        ("D", Decimal("0.1333"), 2),
        ("E", Decimal("0.1333"), 2),
    ]


def test_there_is_no_step_from_the_top_nor_without_an_answer() -> None:
    assert recommend(TWO, {**levels(A=5, B=5), "C": Answer(not_applicable="none")}) == ()


def test_where_the_file_tells_no_step_the_criteria_remain_and_the_effort_is_the_highest() -> None:
    (step,) = recommend(TWO, levels(A=4))  # the fifth level has no step in this questionnaire

    assert step.step is None
    assert step.after == Answer(level=5)
    assert step.gain_per_effort == Fraction(step.gain) / 5


def test_a_recommendation_names_the_next_level_and_how_to_get_there() -> None:
    (step,) = recommend(TWO, levels(A=1))

    assert (step.before, step.after) == (Answer(level=1), Answer(level=2))
    assert step.step is not None
    assert step.step.do.en == "To two."


def test_every_answer_below_the_top_of_the_flagship_has_a_step() -> None:
    flagship = load(FLAGSHIP)

    steps = recommend(flagship, {code: Answer(level=1) for code in flagship.indicators})

    assert len(steps) == len(flagship.indicators)
    ratios = [step.gain_per_effort for step in steps]
    assert ratios == sorted(ratios, reverse=True)
