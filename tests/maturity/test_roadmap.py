"""The way to the next grade, against trying everything."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from survey_service.errors.answers import InvalidLevelError, UnknownIndicatorError
from survey_service.errors.planning import NoWholeError, UnknownTargetError
from survey_service.maturity.answer_types import (
    Input,
    Item,
    Ladder,
    Level,
    Number,
    Ratio,
    Units,
    Written,
)
from survey_service.maturity.answers import Answer, UnitAnswer
from survey_service.maturity.bands import Band
from survey_service.maturity.better_answers import Need, Wishes
from survey_service.maturity.blocking import Block
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.roadmap import Plan, plan
from survey_service.maturity.rules import Adjustment, Conversion, Gate, Grade, Rounding
from survey_service.maturity.scoring import score
from survey_service.maturity.tree import Indicator, Node
from tests.maturity import planning
from tests.maturity.planning import asked, ladders
from tests.samples import levels
from tests.strategies import NAME, REASON

SOME = settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MOST = 1500  # sets of answers that are tried for one questionnaire


@SOME
@given(st.data())
def test_no_other_plan_takes_less_effort(data: st.DataObject) -> None:
    questionnaire = data.draw(planning.questionnaires())
    answers = data.draw(planning.answers_to(questionnaire))
    wishes = data.draw(planning.wishes(questionnaire))
    scale = questionnaire.index_scale
    middle = (scale.lowest + scale.highest) / 2
    target = data.draw(st.sampled_from(["middle", "high", str(middle)]))
    count = 3 ** len(questionnaire.indicators)
    assume(count <= MOST)

    found = plan(questionnaire, answers, target, wishes)

    tried = planning.everything(questionnaire, answers, wishes)
    least = planning.least(questionnaire, target, tried)
    assert found.reached is found.target.is_met(found.card)
    looks_elsewhere = any(one.at_most_as or one.times for one in questionnaire.adjustments)
    passes_over = any(
        members != children
        for members, children in zip(
            questionnaire.members.values(),
            [questionnaire.nodes, *(node.children for node in questionnaire.all_nodes.values())],
            strict=True,
        )
    )
    if (looks_elsewhere or passes_over) and not found.proven:
        assert not found.reached or (least is not None and found.effort >= least)
    else:
        assert found.proven
        assert (found.effort if found.reached else None) == least
        assert list(found.curve) == planning.curve(tried)


def steps(found: Plan) -> list[tuple[str, int]]:
    """Return the indicators that are raised, each with the level after the step."""
    return [(climb.indicator, climb.after.level or 0) for climb in found.climbs]


def test_the_cheapest_steps_are_taken_in_the_files_order() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))

    found = plan(questionnaire, levels(A=1, B=1), "g2")

    assert steps(found) == [("A", 2), ("B", 2)]  # (2 + 2) / 2, by 1 + 1; (3 + 1) / 2 would take 3
    assert (found.effort, found.reached, found.proven) == (2, True, True)
    assert found.card == score(questionnaire, levels(A=2, B=2), official=True)
    assert found.curve == (
        (0, Decimal(1)), (1, Decimal("1.5")), (2, Decimal(2)), (4, Decimal("2.5")), (6, Decimal(3)),
    )  # fmt: skip
    assert [climb.who for climb in found.climbs] == ["unit", "unit"]


def test_what_is_reached_already_takes_nothing() -> None:
    found = plan(asked(Node("N", NAME, indicators=ladders("A"))), levels(A=2), "g2")

    assert (found.climbs, found.effort, found.reached, found.proven) == ((), 0, True, True)


def test_a_higher_grade_will_do_where_it_takes_less() -> None:
    gate = Gate(at_least=Decimal(3), node="A")
    grades = (
        Grade(code="low", name=NAME, at_least=Decimal(1), gates=(gate,)),
        Grade(code="high", name=NAME, at_least=Decimal("1.5")),
    )
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")), grades=grades)

    found = plan(questionnaire, levels(A=1, B=1), "low")

    assert steps(found) == [("A", 2)]  # the higher grade at 1.5; the gate of the lower asks for 3
    assert found.card.grade == grades[1]


def test_wishes_are_kept() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B", "C")))
    wishes = Wishes(
        fixed=levels(A=3),
        excluded=("B",),
        efforts={"C": 5},
        needs=(Need("C", Answer(level=2), "B", Answer(level=2)),),
    )

    found = plan(questionnaire, levels(A=1, B=1, C=1), "1.5", wishes)

    assert steps(found) == [("A", 2), ("A", 3)]  # (3 + 1 + 1) / 3, and C cannot before B
    assert not found.reached or found.card.index == Decimal(5) / 3
    out_of_reach = plan(questionnaire, levels(A=1, B=1, C=1), "g2", wishes)
    assert (out_of_reach.reached, steps(out_of_reach)) == (False, steps(found))


def test_what_comes_first_is_raised_first_where_it_pays() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")))
    needs = (Need("B", Answer(level=2), "A", Answer(level=3)),)

    found = plan(questionnaire, levels(A=1, B=1), "2.5", Wishes(needs=needs))

    assert steps(found) == [("A", 2), ("A", 3), ("B", 2)]


def test_what_is_not_asked_need_not_come_first() -> None:
    hidden = ladders("A", when='organisation.kind == "x"')
    questionnaire = asked(Node("N", NAME, indicators=(*hidden, *ladders("B"))))
    needs = (Need("B", Answer(level=2), "A", Answer(level=3)),)

    assert steps(plan(questionnaire, levels(B=1), "g2", Wishes(needs=needs))) == [("B", 2)]


def test_a_fixed_answer_may_be_one_that_no_step_leads_to() -> None:
    questionnaire = asked(
        Node("N", NAME, indicators=(*ladders("A"), Indicator("X", NAME, number=Number(1))))
    )
    fixed = {"X": Answer(value=Decimal("2.5"))}

    found = plan(questionnaire, levels(A=1), "g2", Wishes(fixed=fixed))

    assert [(one.indicator, one.effort) for one in found.climbs] == [("A", 1), ("X", 5)]


def test_a_number_is_raised_to_the_readers_target_alone() -> None:
    questionnaire = asked(
        Node("N", NAME, indicators=(*ladders("A"), Indicator("X", NAME, number=Number(1))))
    )
    answers = {**levels(A=1), "X": Answer(value=Decimal("1.5"))}
    aims = Wishes(targets={"X": Answer(value=Decimal("2.7"))}, efforts={"X": 3})

    without, found = plan(questionnaire, answers, "2.8"), plan(questionnaire, answers, "2.8", aims)

    lower = Wishes(targets={"X": Answer(value=Decimal(1))})
    assert plan(questionnaire, answers, "2.8", lower).blocked == without.blocked
    assert without.blocked == (Block("X", Answer(value=Decimal("2.6"))),)  # (3 + 2.6) / 2
    assert found.effort == 1 + 2 + 3
    assert found.climbs[-1].after == Answer(value=Decimal("2.7"))


def test_options_and_checklists_have_steps() -> None:
    items = (Item("a", NAME), Item("b", NAME, Decimal(2)), Item("c", NAME))
    questionnaire = asked(
        Node(
            "N",
            NAME,
            indicators=(
                Indicator("O", NAME, choice="letters"),
                Indicator("L", NAME, checklist=items),
                Indicator("T", NAME, text=Written()),
            ),
        )
    )
    answers = {"O": Answer(option="C"), "L": Answer(checked=("a",))}

    found = plan(questionnaire, answers, "2.5")

    assert [climb.after for climb in found.climbs] == [
        Answer(checked=("a", "b")), Answer(option="B"), Answer(option="A"),
    ] or [climb.after for climb in found.climbs] == [
        Answer(option="B"), Answer(option="A"), Answer(checked=("a", "b")),
    ]  # fmt: skip
    assert found.effort == 15  # 5 each; (3 + 2.5) / 2
    assert plan(questionnaire, {}, "2.5").climbs[0].before is None


def test_every_choice_of_a_checklist_is_tried_where_a_condition_looks() -> None:
    items = (Item("a", NAME), Item("b", NAME, Decimal(2)))
    listed = Indicator("L", NAME, checklist=items)
    grade = Grade(
        code="high",
        name=NAME,
        at_least=Decimal(1),
        gates=(Gate(require='"a" in answers.L', reason=REASON),),
    )
    questionnaire = asked(Node("N", NAME, indicators=(listed,)), grades=(grade,))

    found = plan(questionnaire, {}, "high")

    assert [climb.after for climb in found.climbs] == [Answer(checked=("a",))]


def test_answers_by_unit_and_what_does_not_apply_stay() -> None:
    units = Indicator("U", NAME, ladder="ladder-0", units=Units("mean"))
    questionnaire = asked(Node("N", NAME, indicators=(*ladders("A"), units, *ladders("Z"))))
    answers = {
        "A": Answer(level=1),
        "U": Answer(units={"one": UnitAnswer(level=1), "two": UnitAnswer(level=2)}),
        "Z": Answer(not_applicable="none"),
    }

    found = plan(questionnaire, answers, "g3")

    assert not found.reached
    assert found.blocked == (Block("U", Answer(level=3)),)


def test_criteria_that_are_met_count_towards_the_next_level() -> None:
    ladder = Ladder("own", tuple(Level((NAME, NAME), value=Decimal(one)) for one in (1, 2, 3)))
    partly = Indicator("P", NAME, levels=ladder.levels, progress="partial")
    questionnaire = asked(Node("N", NAME, indicators=(partly,)))

    found = plan(questionnaire, {"P": Answer(checked=("2.1",))}, "g2")

    assert [(one.before, one.after) for one in found.climbs] == [
        (Answer(checked=("2.1",)), Answer(level=2))
    ]


def test_what_blocks_is_named_with_the_least_answer_that_would_do() -> None:
    ratio = Ratio(
        (Input("part", NAME), Input("rest", NAME)), ("part",), ("part", "rest"), within=True
    )
    questionnaire = asked(
        Node(
            "N",
            NAME,
            indicators=(
                Indicator("up", NAME, number=Number(1)),
                Indicator("down", NAME, number=Number(0, Decimal(0), Decimal(40), inverted=True)),
                Indicator("ratio", NAME, ratio=ratio),
                Indicator("free", NAME, number=Number(over="population")),
                *ladders("A"),
            ),
        )
    )
    answers = {
        "down": Answer(value=Decimal(30)),
        "ratio": Answer(values={"part": Decimal(1), "rest": Decimal(1)}),
        "free": Answer(value=Decimal(7)),
        **levels(A=1),
    }

    found = plan(questionnaire, answers, "g3", Wishes(excluded=("A",)))

    assert {one.indicator: one.needs for one in found.blocked} == {
        "up": Answer(value=Decimal(3)),
        "down": Answer(value=Decimal(0)),
        "ratio": None,
        "A": Answer(level=3),
    }
    assert found.proven


def test_what_is_at_its_best_or_not_needed_does_not_block() -> None:
    inverted = Ratio(
        (Input("part", NAME), Input("rest", NAME)), ("part",), ("rest",), inverted=True, within=True
    )
    questionnaire = asked(
        Node(
            "N",
            NAME,
            indicators=(
                Indicator("X", NAME, number=Number(0)),
                Indicator("Y", NAME, number=Number(0)),
                Indicator("best", NAME, ratio=inverted),
                Indicator("gone", NAME, number=Number(0)),
            ),
        )
    )
    answers = {
        "best": Answer(values={"part": Decimal(0), "rest": Decimal(1)}),
        "gone": Answer(not_applicable="none"),
    }

    found = plan(questionnaire, answers, "g2")

    assert found.blocked == (Block("Y", Answer(value=Decimal(2))),)  # (1 + 2 + 3) / 3


def test_what_cannot_be_named_blocks_in_silence() -> None:
    gate = Gate(require='organisation.kind == "nowhere"', reason=REASON)
    grade = Grade(code="high", name=NAME, at_least=Decimal(1), gates=(gate,))

    found = plan(asked(Node("N", NAME, indicators=ladders("A")), grades=(grade,)), {}, "high")

    assert (found.reached, found.blocked, found.proven) == (False, (), True)


def test_a_table_may_ask_for_one_child_to_stay_low() -> None:
    letters = tuple(Indicator(code, NAME, choice="letters") for code in "AB")
    questionnaire = asked(Node("N", NAME, combine="lookup", lookup="table", indicators=letters))
    answers = {code: Answer(option="C") for code in "AB"}

    found = plan(questionnaire, answers, "g2")

    assert [climb.after for climb in found.climbs] == [Answer(option="B")]  # C B: B, but A B: C
    assert plan(questionnaire, answers, "g3").effort == 20


def test_a_zero_makes_a_geometric_mean_nothing() -> None:
    questionnaire = asked(
        Node("N", NAME, combine="geometric", indicators=ladders("A", "B")),
        scale=Scale(Decimal(0), Decimal(2)),
        bounds=("0", "1", "2"),
    )

    found = plan(questionnaire, levels(A=0, B=0), "g2")

    assert steps(found) == [("A", 1), ("B", 1)]
    assert found.curve[:2] == ((0, Decimal(0)), (2, Decimal(1)))


def test_a_child_without_a_value_leaves_its_weight_to_the_others() -> None:
    bands = (
        Band(at_least=Decimal(2), value=Decimal(1)),
        Band(at_least=Decimal(3), value=Decimal(3)),
    )
    half = Node("half", NAME, convert=Conversion(bands), indicators=ladders("A"))
    whole = Node("whole", NAME, indicators=ladders("B"))
    questionnaire = asked(half, whole)

    found = plan(questionnaire, levels(A=1, B=2), "g2")

    assert found.effort == 0  # with A at 2, it would be (1 + 2) / 2


def test_a_gate_asks_nothing_of_what_does_not_apply() -> None:
    gates = (Gate(at_least=Decimal(2), node="M"), Gate(at_least=Decimal(2), node="T"))
    grade = Grade(code="high", name=NAME, at_least=Decimal(1), gates=gates[:1])
    texts = Node("T", NAME, indicators=(Indicator("words", NAME, text=Written()),))
    nodes = (
        Node("N", NAME, indicators=ladders("A")),
        Node("M", NAME, when="answers.A == 3", indicators=ladders("B")),
        texts,
    )
    answers = levels(A=1, B=1)

    found = plan(asked(*nodes, grades=(grade,)), answers, "high")
    refused = structs.replace(grade, gates=gates)

    assert (found.effort, found.reached) == (0, True)
    assert not plan(asked(*nodes, grades=(refused,)), answers, "high").reached


def test_an_adjustment_that_looks_at_an_indicator_is_exact() -> None:
    cap = Adjustment(("B",), REASON, at_most_as="A")
    questionnaire = asked(Node("N", NAME, indicators=ladders("A", "B")), adjustments=(cap,))

    found = plan(questionnaire, levels(A=1, B=2), "g2")

    assert (steps(found), found.proven) == ([("A", 2)], True)  # which lifts the cap of B


def looking_at_a_node(**more: Any) -> Questionnaire:
    """Return a questionnaire whose node Q counts as far as P is reached, which may vary."""
    times = Adjustment(("Q",), REASON, times="P")
    nodes = (
        Node("P", NAME, weight=Decimal(1), indicators=ladders("A", "B")),
        Node("Q", NAME, weight=Decimal(9), indicators=ladders("C", "D")),
    )
    return asked(Node("all", NAME, nodes=nodes, **more), adjustments=(times,))


def test_what_promises_too_much_is_scored_and_not_called_least() -> None:
    found = plan(looking_at_a_node(), levels(A=1, B=1, C=1, D=3), "g2")

    assert found.reached
    assert not found.proven
    assert found.card.index is not None
    assert found.card.index >= 2
    for at in range(len(found.climbs)):  # nothing is there in vain
        last = {one.indicator: one for one in found.climbs}
        if found.climbs[at] is last[found.climbs[at].indicator]:
            left = found.climbs[:at] + found.climbs[at + 1 :]
            answers = {**levels(A=1, B=1, C=1, D=3), **{one.indicator: one.after for one in left}}
            assert (score(looking_at_a_node(), answers, official=True).index or 0) < 2


def test_a_curve_of_promises_is_scored() -> None:
    bands = (Band(at_least=Decimal(2), value=Decimal(2)),)
    questionnaire = looking_at_a_node(convert=Conversion(bands))

    found = plan(questionnaire, levels(A=1, B=1, C=3, D=3), "g2")

    assert found.reached
    assert not found.proven
    assert found.effort > 0
    assert found.curve == ()  # without a step it is worth nothing, which is all that was promised


def test_what_an_adjustment_looks_at_may_not_be_asked() -> None:
    hidden = Node("P", NAME, when='organisation.kind == "x"', indicators=ladders("A", "B"))
    open_ = Node("Q", NAME, indicators=ladders("C"))
    empty = Node("R", NAME, combine="none", indicators=ladders("D"))
    rules = (
        Adjustment(("Q",), REASON, at_most_as="P"),
        Adjustment(("Q",), REASON, at_most_as="R"),
    )
    questionnaire = asked(empty, hidden, open_, adjustments=rules)

    found = plan(questionnaire, levels(C=1), "g2")

    assert (steps(found), found.proven) == ([("C", 2)], True)


def test_more_combinations_than_can_be_tried_are_said() -> None:
    codes = [f"A{number}" for number in range(6)]
    condition = " && ".join(f"answers.{code} >= 2" for code in codes)
    grade = Grade(
        code="high", name=NAME, at_least=Decimal(1), gates=(Gate(require=condition, reason=REASON),)
    )
    questionnaire = asked(Node("N", NAME, indicators=ladders(*codes)), grades=(grade,))

    found = plan(questionnaire, {code: Answer(level=1) for code in codes}, "high")

    assert (found.reached, found.effort, found.proven) == (True, 6, False)


@pytest.mark.parametrize("limit", ["frontiers.MOST", "combined_frontiers._STATES"])
def test_more_values_than_can_be_followed_are_said(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = tuple(Indicator(code, NAME, choice="letters") for code in "AB")
    questionnaire = asked(Node("N", NAME, combine="lookup", lookup="table", indicators=letters))
    answers = {code: Answer(option="C") for code in "AB"}
    monkeypatch.setattr(f"survey_service.maturity.{limit}", 2)

    assert not plan(questionnaire, answers, "g2").proven


def test_more_children_without_a_value_than_can_be_tried_are_said() -> None:
    bands = (Band(at_least=Decimal(2), value=Decimal(2)),)
    nodes = [
        Node(f"N{at}", NAME, convert=Conversion(bands), indicators=ladders(f"A{at}"))
        for at in range(7)
    ]

    found = plan(asked(*nodes), {}, "g2")

    assert (found.reached, found.proven) == (True, False)


@pytest.mark.parametrize("target", ["g9", "4", "NaN", "0.5"])
def test_there_must_be_such_a_target(target: str) -> None:
    with pytest.raises(UnknownTargetError):
        plan(asked(Node("N", NAME, indicators=ladders("A"))), {}, target)


def test_what_has_no_index_as_a_whole_has_no_plan() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A")), combine="none")

    with pytest.raises(NoWholeError):
        plan(questionnaire, {}, "g1")


def test_wishes_are_about_what_is_asked() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A")))

    for wishes in (
        Wishes(fixed=levels(X=1)),
        Wishes(excluded=("X",)),
        Wishes(efforts={"X": 1}),
        Wishes(needs=(Need("A", Answer(level=2), "X", Answer(level=2)),)),
    ):
        with pytest.raises(UnknownIndicatorError):
            plan(questionnaire, {}, "g1", wishes)
    with pytest.raises(InvalidLevelError):
        plan(questionnaire, {}, "g1", Wishes(fixed=levels(A=9)))


def agrees(questionnaire: Questionnaire, answers: dict[str, Answer], target: str) -> Plan:
    """Return the plan, which takes as little as any there could be, and promises what is true."""
    found = plan(questionnaire, answers, target)
    tried = planning.everything(questionnaire, answers, Wishes())
    least = planning.least(questionnaire, target, tried)
    assert (found.effort if found.reached else None) == least
    assert list(found.curve) == planning.curve(tried)
    assert found.proven
    return found


def test_a_bonus_is_planned_on_top() -> None:
    extra = ladders("X", weight=Decimal(2), bonus=True)
    naught = ladders("Y", weight=Decimal(0), bonus=True)
    usual = ladders("A", "B", weight=Decimal(1))
    questionnaire = asked(Node("N", NAME, indicators=(*usual, *extra, *naught)))

    found = agrees(questionnaire, levels(A=1, B=1, X=1, Y=1), "g2")

    assert steps(found) == [("X", 2)]  # 1 + 2 * (1/2 * 2) / (1 + 1)


def test_a_bonus_stands_on_the_lowest_end_where_nothing_else_has_a_value() -> None:
    usual = ladders("A", weight=Decimal(1))
    extra = ladders("X", weight=Decimal(1), bonus=True)
    questionnaire = asked(Node("N", NAME, indicators=(*usual, *extra)))

    found = agrees(questionnaire, {"A": Answer(not_applicable="none"), **levels(X=1)}, "g2")

    assert steps(found) == [("X", 2)]


def test_what_weighs_nothing_has_no_mean() -> None:
    nodes = (
        Node(
            "N",
            NAME,
            indicators=(*ladders("A", weight=Decimal(0)), *ladders("B", weight=Decimal(1))),
        ),
        Node("M", NAME, indicators=ladders("C")),
    )
    answers = {"B": Answer(not_applicable="none"), **levels(A=1, C=1)}

    assert steps(agrees(asked(*nodes), answers, "g2")) == [("C", 2)]


def test_the_weakest_link_is_raised_first() -> None:
    questionnaire = asked(
        Node("N", NAME, combine="weakest_link", indicators=ladders("A", "B", "C"))
    )

    found = agrees(questionnaire, levels(A=1, B=2, C=2), "g2")

    assert steps(found) == [("A", 2)]


def test_a_table_may_be_read_by_points() -> None:
    bands = (
        Band(at_least=Decimal(0), value=Decimal(1)),
        Band(at_least=Decimal(2), value=Decimal(3)),
    )
    first, second = (
        Indicator(code, NAME, weight=weight, choice="letters")
        for code, weight in (("A", Decimal(1)), ("B", Decimal(2)))
    )
    questionnaire = asked(
        Node(
            "N",
            NAME,
            combine="lookup",
            lookup="table",
            convert=Conversion(bands, "points"),
            indicators=(first, second),
        )
    )
    low = {code: Answer(option="C") for code in "AB"}

    found = agrees(questionnaire, low, "g3")

    assert found.effort == 15  # 1 * 1/2 + 2 * 1 points, as A at B and B at A; which has a row


def test_a_gate_below_a_table_leaves_what_passes() -> None:
    letters = tuple(Indicator(code, NAME, choice="letters") for code in "AB")
    gate = Gate(at_least=Decimal(2), node="N")
    grades = (Grade(code="high", name=NAME, at_least=Decimal(1), gates=(gate,)),)
    inner = Node("N", NAME, combine="lookup", lookup="table", indicators=letters)
    questionnaire = asked(Node("O", NAME, combine="weakest_link", nodes=(inner,)), grades=grades)

    found = agrees(questionnaire, {code: Answer(option="C") for code in "AB"}, "high")

    assert found.effort == 5


def test_a_gate_that_is_not_for_this_organisation_asks_nothing() -> None:
    gate = Gate(at_least=Decimal(3), node="N", when='organisation.kind == "ministry"')
    grades = (Grade(code="high", name=NAME, at_least=Decimal(1), gates=(gate,)),)

    found = plan(asked(Node("N", NAME, indicators=ladders("A")), grades=grades), {}, "high")

    assert (found.reached, found.effort) == (True, 0)


def test_what_comes_first_is_not_risked_for_a_plan_that_was_not_found() -> None:
    bands = (Band(at_least=Decimal(2), value=Decimal(2)),)
    questionnaire = looking_at_a_node(convert=Conversion(bands))
    needs = (Need("D", Answer(level=3), "C", Answer(level=3)),)

    found = plan(questionnaire, levels(A=1, B=1, C=3, D=3), "g2", Wishes(needs=needs))

    assert (found.reached, found.climbs, found.proven) == (False, (), False)


def test_a_table_without_a_row_has_no_value() -> None:
    letters = tuple(Indicator(code, NAME, choice="letters") for code in "AB")
    table = Node("N", NAME, combine="lookup", lookup="table", indicators=letters)
    questionnaire = asked(table, Node("M", NAME, indicators=ladders("C")))
    answers = {"A": Answer(option="A"), "B": Answer(option="C"), **levels(C=1)}

    found = plan(questionnaire, answers, "g2", Wishes(excluded=("A", "B")))

    assert steps(found) == [("C", 2)]


def test_where_nothing_applies_there_is_no_index_to_plan() -> None:
    questionnaire = asked(Node("N", NAME, indicators=ladders("A")))

    found = plan(questionnaire, {"A": Answer(not_applicable="none")}, "g1")

    assert (found.reached, found.curve, found.blocked) == (False, (), ())


def test_a_harmonic_mean_is_planned_exactly() -> None:
    weights = (Decimal(0), Decimal(1), Decimal(3))
    leaves = tuple(
        Indicator(code, NAME, weight=weight, ladder="ladder-0")
        for code, weight in zip("ABC", weights, strict=True)
    )
    questionnaire = asked(Node("N", NAME, combine="harmonic", indicators=leaves))

    found = agrees(questionnaire, levels(A=1, B=1, C=1), "1.7")

    assert steps(found) == [("B", 2), ("C", 2)]  # 4 / (1/2 + 3/2) = 2; C alone 4 / (1 + 3/2) = 1.6


def test_a_zero_makes_a_harmonic_mean_nothing() -> None:
    scale = Scale(Decimal(0), Decimal(2))
    ladder = Ladder("zero", tuple(Level() for _ in range(3)))
    leaves = tuple(Indicator(code, NAME, ladder="zero") for code in "AB")
    questionnaire = structs.replace(
        asked(
            Node("N", NAME, combine="harmonic", indicators=leaves), scale=scale, bounds=("0", "1")
        ),
        ladders=(ladder,),
    )

    found = agrees(questionnaire, levels(A=0, B=0), "g2")

    assert steps(found) == [("A", 1), ("B", 1)]
    assert found.curve[0] == (0, Decimal(0))


def test_means_of_numbers_held_in_binary_are_planned_exactly() -> None:
    rounding = Rounding(("nodes", "index"), 1, "binary")
    nodes = (
        Node("N", NAME, indicators=ladders("A", "B", "C")),
        Node("M", NAME, combine="minimum", indicators=ladders("D")),
    )

    found = agrees(asked(*nodes, rounding=rounding), levels(A=1, B=1, C=1, D=2), "1.6")

    assert steps(found) == [("A", 2)]  # 4/3 is held, and rounded to 1.3; (1.3 + 2) / 2 to 1.6


def test_a_node_of_which_too_little_has_a_value_takes_no_effort() -> None:
    letters = tuple(Indicator(code, NAME, choice="letters") for code in "AB")
    table = Node("T", NAME, combine="lookup", lookup="table", indicators=letters)
    whole = Node("N", NAME, least_share=Decimal(1), nodes=(table,))
    questionnaire = asked(Node("M", NAME, nodes=(whole, Node("O", NAME, indicators=ladders("C")))))
    answers = {"A": Answer(option="A"), "B": Answer(option="C"), **levels(C=1)}

    found = agrees(questionnaire, answers, "g2")

    assert found.reached


def test_a_flat_mean_is_planned_over_all_indicators() -> None:
    sections = (
        Node("N", NAME, combine="mean", indicators=ladders("A", "B")),
        Node("M", NAME, combine="mean", indicators=ladders("C")),
    )

    found = agrees(asked(*sections, combine="flat"), levels(A=1, B=3, C=1), "g2")

    assert steps(found) == [("A", 2)]  # (2 + 3 + 1) / 3


def test_a_gate_of_what_a_flat_mean_passes_over_is_scored() -> None:
    gate = Gate(at_least=Decimal(2), node="M")
    grades = (Grade(code="high", name=NAME, at_least=Decimal(1), gates=(gate,)),)
    sections = (
        Node("N", NAME, combine="mean", indicators=ladders("A", "B")),
        Node("M", NAME, combine="mean", indicators=ladders("C")),
    )
    questionnaire = asked(*sections, combine="flat", grades=grades)

    found = plan(questionnaire, levels(A=1, B=3, C=1), "high")

    assert found.reached
    assert ("C", 2) in steps(found)
    assert not found.proven


def test_what_blocks_comes_nearer_to_its_target() -> None:
    number = Number(0, Decimal(0), Decimal(10), target=Decimal(4))
    questionnaire = asked(Node("N", NAME, indicators=(Indicator("A", NAME, number=number),)))

    above, below, none = (
        plan(questionnaire, answers, "g3").blocked
        for answers in (
            {"A": Answer(value=Decimal(9))}, {"A": Answer(value=Decimal(1))}, {},
        )
    )  # fmt: skip

    assert above == below == none == (Block("A", Answer(value=Decimal(4))),)


def test_what_applies_only_once_it_is_raised_counts_beside_what_has_no_value() -> None:
    """All that applies must have a value; here the other node has a bonus alone, and none."""
    questionnaire = asked(
        Node("N", NAME, indicators=(Indicator("A", NAME, number=Number(decimals=0)),)),
        Node("O", NAME, indicators=ladders("B", bonus=True)),
        least_share=Decimal(1),
    )
    answers = {"A": Answer(not_applicable="none"), "B": Answer(level=3)}
    wishes = Wishes(targets={"A": Answer(value=Decimal(3))})

    found = plan(questionnaire, answers, "g2", wishes)

    assert score(questionnaire, answers | wishes.targets, official=True).index is None
    assert (found.reached, found.proven, found.curve) == (False, True, ())
