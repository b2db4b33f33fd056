"""Many organisations side by side."""

from decimal import Decimal

from msgspec import structs

from survey_service.analysis.standings import (
    Standing,
    by_kind,
    coverage,
    of_node,
    peers,
    side_by_side,
)
from survey_service.maturity.cards import NOTHING, packed_nodes
from survey_service.maturity.scoring import score
from tests.samples import given, levels, tiny

TWO = tiny("two_dimensions")
MILLION = 1_000_000


def _standing(number: int, kind: str = "regency", **reached: int) -> Standing:
    card = score(TWO, levels(**reached))
    return Standing(
        number,
        f"Kota {number}",
        kind,
        number,
        "final",
        card.answered,
        card.total,
        card.index,
        card.index,
        nodes=packed_nodes(TWO, card),
    )


WITHDRAWN = structs.replace(_standing(5, A=5, C=5), withdrawn="moved away")
ROWS = [
    _standing(1, A=2, C=4),
    structs.replace(_standing(2, A=4), state="submitted"),
    Standing(3, "Kota 3", "regency", 3, "draft", 1, 5),
    Standing(4, "Kota 4", "city"),
    WITHDRAWN,
    _standing(6, "city", A=1, C=1),
]
BOARD = side_by_side(TWO, ROWS)


def test_coverage_counts_states_who_has_not_begun_and_who_is_withdrawn() -> None:
    assert coverage(ROWS) == {"final": 2, "submitted": 1, "draft": 1, None: 1, "withdrawn": 1}


def test_only_what_is_handed_in_and_not_withdrawn_is_compared() -> None:
    found = {kind: values.tolist() for kind, values in by_kind(BOARD).items()}

    # 60 * 2 + 40 * 4 of 100; merit alone; a withdrawn 5 is left out
    assert found == {"city": [MILLION], "regency": [2_800_000, 4 * MILLION]}
    assert of_node(BOARD, "merit").tolist() == [2 * MILLION, 4 * MILLION, MILLION]
    assert of_node(BOARD, "oversight").tolist() == [4 * MILLION, NOTHING, MILLION]


def test_peers_are_the_others_of_the_same_kind_that_are_compared() -> None:
    found = peers(BOARD, ROWS[0])

    assert [one.name for one in found.rows] == ["Kota 2"]
    assert of_node(found, "merit").tolist() == [4 * MILLION]


def test_nobody_is_a_board_too() -> None:
    nobody = side_by_side(TWO, [])

    assert (by_kind(nobody), coverage(nobody.rows)) == ({}, {})
    assert of_node(nobody, "merit").tolist() == []


def test_points_are_compared_by_how_much_of_them_is_reached() -> None:
    points = tiny("points")
    card = score(points, given(P1={"option": "A"}, P2={"option": "C"}, A1={"value": 4}))
    one = Standing(1, "x", "", 1, "final", index=card.index, nodes=packed_nodes(points, card))

    board = side_by_side(points, [one])

    assert card.nodes["plan"].index == Decimal(50)  # of 100
    assert card.nodes["act"].index == Decimal(300)  # all there is
    found = [of_node(board, node.code).tolist() for node in points.nodes]
    assert found == [[50 * MILLION], [100 * MILLION], [NOTHING]]


def test_a_damaged_row_costs_no_other() -> None:
    damaged = structs.replace(_standing(1, A=3), nodes=b"\x01\x02")

    board = side_by_side(TWO, [damaged, _standing(2, A=4)])

    assert of_node(board, "merit").tolist() == [NOTHING, 4 * MILLION]


def test_what_went_on_on_another_version_has_no_columns_here() -> None:
    moved = structs.replace(_standing(1, A=3), nodes=None)

    board = side_by_side(TWO, [moved])

    assert board.compared.tolist() == [True]
    assert by_kind(board)["regency"].tolist() == [NOTHING]
