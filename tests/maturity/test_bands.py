"""Bands with inclusive and exclusive bounds, several tables on one scale."""

import pytest

from survey_service.maturity.scoring import score
from tests.samples import numbers, tiny

BANDS = tiny("bands")


@pytest.mark.parametrize(
    ("value", "band"), [("1", "D"), ("2", "D"), ("2.01", "C"), ("3.99", "C"), ("4", "B+")]
)
def test_an_indicator_falls_into_its_own_band(value: str, band: str) -> None:
    assert score(BANDS, numbers(A=value)).nodes["A"].grade == band


def test_a_node_and_the_whole_have_different_tables() -> None:
    card = score(BANDS, numbers(A=4, B=4))

    assert card.nodes["all"].grade == "B+"
    assert card.grade is not None
    assert card.grade.code == "high"


def test_what_has_no_index_yet_has_no_band_yet() -> None:
    assert score(BANDS, numbers(A=4)).nodes["B"].grade is None
