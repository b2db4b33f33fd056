"""Published results of instruments in the library, recomputed from their inputs."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import Card, score
from tests.samples import LIBRARY, given, load, numbers

GTMI = load(LIBRARY / "gtmi" / "2025.yaml")
PEMDI = load(LIBRARY / "pemdi" / "2026.8.yaml")
SAKIP = load(LIBRARY / "sakip" / "2021.88.yaml")


@pytest.mark.parametrize(
    ("values", "index", "group"),
    [
        (".498840 .718781 .854167 .744348", ".704034", "B"),  # 2020
        (".807310 .826920 .821934 .810478", ".816661", "A"),  # 2022
        (".825202 .907278 .797504 .831817", ".840450", "A"),  # 2025
    ],
)
def test_gtmi_of_indonesia_comes_out_as_published(values: str, index: str, group: str) -> None:
    """World Bank, GovTech Maturity Index: the four sub-indices, the index and the group."""
    subindices = zip(GTMI.indicators, values.split(), strict=True)

    card = score(GTMI, {code: Answer(value=Decimal(value)) for code, value in subindices})

    assert card.index is not None
    assert card.index.quantize(Decimal("0.000001"), ROUND_HALF_UP) == Decimal(index)
    assert card.grade is not None
    assert card.grade.code == group


ACEH_TENGAH = dict(
    zip(
        PEMDI.indicators,
        [
            "2.0",
            "1.5",
            "1.26",
            "1.3",
            "1",
            "1",
            "1",
            "1",
            "1",
            "1",
            "1.5",
            "1.25",
            "1.17",
            "1",
            "1",
            "1",
            "2.5",
            "1",
            "1",
            "1.3",
        ],
        strict=True,
    )
)


def _aspects(card: Card) -> list[str]:
    return [
        str(index.quantize(Decimal("0.01"), ROUND_HALF_UP))
        for code in PEMDI.all_nodes
        if (index := card.nodes[code].index) is not None
    ]


def test_kabupaten_aceh_tengah_2026_comes_out_as_published() -> None:
    """PermenPANRB 8/2026, external assessors: aspects 1 to 7 and the index 1.24."""
    card = score(PEMDI, numbers(**ACEH_TENGAH))

    assert _aspects(card) == ["1.75", "1.28", "1.00", "1.17", "1.09", "1.40", "1.18"]
    assert card.index == Decimal("1.2415")
    assert card.grade is not None
    assert card.grade.name.id == "Kurang (Merintis)"


def test_an_input_that_was_shown_rounded_is_not_the_input_that_was_used() -> None:
    """Aspect 5 was published as 1.08: indicator 13 is 7/6 over six applications, shown as 1.17."""
    levels = [1, 1, 1, 1, 1, 2]
    units = {f"application {n}": {"value": level} for n, level in enumerate(levels)}
    answers = numbers(**ACEH_TENGAH) | given(**{"13": {"units": units}})

    card = score(PEMDI, answers)

    assert _aspects(card) == ["1.75", "1.28", "1.00", "1.17", "1.08", "1.40", "1.18"]
    assert card.index is not None
    assert card.index.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("1.24")


def test_pemdi_grades_an_indicator_and_the_whole_by_different_tables() -> None:
    card = score(PEMDI, numbers(**dict.fromkeys(PEMDI.indicators, "4.2")))

    assert card.grade is not None
    assert card.grade.code == "leading"  # from 4.0
    assert card.nodes["1"].grade == "embedded"  # up to 4.5


def test_sakip_adds_up_letters_by_weight() -> None:
    letters = dict(
        zip(
            SAKIP.indicators,
            ["BB", "B", "CC", "BB", "B", "C", "BB", "BB", "B", "A", "BB", "CC"],
            strict=True,
        )
    )

    card = score(SAKIP, {code: Answer(option=letter) for code, letter in letters.items()})

    # 0.80*6 + 0.70*9 + 0.60*15 = 20.10 of planning's 30, so 67 of 100
    assert card.nodes["planning"].index == 67
    # 20.10 + (4.80 + 6.30 + 7.50) + (2.40 + 3.60 + 5.25) + (4.50 + 6.00 + 7.50) = 67.95
    assert card.index == Decimal("67.95")
    assert card.grade is not None
    assert card.grade.code == "B"


@pytest.mark.parametrize(("letter", "grade"), [("A", "A"), ("AA", "AA"), ("BB", "A"), ("E", "D")])
def test_sakips_highest_grade_begins_above_90(letter: str, grade: str) -> None:
    card = score(SAKIP, dict.fromkeys(SAKIP.indicators, Answer(option=letter)))

    assert card.grade is not None
    assert card.grade.code == grade
