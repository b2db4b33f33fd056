"""How far those who judged the same agree, against what is published of known tables."""

import numpy as np
import pytest

from survey_service.analysis.agreement import (
    Agreement,
    Floats,
    Form,
    Metric,
    agreement,
    gwet,
    icc,
    krippendorff,
    percent_agreement,
    weighted_kappa,
)

NAN = float("nan")

# Shrout and Fleiss 1979, "Intraclass correlations", table 2: six targets, four judges; table 4 has what
# they come to.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)

# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section E: four observers, twelve
# units, some not rated. Gwet 2014 reckons the AC of the same table.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T


def pairs(table: list[list[int]]) -> Floats:
    """Return the ratings of two raters whose table has so many of each pair."""
    return np.array(
        [
            (row, column)
            for row, counts in enumerate(table)
            for column, count in enumerate(counts)
            for _ in range(count)
        ],
        float,
    )


# SAS/STAT, the FREQ procedure, "Cohen's kappa coefficient": two dermatologists, 88 patients.
SKIN = pairs([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]])


@pytest.mark.parametrize(
    ("form", "published"),
    [("1,1", 0.17), ("2,1", 0.29), ("3,1", 0.71), ("1,k", 0.44), ("2,k", 0.62), ("3,k", 0.91)],
)
def test_intraclass_correlations_are_those_of_shrout_and_fleiss(
    form: Form, published: float
) -> None:
    assert round(icc(SHROUT_FLEISS, form) or 0, 2) == published


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_is_that_of_krippendorff(metric: Metric, published: float) -> None:
    assert round(krippendorff(KRIPPENDORFF, metric) or 0, 3) == published


def test_ac_is_that_of_gwet() -> None:
    assert round(percent_agreement(KRIPPENDORFF) or 0, 4) == 0.8182
    assert round(gwet(KRIPPENDORFF) or 0, 4) == 0.7754


def test_kappa_and_weighted_kappa_are_those_of_the_handbook() -> None:
    one, other = SKIN.T

    assert round(weighted_kappa(one, other, "identity") or 0, 4) == 0.3449
    assert round(weighted_kappa(one, other, "linear") or 0, 4) == 0.5082


def test_quadratic_weighted_kappa_is_a_correlation_where_both_use_the_scale_alike() -> None:
    one = np.array([1.0, 2, 3, 4, 5, 5, 4, 3, 2, 1])
    other = np.array([2.0, 1, 3, 5, 4, 5, 4, 3, 1, 2])

    assert weighted_kappa(one, other) == pytest.approx(np.corrcoef(one, other)[0, 1])


def test_where_one_level_is_the_usual_one_kappa_falls_and_the_raw_figure_does_not() -> None:
    one, other = pairs([[0, 3], [3, 94]]).T

    found = agreement(np.stack([one, other], axis=1))

    assert found.raw == pytest.approx(0.94)
    assert found.corrected is not None
    assert found.corrected > 0.9
    assert (weighted_kappa(one, other) or 0) < 0


def test_what_could_have_been_given_counts_though_nobody_gave_it() -> None:
    ratings = np.array([[1.0, 1], [2, 2], [1, 2]])

    # 2 of 3 agree; of two categories chance is 2 * (1/2 * 1/2 + ...) = 1/2, of five less
    assert gwet(ratings) == pytest.approx((2 / 3 - 1 / 2) / (1 / 2))
    assert gwet(ratings, categories=(1, 2, 3, 4, 5)) == pytest.approx((2 / 3 - 1 / 8) / (7 / 8))


def test_near_levels_agree_more_than_far_ones() -> None:
    near, far = np.array([[1.0, 2], [5, 5], [3, 3]]), np.array([[1.0, 5], [5, 5], [3, 3]])
    scale = (1, 2, 3, 4, 5)

    assert (gwet(near, "quadratic", scale) or 0) > (gwet(far, "quadratic", scale) or 0)
    assert percent_agreement(near, "linear", scale) == pytest.approx((0.75 + 1 + 1) / 3)


@pytest.mark.parametrize("ratings", [np.empty((0, 2)), np.array([[1.0, NAN], [NAN, 2.0]])])
def test_without_two_ratings_of_anything_there_is_nothing_to_tell(ratings: Floats) -> None:
    assert agreement(ratings) == Agreement(0, None, None)
    assert krippendorff(ratings) is None
    assert weighted_kappa(*ratings.T) is None
    assert icc(ratings) is None


def test_where_all_is_alike_chance_leaves_nothing_to_explain() -> None:
    ratings = np.full((4, 3), 2.0)

    assert agreement(ratings) == Agreement(4, 1, 1)
    assert krippendorff(ratings) is None
    assert weighted_kappa(ratings[:, 0], ratings[:, 1]) is None
    assert icc(ratings) is None


def test_one_rater_alone_has_nobody_to_agree_with() -> None:
    assert icc(np.array([[1.0], [2.0]])) is None
