"""Workbooks that come back: whatever people and programs do to them, and what is refused."""

import io
import zipfile

import pytest
import xlsxwriter
from msgspec import structs

from survey_service.conduct.workbooks import Book, Version, answered
from survey_service.errors.workbooks import (
    DamagedWorkbookError,
    ForeignWorkbookError,
    NewerWorkbookError,
    NotAWorkbookError,
    UnsafeWorkbookError,
)
from survey_service.library.answer_workbooks import book, load
from survey_service.library.workbook_rows import Sheet
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.workbooks import workbook
from tests.answer_books import changed, exported, made, rows_of, saved, sheets, typed
from tests.samples import given, levels, tiny
from tests.workbooks import sparse

ASKED, ANSWERS, UNITS = tiny("two_dimensions"), tiny("answers"), tiny("units")
GIVEN = levels(A=3, B=2)
EACH = given(
    climb={"level": 3},
    part={"checked": ["2.1", "3.2"]},
    own={"value": "20.5"},
    grade={"option": "B"},
    done={"values": {"open": 2, "done": "3.25"}},
    list={"checked": ["team"]},
    words={"text": "=1+2\n\tbaris _x0041_ <b>"},
)
OF_UNITS = given(
    mean={"units": {"Dinas A": {"level": 3}, "=Dinas B": {"not_applicable": "sebab"}}},
    weighted={"units": {"Dinas A": {"level": 2, "weight": "120.5", "evidence": False}}},
)


def answers(found: Book, questionnaire: Questionnaire = ASKED) -> dict[str, Answer]:
    read, misfits = answered(questionnaire, found, None)
    assert misfits == []
    return read


def cut(content: bytes) -> list[Sheet]:
    """Return a workbook's sheets, to be treated badly."""
    return sheets(content)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("questionnaire", "said"), [(ANSWERS, EACH), (UNITS, OF_UNITS)], ids=["answers", "units"]
)
def test_what_is_exported_comes_back_equal(
    questionnaire: Questionnaire, said: dict[str, Answer], language: str
) -> None:
    found = load(made(questionnaire, said, language), "a.xlsx")

    assert answers(found, questionnaire) == said
    assert found.identity == exported(questionnaire, said, language).identity
    assert (found.strays, found.missing, found.twice) == ((), (), ())


def test_a_whole_library_questionnaire_comes_back_with_what_was_typed() -> None:
    content = typed(
        made(ANSWERS, EACH),
        {
            "#climb": {"answer": 2, "note": "=1+1"},
            "#own": {"answer": "25,5"},
            "#done#open": {"answer": 7},
            "#list#plan": {"answer": "Ya"},
            "#words~": {"criteria": "lain"},
        },
    )

    found = load(content, "a.xlsx")

    assert answers(found, ANSWERS) == EACH | given(
        climb={"level": 2},
        own={"value": "25.5"},
        done={"values": {"open": 7, "done": "3.25"}},
        list={"checked": ["plan", "team"]},
        words={"text": "lain"},
    )
    assert found.entries["climb"].note == "=1+1"


def test_rows_may_be_sorted_and_columns_moved() -> None:
    found = changed(cut(made(ASKED, GIVEN)), {"#A": {"answer": 4}})

    rows_of(found, list.reverse)
    rows_of(found, lambda rows: [row.__setitem__(slice(None), row[::-1]) for _, row in rows])

    assert answers(book(found, "a.xlsx")) == GIVEN | levels(A=4)


def test_rows_that_people_insert_are_told_and_harm_nothing() -> None:
    found = changed(cut(made(ASKED, GIVEN)), {"#A": {"answer": 4}})
    rows_of(found, lambda rows: rows.insert(6, (99, ["", "", "", "", "", "jumlah"])))

    brought = book(found, "a.xlsx")

    assert answers(brought) == GIVEN | levels(A=4)
    assert {one.text for one in brought.strays} == {"jumlah"}
    assert {one.row for one in brought.strays} == {99}


def test_a_million_rows_that_somebody_coloured_cost_nothing_but_their_reading() -> None:
    found = cut(made(ASKED, GIVEN))
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as again:
        colour = again.add_format({"bg_color": "#FFFF00"})
        for sheet in found:
            page = again.add_worksheet(sheet.name)
            for number, row in sheet.rows:
                page.write_row(number - 1, 0, row)
            if sheet is found[1]:
                for number in range(sheet.rows[-1][0], 1_000_000):
                    page.write_blank(number, 0, None, colour)

    assert answers(load(written.getvalue(), "a.xlsx")) == GIVEN


def test_a_row_that_is_gone_or_has_lost_its_code_is_named_and_keeps_its_answer() -> None:
    found = changed(cut(made(ASKED, GIVEN)), {"#A": {"key": "x", "answer": 5}})

    brought = book(found, "a.xlsx")

    assert brought.missing == ("A",)
    assert brought.strays[0].text.startswith("5")
    assert answers(brought) == GIVEN


def test_a_code_that_is_in_two_rows_counts_where_they_agree() -> None:
    found = cut(made(ASKED, GIVEN))
    copied = cut(made(ASKED, GIVEN))
    rows_of(found, lambda rows: rows.extend([one for one in rows if "#A" in one[1]]))

    assert book(found, "a.xlsx").twice == ()
    rows_of(
        copied,
        lambda rows: rows.extend(
            [(50, [*one[:5], 1, *[""] * 4, "#A"]) for _, one in rows if "#A" in one]
        ),
    )
    assert "A" in book(copied, "a.xlsx").twice
    assert answers(book(copied, "a.xlsx")) == GIVEN


def test_a_code_of_nothing_that_is_asked_is_told() -> None:
    found = changed(cut(made(ASKED, GIVEN)), {"#A": {"key": "#Z9"}})

    assert [one.text for one in book(found, "a.xlsx").strays] == ["#Z9"]


def test_a_column_of_codes_that_is_gone_is_damage() -> None:
    found = cut(made(ASKED, GIVEN))
    rows_of(found, lambda rows: [row.__setitem__(-1, "") for _, row in rows if row[-1] != "@key"])

    with pytest.raises(DamagedWorkbookError) as refused:
        book(found, "a.xlsx")

    assert refused.value.details["what"] == "codes"


@pytest.mark.parametrize("column", [0, 1])
def test_what_a_workbook_says_of_itself_is_told_from_damage(column: int) -> None:
    found = cut(made(ASKED, GIVEN))
    found[-1].rows[2][1][column] = "#Z" if column == 0 else "{}"

    with pytest.raises(DamagedWorkbookError) as refused:
        book(found, "a.xlsx")

    assert refused.value.details["what"] == "identity"


def test_a_workbook_of_a_newer_service_is_refused() -> None:
    given_ = exported(ASKED, GIVEN)
    newer = structs.replace(given_, identity=structs.replace(given_.identity, format=2))

    with pytest.raises(NewerWorkbookError):
        load(workbook(newer), "a.xlsx")


def test_a_workbook_of_somebody_else_is_foreign() -> None:
    with pytest.raises(ForeignWorkbookError):
        load(saved([Sheet("LKE", [(1, ["No", "Jawaban"]), (2, [1, "A"])])]), "a.xlsx")


def _with(name: str) -> bytes:
    packed = io.BytesIO(made(ASKED, GIVEN))
    with zipfile.ZipFile(packed, "a") as opened:
        opened.writestr(name, b"x")
    return packed.getvalue()


@pytest.mark.parametrize(
    "name",
    ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "Basic/Standard/Module1.xml"],
)
def test_macros_and_values_of_other_files_are_refused(name: str) -> None:
    with pytest.raises(UnsafeWorkbookError) as refused:
        load(_with(name), "a.xlsx")

    assert refused.value.details["what"] == name


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        with zipfile.ZipFile(io.BytesIO(made(ASKED, GIVEN))) as original:
            for name in original.namelist():
                if name != "xl/sharedStrings.xml":
                    opened.writestr(name, original.read(name))
        with opened.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(
                b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
            )
            for _ in range(700):
                strings.write(b"a" * 1_000_000)
            strings.write(b"</t></si></sst>")
    return packed.getvalue()


@pytest.mark.parametrize("made_by", ["bomb", "sparse", "cut off", "csv"])
def test_bombs_and_what_is_no_workbook_are_refused(made_by: str) -> None:
    if made_by == "bomb":
        content = _bomb()
    else:
        content = {"sparse": sparse(), "cut off": b"PK\x03\x04x", "csv": b"code,answer"}[made_by]

    with pytest.raises(NotAWorkbookError):
        load(content, "a.xlsx")


def test_what_was_exported_is_kept_with_its_note() -> None:
    found = load(made(ASKED, GIVEN, note="baris\nkedua"), "a.xlsx")

    assert found.exported["A"] == Version(GIVEN["A"], "baris\nkedua")


def test_what_is_written_in_rows_that_nobody_fills_in_is_told() -> None:
    found = cut(made(ASKED, GIVEN))
    headings = next(row for _, row in found[1].rows if "@key" in row)
    band = next(row for _, row in found[1].rows if row[headings.index("@code")] == "merit")
    band[headings.index("@note")] = "di sini juga"

    brought = book(found, "a.xlsx")

    assert [one.text for one in brought.strays] == ["di sini juga"]


def test_evidence_is_read_from_every_row_of_an_indicator() -> None:
    change = {"#A": {"evidence": "https://a.go.id"}}

    brought = book(changed(cut(made(ASKED, GIVEN)), change), "a.xlsx")

    assert brought.entries["A"].evidence == "https://a.go.id"
