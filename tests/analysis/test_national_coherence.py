"""How the parts go along, from sums of whole numbers, beside what floating-point numbers say of the same."""

import numpy as np
import pytest

from survey_service.analysis.coherence import coherence, correlation_ratio, cronbach
from survey_service.analysis.composite import composite
from survey_service.analysis.correlations import pearson
from survey_service.analysis.moments import Items, Level, Pair, alpha, correlation, ratio
from survey_service.analysis.national_coherence import (
    _items,
    _levels,
    _pair,
    national_coherence,
)
from survey_service.analysis.stored_composites import stored
from tests.national import ASKED, cycle, five

X, Y = np.array([1, 2, 2, 4, 5]), np.array([7, 6, 6, 2, 1])
MANY = np.random.default_rng(1).integers(0, 100_000, (3, 200))


def test_sums_come_to_the_correlation_whichever_way_it_goes() -> None:
    upwards, downwards = correlation(_pair(X, X + Y // 7)), correlation(_pair(X, Y))

    assert upwards == pytest.approx(pearson(X, X + Y // 7))
    assert downwards == pytest.approx(pearson(X, Y))
    assert correlation(_pair(np.array([0, 1, 2]), np.array([0, 1, 0]))) == 0.0
    assert correlation(_pair(X, X)) == 1.0


def test_a_correlation_of_two_or_of_what_is_all_alike_is_none() -> None:
    assert correlation(_pair(X[:2], Y[:2])) is None
    assert correlation(_pair(X, np.full(5, 3))) is None
    assert correlation(Pair(0, 0, 0, 0, 0, 0)) is None


def test_sums_come_to_alpha_over_the_rows_that_have_all() -> None:
    gap = MANY.copy()
    gap[1, 7] = -1

    assert alpha(_items(gap)) == pytest.approx(cronbach(np.delete(MANY, 7, axis=1).T.astype(float)))
    assert alpha(_items(MANY[:1])) is None
    assert alpha(Items(1, (1, 2), (1, 4), 9)) is None
    assert alpha(_items(np.full((2, 5), 3))) is None


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param(np.arange(200) % 4, id="few"),
        pytest.param(np.arange(200) % 11, id="many"),
        pytest.param(MANY[0], id="nearly each its own"),
    ],
)
def test_sums_come_to_the_correlation_ratio(
    levels: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> None:
    of = MANY[1] + 10_000 * (levels % 3)

    found = ratio(_pair(levels, of), list(_levels(levels, of)))

    assert found == pytest.approx(correlation_ratio(levels.astype(float), of.astype(float)))


def test_a_ratio_is_never_below_nothing_and_none_where_all_are_alike() -> None:
    levels, of = (
        np.arange(20) % 4,
        np.arange(20) // 4,
    )  # the same means at each level, but one row off
    of[0] = 1

    assert ratio(_pair(levels, of), list(_levels(levels, of))) == 0.0
    assert ratio(_pair(levels, np.ones(20, int)), [Level(5, 5)] * 4) is None


def test_what_is_stored_coheres_as_the_composite_that_is_worked_out_anew() -> None:
    drawn = np.random.default_rng(5).integers(1, 6, (60, 5)).tolist()
    of = cycle([five(*row) for row in drawn])
    composed = stored(ASKED, of.values[:, :3], of.values[:, 3:])
    assert composed is not None
    anew = coherence(composed.structure, composite(composed.structure, composed.values))

    found = national_coherence(of)

    told = {(one.one, one.other): one for one in found.correlations}
    assert list(told) == [
        ("merit", ""), ("oversight", ""), ("merit", "oversight"),
        ("A", "merit"), ("B", "merit"), ("A", "B"),
        ("C", "oversight"), ("D", "oversight"), ("E", "oversight"), ("C", "D"), ("C", "E"), ("D", "E"),
        ("A", ""), ("B", ""), ("C", ""), ("D", ""), ("E", ""),
    ]  # fmt: skip
    whole = composed.structure.code
    for (one, other), each in told.items():
        assert each.count == 60
        assert each.correlation == pytest.approx(anew.correlations[one][other or whole], abs=1e-4)
    for code, value in found.alpha.items():
        assert value == pytest.approx(anew.alpha[code or whole], abs=1e-4)
    assert found.effective_weights == pytest.approx(anew.effective, abs=1e-4)
    assert [(one.one, one.other) for one in found.negative] == [
        (one, other) for one, other, _ in anew.negative
    ]
    assert found.negative
    assert sum(value or 0 for value in found.effective_weights.values()) == pytest.approx(1)


def test_of_those_who_are_all_alike_nothing_is_told() -> None:
    found = national_coherence(cycle([five(3, 3, 3, 3, 3)] * 4))
    nobody = national_coherence(cycle([{}] * 2))

    assert {one.correlation for one in found.correlations} == {None}
    assert set(found.alpha.values()) == set(found.effective_weights.values()) == {None}
    assert {one.count for one in nobody.correlations} == {0}
