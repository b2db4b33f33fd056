"""As many digits as tell an index from the bound that it does not reach."""

from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.maturity import showing
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Rounding
from survey_service.maturity.scoring import score
from tests.samples import numbers, tiny

ASKED = tiny("showing")


@pytest.mark.parametrize(
    ("index", "digits"),
    [
        ("79.9966666667", 3),  # 80.00 with two, and not graded so
        ("79.9999666667", 5),
        ("79.99", 2),
        ("79.994", 2),  # 79.99
        ("80", 2),
        ("80.001", 2),  # 80.00, which it reaches
        ("90.125", 3),  # 90.13 with two, which would be above it
        ("90.1250004", 2),
        ("3.46666", 2),
    ],
)
def test_digits_are_as_many_as_tell_the_grade(index: str, digits: int) -> None:
    assert showing.digits(ASKED, Decimal(index)) == digits


def test_a_node_is_told_from_its_bands_and_from_what_a_gate_asks_of_it() -> None:
    assert showing.digits(ASKED, Decimal("49.9971"), "first") == 3  # 50.00, and not a C
    assert showing.digits(ASKED, Decimal("66.6649"), "first") == 2  # 66.66
    assert showing.digits(ASKED, Decimal("79.9971"), "first") == 3  # read against the grades too
    assert showing.digits(ASKED, Decimal("79.9971"), "P1") == 2


def test_every_index_reads_as_it_is_graded() -> None:
    for units in range(599_900, 600_100):
        card = score(ASKED, numbers(P1=str(Decimal(units) / 10_000), P2=60, P3=60))
        assert card.index is not None
        assert card.grade is not None
        shown = round(card.index, showing.digits(ASKED, card.index))
        assert (shown >= 60) == (card.grade.code == "B")


def _rounded(*places: str, digits: int) -> Questionnaire:
    rounding = Rounding(at=places, digits=digits)  # type: ignore[arg-type] # of its places
    return structs.replace(ASKED, rounding=rounding)


def test_as_many_digits_are_shown_as_the_questionnaire_rounds_to() -> None:
    whole, nodes = _rounded("index", digits=3), _rounded("nodes", "indicators", digits=1)

    assert showing.digits(whole, Decimal("70.125")) == 3
    assert showing.digits(whole, Decimal("70.125"), "first") == 3
    assert showing.digits(nodes, Decimal("70.5"), "first") == 1
    assert showing.digits(nodes, Decimal("70.5"), "P1") == 1
    assert showing.digits(nodes, Decimal("70.5")) == 2


def test_a_bound_is_shown_with_all_its_digits() -> None:
    assert showing.bound_digits(ASKED, Decimal("90.125")) == 3
    assert showing.bound_digits(ASKED, Decimal(80)) == 2
    assert showing.bound_digits(ASKED, Decimal(1) / 3) == 6


@pytest.mark.parametrize(
    ("index", "bound", "digits"),
    [("66.6641", "66.665", 2), ("66.6649", "66.665", 2), ("66.6652", "66.665", 4), ("66.665", "66.665", 2), ("12.3331", "12.3333", 4)],
)  # fmt: skip
def test_an_index_is_told_from_the_bound_beside_it(index: str, bound: str, digits: int) -> None:
    assert showing.apart(ASKED, Decimal(index), Decimal(bound), "first") == digits
