"""What a ministry says of its old sheets: where answers stand, and what cannot be read so."""

import pytest
from msgspec import structs

from survey_service.conduct.workbook_mappings import MappedSheet, SheetMapping, faults
from tests.samples import tiny

ASKED = tiny("two_dimensions")
DOWN = MappedSheet(code="B", answer="F", rows={"1.a": "A"})
ACROSS = MappedSheet(columns={"C": "A"}, row=7)


def mapping(*sheets: MappedSheet, questionnaire: str = "two-dimensions") -> SheetMapping:
    return SheetMapping("LKE 2019", questionnaire, sheets)


def reasons(*sheets: MappedSheet) -> list[str]:
    return [one.reason for one in faults(mapping(*sheets), ASKED)]


def test_it_is_of_one_version_or_of_every_one() -> None:
    assert mapping(DOWN).answers("two-dimensions@1")
    assert mapping(DOWN, questionnaire="two-dimensions@1").answers("two-dimensions@1")
    assert not mapping(DOWN, questionnaire="two-dimensions@2").answers("two-dimensions@1")


@pytest.mark.parametrize(
    "sheet",
    [
        DOWN,
        ACROSS,
        MappedSheet(answer="F", rows={"7": "A"}),
        MappedSheet(code="B", answer="F"),
        MappedSheet(columns={"C": "A"}, organisation="B"),
    ],
)
def test_answers_stand_in_rows_or_in_columns(sheet: MappedSheet) -> None:
    assert reasons(sheet) == []


@pytest.mark.parametrize(
    "sheet",
    [
        MappedSheet(),
        MappedSheet(code="B", rows={"1.a": "A"}),
        MappedSheet(answer="F"),
        MappedSheet(columns={"C": "A"}),
        MappedSheet(columns={"C": "A"}, row=7, organisation="B"),
        structs.replace(DOWN, columns={"C": "A"}, row=7),
        structs.replace(ACROSS, rows={"7": "A"}),
    ],
)
def test_just_one_of_the_two_is_told_and_whole(sheet: MappedSheet) -> None:
    assert reasons(sheet) == ["mapped_how"]


def test_rows_without_a_column_that_tells_them_apart_are_numbers() -> None:
    assert reasons(MappedSheet(answer="F", rows={"1.a": "A", "8": "B"})) == ["mapped_row"]


def test_what_is_not_asked_is_told_with_its_place() -> None:
    values = tiny("answers")
    ratio = next(one for one in values.indicators.values() if one.ratio is not None)
    key = ratio.ratio.inputs[0].code if ratio.ratio else ""
    sheet = MappedSheet(
        code="B", answer="F", rows={"1": "Z", "2": f"{ratio.code}#{key}", "3": f"{ratio.code}#x"}
    )

    found = list(faults(mapping(sheet), values))

    assert [(one.at, one.details["found"]) for one in found] == [
        (("sheets", 0, "rows", "1"), "Z"),
        (("sheets", 0, "rows", "3"), f"{ratio.code}#x"),
    ]
    assert list(faults(mapping(sheet), None)) == []
    across = MappedSheet(columns={"C": "Z"}, row=7)
    assert [one.at for one in faults(mapping(across), ASKED)] == [("sheets", 0, "columns", "C")]
