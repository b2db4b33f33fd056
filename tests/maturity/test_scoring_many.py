"""The path for many gives the numbers of the path for one, whatever is asked and answered."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import score
from survey_service.maturity.scoring_many import is_linear, score_many
from survey_service.maturity.tree import Indicator
from tests.samples import FLAGSHIP, LIBRARY, TINY, levels, load, numbers, tiny
from tests.samples import given as given_
from tests.strategies import answers_to

SPBE = load(LIBRARY / "spbe" / "2020.59.yaml")
EVERY = sorted([*LIBRARY.glob("*/*.yaml"), *TINY.glob("*.yaml")])
LINEAR = {"asn-maturity", "spbe", "sakip", "gtmi", "merit", "pemdi", "ip-asn", "wjp"}


def test_the_instruments_that_only_weigh_are_linear() -> None:
    found = {load(path).code for path in LIBRARY.glob("*/*.yaml") if is_linear(load(path))}

    assert found == LINEAR


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_many_at_once_are_worth_what_each_is_worth_alone(path: Path, data: st.DataObject) -> None:
    questionnaire = load(path)
    kind = questionnaire.kinds[0].code if questionnaire.kinds else ""
    asked = questionnaire.for_kind(kind)
    some = data.draw(st.lists(answers_to(asked), min_size=1, max_size=4))
    many = [answers for answers in some for _ in range(3)]  # three that miss the same
    official = data.draw(st.booleans())
    profiles = [Profile(kind)] * len(many)

    together = score_many(questionnaire, many, official=official, profiles=profiles)

    assert together == [
        score(questionnaire, answers, official=official, profile=Profile(kind)) for answers in many
    ]


def test_numbers_beyond_the_machine_s_are_still_exact() -> None:
    """Weights of eighteen digits overflow 64 bits; the sums are made of Python's numbers then."""
    two = tiny("two_dimensions")
    fine = Decimal("0.123456789012345678")
    heavy = structs.replace(
        two,
        nodes=tuple(
            structs.replace(node, weight=node.weight + fine if node.weight else fine)
            for node in two.nodes
        ),
    )
    many = [levels(A=5, B=3, C=level) for level in (1, 2, 4)]

    assert score_many(heavy, many) == [score(heavy, answers) for answers in many]


def test_a_value_finer_than_the_decimals_asked_for_is_still_exact() -> None:
    kinds = tiny("kinds")
    many = [numbers(N1="12.345")] * 3

    assert score_many(kinds, many) == [score(kinds, many[0])] * 3


def test_answers_by_unit_are_scored_one_by_one() -> None:
    units = tiny("units")
    many = [given_(mean={"units": {"a": {"level": 2}, "b": {"level": 5}}})] * 3

    assert score_many(units, many) == [score(units, many[0])] * 3


def test_grades_with_gates_differ_at_the_same_index() -> None:
    two = tiny("two_dimensions")
    many = [levels(A=5, B=5, C=1), levels(A=4, B=4, C=3), levels(A=1, B=3, C=5)]

    cards = score_many(two, [*many, many[0]])

    assert [card.grade.code for card in cards if card.grade] == ["fair", "good", "good", "fair"]


def _every(indicator: Indicator) -> Iterator[Answer]:
    yield from (Answer(level=level) for level in range(1, 6))
    if indicator.not_applicable == "reweight":
        yield Answer(not_applicable="none")


def test_a_thousand_of_the_flagship_come_out_as_one_by_one() -> None:
    flagship = load(FLAGSHIP)
    many = [
        {
            code: (choices := list(_every(indicator)))[(number * 7 + at * 3) % len(choices)]
            for at, (code, indicator) in enumerate(flagship.indicators.items())
        }
        for number in range(60)
    ]

    assert score_many(flagship, many) == [score(flagship, answers) for answers in many]


def test_without_answers_there_is_nothing_to_score() -> None:
    assert score_many(SPBE, []) == []
    assert score_many(SPBE, [{}]) == [score(SPBE, {})]
    assert score_many(SPBE, [{}, {}, {}]) == [score(SPBE, {})] * 3
