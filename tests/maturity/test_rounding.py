"""Rounding: the table of modes, the places, and binary rounding as other programs do it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.rounding import rounded
from survey_service.maturity.rules import Mode, Rounding
from survey_service.maturity.scoring import score
from tests.samples import numbers, tiny

ROUNDING = tiny("rounding")


@pytest.mark.parametrize(
    ("mode", "half", "below", "hundredths"),
    [
        ("half_up", 3, -3, "2.68"),
        ("half_even", 2, -2, "2.68"),
        ("half_down", 2, -2, "2.67"),
        ("up", 3, -3, "2.68"),
        ("down", 2, -2, "2.67"),
        ("binary", 2, -2, "2.67"),
    ],
)
def test_the_table_of_modes_holds(mode: Mode, half: int, below: int, hundredths: str) -> None:
    assert rounded(Fraction("2.5"), 0, mode) == half
    assert rounded(Fraction("-2.5"), 0, mode) == below
    assert rounded(Fraction("2.675"), 2, mode) == Fraction(hundredths)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.15", "0.1"), ("0.25", "0.2"), ("0.35", "0.3"), ("0.65", "0.7")],
)
def test_binary_rounding_goes_by_the_number_that_the_machine_holds(
    value: str, expected: str
) -> None:
    """0.15 and 0.35 are held as a little less, 0.65 as a little more, 0.25 exactly."""
    assert rounded(Fraction(value), 1, "binary") == Fraction(expected)


@given(
    st.fractions(-1000, 1000),
    st.integers(0, 6),
    st.sampled_from(["half_up", "half_even", "binary"]),
)
def test_rounding_twice_is_rounding_once(value: Fraction, digits: int, mode: Mode) -> None:
    once = rounded(value, digits, mode)

    assert rounded(once, digits, mode) == once
    assert abs(once - value) <= Fraction(1, 2 * 10**digits) + Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("at", "index"),
    [
        ((), "2.3344"),  # ((1.2345 + 2.3455)/2 + 2.8788) / 2
        (("indicators",), "2.335"),  # ((1.23 + 2.35)/2 + 2.88) / 2
        (("nodes",), "2.335"),  # (1.79 + 2.88) / 2
        (("index",), "2.33"),
        (("indicators", "nodes", "index"), "2.34"),  # 2.335, half up
    ],
)
def test_an_instrument_rounds_where_it_says(at: tuple[str, ...], index: str) -> None:
    answers = numbers(A="1.2345", B="2.3455", C="2.8788")
    rounding = Rounding(at, 2) if at else None  # type: ignore[arg-type] # any of the places

    card = score(structs.replace(ROUNDING, rounding=rounding), answers)

    assert card.index == Decimal(index)


def test_a_mean_is_taken_of_numbers_as_they_are_held_where_these_are_rounded() -> None:
    """Blavatnik 2024, Singapore, n40202: published as 0.55."""
    binary = tiny("binary")
    answers = numbers(A="0.54", B="0.57")
    plain = structs.replace(binary, rounding=Rounding(("nodes", "index"), 2))
    below = structs.replace(binary, rounding=Rounding(("indicators",), 2, "binary"))
    points = structs.replace(binary, points=True)

    assert score(binary, answers).index == Decimal("0.55")
    assert score(plain, answers).index == Decimal("0.56")
    assert score(below, answers).index == Decimal("0.555")  # no node is rounded
    assert score(points, answers).nodes["n40202"].index == Decimal("55.5")  # points are added
    assert score(binary, {}).index is None


def test_what_weighs_nothing_has_no_mean_in_binary_either() -> None:
    binary = tiny("binary")
    node = binary.nodes[0]
    leaves = tuple(structs.replace(one, weight=Decimal(0)) for one in node.indicators)
    weightless = structs.replace(binary, nodes=(structs.replace(node, indicators=leaves),))

    assert score(weightless, numbers(A="0.54", B="0.57")).index is None
