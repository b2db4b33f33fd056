"""Old sheets that are not ours: read by a mapping, with the cell of what cannot be, and nothing lost."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter

from survey_service.conduct.workbooks import FORMAT, Book, Identity, answered, compared
from survey_service.errors import DocumentError, SurveyError
from survey_service.errors.workbooks import UnmappedWorkbookError
from survey_service.library import documents, mapped_workbooks
from survey_service.maturity.instrument import Questionnaire
from tests.samples import given, levels, tiny

ASKED, ANSWERS = tiny("two_dimensions"), tiny("answers")
LKE: list[list[object]] = [
    ["LEMBAR KERJA EVALUASI"],
    ["No", "Kode", "Pertanyaan", "Jawaban", "Catatan", "Tindak lanjut"],
    [1, "1.a", "…", "Tiga", "sudah", "besok"],
    [2, "1.b", "…", 2],
    [3, "2.a", "…", ""],
    [4, "2.b", "…", 9],
    [5, "9.z", "…", 4, "tidak dikenal"],
]
DOWN = """\
name: LKE 2019
questionnaire: two-dimensions
sheets:
  - sheet: lke
    from_row: 3
    code: B
    answer: D
    note: [E, F]
    rows: {"1.a": A, "1.B": B, "2.a": C, "2.b": D, "3.a": E}
    words: {tiga: 3}
"""
ACROSS = """\
name: Rekap 2019
questionnaire: two-dimensions
sheets:
  - columns: {C: A, D: B, E: C}
    organisation: B
"""


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with rows on sheets by their names."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return written.getvalue()


def read(text: str, content: bytes, asked: Questionnaire = ASKED) -> Book:
    mapping = mapped_workbooks.load(documents.read(text.encode(), "mapping.yaml"), asked)
    identity = Identity(FORMAT, asked.reference, "digest", "id", "", "Agency")
    return mapped_workbooks.read(content, "lke.xlsx", mapping, identity, asked)


def test_a_row_for_each_indicator_is_found_by_what_a_column_says() -> None:
    book = read(DOWN, workbook(LKE=LKE))

    answers, misfits = answered(ASKED, book, None)
    assert answers == levels(A=3, B=2)
    assert book.entries["A"].note == "sudah\nbesok"
    assert [(one.indicator, one.place, one.cell) for one in misfits] == [("D", ("LKE", 6), "D6")]


def test_what_the_mapping_does_not_know_and_what_the_sheet_lacks_is_told() -> None:
    book = read(DOWN, workbook(LKE=LKE, Data=[["x"]], Kosong=[]))

    assert [(one.sheet, one.row, one.text) for one in book.strays] == [
        ("LKE", 7, "9.z · 4 · tidak dikenal"),
        ("Data", 0, ""),
    ]
    assert book.missing == ("E",)


def test_an_answer_that_stands_otherwise_is_for_somebody_to_choose() -> None:
    book = read(DOWN, workbook(LKE=LKE))

    found = compared(ASKED, [book], {}).differences

    assert [(one.indicator, one.decided) for one in found] == [("A", 0), ("B", 0)]


def test_rows_may_be_told_by_their_numbers_and_codes_by_themselves() -> None:
    numbered = DOWN.replace("    code: B\n", "").replace(
        '"1.a": A, "1.B": B, "2.a": C, "2.b": D, "3.a": E', "3: A, 4: B"
    )
    itself = "\n".join(DOWN.replace("rows:", "# rows:").splitlines())
    by_code = workbook(
        LKE=[["Kode"], [], [1, "A", "", 4], [1, "B ", "", "tiga"], ["", "x", "", ""]]
    )

    assert answered(ASKED, read(numbered, workbook(LKE=LKE)), None)[0] == levels(A=3, B=2)
    book = read(itself, by_code)
    assert answered(ASKED, book, None)[0] == levels(A=4, B=3)
    assert not book.strays


def test_a_column_for_each_indicator_is_read_in_the_organisations_row() -> None:
    rows: list[list[object]] = [
        ["", "Nama", "1", "2", "3"],
        ["", "Elsewhere", 1, 1, 1],
        ["", "AGENCY ", 4, "", "5"],
    ]

    book = read(ACROSS, workbook(Rekap=rows))
    other = read(ACROSS.replace("organisation: B", "row: 2"), workbook(Rekap=rows))

    assert answered(ASKED, book, None)[0] == levels(A=4, C=5)
    assert book.entries["C"].cell == "E3"
    assert answered(ASKED, other, None)[0] == levels(A=1, B=1, C=1)


def test_numbers_that_make_one_answer_stand_in_rows_of_their_own() -> None:
    ratio = next(one for one in ANSWERS.indicators.values() if one.ratio is not None)
    assert ratio.ratio is not None
    keys = [one.code for one in ratio.ratio.inputs]
    rows = ", ".join(f"{at}: {ratio.code}#{key}" for at, key in enumerate(keys, start=1))
    text = f"name: x\nquestionnaire: answers\nsheets:\n  - {{answer: A, rows: {{{rows}}}}}\n"

    book = read(text, workbook(LKE=[[3 + at] for at in range(len(keys))]), ANSWERS)

    values = {key: str(3 + at) for at, key in enumerate(keys)}
    assert answered(ANSWERS, book, None)[0] == given(**{ratio.code: {"values": values}})


def test_an_indicator_that_is_there_twice_counts_where_it_agrees() -> None:
    same: list[list[object]] = [*LKE, [6, "1.a", "", "tiga", "sudah", "besok"], [7, "1.b", "", ""]]
    other = [*LKE, [6, "1.a", "", 4]]

    assert read(DOWN, workbook(LKE=same)).twice == ()
    assert answered(ASKED, read(DOWN, workbook(LKE=same)), None)[0] == levels(A=3, B=2)
    assert read(DOWN, workbook(LKE=other)).twice == ("A",)


def test_another_version_tells_what_it_no_longer_asks() -> None:
    text = DOWN.replace("3.a", "9.z").replace("E}", "Z}")
    mapping = mapped_workbooks.load(documents.read(text.encode(), "mapping.yaml"))
    identity = Identity(FORMAT, ASKED.reference, "digest", "id", "", "Agency")

    book = mapped_workbooks.read(workbook(LKE=LKE), "lke.xlsx", mapping, identity, ASKED)

    assert [(one.row, one.text) for one in book.strays] == [(7, "Z · 4 · tidak dikenal")]


def test_a_workbook_in_which_nothing_is_found_is_refused() -> None:
    with pytest.raises(UnmappedWorkbookError):
        read(DOWN, workbook(Lain=LKE))
    with pytest.raises(SurveyError):
        read(DOWN, b"PK")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DOWN.replace("answer: D", "answer: 4"), 7),
        (DOWN.replace("code: B", "kode: B"), 6),
        (DOWN.replace("E}", "Z}"), 9),
        (ACROSS.replace("    organisation: B\n", ""), 4),
        ("name: x", 1),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(DocumentError) as found:
        mapped_workbooks.load(documents.read(text.encode(), "mapping.yaml"), ASKED)

    assert found.value.details["line"] == line
