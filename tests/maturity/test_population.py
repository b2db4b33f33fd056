"""Numbers measured against those of others: between their ends, or placed among them all."""

from decimal import Decimal
from fractions import Fraction

import pytest

from survey_service.maturity.answer_types import Number
from survey_service.maturity.population import Compared, population_of
from survey_service.maturity.scoring import score
from tests.samples import numbers, tiny

PLACED = tiny("placed")
FOUR = Compared.of(map(Decimal, (4, 2, 6, 4)))


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        (Number(by="rank"), ("0", "1/3", "1/3", "1")),
        (Number(by="rank", inverted=True), ("1", "1/3", "1/3", "0")),
        (Number(by="percentile"), ("1/8", "1/2", "1/2", "7/8")),
        (Number(by="percentile", inverted=True), ("7/8", "1/2", "1/2", "1/8")),
    ],
)
def test_a_number_is_placed_among_all(number: Number, ways: tuple[str, ...]) -> None:
    found = [FOUR.way(number, value) for value in FOUR.numbers]

    assert found == [*map(Fraction, ways)]


def test_a_z_score_is_told_in_standard_deviations() -> None:
    many = [numbers(**dict.fromkeys(PLACED.indicators, value)) for value in (2, 4, 4, 6)]
    population = population_of(PLACED, many)

    nodes = score(PLACED, many[3], population=population).nodes

    # the mean is 4, the variance (4 + 0 + 0 + 4) / 3, and z = 2 / sqrt(8 / 3)
    assert nodes["z"].index == Decimal("1.224744871391589049098642037")
    assert nodes["z2"].index == Decimal("-1.837117307087383573647963056")  # -z, of 2 on 3
    assert nodes["rank"].index == 3
    assert nodes["share"].index == Decimal("2.25")  # 7/8 of the way from -3 to 3


def test_who_is_far_off_stands_at_the_end() -> None:
    compared = Compared.of(map(Decimal, [0] * 30 + [100]))

    assert compared.way(Number(by="z_score"), Decimal(100)) == 1
    assert compared.way(Number(by="rank"), Decimal(1000)) == 1  # who was not among them


def test_where_all_are_alike_nobody_is_placed() -> None:
    many = [numbers(z=3, rank=3, share=3)] * 3

    assert score(PLACED, many[0], population=population_of(PLACED, many)).index is None
    assert score(PLACED, many[0]).index is None
