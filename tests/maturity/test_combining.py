"""How children make a node: each rule over two children, and what is a bonus or points."""

from decimal import Decimal
from fractions import Fraction

import pytest
from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.combining import Part, mean
from survey_service.maturity.scoring import score
from tests.samples import LIBRARY, given, load, numbers, tiny

COMBINING = tiny("combining")
POINTS = tiny("points")
BONUS = tiny("bonus")
CONVERSIONS = tiny("conversions")


def _combined(rule: str, one: object, other: object) -> Decimal | None:
    answers = given(**{f"{rule}-a": one, f"{rule}-b": other})
    return score(COMBINING, answers).nodes[rule].index


def test_a_mean_weighs_and_a_plain_mean_does_not() -> None:
    assert _combined("mean", {"value": 2}, {"value": 4}) == Decimal("3.5")  # (25*2 + 75*4) / 100
    assert _combined("plain", {"value": 2}, {"value": 4}) == 3


def test_a_geometric_mean_multiplies() -> None:
    assert _combined("geometric", {"value": 1}, {"value": 4}) == Decimal(
        "2.828427124746190097603377448"
    )  # 1**0.25 * 4**0.75
    assert _combined("geometric", {"value": 3}, {"value": 3}) == 3


def test_a_geometric_mean_with_nothing_in_it_is_nothing() -> None:
    answers = tiny("answers")
    geometric = structs.replace(
        answers, nodes=tuple(structs.replace(one, combine="geometric") for one in answers.nodes)
    )

    assert score(geometric, given(own={"value": 20}, less={"value": 0})).index == 0


def test_where_nothing_weighs_anything_there_is_no_mean() -> None:
    assert mean([Part(Fraction(0), Fraction(3))]) is None
    weightless = structs.replace(
        COMBINING,
        nodes=tuple(
            structs.replace(
                node,
                indicators=tuple(
                    structs.replace(one, weight=Decimal(0)) for one in node.indicators
                ),
            )
            for node in COMBINING.nodes
        ),
    )

    assert score(weightless, numbers(**{"geometric-a": 3})).nodes["geometric"].index is None


def test_a_minimum_is_the_lowest_child() -> None:
    assert _combined("minimum", {"value": 2}, {"value": 4}) == 2


def test_the_weakest_link_gains_half_where_another_is_better() -> None:
    assert _combined("weakest", {"option": "C"}, {"option": "B"}) == Decimal("2.5")  # C+
    assert _combined("weakest", {"option": "B"}, {"option": "B"}) == 3


def test_a_table_looks_the_sorted_letters_up() -> None:
    assert _combined("lookup", {"option": "B"}, {"option": "C"}) == Decimal("2.5")  # C B: C+
    assert _combined("lookup", {"option": "C"}, {"not_applicable": "none"}) == 2
    assert _combined("lookup", {"option": "D"}, {"option": "B"}) == 2  # D B: C


def test_a_table_without_the_row_says_nothing() -> None:
    """The checker finds such a table; it may have been published before it did."""
    (table,) = COMBINING.lookups
    rows = {row: letter for row, letter in table.rows.items() if row != "D B"}
    holed = structs.replace(COMBINING, lookups=(structs.replace(table, rows=rows),))
    answers = given(**{"lookup-a": {"option": "D"}, "lookup-b": {"option": "B"}})

    assert score(holed, answers).nodes["lookup"].index is None


def test_where_nothing_combines_there_is_no_index_and_no_grade() -> None:
    card = score(COMBINING, numbers(**{"mean-a": 2}))

    assert (card.index, card.grade) == (None, None)
    assert card.nodes["mean"].index == 2


def test_points_add_up_to_the_weights() -> None:
    answers = given(
        P1={"option": "A"}, P2={"option": "B"}, P3={"option": "C"}, P4={"text": "Remarks."},
        A1={"value": 3}, A2={"value": 50},
    )  # fmt: skip

    card = score(POINTS, answers)

    assert card.nodes["P1"].index == Decimal("33.33333333333333333333333333")  # a third of 100
    assert card.nodes["plan"].index == 50  # 33.33 + 16.67 + 0
    assert card.nodes["A1"].index == 90  # 3/4 of 120
    assert card.nodes["act"].index == 180  # 90 + 0.5*180
    assert card.index == 230
    assert card.complete is False  # the bonus is not answered


def test_points_of_what_does_not_apply_are_shared_by_the_others() -> None:
    card = score(POINTS, given(P1={"option": "A"}, P2={"option": "B"}, P3={"not_applicable": "x"}))

    assert card.nodes["plan"].index == 75  # (1 + 0.5)/2 of 100


def test_a_bonus_comes_on_top_of_the_points() -> None:
    full = given(P1={"option": "A"}, A1={"value": 4}, A2={"value": 100}, X1={"option": "B"})

    assert score(POINTS, full).index == 420  # 100 + 300 + half of 40


def test_a_bonus_adds_its_part_of_the_scale() -> None:
    assert score(BONUS, numbers(A=3, B=3)).index == 3
    assert score(BONUS, numbers(A=3, B=3, X=5)).index == Decimal("3.8")  # + 4 * 1 * 20/100
    assert score(BONUS, numbers(X=3)).index == Decimal("1.4")  # 1 + 4 * 0.5 * 20/100


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(0, 0, 0), (5, 0, 2), (0, "4.99", 2), (5, "2.5", 2), (5, 3, 5)],
)  # points: 4*a/5 + 6*b/5 = 0, 4, 5.988, 7 (not above 7), 7.6
def test_a_sum_of_points_is_converted_by_bands(a: int, b: str, expected: int) -> None:
    assert score(CONVERSIONS, numbers(A=a, B=b)).nodes["sums"].index == expected


def test_a_text_among_those_that_add_up_changes_no_sum() -> None:
    """Each half gives up to 1 point of 2; the remarks give none and take none."""
    assert score(CONVERSIONS, numbers(H1=5, H2="4.9")).nodes["halves"].index == 3  # 1.98
    assert score(CONVERSIONS, numbers(H1=5, H2=5)).nodes["halves"].index == 5


def test_an_index_is_converted_by_bands() -> None:
    assert score(CONVERSIONS, numbers(C="2.4")).nodes["means"].index == 1
    assert score(CONVERSIONS, numbers(C="2.5")).nodes["means"].index == 4


def _letters(rows: str) -> list[tuple[str, str]]:
    found = [row.strip().rpartition(" ") for row in rows.split(",")]
    return [(children, letter) for children, _, letter in found]


M1 = _letters("D D, DC D+, DA D+, CC C, CB C+, CCA C+, BBA B+, AA A, DDDA D+, BBBB B, AAAA A")
M2 = _letters(
    "DD D, DC D+, DB C, DA C+, CC C, CB C+, CA B, BB B, BA B+, AA A,"
    "DDD D, DDC D+, DDB D+, DDA C, DCC D+, DCB C, DCA C+, DBB C+, DBA B, DAA B, CCC C, CCB C+,"
    "CCA B, CBB B, CBA B, CAA B+, BBB B, BBA B+, BAA A, AAA A,"
    "DDDD D, DDDC D, DDDB D+, DDDA D+, DDCC D+, DDCB D+, DDCA C, DDBB C, DDBA C+, DDAA C+, DCCC D+,"
    "DCCB C, DCCA C+, DCBB C+, DCBA C+, DCAA B, DBBB C+, DBBA B, DBAA B, DAAA B+, CCCC C, CCCB C+,"
    "CCCA C+, CCBB C+, CCBA B, CCAA B, CBBB B, CBBA B, CBAA B+, CAAA B+, BBBB B, BBBA B+, BBAA B+,"
    "BAAA A, AAAA A"
)
PEFA = load(LIBRARY / "pefa" / "2016.yaml")


@pytest.mark.parametrize(("children", "letter"), M1)
def test_pefa_m1_is_the_weakest_link(children: str, letter: str) -> None:
    """PEFA 2016; PI-26 has four dimensions and M1."""
    answers = {f"26.{n}": Answer(option=one) for n, one in enumerate(children, 1)}

    assert score(PEFA, answers).nodes["PI-26"].grade == letter


@pytest.mark.parametrize(("children", "letter"), M2)
def test_pefa_m2_is_the_table_whatever_the_order(children: str, letter: str) -> None:
    """PEFA 2016, all 65 combinations; PI-11 has four dimensions and M2."""
    assert len(M2) == 65
    backwards = {f"11.{n}": Answer(option=one) for n, one in enumerate(reversed(children), 1)}
    missing = range(len(children) + 1, 5)
    backwards |= {f"11.{n}": Answer(not_applicable="none") for n in missing}

    assert score(PEFA, backwards).nodes["PI-11"].grade == letter


@pytest.mark.parametrize("unscored", ["D*", "NR"])
def test_pefa_counts_what_cannot_be_scored_as_d(unscored: str) -> None:
    card = score(PEFA, given(**{"7.1": {"option": "A"}, "7.2": {"option": unscored}}))

    assert card.nodes["PI-7"].grade == "C+"  # D A
    assert card.index is None


def test_spans_of_points_run_from_nothing_to_the_weight() -> None:
    assert POINTS.spans["plan"] == (Fraction(0), Fraction(100))
    assert POINTS.spans[""] == (Fraction(0), Fraction(400))


def test_a_harmonic_mean_divides_by_the_sum_of_what_each_divides() -> None:
    harmonic = tiny("harmonic")

    card = score(harmonic, numbers(A=2, B=6))

    assert card.nodes["H"].index == 4  # (25 + 75) / (25/2 + 75/6) = 100 / 25
    assert score(harmonic, numbers(A=0, B=6)).index == 0
    assert score(harmonic, numbers(B=6)).index == 6


def test_a_harmonic_mean_leaves_aside_what_weighs_nothing() -> None:
    node = tiny("harmonic").nodes[0]
    light, heavy = node.indicators
    weightless = tuple(structs.replace(one, weight=Decimal(0)) for one in node.indicators)
    some = structs.replace(node, indicators=(weightless[0], heavy))
    none = structs.replace(node, indicators=weightless)
    harmonic, empty = (structs.replace(tiny("harmonic"), nodes=(each,)) for each in (some, none))

    assert light.weight == 25
    assert score(harmonic, numbers(A=0, B=6)).index == 6
    assert score(empty, numbers(A=2, B=6)).index is None


@pytest.mark.parametrize(
    ("answers", "strict", "lenient"),
    [
        (numbers(A=2, D=3), None, "3"),  # 1 of 3 is less than 0.6; not less than 0.3
        (numbers(A=2, B=3), "2.5", None),
        (numbers(A=2) | given(B={"not_applicable": "x"}, C={"not_applicable": "x"}), "2", None),
        (numbers(G=5), None, None),  # a bonus is no part of what is asked for
        (numbers(D=3, G=5), None, "4.333333333333333333333333333"),  # 3 + 4*1/3
    ],
)
def test_a_node_of_which_too_little_has_a_value_has_none(
    answers: dict[str, Answer], strict: str | None, lenient: str | None
) -> None:
    nodes = score(tiny("least_share"), answers).nodes

    found = [nodes[code].index for code in ("strict", "lenient")]
    assert found == [None if each is None else Decimal(each) for each in (strict, lenient)]


def test_the_official_index_has_enough_as_what_is_unanswered_counts() -> None:
    card = score(tiny("least_share"), numbers(A=4), official=True)

    assert card.nodes["strict"].index == 2  # (4 + 1 + 1) / 3
    assert card.index == Decimal("1.5")


def test_a_flat_mean_is_over_all_indicators_whatever_their_section() -> None:
    flat = tiny("flat")

    card = score(flat, numbers(A=1, B=2, C=3, D=5))

    assert card.index == Decimal("2.75")  # 11 / 4
    assert [card.nodes[code].index for code in ("long", "short", "inner")] == [2, 5, 5]
    assert [flat.weights[code] for code in ("long", "short", "inner", "A", "D")] == [
        75, 25, 25, 25, 25,
    ]  # fmt: skip


def test_a_flat_mean_goes_by_the_weights_of_indicators() -> None:
    flat = tiny("flat")
    long = flat.nodes[0]
    weights = dict(zip("ABC", map(Decimal, (6, 3, 0)), strict=True))
    weighed = structs.replace(
        flat,
        nodes=(
            structs.replace(
                long,
                weight=Decimal(1),
                indicators=tuple(
                    structs.replace(one, weight=weights[one.code]) for one in long.indicators
                ),
            ),
            *flat.nodes[1:],
        ),
    )

    card = score(weighed, numbers(A=1, B=2, C=3, D=5))

    assert card.index == Decimal("1.7")  # (6*1 + 3*2 + 0*3 + 1*5) / 10
    assert weighed.shares["long"] == 90  # its own weight counts for nothing


def test_a_flat_mean_leaves_out_a_section_that_is_not_asked() -> None:
    flat = tiny("flat")
    unasked = structs.replace(
        flat, nodes=(flat.nodes[0], structs.replace(flat.nodes[1], when="answers.A > 1.0"))
    )

    assert score(unasked, numbers(A=1, B=2, C=3, D=5)).index == 2
