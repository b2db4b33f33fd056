"""Units rolled up to their agency by the questionnaire's rule."""

from decimal import Decimal

from survey_service.analysis.rolling_up import together
from survey_service.maturity.answers import Answer, UnitAnswer
from survey_service.maturity.scoring import score
from tests.samples import given, levels, tiny

UNITS = tiny("units")


def test_an_agency_gets_what_its_units_come_to_by_each_indicators_rule() -> None:
    one = levels(mean=1, weighted=1, mode=3, minimum=4, whole=2)
    two = levels(mean=4, weighted=4, mode=3, minimum=2, whole=3)

    found = together({"One": one, "Two": two}, {"Two": Decimal(2)})

    card = score(UNITS, found)
    assert {code: card.nodes[code].index for code in UNITS.indicators} == {
        "mean": Decimal("2.5"),
        "weighted": Decimal(3),  # (1*1 + 2*4) / 3
        "mode": Decimal(3),
        "minimum": Decimal(2),
        "whole": Decimal("2.5"),  # no rule of its own: the mean
    }


def test_who_has_no_evidence_loses_what_the_rule_says() -> None:
    found = together({"One": levels(mode=3, mean=3)}, bare={"One": ["mode"]})

    card = score(UNITS, found)
    assert card.nodes["mode"].index == Decimal(2)
    assert card.nodes["mean"].index == Decimal(3)


def test_what_nobody_answers_stays_unanswered_and_units_of_units_hand_nothing_up() -> None:
    by_units = {"mean": Answer(units={"Desk": UnitAnswer(level=2)})}

    found = together({"One": by_units, "Two": given(minimum={"level": 5})})

    assert list(found) == ["minimum"]
    assert together({}) == {}
