"""The worked table of `maturity.scoring`, and the rules that it stands for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.rules import Gate
from survey_service.maturity.scoring import score
from tests.samples import SPBE, denpasar, levels, load, tiny

TWO = tiny("two_dimensions")
THREE = tiny("three_tiers")
NOT_APPLICABLE = Answer(not_applicable="no such unit")


def test_the_index_is_the_weighted_mean_at_every_tier() -> None:
    card = score(TWO, {**levels(A=5, B=3, C=1), "D": NOT_APPLICABLE})

    assert card.nodes["merit"].index == Decimal("3.5")  # (1*5 + 3*3) / 4
    assert card.nodes["oversight"].index == 1  # C alone
    assert card.index == Decimal("2.5")  # (60*3.5 + 40*1) / 100
    assert card.grade is not None
    assert card.grade.code == "fair"


def test_an_unanswered_indicator_is_left_out_of_the_running_index() -> None:
    card = score(TWO, {**levels(A=5, B=3, C=3), "D": NOT_APPLICABLE})

    assert card.index == Decimal("3.3")  # (60*3.5 + 40*3) / 100
    assert card.grade is not None
    assert card.grade.code == "good"
    assert (card.answered, card.total, card.complete) == (3, 4, False)


def test_an_unanswered_indicator_counts_as_the_lowest_level_officially() -> None:
    card = score(TWO, {**levels(A=5, B=3, C=3), "D": NOT_APPLICABLE}, official=True)

    assert card.nodes["oversight"].index == 2  # (3 + 1) / 2
    assert card.index == Decimal("2.9")  # (60*3.5 + 40*2) / 100


def test_a_gate_refuses_a_grade_that_the_index_reaches() -> None:
    card = score(TWO, {**levels(A=5, B=5, C=1), "D": NOT_APPLICABLE})

    assert card.index == Decimal("3.4")  # (60*5 + 40*1) / 100
    assert card.grade is not None
    assert card.grade.code == "fair"
    refused = [(one.grade.code, one.node, one.index) for one in card.refused]
    assert refused == [("good", "oversight", Decimal(1))]


def test_a_node_without_an_index_reaches_no_minimum() -> None:
    card = score(TWO, levels(A=4, B=4))

    assert [(one.node, one.index) for one in card.refused] == [("oversight", None)]


def test_a_node_that_does_not_apply_has_no_minimum_to_reach() -> None:
    nothing = dict.fromkeys(("C", "D", "E"), NOT_APPLICABLE)

    card = score(TWO, {**levels(A=4, B=4), **nothing})

    assert card.index == 4  # all the weight goes to merit
    assert card.nodes["oversight"].total == 0
    assert card.grade is not None
    assert card.grade.code == "good"


def test_a_gate_on_one_node_refuses_with_its_reason() -> None:
    card = score(THREE, levels(I1=0, I2=2))

    assert card.index == 1  # (0 + 2) / 2, equal weights
    assert card.grade is not None
    assert card.grade.code == "low"
    assert card.refused[0].gate.reason is not None
    assert card.refused[0].node == "T1"


def test_nothing_answered_has_no_index_and_no_grade() -> None:
    card = score(TWO, {})

    assert (card.index, card.grade, card.refused) == (None, None, ())


def test_nothing_answered_is_the_lowest_level_officially() -> None:
    assert score(TWO, {}, official=True).index == 1


def test_where_every_grade_is_refused_there_is_none() -> None:
    gate = Gate(at_least=Decimal(2), node="oversight")
    lowest = structs.replace(TWO.grades[0], gates=(gate,))
    strict = structs.replace(TWO, grades=(lowest, TWO.grades[1]))

    card = score(strict, levels(A=5, B=5, C=1))

    assert card.grade is None
    assert [one.grade.code for one in card.refused] == ["good", "fair"]


def test_siblings_without_weights_share_their_parents_equally() -> None:
    card = score(TWO, levels(C=3))

    assert card.nodes["C"].weight == Decimal(40) / 3


def test_a_third_is_exact_until_it_is_shown() -> None:
    card = score(TWO, levels(A=5, B=5, C=2, D=2, E=3))

    assert card.nodes["oversight"].index == Decimal(7) / 3
    assert card.index == Decimal(59) / 15  # 0.6*5 + 0.4*7/3 = 3.9333…


def test_kota_denpasar_2018_comes_out_to_the_last_digit() -> None:
    """Published: PermenPANRB 5/2018, external evaluation 2018; see the CSV beside this file."""
    card = score(load(SPBE), denpasar("external_level"))

    shown = {
        code: node.index.quantize(Decimal("0.01"))
        for code, node in card.nodes.items()
        if node.index is not None
    }
    aspects = [str(shown[f"aspect-{number}"]) for number in range(1, 8)]
    assert aspects == ["2.00", "2.10", "2.00", "2.50", "2.33", "3.29", "2.50"]
    assert [str(shown[f"domain-{number}"]) for number in (1, 2, 3)] == ["2.06", "2.29", "3.00"]
    assert card.index == Decimal("2.64")
    assert card.grade is not None
    assert card.grade.name.id == "Baik"


def test_kota_denpasar_claimed_a_level_more_than_it_was_given() -> None:
    assert score(load(SPBE), denpasar("self_level")).index == Decimal("3.67")


@pytest.mark.parametrize(
    ("code", "weight"), [("1", "1.3"), ("11", "2.5"), ("21", "1.5"), ("32", "2.75"), ("42", "3")]
)
def test_an_indicator_of_spbe_2020_moves_the_index_by_its_weight(code: str, weight: str) -> None:
    """Weights in percent of the index: PermenPANRB 59/2020."""
    spbe = load(SPBE.with_name("2020.59.yaml"))
    lowest = {each: Answer(level=1) for each in spbe.indicators}

    raised = score(spbe, {**lowest, code: Answer(level=2)})

    assert raised.index == 1 + Decimal(weight) / 100


def test_rounding_the_aspects_first_gives_another_number() -> None:
    """The known wrong way: rounded children lose what the published index rests on."""
    card = score(load(SPBE), denpasar("external_level"))
    aspects = [node for code, node in card.nodes.items() if code.startswith("aspect")]

    wrong = sum(
        node.weight * node.index.quantize(Decimal("0.01")) for node in aspects if node.index
    )

    assert wrong / 100 == Decimal("2.6411")  # not 2.64


_ANSWERS = st.dictionaries(
    st.sampled_from(list(TWO.indicators)),
    st.one_of(st.integers(1, 5).map(lambda level: Answer(level=level)), st.just(NOT_APPLICABLE)),
)


@given(_ANSWERS)
def test_the_index_stays_on_the_scale(answers: dict[str, Answer]) -> None:
    card = score(TWO, answers)

    assert card.index is None or 1 <= card.index <= 5


@given(_ANSWERS, st.sampled_from(list(TWO.indicators)))
def test_raising_an_answer_never_lowers_the_index(answers: dict[str, Answer], code: str) -> None:
    level = (answers.get(code) or NOT_APPLICABLE).level
    if level is None or level == 5:
        return

    lower = score(TWO, answers).index
    higher = score(TWO, {**answers, code: Answer(level=level + 1)}).index

    assert lower is not None
    assert higher is not None
    assert higher >= lower


@given(_ANSWERS)
def test_the_official_index_lies_between_the_worst_and_the_best_still_possible(
    answers: dict[str, Answer],
) -> None:
    open_ = [code for code in TWO.indicators if code not in answers]
    official = score(TWO, answers, official=True).index
    best = score(TWO, {**answers, **levels(**dict.fromkeys(open_, 5))}).index
    worst = score(TWO, {**answers, **levels(**dict.fromkeys(open_, 1))}).index

    assert official == worst
    assert best is None or (official is not None and official <= best)


@pytest.mark.parametrize("official", [True, False])
def test_scoring_twice_gives_the_same(official: bool) -> None:  # noqa: FBT001
    answers = levels(A=2, C=4)

    assert score(TWO, answers, official=official) == score(TWO, answers, official=official)
