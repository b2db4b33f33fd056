"""How many stand where."""

import statistics
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from survey_service.analysis.distributions import (
    Strength,
    Tally,
    at_levels,
    distributions,
    merged,
    ordered,
    quantile,
    strengths,
    tally,
)
from survey_service.maturity.cards import NOTHING, Units

VALUES = st.lists(st.one_of(st.just(NOTHING), st.integers(1_000_000, 5_000_000)))


def _units(*rows: list[int]) -> Units:
    return np.array(rows, np.int32)


def test_every_code_is_told_by_group_and_quantiles_are_values_that_occur() -> None:
    values = _units([1, 7], [2, NOTHING], [3, NOTHING], [4, 9])

    found = distributions(values, ["city", "city", "regency", "city"], (0, 50, 100))

    assert found.groups == ("city", "regency")
    assert found.counts.tolist() == [[3, 2], [1, 0]]
    assert found.missing.tolist() == [[0, 1], [0, 1]]
    assert found.totals.tolist() == [[7, 16], [3, 0]]
    assert found.quantiles.tolist() == [
        [[1, 2, 4], [7, 7, 9]],
        [[3, 3, 3], [NOTHING, NOTHING, NOTHING]],
    ]
    assert found.means.tolist() == [[2, 8], [3, NOTHING]]  # 7/3 cut off


def test_sums_go_beyond_what_32_bits_hold() -> None:
    many = np.full((600, 1), 2_000_000_000, np.int32)

    found = distributions(many, ["all"] * 600)

    assert found.totals.tolist() == [[1_200_000_000_000]]


def test_an_empty_cycle_has_no_group_to_tell_of() -> None:
    found = distributions(np.empty((0, 2), np.int32), [])

    assert found.groups == ()
    assert found.counts.shape == (0, 2)


@given(VALUES, VALUES, st.integers(0, 100))
def test_parts_put_together_are_the_whole(one: list[int], other: list[int], percent: int) -> None:
    parts = [tally(np.array(each, np.int32)) for each in (one, other)]
    whole = np.array([*one, *other], np.int32)

    together = merged(parts)

    assert together == tally(whole)
    at_once = distributions(whole[:, None], ["all"] * len(whole), (percent,))
    expected = at_once.quantiles[0, 0, 0] if len(whole) else NOTHING
    assert quantile(together, percent) == (None if expected == NOTHING else expected)


@given(st.lists(st.integers(1, 50), min_size=1))
def test_the_middle_one_is_the_low_median_of_the_textbook(values: list[int]) -> None:
    found = distributions(np.array(values, np.int32)[:, None], ["all"] * len(values), (50,))

    assert found.quantiles[0, 0, 0] == statistics.median_low(values)


def test_of_nothing_no_quantile_is_told() -> None:
    assert quantile(Tally(missing=3), 50) is None


def test_levels_count_from_their_bound_and_the_first_one_from_below() -> None:
    values = _units([0, 30], [10, 29], [20, NOTHING], [30, 99])

    found = at_levels(values, [10, 20, 30])

    assert found.tolist() == [[2, 1, 1], [0, 1, 2]]


def test_the_strongest_comes_first_by_the_part_of_its_own_span() -> None:
    values = _units([3, 50, NOTHING], [4, 90, NOTHING])
    spans = [(1, 5), (0, 100), (1, 5)]

    found = strengths(["level", "percent", "nobody"], values, spans, [0, 4])

    assert found == [
        Strength("percent", 2, 140, Fraction(7, 10), (0, 2)),
        Strength("level", 2, 7, Fraction(5, 8), (1, 1)),  # (3 - 1 + 4 - 1) / (2 * 4)
    ]


def test_who_has_no_value_comes_last_in_either_order() -> None:
    column = np.array([2, NOTHING, 5, 2], np.int32)

    assert ordered(column).tolist() == [2, 0, 3, 1]
    assert ordered(column, descending=False).tolist() == [0, 3, 2, 1]
