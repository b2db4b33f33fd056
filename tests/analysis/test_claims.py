"""What organisations claim against what those who checked found."""

from fractions import Fraction

import numpy as np
import pytest

from survey_service.analysis import claims as module
from survey_service.analysis.agreement import agreement
from survey_service.analysis.claims import (
    by_code,
    by_organisation,
    claims,
    student,
    wilson,
)
from survey_service.maturity.cards import NOTHING, Units


def units(*values: int) -> Units:
    return np.array(values, np.int32)


def test_bias_is_the_mean_of_what_was_claimed_too_high_and_too_low() -> None:
    found = claims(units(5, 4, 3, NOTHING, 2), units(3, 4, 4, 1, NOTHING))

    assert (found.items, found.over, found.under, found.total) == (3, 1, 1, 1)
    assert found.bias == Fraction(1, 3)
    assert found.raw == pytest.approx(1 / 3)
    assert found.raw_interval == pytest.approx(
        (0.0615, 0.7923), abs=1e-4
    )  # of three, nearly anything


def test_kota_denpasar_claimed_a_level_too_much_in_2018() -> None:
    """The levels of the first 17 indicators, by the city and by the ministry, as published."""
    verified = units(1, 1, 1, 3, 2, 3, 3, 2, 1, 1, 1, 3, 3, 3, 1, 3, 3)

    found = claims(verified + 1, verified, levels=(0, 1, 2, 3, 4, 5))

    assert found.bias == 1
    assert found.raw == 0
    assert found.corrected is not None  # raw never stands alone
    assert found.flag is None  # 17 items are too few to say so


@pytest.mark.parametrize(("more", "flag"), [(1, "over"), (-1, "under"), (0, None)])
def test_who_claims_too_much_is_told_beyond_chance_and_from_20_items(
    more: int, flag: str | None
) -> None:
    verified = np.tile(units(1, 2, 3, 4), 5)
    claimed = verified + more
    claimed[0] = verified[0]

    assert claims(claimed, verified).flag == flag
    assert claims(claimed[:19], verified[:19]).flag is None


def test_where_few_were_checked_the_interval_is_wide() -> None:
    few = claims(units(3, 4), units(2, 2))
    many = claims(np.tile(units(3, 4), 30), np.tile(units(2, 2), 30))

    assert few.interval == pytest.approx((1.5 - 12.706 * 0.5, 1.5 + 12.706 * 0.5), abs=0.001)
    assert many.interval is not None
    assert many.interval[1] - many.interval[0] < 0.5


def test_a_few_that_differ_by_the_same_tell_nothing_of_others() -> None:
    verified = np.full(20, 2, np.int32)

    few, enough = claims(verified[:19] + 1, verified[:19]), claims(verified + 1, verified)

    assert few.bias == 1
    assert few.interval is None
    assert enough.interval == (1, 1)


def test_of_nothing_and_of_one_item_no_figure_is_told_that_means_nothing() -> None:
    nothing = claims(units(NOTHING), units(3))
    one = claims(units(4), units(3))

    assert (nothing.items, nothing.bias, nothing.interval) == (0, None, None)
    assert (nothing.raw, nothing.raw_interval, nothing.corrected) == (None, None, None)
    assert nothing.flag is None
    assert one.bias == 1
    assert one.interval is None


def test_values_that_are_no_levels_have_a_bias_and_no_agreement() -> None:
    verified = np.arange(1_000_000, 1_000_100, dtype=np.int32)

    found = claims(verified + 7, verified)

    assert found.bias == 7
    assert (found.raw, found.corrected) == (None, None)


def test_claims_are_told_by_code_and_by_organisation() -> None:
    claimed, verified = np.array([[5, 3], [4, 3]], np.int32), np.array([[4, 3], [2, 4]], np.int32)

    of_codes = by_code(["a", "b"], claimed, verified)
    of_each = by_organisation(claimed, verified)

    assert {code: one.bias for code, one in of_codes.items()} == {
        "a": Fraction(3, 2),
        "b": Fraction(-1, 2),
    }
    assert [one.total for one in of_each] == [1, 1]


@pytest.mark.parametrize("levels", [(), (0, 1, 2, 3, 4, 5, 6)])
def test_all_rows_at_once_come_to_what_the_definition_does_of_each(
    levels: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(2)
    claimed = random.integers(1, 6, (40, 7)).astype(np.int32)
    verified = np.where(random.random((40, 7)) < 0.6, claimed, random.integers(1, 6, (40, 7)))
    claimed[random.random((40, 7)) < 0.2] = NOTHING
    verified[random.random((40, 7)) < 0.4] = NOTHING
    claimed[0], verified[1], claimed[2], verified[2] = NOTHING, NOTHING, 3, 3
    monkeypatch.setattr(module, "_TOGETHER", 50)

    each = by_organisation(claimed, verified, levels)

    for one, said, found in zip(each, claimed, verified, strict=True):
        both = (said != NOTHING) & (found != NOTHING)
        agreed = agreement(np.stack([said[both], found[both]], axis=1).astype(float), levels)
        apart = (said - found)[both]
        assert (one.items, one.total) == (agreed.items, apart.sum())
        assert one.raw == pytest.approx(agreed.raw)
        assert one.corrected == pytest.approx(agreed.corrected)
        if len(set(apart.tolist())) > 1:
            half = student(len(apart) - 1) * apart.std(ddof=1) / len(apart) ** 0.5
            assert one.interval == pytest.approx((apart.mean() - half, apart.mean() + half))
    assert each[0] == by_organisation(claimed[:, :0], verified[:, :0], levels)[0]


@pytest.mark.parametrize(
    ("freedom", "table"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (120, 1.980)],
)
def test_students_quantiles_are_those_of_the_table(freedom: int, table: float) -> None:
    assert student(freedom) == pytest.approx(table, abs=0.002 if freedom > 3 else 0.02)


def test_wilsons_interval_stays_within_0_and_1() -> None:
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=1e-4)
