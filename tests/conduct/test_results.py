"""Results as they are stored, and what differs when they are worked out anew."""

from decimal import Decimal

from msgspec import structs

from survey_service.conduct.results import Difference, Result, differences, result
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import packed_nodes
from survey_service.maturity.scoring import SCORING_VERSION, cards
from tests.samples import levels, tiny

TWO = tiny("two_dimensions")
ANSWERS = levels(A=3, B=3, C=3, D=3, E=3)


def _result(answers: dict[str, Answer]) -> Result:
    return result(TWO, "regency", "internal", 4, cards(TWO, answers))


STORED = _result(ANSWERS)


def test_a_result_tells_what_came_about_when_and_by_which_rules() -> None:
    assert (STORED.stage, STORED.step, STORED.scoring) == ("internal", 4, SCORING_VERSION)
    assert (STORED.index, STORED.grade) == (Decimal(3), "good")
    assert (STORED.answered, STORED.total) == (5, 5)
    assert STORED.nodes == packed_nodes(TWO, cards(TWO, ANSWERS).running)
    assert STORED.official is None  # everything is answered: the same


def test_what_is_unanswered_makes_another_official_card() -> None:
    partly = _result(levels(A=3))

    assert partly.official is not None
    assert partly.running.index != partly.official.index
    assert partly.index == partly.running.index


def test_the_same_worked_out_anew_differs_in_nothing() -> None:
    assert list(differences(TWO, STORED, _result(ANSWERS))) == []
    other_rules = structs.replace(STORED, scoring=0, step=9)
    assert list(differences(TWO, other_rules, STORED)) == []


def test_every_difference_is_named_with_both_values() -> None:
    found = list(differences(TWO, STORED, _result({**ANSWERS, "E": Answer(level=1)})))

    told = [(one.what, one.stored, one.now) for one in found]
    # C, D and E: (3 + 3 + 1) / 3, and 60 * 3 + 40 * 2.333… of 100
    assert ("index", "3", "2.733333333333333333333333333") in told
    assert ("oversight", "3", "2.333333333333333333333333333") in told
    assert ("E", "3", "1") in told
    assert ("official E", "3", "1") in told
    assert ("grade", "good", "fair") in told
    assert not any(one.is_copy for one in found)


def test_columns_that_contradict_their_own_card_are_told_apart() -> None:
    edited = structs.replace(STORED, index=None, nodes=b"\x01", grade="high")

    assert list(differences(TWO, edited, STORED)) == [
        Difference("index", "-", "3", is_copy=True),
        Difference("grade", "high", "good", is_copy=True),
        Difference("nodes", "01", STORED.nodes.hex(), is_copy=True),
    ]


def test_a_card_of_another_length_is_told_as_a_whole() -> None:
    shorter = structs.replace(STORED.running, values=STORED.running.values[:-1])

    found = list(differences(TWO, structs.replace(STORED, running=shorter), STORED))

    assert [one.what for one in found] == ["values", "official values"]
