"""Published results of instruments in the library, recomputed from their inputs."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import score
from tests.samples import LIBRARY, load

GTMI = load(LIBRARY / "gtmi" / "2025.yaml")
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
