"""What the others of a kind reach, and when they are too few to be told."""

from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.analysis.peers import peers_of
from survey_service.analysis.standings import Standing
from survey_service.analysis.suppression import FEWEST
from survey_service.maturity.cards import packed_nodes
from survey_service.maturity.scoring import Card, NodeScore
from tests.samples import TINY, load

TWO = load(TINY / "two_dimensions.yaml")
FIRST, SECOND = (node.code for node in TWO.nodes)


def _standing(number: int, index: str | None, first: str | None, kind: str = "city") -> Standing:
    whole = None if index is None else Decimal(index)
    value = None if first is None else Decimal(first)
    card = Card(whole, None, (), 5, 5, {FIRST: NodeScore(value, Decimal(1), 1, 1)})
    nodes = packed_nodes(TWO, card)
    return Standing(
        number, f"Kota {number}", kind, number, "final", 5, 5, Decimal(index or 3), nodes=nodes
    )


CITIES = [_standing(number, str(number), "2") for number in range(1, FEWEST + 1)]


def test_peers_are_told_by_their_median_and_quartiles() -> None:
    found = peers_of(TWO, [*CITIES, _standing(9, "5", "5")], 9, "city")

    assert found is not None
    assert (found.count, found.median) == (5, Decimal(3))  # of 1 2 3 4 5
    assert found.quarters == (Decimal(2), Decimal(4))
    assert found.nodes == {FIRST: Decimal(2)}


@pytest.mark.parametrize(
    "left_out",
    [
        {"kind": "regency"},
        {"withdrawn": "flood"},
        {"index": None},
        {"nodes": None},
        {"nodes": b"1234"},
        {"organisation_id": 9},
    ],
)
def test_fewer_than_five_are_not_told(left_out: dict[str, object]) -> None:
    rows = [*CITIES[1:], structs.replace(CITIES[0], **left_out)]

    assert peers_of(TWO, rows, 9, "city") is None


def test_how_few_are_too_few_is_a_setting() -> None:
    assert peers_of(TWO, CITIES[1:], 9, "city", FEWEST - 1) is not None
    assert peers_of(TWO, CITIES, 9, "city", FEWEST + 1) is None


def test_what_fewer_than_five_have_an_index_of_is_left_out() -> None:
    rows = [*CITIES[1:], _standing(1, None, None)]

    found = peers_of(TWO, rows, 9, "city")

    assert found is not None
    assert (found.median, found.quarters, found.nodes) == (None, None, {})
