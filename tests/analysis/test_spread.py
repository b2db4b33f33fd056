"""How values are spread."""

import statistics
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from survey_service.analysis.spread import BINS, FEW, Spread, median, spread
from survey_service.maturity.cards import NOTHING, Units

ENDS = Decimal(1), Decimal(5)


def _units(*values: int) -> Units:
    return np.array(values, np.int32)


def test_a_few_values_are_seen_one_by_one() -> None:
    found = spread(_units(3_000_000, NOTHING, 2_000_000, 5_000_000), 6, ENDS)

    assert found == Spread(
        3,
        Decimal(2),
        Decimal(3),
        Decimal(5),
        (Decimal("2.5"), Decimal(4)),
        (Decimal(2), Decimal(3), Decimal(5)),
    )


def test_of_nothing_there_is_nothing_to_tell() -> None:
    assert spread(_units(NOTHING), 6, ENDS) == Spread(0)
    assert median(_units(), 6) is None


def test_many_values_are_counted_by_equal_parts_of_the_scale() -> None:
    values = _units(*[1_000_000] * FEW, 3_000_000, 7_000_000)  # the last one by a bonus

    found = spread(values, 6, ENDS)

    assert found.values == ()
    assert (len(found.bins), sum(found.bins)) == (BINS, FEW + 2)
    assert (found.bins[0], found.bins[BINS // 2], found.bins[-1]) == (FEW, 1, 1)
    assert found.highest == Decimal(7)


def test_the_mean_of_two_values_that_were_cut_off_is_no_more_exact_than_they_are() -> None:
    thirds = _units(3_333_333, 3_336_666)  # 10/3 and 10.01/3, whose mean is 3.335

    assert median(thirds, 6) == Decimal("3.335")


@given(st.lists(st.integers(1_000_000, 5_000_000), min_size=1))
def test_the_median_is_the_one_of_the_textbook(values: list[int]) -> None:
    expected = Decimal(statistics.median(values)).scaleb(-6)

    found = median(_units(*values), 6)

    assert found is not None
    shown = [one.quantize(Decimal("0.00001"), ROUND_HALF_UP) for one in (found, expected)]
    assert shown[0] == shown[1]


def test_a_few_values_have_names_and_many_have_none() -> None:
    few = spread(_units(3, NOTHING, 1, 2), 0, ENDS, ["c", "x", "a", "b"])
    many = spread(_units(*[1] * (FEW + 1)), 0, ENDS, ["x"] * (FEW + 1))

    assert few.names == ("a", "b", "c")
    assert many.names == ()
