"""Correlations of values, of ranks and of pairs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.analysis.correlations import kendall, matrix, mean_ranks, pearson, spearman

NAN = float("nan")


def test_correlations_of_a_small_table_are_those_of_the_textbook() -> None:
    one, other = np.array([1.0, 2, 3, 4]), np.array([1.0, 3, 2, 4])

    assert pearson(one, other) == pytest.approx(0.8)  # 4 / 5
    assert spearman(one, other) == pytest.approx(0.8)  # 1 - 6 * 2 / (4 * 15)
    assert kendall(one, other) == pytest.approx(4 / 6)  # 5 pairs agree, 1 does not


def test_ties_count_for_neither_order() -> None:
    one, other = np.array([1.0, 1, 2, 3]), np.array([1.0, 2, 2, 3])

    assert mean_ranks(one).tolist() == [1.5, 1.5, 3, 4]
    assert kendall(one, other) == pytest.approx(4 / 5)  # 4 agree, 5 differ in either
    assert spearman(one, other) == pytest.approx(3.75 / 4.5)  # of 1.5, 1.5, 3, 4 and 1, 2.5, 2.5, 4


def test_only_rows_that_have_both_are_counted() -> None:
    one, other = np.array([1.0, 2, 3, NAN]), np.array([2.0, 1, NAN, 9])

    assert pearson(one, other) == pytest.approx(-1)
    assert matrix(np.stack([one, other, np.full(4, NAN)], axis=1)).tolist() == pytest.approx(
        np.array([[1, -1, NAN], [-1, 1, NAN], [NAN] * 3]), nan_ok=True
    )


@pytest.mark.parametrize("one", [[5.0, 5.0, 5.0], [0.3, 0.1 + 0.2, 0.3], [NAN, NAN, 1.0]])
def test_what_is_alike_or_alone_correlates_with_nothing(one: list[float]) -> None:
    column, other = np.array(one), np.array([1.0, 2, 3])

    assert pearson(column, other) is None
    assert np.isnan(matrix(np.stack([column, other], axis=1))[0]).all()
    assert kendall(np.ones(3), other) is None


def test_what_is_very_small_correlates_as_what_is_large_does() -> None:
    one = np.array([1.0, 2, 3, 4])

    assert pearson(one * 1e-300, one[::-1]) == pytest.approx(-1)


def test_a_matrix_of_whole_columns_is_that_of_its_pairs() -> None:
    columns = np.random.default_rng(1).normal(size=(9, 3))

    found = matrix(columns)

    for row in range(3):
        for column in range(3):
            assert found[row, column] == pytest.approx(pearson(columns[:, row], columns[:, column]))


def test_a_matrix_with_gaps_is_that_of_its_pairs_however_little_a_pair_differs() -> None:
    random = np.random.default_rng(1)
    columns = random.integers(1, 6, (30, 6)).astype(float)
    columns[random.random(columns.shape) < 0.2] = NAN
    columns[0] = [1e9, NAN, 3, NAN, 2, NAN]  # the rest of the first column hardly differs from 7
    columns[1:, 0] = 7 + random.random(29) / 1000
    columns[1:, 4] = 2

    found = matrix(columns)

    pairs = [[pearson(one, other) for other in columns.T] for one in columns.T]
    assert found == pytest.approx(np.array(pairs, float), abs=1e-9, nan_ok=True)
    assert found[0, 1] == pytest.approx(pairs[0][1])
    assert np.isnan(found[4]).sum() == 6


def test_of_nobody_and_of_one_nothing_correlates() -> None:
    for rows in (0, 1):
        assert np.isnan(matrix(np.ones((rows, 2)))).all()
        assert np.isnan(matrix(np.full((rows, 2), NAN))).all()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40))
def test_tau_is_what_counting_every_pair_comes_to(rows: list[tuple[int, int]]) -> None:
    one, other = (np.array(column, float) for column in zip(*rows, strict=True))
    signs = [
        (np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]), a[0] != b[0], a[1] != b[1])
        for a, b in combinations(rows, 2)
    ]
    agreeing, differ, differ_there = (sum(map(int, column)) for column in zip(*signs, strict=True))

    found = kendall(one, other)

    if differ and differ_there:
        assert found == pytest.approx(agreeing / (differ * differ_there) ** 0.5)
    else:
        assert found is None
