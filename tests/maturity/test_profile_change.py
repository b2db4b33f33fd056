"""What another kind or other attributes would change."""

from decimal import Decimal

import pytest

from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity.conditions import Profile
from survey_service.maturity.profile_change import Effect, Reweighted, Verdict, effect
from tests.samples import numbers, tiny

ASKED = tiny("master_data")
REGENCY, CITY = Profile("regency"), Profile("city")
ANSWERS = numbers(A=40, B=100, R=100)


def test_another_kind_opens_closes_and_weighs_otherwise() -> None:
    found = effect(ASKED, ANSWERS, REGENCY, CITY)

    assert found == Effect(
        opened=("U",),
        closed=("R",),
        reweighted=(
            Reweighted("A", Decimal(50), Decimal(60)),
            Reweighted("B", Decimal(20), Decimal(10)),
        ),
        before=Verdict(Decimal("62.5"), "good", 3, 3),  # (50*40 + 20*100 + 10*100) / 80
        after=Verdict(Decimal("48.57142857142857142857142857"), "fair", 2, 3),  # 3400 / 70
    )


def test_an_attribute_opens_what_is_asked_on_condition() -> None:
    large = Profile("regency", {"population": 200_000})

    found = effect(ASKED, ANSWERS, REGENCY, large)

    assert (found.opened, found.closed, found.reweighted) == (("Z",), (), ())
    assert found.after == Verdict(Decimal("62.5"), "good", 3, 4)


def test_without_an_answer_there_is_no_verdict() -> None:
    found = effect(ASKED, {}, REGENCY, CITY)

    assert found.after == Verdict(None, None, 0, 3)


def test_of_a_kind_that_is_not_asked_nothing_can_be_told() -> None:
    with pytest.raises(UnknownKindError):
        effect(ASKED, ANSWERS, REGENCY, Profile("province"))
