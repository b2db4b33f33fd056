"""Who moved between two cycles."""

import numpy as np

from survey_service.analysis.movers import competition_ranks, moves
from survey_service.maturity.cards import NOTHING


def test_who_rose_most_comes_first_and_who_fell_most_last() -> None:
    found = moves(
        np.array([1, 2, 3, 4, 5]),
        np.array([30, 20, 10, 40, NOTHING], np.int32),
        np.array([5, 4, 3, 2, 6]),
        np.array([50, 35, 25, 20, 1], np.int32),
    )

    assert found.ids.tolist() == [3, 2, 4]
    assert found.before.tolist() == [10, 20, 40]
    assert found.after.tolist() == [25, 20, 35]
    assert found.change.tolist() == [15, 0, -5]
    assert found.rank_before.tolist() == [3, 2, 1]
    assert found.rank_after.tolist() == [2, 3, 1]
    assert (found.joined.tolist(), found.left.tolist()) == ([5, 6], [1])


def test_between_two_empty_cycles_nobody_moves() -> None:
    nobody, nothing = np.array([], np.int64), np.array([], np.int32)

    found = moves(nobody, nothing, nobody, nothing)

    assert len(found.ids) == len(found.joined) == len(found.left) == 0


def test_ranks_are_those_of_competitions() -> None:
    assert competition_ranks(np.array([7, 9, 7, 1])).tolist() == [2, 1, 2, 4]
