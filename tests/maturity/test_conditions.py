"""What is asked on conditions, of whom, and what adjustments and gates make of answers."""

from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.conduct.assessment import unanswered
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity import conditions
from survey_service.maturity.answers import Given, accept
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.values import lowest_answer
from tests.samples import ENDLESS, given, numbers, tiny

CONDITIONS = tiny("conditions")
ORGANISATIONS = tiny("organisations")
ADJUSTMENTS = tiny("adjustments")
GATES = tiny("gates")
LARGE = Profile("city", {"population": 200_000})


def test_what_its_condition_leaves_aside_does_not_count() -> None:
    yes, no = {"option": "yes"}, {"option": "no"}

    asked = score(CONDITIONS, given(A=yes, B={"value": 2}))
    unasked = score(CONDITIONS, given(A=no, B={"value": 5}, C={"value": 5}))

    assert asked.index == Decimal("3.5")  # (5 + 2) / 2
    assert unasked.index == 1  # A alone: B is not asked, and so C neither
    assert (unasked.answered, unasked.total) == (1, 1)
    assert unasked.nodes["C"].total == 0


def test_a_condition_over_what_is_not_answered_does_not_hold() -> None:
    assert score(CONDITIONS, given(B={"value": 5})).index is None


def test_the_official_index_evaluates_conditions_over_lowest_answers() -> None:
    official = score(CONDITIONS, {}, official=True)

    assert official.index == 1  # A as "no", which leaves B and C aside
    assert official.total == 1


def test_a_condition_that_goes_on_for_too_long_does_not_hold() -> None:
    condition = f'answers.A == "yes" && {ENDLESS}'

    assert conditions.outcome(condition, {"A": "yes"}, {}) is None
    assert not conditions.holds(condition, {"A": "yes"}, {})
    assert conditions.outcome(condition, {"A": "no"}, {}) is False


def test_a_whole_node_can_be_for_some_organisations_only() -> None:
    answers = given(A={"option": "yes"}, B={"value": 1}, D={"value": 5})

    large = score(CONDITIONS, answers, profile=LARGE)
    small = score(CONDITIONS, answers, profile=Profile("city", {"population": 9}))

    assert large.index == 4  # ((5 + 1)/2 + 5) / 2
    assert small.index == 3
    assert small.nodes["ports"].total == 0


def test_only_what_is_asked_must_be_answered() -> None:
    no = given(A={"option": "no"})

    assert unanswered(CONDITIONS, {}, Profile("city")) == ["A"]
    assert unanswered(CONDITIONS, no, LARGE) == ["D"]
    assert unanswered(tiny("external"), {}, Profile()) == ["A"]  # the others are supplied


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ('answers.A == "yes"', True),
        ('answers["A"] != "no" && answers.B > 2.4', True),
        ("answers.B.total >= 3", False),
        ('"plan" in answers.L', True),
        ("answers.R.open == 2.0", True),
        ("answers.Z == 1", False),
        ("answers.A > 3", False),
        ('has(answers.Z) || organisation.kind == "city"', True),
        ("organisation.rating > 1.0", False),
    ],
)
def test_conditions_see_answers_as_people_gave_them(condition: str, truth: bool) -> None:  # noqa: FBT001
    answers: dict[str, conditions.Value] = {"A": "yes", "B": 2.5, "L": ["plan"], "R": {"open": 2.0}}

    assert conditions.holds(condition, answers, {"kind": "city"}) is truth


def test_answers_are_handed_to_conditions_in_every_kind() -> None:
    asked = tiny("answers").indicators
    answers = given(
        climb={"level": 2}, part={"checked": ["2.1"]}, own={"value": "20.5"}, grade={"option": "B"},
        done={"values": {"open": 1, "done": 3}}, list={"checked": ["plan"]}, words={"text": "Much."},
        less={"not_applicable": "none"},
    )  # fmt: skip

    seen = {code: conditions.answered_with(asked[code], each) for code, each in answers.items()}

    assert seen == {
        "climb": 2, "part": None, "own": 20.5, "grade": "B", "done": {"open": 1.0, "done": 3.0},
        "list": ["plan"], "words": "Much.", "less": None,
    }  # fmt: skip


def test_kinds_of_organisation_are_weighed_and_asked_differently() -> None:
    answers = numbers(A=1, B=5, C=3, D=2)

    city = score(ORGANISATIONS, numbers(A=1, B=5), profile=Profile("city"))
    ministry = score(ORGANISATIONS, answers, profile=Profile("ministry"))

    assert city.index == Decimal("3.4")  # (40*1 + 60*5) / 100, and no node of ministries
    assert list(city.nodes) == ["all", "A", "B"]
    assert ministry.nodes["all"].index == Decimal("2.8")  # (10*1 + 90*3) / 100
    assert ministry.index == Decimal("2.4")  # (2.8 + 2) / 2


def test_a_node_can_be_for_some_kinds_only() -> None:
    first, second = ORGANISATIONS.nodes
    alone = structs.replace(second, by_kind={"ministry": Decimal(100)})
    questionnaire = structs.replace(ORGANISATIONS, nodes=(first, alone))

    assert list(questionnaire.for_kind("city").all_nodes) == ["all"]
    assert questionnaire.for_kind("ministry").nodes[1].weight == 100


def test_the_lowest_answers_that_conditions_see_are_those_of_every_kind() -> None:
    answers, external = tiny("answers"), tiny("external")

    lowest = {code: lowest_answer(answers, one) for code, one in answers.indicators.items()}

    assert lowest == {
        "climb": Given(level=1), "part": Given(level=1), "own": Given(value=Decimal(20)),
        "less": Given(value=Decimal(50)), "steps": Given(value=Decimal(0)),
        "grade": Given(option="B"), "list": Given(checked=()),
    } | dict.fromkeys(["done", "reported", "breaches", "words"])  # fmt: skip
    assert lowest_answer(external, external.indicators["B"]) == Given(value=Decimal(2))


def test_a_kind_that_the_questionnaire_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownKindError):
        score(ORGANISATIONS, {}, profile=Profile("village"))


def test_what_is_not_asked_of_a_kind_cannot_be_answered() -> None:
    with pytest.raises(UnknownIndicatorError):
        accept(ORGANISATIONS.for_kind("city"), "C", numbers(C=3)["C"])


def _adjusted(case: str, **values: str | int) -> Card:
    answers = given(case={"option": case}) | numbers(**values)
    return score(ADJUSTMENTS, answers)


def test_a_cap_goes_up_the_tree_and_says_why() -> None:
    card = _adjusted("yes", integrity=4, risk=1, report=3, plan=5, action=5)

    assert card.nodes["integrity"].index == 2  # capped
    assert card.nodes["report"].index == 2  # 3 - 1
    assert card.index == 3  # (2 + 1 + 2 + 5 + 5) / 5
    assert [(one.code, int(one.before), int(one.after)) for one in card.adjusted] == [
        ("integrity", 4, 2),
        ("report", 3, 2),
    ]
    assert card.adjusted[0].adjustment.reason.en == "There is a case."


def test_a_cap_is_only_for_what_reaches_its_bound() -> None:
    assert _adjusted("yes", integrity="2.9").nodes["integrity"].index == Decimal("2.9")
    assert _adjusted("no", integrity=4).nodes["integrity"].index == 4


def test_a_cap_can_follow_another_node() -> None:
    assert _adjusted("no", integrity=2, risk=4).nodes["risk"].index == 2
    assert _adjusted("yes", integrity=4, risk=4).nodes["risk"].index == 2  # itself capped at 2
    assert _adjusted("no", risk=4).nodes["risk"].index == 4  # nothing to follow yet


def test_a_penalty_does_not_fall_below_the_scale() -> None:
    assert _adjusted("yes", report="1.5").nodes["report"].index == 1


def test_a_multiplier_counts_by_the_fraction_that_another_reaches() -> None:
    assert _adjusted("no", plan=3, action=5).nodes["action"].index == 3  # 1 + 4 * (3-1)/4
    assert _adjusted("no", plan=1, action=5).nodes["action"].index == 1


FULL: dict[str, object] = {
    "A": {"value": 100}, "B": {"value": 60}, "C": {"value": 50}, "opinion": {"option": "WTP"},
    "sakip": {"value": 61},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "kind", "refused"),
    [
        ({}, "city", []),
        ({}, "ministry", []),
        ({"sakip": {"value": 60}}, "city", []),
        ({"sakip": {"value": 60}}, "ministry", [None]),
        ({"opinion": {"option": "WDP"}}, "city", [None]),
        ({"C": {"value": 49}, "A": {"value": 100}}, "city", ["results"]),  # 19.6 of 20
        ({"B": {"value": 50}}, "city", ["B"]),  # 10 is not above 10
        ({"A": {"value": 20}, "B": {"value": 60}, "C": {"value": 100}}, "city", ["enablers"]),
    ],  # 8 + 12 = 20 of 60, where 40 per cent are 24
)
def test_a_gate_withholds_a_grade_and_says_what_it_refused(
    changed: dict[str, object], kind: str, refused: list[str | None]
) -> None:
    card = score(GATES, given(**FULL | changed), profile=Profile(kind))

    assert card.grade is not None
    assert card.grade.code == ("none" if refused else "clean")
    assert [one.node for one in card.refused] == refused
