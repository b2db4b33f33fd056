"""Many organisations side by side."""

from decimal import Decimal

from survey_service.analysis.standings import Standing, by_kind, coverage, median, of_node, peers

FOUR = [
    Standing(1, "A", "regency", 1, "final", 4, 4, Decimal(3), Decimal(4), nodes={"x": Decimal(2)}),
    Standing(2, "B", "regency", 2, "submitted", 4, 4, Decimal(2), Decimal(2), nodes={"x": None}),
    Standing(3, "C", "regency", 3, "draft", 1, 4, Decimal(5), Decimal(5), nodes={"x": Decimal(5)}),
    Standing(4, "D", "city"),
]


def test_coverage_counts_states_and_who_has_not_begun() -> None:
    assert coverage(FOUR) == {"final": 1, "submitted": 1, "draft": 1, None: 1}


def test_only_what_is_handed_in_is_compared() -> None:
    assert by_kind(FOUR) == {"regency": [Decimal(3), Decimal(2)]}
    assert of_node(FOUR, "x") == [Decimal(2)]


def test_peers_are_the_others_of_the_same_kind() -> None:
    assert [one.name for one in peers(FOUR, FOUR[0])] == ["B"]


def test_the_median_is_exact_and_none_of_nothing() -> None:
    assert median([Decimal("2.1"), Decimal("2.2")]) == Decimal("2.15")
    assert median([]) is None
