"""Stored results as a composite."""

from decimal import Decimal

import numpy as np
import pytest
from msgspec import structs

from survey_service.analysis.composite import composite
from survey_service.analysis.robustness import robustness
from survey_service.analysis.stored_composites import stored
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import Units, packed_indicators, packed_nodes, unpacked
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import score
from tests.samples import FLAGSHIP, load, tiny


def kept(questionnaire: Questionnaire, *answers: dict[str, Answer]) -> tuple[Units, Units]:
    cards = [score(questionnaire, one) for one in answers]
    return (
        unpacked(
            [packed_nodes(questionnaire, one) for one in cards], 1 + len(questionnaire.all_nodes)
        ),
        unpacked(
            [packed_indicators(questionnaire, one) for one in cards], len(questionnaire.indicators)
        ),
    )


def test_the_composite_of_stored_indicators_ranks_as_the_index_does() -> None:
    questionnaire = load(FLAGSHIP)
    many = [
        {
            code: Answer(level=1 + (place * row) % 5)
            for place, code in enumerate(questionnaire.indicators)
        }
        for row in range(1, 6)
    ]
    nodes, indicators = kept(questionnaire, *many)

    found = stored(questionnaire, nodes, indicators)

    assert found is not None
    index = composite(found.structure, found.values).index
    assert np.corrcoef(index, nodes[:, 0])[0, 1] == pytest.approx(1)
    held = robustness(found.structure, found.values, nodes[:, 0].astype(float), 7, 50)
    assert sorted(held.reference.tolist()) == [1, 2, 3, 4, 5]


def test_a_geometric_index_is_taken_on_its_own_scale() -> None:
    questionnaire = structs.replace(load(FLAGSHIP), combine="geometric")
    levels = [[1 + (place * row) % 5 for place in range(200)] for row in range(1, 6)]
    many = [
        {code: Answer(level=one) for code, one in zip(questionnaire.indicators, row, strict=False)}
        for row in levels
    ]
    nodes, indicators = kept(questionnaire, *many)

    found = stored(questionnaire, nodes, indicators)

    assert found is not None
    index = composite(found.structure, found.values).index
    assert index / index[0] == pytest.approx(nodes[:, 0] / nodes[0, 0], rel=1e-3)


def test_a_harmonic_index_is_no_composite_of_percents() -> None:
    questionnaire = tiny("harmonic")

    assert stored(questionnaire, *kept(questionnaire, {})) is None


def test_an_index_that_is_more_than_means_is_taken_by_its_top_nodes() -> None:
    questionnaire = tiny("bonus")
    answers = {code: Answer(value=Decimal(3)) for code in questionnaire.indicators}
    nodes, indicators = kept(questionnaire, answers, {})

    found = stored(questionnaire, nodes, indicators)

    assert found is not None
    assert not found.by_indicators
    assert np.isnan(found.values[1]).all()


def test_an_index_that_is_no_mean_of_its_nodes_is_no_composite() -> None:
    least = structs.replace(tiny("bonus"), combine="minimum")
    enough = structs.replace(tiny("bonus"), least_share=Decimal("0.5"))

    for questionnaire in (least, enough):
        assert stored(questionnaire, *kept(questionnaire, {})) is None
