"""Several evaluators who score the same alone before they agree."""

import datetime as dt
from decimal import Decimal

import pytest

from survey_service.conduct.assessment import Draft, Response
from survey_service.conduct.consensus import (
    IndependentScore,
    Panellist,
    Spread,
    handed_in,
    has_met,
    renamed,
    require_agreed,
    require_met,
    require_panel,
    require_scoring,
    spreads,
)
from survey_service.errors.review import (
    PanelError,
    PanelWaitsError,
    ReasonRequiredError,
    ScoresHandedInError,
)
from survey_service.maturity.answers import NOTHING, Answer

AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
ALICE, BOB = Panellist(1, "alice"), Panellist(2, "bob")
THREE, FOUR = Answer(level=3), Answer(level=4)


def scored(person: int, code: str, answer: Answer) -> IndependentScore:
    return IndependentScore(person, Response(code, answer, "", 1, "x", AT, stage="external"))


@pytest.mark.parametrize("people", [[], [1], [1, 1], [1, 9], list(range(1, 22))])
def test_a_panel_is_of_at_least_two_different_known_evaluators(people: list[int]) -> None:
    with pytest.raises(PanelError):
        require_panel(people, range(1, 9))

    require_panel([1, 2], range(1, 9))


def test_a_panel_has_met_once_all_are_in() -> None:
    inside = [handed_in(ALICE, AT), handed_in(BOB, AT)]

    assert not has_met([])
    assert not has_met([inside[0], BOB])
    assert has_met(inside)
    require_met([])
    require_met(inside)
    with pytest.raises(PanelWaitsError) as refused:
        require_met([inside[0], BOB])
    assert refused.value.details == {"names": "bob"}


def test_only_who_is_on_it_and_has_not_handed_in_scores() -> None:
    panel = [ALICE, handed_in(BOB, AT)]

    assert require_scoring(panel, 1) is ALICE
    with pytest.raises(ScoresHandedInError):
        require_scoring(panel, 2)
    with pytest.raises(PanelError):
        require_scoring(panel, 3)


def test_who_stays_keeps_what_they_did_until_the_panel_has_met() -> None:
    inside = handed_in(ALICE, AT)

    assert renamed([inside, BOB], {1: "alice", 3: "charlie"}) == [inside, Panellist(3, "charlie")]
    assert renamed([inside], {1: "alice", 2: "bob"}) == [ALICE, BOB]


def test_a_spread_has_each_answer_once_the_most_frequent_first() -> None:
    both = Answer(value=Decimal("3.0")), Answer(value=Decimal(3))

    found = spreads(
        [
            scored(1, "A", THREE), scored(2, "A", FOUR), scored(3, "A", FOUR),
            scored(1, "B", both[0]), scored(2, "B", both[1]),
        ]
    )  # fmt: skip

    assert found["A"] == Spread("A", ((FOUR, 2), (THREE, 1)))
    assert found["A"].differs
    assert [count for _, count in found["B"].answers] == [2]
    assert not found["B"].differs


def test_one_score_needs_a_reason_where_a_panel_saw_it_differently() -> None:
    apart, same = Spread("A", ((FOUR, 2), (THREE, 1))), Spread("A", ((FOUR, 3),))

    require_agreed(None, Draft(THREE, "", 0))
    require_agreed(apart, Draft(NOTHING, "", 1, taken_back=True))
    require_agreed(same, Draft(FOUR, "", 0))
    require_agreed(apart, Draft(FOUR, "we looked again", 0))
    for spread, draft in ((apart, Draft(FOUR, " ", 0)), (same, Draft(THREE, "", 0))):
        with pytest.raises(ReasonRequiredError):
            require_agreed(spread, draft)
