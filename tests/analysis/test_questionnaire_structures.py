"""A questionnaire as the structure of a composite."""

from decimal import Decimal

import numpy as np
import pytest
from msgspec import structs

from survey_service.analysis.composite import composite
from survey_service.analysis.questionnaire_structures import structure_of
from survey_service.analysis.structures import Fault, Structure, faults
from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import score
from tests.samples import SPBE, denpasar, load, tiny


def test_the_composite_of_levels_is_the_index() -> None:
    questionnaire = load(SPBE)
    answers = denpasar("external_level")

    found = structure_of(questionnaire)

    assert isinstance(found, Structure)
    assert list(faults(found)) == []
    levels = [answers[code].level for code in found.columns]
    index = composite(found, np.array([levels], float)).index[0]
    assert index == pytest.approx(float(score(questionnaire, answers).index or 0))
    assert round(Decimal(index), 2) == Decimal("2.64")


@pytest.mark.parametrize(
    "name",
    [
        "combining", "adjustments", "bonus", "conversions", "answers", "rounding", "flat", "target",
        "placed",
    ],
)  # fmt: skip
def test_what_is_more_than_means_is_no_structure(name: str) -> None:
    assert structure_of(tiny(name)) == Fault((), "more_than_means")


def test_a_least_share_is_one_of_the_composite_and_of_its_nodes() -> None:
    plain = structs.replace(tiny("least_share"), nodes=tiny("least_share").nodes[1:])
    bare = tuple(one for one in plain.nodes[0].indicators if not one.bonus)
    node = structs.replace(plain.nodes[0], indicators=bare)

    found = structure_of(structs.replace(plain, nodes=(node,)))

    assert isinstance(found, Structure)
    assert found.present_at_least == plain.least_share == Decimal("0.6")
    assert found.nodes[0].present_at_least == node.least_share == Decimal("0.3")


def test_a_harmonic_mean_is_that_of_the_index() -> None:
    questionnaire = tiny("harmonic")
    values = [Decimal(3 + place) for place in range(len(questionnaire.indicators))]
    answers = {
        code: Answer(value=value)
        for code, value in zip(questionnaire.indicators, values, strict=True)
    }

    found = structure_of(questionnaire)

    assert isinstance(found, Structure)
    assert "harmonic" in {rule for _, rule in found.branches.values()}
    index = composite(found, np.array([values], float)).index[0]
    assert index == pytest.approx(float(score(questionnaire, answers).index or 0))


def test_numbers_keep_their_own_ends() -> None:
    found = structure_of(tiny("population"))

    assert isinstance(found, Structure)
    assert found.normalise == "min-max"
    assert any(column.inverted for column in found.columns.values())
