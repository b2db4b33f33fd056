"""Tables to take along."""

import datetime as dt
import io
from csv import reader
from decimal import Decimal
from zipfile import ZipFile

import pytest

from survey_service.library.tables import rows
from survey_service.reports.tables import Cell, Table, csv, guarded, title, xlsx

TABLE = Table("T", ("name", "index"), [("Kota A", Decimal("2.75")), ("=1+1", None), ("B", 3)])
UNITS = Table("T", ("name", "index"), [("A", Decimal("2.500000")), ("B", Decimal("1E+2"))])


def test_csv_is_exact_and_no_text_is_a_formula() -> None:
    written = csv(TABLE).decode("utf-8-sig")

    assert written == "name,index\r\nKota A,2.75\r\n'=1+1,\r\nB,3\r\n"


def test_indonesian_spreadsheets_expect_semicolons_and_commas() -> None:
    table = Table("T", ("nama", "indeks"), [("Kota; A", Decimal("2.75")), ("B", 3)])

    written = csv(table, "id").decode("utf-8-sig")

    assert written == 'nama;indeks\r\n"Kota; A";2,75\r\nB;3\r\n'


@pytest.mark.parametrize(
    "begins",
    [
        *(
            "=",
            "+",
            "-",
            "@",
            "\t=",
            "\r=",
            "\n=",
            " =",
            "\n\n +",
            "\u00a0=",
            "\u3000=",
            "\x00=",
            "\ufeff=",
        ),
        *(
            "\u200b=",
            "\uff1d",
            "\uff0b",
            "\uff0d",
            "\uff20",
            "\u2212",
            "\ufe62",
            "\ufe63",
            "\ufe66",
            "\ufe6b",
            "\u207c",
            "\u2028@",
        ),
        *("a;=", "a\n=", "a\t=", "a; \uff1d", "a\r\n@", "a\u2028="),
    ],
)
def test_nothing_that_begins_a_formula_is_left_unguarded(begins: str) -> None:
    name = f"{begins}cmd|' /C calc'!A0"
    written = csv(Table("T", (name,), [(name,)])).decode("utf-8-sig")

    found = list(reader(io.StringIO(written, newline="")))

    guarded = f"{begins[:-1]}'{begins[-1]}cmd|' /C calc'!A0"
    assert found == [[guarded], [guarded]]


@pytest.mark.parametrize(
    "text",
    ["", "a", "a = b", "a; b - c", "1 + 1", "a\n- point", "\u2018=", "x@example.go.id", "a;b@c"],
)
def test_a_text_that_begins_none_is_left_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_text_of_a_workbook_is_marked_as_one() -> None:
    with ZipFile(io.BytesIO(xlsx(Table("T", ("=1",), [("=2",)])))) as opened:
        styles, sheet = opened.read("xl/styles.xml"), opened.read("xl/worksheets/sheet1.xml")

    assert styles.count(b'quotePrefix="1"') == 2
    assert b"<f>" not in sheet


def test_csv_writes_numbers_as_people_do() -> None:
    assert csv(UNITS).decode("utf-8-sig") == "name,index\r\nA,2.5\r\nB,100\r\n"


def test_a_workbook_reads_back_as_it_was_and_equal_tables_are_equal_files() -> None:
    found = [row.cells for row in rows(xlsx(TABLE), "t.xlsx", {})]

    assert found[0] == {"name": "Kota A", "index": "2.75"}
    assert found[1]["name"] == "=1+1"
    assert found[2]["index"] == "3"
    assert xlsx(TABLE) == xlsx(TABLE)


def _parts(table: Table) -> dict[str, str]:
    with ZipFile(io.BytesIO(xlsx(table))) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


def test_a_workbook_is_named_filters_and_keeps_its_headings_in_view() -> None:
    table = Table("Index / kind: 2026", ("name", "index", "day"), [("A", Decimal("2.5"), None)])

    parts = _parts(table)

    assert '<sheet name="Index   kind  2026"' in parts["xl/workbook.xml"]
    assert '<autoFilter ref="A1:C2"/>' in parts["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in parts["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ((Decimal("2.5"), 3), "0.00####"),
        ((dt.datetime(2026, 12, 3, 23, 59, 1),), "yyyy-mm-dd hh:mm:ss"),  # noqa: DTZ001 - a cell's
        ((dt.date(2026, 12, 3),), "yyyy-mm-dd"),
    ],
)
def test_numbers_and_days_are_shown_as_such(cells: tuple[Cell, ...], shown: str) -> None:
    parts = _parts(Table("T", ("x",), [(cell,) for cell in cells]))

    assert f'formatCode="{shown}"' in parts["xl/styles.xml"]


def test_whole_numbers_have_no_decimals() -> None:
    parts = _parts(Table("T", ("x",), [(3,), (Decimal("4.00"),)]))

    assert "formatCode" not in parts["xl/styles.xml"]
    assert 'numFmtId="1"' in parts["xl/styles.xml"]  # which is `0`


@pytest.mark.parametrize(
    ("name", "called"),
    [("a" * 40, "a" * 31), ("'quoted'", "quoted"), ("[]:*?/\\", "1"), ("", "1")],
)
def test_a_sheet_is_called_what_it_may_be(name: str, called: str) -> None:
    assert title(name) == called


def test_a_column_of_percentages_has_the_digits_that_are_shown() -> None:
    cells = [("A", Decimal("46.3"), Decimal(2), 7), ("B", Decimal("50.0"), Decimal(3), 8)]
    table = Table("T", ("name", "reached", "index", "count"), cells, digits=(2, 1, 2, 2))

    styles = _parts(table)["xl/styles.xml"]
    by_row = Table(
        "T", ("year", "index"), [("1", Decimal(2)), ("2", Decimal(3))], own=[(2, 2), (2, 3)]
    )
    of_rows = _parts(by_row)["xl/styles.xml"]

    assert 'formatCode="0.00####"' in of_rows
    assert 'formatCode="0.000###"' in of_rows
    assert 'formatCode="0.0#####"' in styles
    assert 'formatCode="0.00####"' in styles
    assert 'numFmtId="1"' in styles
