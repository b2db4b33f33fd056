"""What each kind of answer is worth, by itself, by unit, from outside and among others."""

from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.errors import SurveyError
from survey_service.errors.answers import (
    ApplicableError,
    InvalidInputError,
    InvalidItemError,
    InvalidLevelError,
    InvalidValueError,
    InvalidWeightError,
    NoAnswerError,
    NotByUnitError,
    PartExceedsWholeError,
    ReasonMissingError,
    WrongInputsError,
    WrongKindError,
)
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.population import population_of
from survey_service.maturity.scoring import score
from survey_service.maturity.scoring_many import score_many
from survey_service.maturity.values import Values
from tests.samples import given, numbers, tiny

ANSWERS = tiny("answers")
UNITS = tiny("units")
EXTERNAL = tiny("external")
POPULATION = tiny("population")


def _worth(code: str, answer: object) -> Decimal | None:
    answers = given(**{code: answer})
    accept(ANSWERS, code, answers[code])
    return score(ANSWERS, answers).nodes[code].index


@pytest.mark.parametrize(
    ("code", "answer", "worth"),
    [
        ("climb", {"level": 2}, "4"),
        ("climb", {"checked": []}, "1"),
        ("climb", {"checked": ["2.1"]}, "1"),
        ("climb", {"checked": ["2.1", "2.2"]}, "4"),
        ("climb", {"checked": ["3.1", "3.2"]}, "1"),  # cumulative: level 2 is not met
        ("climb", {"checked": ["2.1", "2.2", "3.1", "3.2"]}, "10"),
        ("part", {"checked": ["2.1"]}, "2.5"),  # 1 + (4 - 1) * 1/2
        ("part", {"checked": ["2.1", "2.2", "3.2"]}, "7"),  # 4 + (10 - 4) * 1/2
        ("part", {"checked": ["2.1", "3.1", "3.2"]}, "2.5"),
        ("own", {"value": 30}, "2.5"),  # (30 - 20) / (60 - 20) of 10
        ("less", {"value": 10}, "8"),  # 1 - 10/50
        ("steps", {"value": 5}, "1"),  # 3 of 30
        ("steps", {"value": "5.01"}, "5"),  # 15 of 30
        ("steps", {"value": 8}, "10"),
        ("grade", {"option": "B"}, "2.5"),  # 1 of 4
        ("done", {"values": {"open": 1, "done": 3}}, "7.5"),
        ("done", {"values": {"open": 0, "done": 0}}, "0"),
        ("reported", {"values": {"obliged": 8, "reported": 6}}, "7.5"),
        ("reported", {"values": {"obliged": 0, "reported": 0}}, None),
        ("breaches", {"values": {"last": 4, "this": 1}}, "7.5"),
        ("breaches", {"values": {"last": 4, "this": 9}}, "0"),  # counted up to all
        ("breaches", {"values": {"last": 0, "this": 0}}, "10"),  # zero: highest
        ("list", {"checked": ["plan"]}, "7.5"),  # 3 of 4
        ("list", {"checked": []}, "0"),
        ("words", {"text": "Much."}, None),
    ],
)
def test_an_answer_is_worth_what_its_kind_says(
    code: str, answer: object, worth: str | None
) -> None:
    assert _worth(code, answer) == (None if worth is None else Decimal(worth))


@pytest.mark.parametrize(
    ("code", "answer", "refusal"),
    [
        ("climb", {"level": 4}, InvalidLevelError),
        ("climb", {"checked": ["1.1"]}, InvalidItemError),
        ("own", {"value": "19.9"}, InvalidValueError),
        ("own", {"value": "1e400000"}, InvalidValueError),
        ("done", {"values": {"open": 1}}, WrongInputsError),
        ("done", {"values": {"open": 1, "done": 1, "more": 1}}, WrongInputsError),
        ("done", {"values": {"open": -1, "done": 1}}, InvalidInputError),
        ("done", {"values": {"open": "NaN", "done": 1}}, InvalidInputError),
        ("reported", {"values": {"obliged": 3, "reported": 4}}, PartExceedsWholeError),
        ("list", {"checked": ["plan", "nothing"]}, InvalidItemError),
        ("words", {"text": "  "}, NoAnswerError),
        ("words", {"level": 1}, WrongKindError),
        ("words", {"units": {"a": {"text": "x"}}}, NotByUnitError),
    ],
)
def test_an_answer_that_its_kind_does_not_have_is_refused(
    code: str, answer: object, refusal: type[SurveyError]
) -> None:
    with pytest.raises(refusal):
        accept(ANSWERS, code, given(**{code: answer})[code])


def test_a_text_is_asked_and_leaves_the_index_alone() -> None:
    with_text = score(ANSWERS, given(own={"value": 60}, words={"text": "Much."}), official=True)
    without = score(ANSWERS, given(own={"value": 60}), official=True)

    assert with_text.index == without.index
    assert with_text.answered == without.answered + 1


def test_what_is_unanswered_counts_as_its_lowest_answer() -> None:
    official = score(ANSWERS, {}, official=True).nodes

    lowest = {code: official[code].index for code in ANSWERS.indicators}
    assert lowest == {
        "climb": 1, "part": 1, "own": 0, "less": 0, "steps": 1, "grade": Decimal("2.5"), "done": 0,
        "reported": 0, "breaches": 0, "list": 0, "words": None,
    }  # fmt: skip


def _units(code: str, *levels: int, **more: object) -> Decimal | None:
    units = {f"unit {n}": {"level": level} for n, level in enumerate(levels)}
    answers = given(**{code: {"units": units} | more})
    accept(UNITS, code, answers[code])
    return score(UNITS, answers).nodes[code].index


def test_units_are_taken_together_as_the_file_says() -> None:
    assert _units("mean", 1, 1, 1, 1, 1, 2) == Decimal("1.166666666666666666666666667")  # 7/6
    assert _units("minimum", 4, 2, 5) == 2
    assert _units("mode", 4, 2, 2, 5) == 2
    assert _units("mode", 4, 4, 2, 2) == 2  # as frequent: the lower


def test_units_count_by_their_weight() -> None:
    units = {"large": {"level": 5, "weight": 30}, "small": {"level": 1, "weight": 10}}

    card = score(UNITS, given(weighted={"units": units}))

    assert card.nodes["weighted"].index == 4  # (30*5 + 10*1) / 40


def test_a_unit_without_evidence_falls_but_not_below_the_scale() -> None:
    units = {"a": {"level": 3, "evidence": False}, "b": {"level": 2}, "c": {"level": 5}}
    lowest = {"a": {"level": 1, "evidence": False}}

    assert score(UNITS, given(mode={"units": units})).nodes["mode"].index == 2
    assert score(UNITS, given(mode={"units": lowest})).nodes["mode"].index == 1


def test_units_that_it_does_not_apply_to_are_left_out() -> None:
    units = {"a": {"level": 3}, "b": {"not_applicable": "no counter"}}
    nobody = {"b": {"not_applicable": "no counter"}}

    assert score(UNITS, given(mean={"units": units})).nodes["mean"].index == 3
    assert score(UNITS, given(mean={"units": nobody})).nodes["mean"].index is None


def test_an_override_with_its_reason_stands_instead_of_the_units() -> None:
    assert _units("mean", 1, 5, level=4, override="Seen on site.") == 4


def test_a_reason_alone_overrides_nothing() -> None:
    assert _units("mean", 1, 5, override="Not yet decided.") == 3


@pytest.mark.parametrize(
    ("code", "answer", "refusal"),
    [
        ("whole", {"units": {"a": {"level": 1}}}, NotByUnitError),
        ("mean", {"units": {}}, NotByUnitError),
        ("mean", {"units": {"a": {"level": 9}}}, InvalidLevelError),
        ("mean", {"units": {"a": {}}}, NoAnswerError),
        ("mean", {"units": {"a": {"level": 1, "weight": 0}}}, InvalidWeightError),
        ("mean", {"units": {"a": {"level": 1}}, "level": 2}, ReasonMissingError),
    ],
)
def test_units_that_do_not_fit_are_refused(
    code: str, answer: object, refusal: type[SurveyError]
) -> None:
    with pytest.raises(refusal):
        accept(UNITS, code, given(**{code: answer})[code])


def test_a_value_from_outside_has_a_fallback_until_it_is_there() -> None:
    waiting = score(EXTERNAL, numbers(A=5), official=True)
    there = score(EXTERNAL, given(A={"value": 5}, B={"value": 4, "dated": "2026-03-01"}))

    assert waiting.nodes["B"].index == 2
    assert waiting.nodes["C"].index == 1  # no fallback: the lowest
    assert waiting.index == Decimal("2.666666666666666666666666667")  # (5 + 2 + 1) / 3
    assert score(EXTERNAL, numbers(A=5)).index == 5  # the running index waits for it
    assert there.nodes["B"].index == 4


def test_numbers_are_measured_against_the_population() -> None:
    many = [numbers(more=m, less=m, target=t) for m, t in ((10, 20), (30, 60), (20, 40))]
    population = population_of(POPULATION, many)

    nodes = score(POPULATION, many[2], population=population).nodes

    assert {code: [*map(int, each.numbers)] for code, each in population.items()} == {
        "more": [10, 20, 30], "less": [10, 20, 30], "target": [20, 40, 60],
    }  # fmt: skip
    assert nodes["more"].index == Decimal("0.5")  # (20 - 10) / (30 - 10)
    assert nodes["less"].index == Decimal("0.5")
    assert nodes["target"].index == Decimal("0.25")  # (40 - 20) / (100 - 20)


def test_a_population_of_one_measures_nothing() -> None:
    alone = numbers(more=10)

    assert score(POPULATION, alone).index is None
    assert score(POPULATION, alone, population=population_of(POPULATION, [alone])).index is None


@pytest.mark.parametrize(
    ("answers", "index"),
    [
        ({"A": {"not_applicable": "x"}, "B": {"value": 3}, "C": {"value": 4}}, "3.625"),
        ({"A": {"value": 2}, "B": {"not_applicable": "x"}, "C": {"value": 4}}, "2.7"),
    ],
)  # (30*3 + 50*4) / 80; (20*2 + 30*1 + 50*4) / 100
def test_what_does_not_apply_hands_its_weight_on_or_counts_lowest(
    answers: dict[str, object], index: str
) -> None:
    assert score(tiny("not_applicable"), given(**answers)).index == Decimal(index)


def test_what_always_applies_cannot_be_left_out() -> None:
    with pytest.raises(ApplicableError):
        accept(tiny("not_applicable"), "C", Answer(not_applicable="x"))


@pytest.mark.parametrize(
    ("code", "answer", "worth"),
    [
        ("A", {"option": "yes"}, "8"),
        ("A", {"not_applicable": "x"}, "8"),
        ("B", {"not_applicable": "x"}, "2.5"),
        ("C", {"not_applicable": "x"}, "7.5"),  # 3 of 4
        ("D", {"not_applicable": "x"}, None),
    ],
)
def test_what_does_not_apply_may_count_as_the_target_or_a_value(
    code: str, answer: object, worth: str | None
) -> None:
    absent = tiny("absent")
    answers = given(**{code: answer})

    card = score(absent, answers)

    assert card.nodes[code].index == (None if worth is None else Decimal(worth))
    assert card.answered == (worth is not None)
    assert score_many(absent, [answers] * 3) == [card] * 3


def test_the_highest_of_a_banded_number_is_its_best_band() -> None:
    banded = tiny("absent").indicators["C"]
    counted = structs.replace(banded, not_applicable="highest", not_applicable_value=None)

    assert Values(tiny("absent"), {}).of(counted, Answer(not_applicable="x")) == 10


@pytest.mark.parametrize(("value", "worth"), [("-5", 0), ("40", 50), ("80", 100), ("81", 100)])
def test_a_number_beyond_an_end_may_count_as_the_end(value: str, worth: int) -> None:
    beyond = tiny("beyond")
    answers = numbers(open=value)

    accept(beyond, "open", answers["open"])

    assert score(beyond, answers).index == worth


def test_else_a_number_beyond_an_end_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        accept(tiny("beyond"), "closed", Answer(value=Decimal(81)))


def test_above_a_target_over_a_population_counts_as_the_target() -> None:
    accept(POPULATION, "target", Answer(value=Decimal(120)))

    with pytest.raises(InvalidValueError):
        accept(tiny("population").for_kind(""), "target", Answer(value=Decimal("1.234")))


@pytest.mark.parametrize(
    ("value", "worth"),
    [("2", "0"), ("4.5", "50"), ("7", "100"), ("10", "80"), ("22", "0")],
)  # (4.5 - 2) / (7 - 2); (22 - 10) / (22 - 7)
def test_a_number_may_be_best_at_a_target(value: str, worth: str) -> None:
    assert score(tiny("target"), numbers(ratio=value)).index == Decimal(worth)


def test_a_target_lies_between_the_ends_of_the_population() -> None:
    target = tiny("target")
    many = [numbers(spread=value) for value in (0, 8, 30)]
    population = population_of(target, many)

    found = [score(target, each, population=population).index for each in many]

    assert found == [0, 80, 0]
