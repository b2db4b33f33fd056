"""Answers to one version scored under another one."""

from decimal import Decimal

from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.overlap import carried_back, under_new, under_old
from survey_service.maturity.rules import Continuation, Crosswalk
from tests.samples import levels, numbers, tiny

OLD, NEW = tiny("crosswalk_old"), tiny("crosswalk_new")
ASKED = tiny("two_dimensions")


def test_what_both_versions_ask_is_scored_under_either() -> None:
    fewer = structs.replace(ASKED, version="2", nodes=ASKED.nodes[:1])
    answers = levels(A=1, B=3, C=4, D=4, E=4)

    assert under_new(ASKED, fewer, answers) == Decimal("2.5")  # (1*1 + 3*3) / 4
    assert under_old(ASKED, fewer, levels(A=1, B=3)) is None  # C, D and E are missing
    assert under_old(fewer, ASKED, answers) == Decimal("2.5")


def test_only_equal_answers_go_back_and_a_number_that_is_a_level_becomes_one() -> None:
    both = structs.replace(
        NEW,
        crosswalks=(
            Crosswalk(
                "old@1",
                (
                    Continuation("1", ("1",), equal=True),
                    Continuation("2", ("3",), equal=True),
                    Continuation("3", ("2",)),
                ),
            ),
        ),
    )

    assert carried_back(
        OLD, both, {**numbers(**{"1": 4, "3": 1}), **numbers(**{"2": "2.5"})}
    ) == levels(**{"1": 4})
    assert carried_back(OLD, both, {"1": Answer(level=3)}) == levels(**{"1": 3})
