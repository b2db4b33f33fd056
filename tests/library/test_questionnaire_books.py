"""A questionnaire as a workbook gives the same questionnaire, and says by the cell what is wrong in it."""

from pathlib import Path

import pytest

from survey_service.errors import DocumentError
from survey_service.library import documents
from survey_service.library.questionnaire_books import findings, read, tables
from survey_service.library.workbook_rows import Sheet
from survey_service.library.workbooks import Cell
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.questionnaire_workbook import workbook
from tests.answer_books import sheets
from tests.samples import FLAGSHIP, LIBRARY, TINY

Rows = dict[str, list[list[Cell]]]
ALL = [*sorted(TINY.glob("*.yaml")), *sorted(LIBRARY.glob("*/*.yaml"))]


def laid(rows: Rows) -> list[Sheet]:
    return [Sheet(name, list(enumerate(each, start=1))) for name, each in rows.items()]


def of(path: Path) -> Rows:
    return tables(documents.read_file(path))


def at(rows: Rows, sheet: str, code: str, heading: str) -> tuple[list[Cell], int]:
    """Return the row of a code, and the place of a column in it."""
    heads, *below = rows[sheet]
    return next(row for row in below if row[heads.index("code")] == code), heads.index(heading)


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_questionnaire_comes_back_as_it_is(path: Path) -> None:
    found = read(laid(of(path)), "a.xlsx")

    there, here = found.document, documents.read_file(path)
    assert there.decode(Questionnaire) == here.decode(Questionnaire)


def test_a_real_workbook_has_one_row_an_indicator_and_levels_in_columns() -> None:
    rows = of(FLAGSHIP)
    flagship = documents.read_file(FLAGSHIP).decode(Questionnaire)

    found = sheets(workbook(rows, "flagship"))

    indicators = next(one for one in found if one.name == "indicators")
    assert len(indicators.rows) == 1 + len(flagship.indicators)
    assert "levels/5/criteria/1/id" in indicators.rows[0][1]
    assert indicators.rows[0][1][:2] == ["belongs to", "code"]
    assert read(found, "a.xlsx").document.decode(Questionnaire) == flagship


def test_a_workbook_is_equal_bytes_each_time() -> None:
    assert workbook(of(FLAGSHIP), "x") == workbook(of(FLAGSHIP), "x")


def test_rows_and_columns_may_be_moved_as_long_as_nodes_come_before_what_is_in_them() -> None:
    rows = of(TINY / "two_dimensions.yaml")
    for each in rows.values():
        for row in each:
            row.reverse()
    rows["questionnaire"] = [row[::-1] for row in rows["questionnaire"]]

    found = read(laid(dict(reversed(rows.items()))), "a.xlsx")

    expected = documents.read_file(TINY / "two_dimensions.yaml").decode(Questionnaire)
    assert found.document.decode(Questionnaire) == expected


def test_what_the_checker_finds_is_told_by_its_cell() -> None:
    rows = of(TINY / "two_dimensions.yaml")
    row, column = at(rows, "indicators", "A", "code")
    row[column] = "B"

    found = findings(read(laid(rows), "a.xlsx"))

    (twice,) = [one for one in found if one.finding.severity == "error"]
    assert twice.file == "a.xlsx"
    assert twice.key.startswith("indicators!")
    assert twice.line in {2, 3}


def test_numbers_that_became_codes_and_texts_that_became_numbers_are_read_as_what_they_are() -> (
    None
):
    rows = of(TINY / "two_dimensions.yaml")
    for row in rows["questionnaire"]:
        if row[0] == "version":
            row[1] = 1
    heads = rows["nodes"][0]
    weight = heads.index("weight")
    for row in rows["nodes"][1:]:
        row[weight] = f"{row[weight]},0" if row[weight] != "" else ""

    found = read(laid(rows), "a.xlsx")

    expected = documents.read_file(TINY / "two_dimensions.yaml").decode(Questionnaire)
    assert found.document.decode(Questionnaire) == expected


def test_a_choice_of_true_is_read_in_words_of_either_language() -> None:
    rows = of(TINY / "bonus.yaml")
    for each in rows.values():
        each[:] = [["ya" if cell == "true" else cell for cell in row] for row in each]

    found = read(laid(rows), "a.xlsx")

    expected = documents.read_file(TINY / "bonus.yaml").decode(Questionnaire)
    assert found.document.decode(Questionnaire) == expected


@pytest.mark.parametrize(
    ("heading", "typed", "reason"),
    [
        ("belongs to", "nowhere", "no_such_node"),
        ("belongs to", "", "no_such_node"),
        ("weight", "banyak", "no_decimal"),
        ("name/id", "", "missing"),
    ],
)
def test_what_cannot_be_is_told_with_sheet_row_and_column(
    heading: str, typed: str, reason: str
) -> None:
    rows = of(TINY / "two_dimensions.yaml")
    row, column = at(rows, "indicators", "A", heading)
    row[column] = typed

    with pytest.raises(DocumentError) as refused:
        read(laid(rows), "a.xlsx")

    assert refused.value.details["reason"] == reason
    assert refused.value.details["line"] == 2
    assert str(refused.value.details["key"]).startswith("indicators!")


def test_a_heading_that_the_format_does_not_know_is_told() -> None:
    rows = of(TINY / "two_dimensions.yaml")
    rows["indicators"][0].append("colour")
    rows["indicators"][1].append("red")

    with pytest.raises(DocumentError) as refused:
        read(laid(rows), "a.xlsx")

    assert refused.value.details["reason"] == "unknown"


def test_a_workbook_without_these_sheets_is_told() -> None:
    with pytest.raises(DocumentError) as refused:
        read([Sheet("LKE", [(1, ["No"])])], "a.xlsx")

    assert refused.value.details["reason"] == "no_questionnaire_sheet"


def test_sheets_whose_names_begin_with_a_line_are_an_authors_own() -> None:
    rows = of(TINY / "two_dimensions.yaml") | {"_notes": [["x"], ["y"]]}

    expected = documents.read_file(TINY / "two_dimensions.yaml").decode(Questionnaire)
    assert read(laid(rows), "a.xlsx").document.decode(Questionnaire) == expected
