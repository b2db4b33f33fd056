"""Whether what is put together belongs together."""

import numpy as np
import pytest

from survey_service.analysis.coherence import (
    coherence,
    correlation_ratio,
    cronbach,
    nominal_weights,
)
from survey_service.analysis.composite import composite
from tests.analysis.test_composite import made

NAN = float("nan")


def test_alpha_of_a_small_table_is_that_of_the_textbook() -> None:
    items = np.array([[1.0, 2], [2, 2], [3, 5], [NAN, 9]])

    # variances 1 and 3, of the sums 3, 4, 8: 7; the row that misses one is left out
    assert cronbach(items) == pytest.approx(2 * (1 - 4 / 7))


@pytest.mark.parametrize(
    "items", [[[1.0], [2.0]], [[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 1.0]]]
)
def test_alpha_of_one_item_or_row_or_of_sums_that_are_alike_means_nothing(
    items: list[list[float]],
) -> None:
    assert cronbach(np.array(items)) is None


def test_alpha_of_mere_rounding_means_nothing() -> None:
    assert cronbach(np.array([[100.0, 50.5], [100, 50.500000000000014]])) is None


def test_siblings_against_one_another_are_told_the_worst_first() -> None:
    structure = made(indicators=["a", "b", "c"])
    values = np.array([[1.0, 4, 2], [2, 3, 1], [3, 2, 4], [4, 1, 2]])

    found = coherence(structure, composite(structure, values))

    assert [(one, other) for one, other, _ in found.negative] == [("a", "b"), ("b", "c")]
    assert found.negative[0][2] == pytest.approx(-1)
    assert found.correlations["a"]["b"] == found.correlations["b"]["a"]


def test_effective_weights_show_who_really_decides() -> None:
    random = np.random.default_rng(1)
    wide, narrow = random.normal(0, 3, 4000), random.normal(0, 1, 4000)
    structure = made(indicators=["wide", "narrow"])

    found = coherence(structure, composite(structure, np.stack([wide, narrow], axis=1)))

    assert found.nominal == {"wide": 0.5, "narrow": 0.5}
    assert found.effective["wide"] == pytest.approx(0.9, abs=0.03)  # variances 9 and 1
    assert sum(value or 0 for value in found.effective.values()) == pytest.approx(1)


def test_levels_have_means_of_their_own_and_need_no_straight_line() -> None:
    level = np.repeat([1.0, 2, 3], 10)
    bent = np.repeat([0.0, 1, 0], 10)

    assert correlation_ratio(level, bent) == pytest.approx(1)


def test_chance_alone_explains_nothing() -> None:
    level = np.tile([1.0, 2], 10)
    of = np.repeat([1.0, 2], 10)
    of[0] = 1.1

    found = correlation_ratio(level, of)

    assert found == 0


def test_what_tells_nobody_apart_has_no_effect() -> None:
    structure = made(indicators=["same", "other"])

    found = coherence(structure, composite(structure, np.array([[1.0, 1], [1, 2], [1, 4]])))

    assert found.effective == {"same": None, "other": 1.0}
    assert found.correlations["same"] == {"same": None, "other": None, "index": None}


def test_of_one_participant_no_statistic_is_told() -> None:
    structure = made(indicators=["a", "b"])

    found = coherence(structure, composite(structure, np.array([[1.0, 2]])))

    assert found.alpha == {"index": None}
    assert found.effective == {"a": None, "b": None}
    assert found.negative == ()


def test_nominal_weights_go_down_the_tree() -> None:
    nodes = [
        {"code": "A", "weight": 3, "indicators": ["a", "b"]},
        {"code": "B", "weight": 1, "indicators": ["c"]},
    ]

    assert nominal_weights(made(nodes=nodes)) == {"a": 0.375, "b": 0.375, "c": 0.25}
