"""Lists of organisations as people keep them: CSV of every custom."""

from collections.abc import Callable

import pytest

from survey_service.conduct.organisation_lists import Entry
from survey_service.errors import DocumentError
from survey_service.errors.organisations import UnkeepableError
from survey_service.errors.writing import AmbiguousNumberError, LostDigitsError
from survey_service.library import organisations, tables
from survey_service.library.documents import LARGEST
from survey_service.maturity.conditions import Attribute
from tests.workbooks import sparse, workbook

ROWS = [
    ["Nama", "Jenis", "Induk", "Aktif", "population"],
    ["Provinsi Contoh", "province", "", "", ""],
    ["Kota Contoh", "city", "Provinsi Contoh", "ya", "120000"],
    ["Kabupaten Lama", "regency", "Provinsi Contoh", "tidak", ""],
]
ENTRIES = [
    Entry(2, "Provinsi Contoh", "province"),
    Entry(3, "Kota Contoh", "city", "Provinsi Contoh", {"population": 120000}, active=True),
    Entry(4, "Kabupaten Lama", "regency", "Provinsi Contoh", active=False),
]


def _csv(separator: str) -> bytes:
    return "\r\n".join(separator.join(row) for row in ROWS).encode("utf-8-sig")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_of_any_custom_is_read(separator: str) -> None:
    assert organisations.load(_csv(separator), "agencies.csv") == ENTRIES


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "nothing below the headings": (lambda: b"name;kind\n", "no_entries"),
    "a heading twice": (lambda: b"name,name\n", "headings"),
    "a heading missing": (lambda: b"name,,kind\n", "headings"),
    "no name": (lambda: b"kind\ncity\n", "headings"),
    "not UTF-8": (lambda: b"name,kind\n\xff,city\n", "not_utf8"),
    "an open quote": (lambda: b'name,kind\n"a,city\n', "syntax"),
    "too many rows": (lambda: b"name,kind\n" + b"a,city\n" * (tables.ROWS + 1), "too_many"),
    "too many columns": (lambda: b"a," * 60, "too_many"),
    "too large": (lambda: b"x" * (LARGEST + 1), "too_large"),
    "a workbook cut off": (lambda: b"PK\x03\x04\xff", "no_workbook"),
    "a workbook that claims a million rows": (sparse, "no_workbook"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_list_is_refused(name: str) -> None:
    content, reason = REFUSED[name]

    with pytest.raises(DocumentError) as refused:
        organisations.load(content(), "agencies.csv")

    assert refused.value.details["reason"] == reason


ENDLESS = ["nan", "NaN", "inf", "-Infinity", "1e400", "1" * 5000, "10000000000000000", "-1e16"]


@pytest.mark.parametrize("written", ENDLESS)
def test_a_number_that_cannot_be_kept_is_refused_at_its_cell(written: str) -> None:
    content = f"name,kind,population\nKota A,city,12\n\nKota B,city,{written}\n".encode()

    with pytest.raises(DocumentError) as refused:
        organisations.load(content, "agencies.csv")

    details = refused.value.details
    assert (details["line"], details["key"], details["reason"]) == (4, "population", "unkeepable")
    assert details["value"] == written[:60]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("12", 12),
        ("-3", -3),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ("Kelas 1", "Kelas 1"),
        ("١٢", "١٢"),
        ("12,5", 12.5),
        ("1.234.567", 1234567),
        ("12\u200b", 12),
        ("0012", "0012"),
        ("0", 0),
        ("0,5", 0.5),
        ("196505171990031001", "196505171990031001"),
        ("081234567890", "081234567890"),
        ("3.1.2", "3.1.2"),
    ],
)
def test_an_attribute_is_a_number_where_it_is_written_as_one(
    written: str, found: Attribute
) -> None:
    assert organisations.attribute("population", written) == found


@pytest.mark.parametrize("written", ["120.000", "120,000", "-1.000"])
def test_an_attribute_that_may_be_read_in_two_ways_is_refused(written: str) -> None:
    with pytest.raises(AmbiguousNumberError):
        organisations.attribute("population", written)


@pytest.mark.parametrize(
    "written", ["1.96505E+17", "1,96505E+17", "8.12346E+11", "196505171990031000"]
)
def test_what_lost_digits_in_a_spreadsheet_is_refused(written: str) -> None:
    with pytest.raises(LostDigitsError):
        organisations.attribute("nip", written)


@pytest.mark.parametrize(
    "value", [12, 2.5, 1.234, 1000.0, "0012", "196505171990031001", "Kelas 1", -3]
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_attribute_is_typed_so_that_it_is_read_the_same_again(
    value: Attribute, language: str
) -> None:
    assert organisations.attribute("n", organisations.typed(value, language)) == value


@pytest.mark.parametrize(("name", "written"), [("", "1"), ("n" * 201, "1"), ("n", "x" * 10_001)])
def test_an_attribute_without_a_name_or_end_is_refused(name: str, written: str) -> None:
    with pytest.raises(UnkeepableError):
        organisations.attribute(name, written)


def test_a_workbook_says_the_same_as_its_csv() -> None:
    rows: list[list[object]] = [
        ["Name", "Kind", "Parent", "Active", "Population", "Code"],
        ["Kabupaten Contoh", "regency", None, True, 120000, "0012"],
        ["Dinas Kesehatan", "unit", "Kabupaten Contoh", "tidak", 1.125, None],
    ]

    found = organisations.load(workbook(rows), "agencies.xlsx")

    assert found == [
        Entry(
            2,
            "Kabupaten Contoh",
            "regency",
            None,
            {"population": 120000, "code": "0012"},
            active=True,
        ),
        Entry(
            3, "Dinas Kesehatan", "unit", "Kabupaten Contoh", {"population": 1.125}, active=False
        ),
    ]


def _named(content: bytes) -> list[tuple[int, str]]:
    return [(one.line, one.name) for one in organisations.load(content, "agencies.csv")]


def test_the_first_sheet_that_is_seen_counts() -> None:
    hidden: list[list[object]] = [["name", "kind"], ["Old", "city"]]
    shown: list[list[object]] = [["name", "kind"], ["New", "city"]]

    assert _named(workbook(hidden, shown, hidden=1)) == [(2, "New")]


def test_merged_cells_say_in_every_row_what_they_show() -> None:
    rows: list[list[object]] = [
        ["Daftar instansi", None, None],
        ["name", "kind", "parent"],
        ["Kab X", "regency", "Kementerian Contoh"],
        ["Kab Y", "regency", None],
        ["Kab Z", "regency", None],
    ]

    found = organisations.load(workbook(rows, merged=("A1:C1", "C3:C5")), "agencies.xlsx")

    assert [one.parent for one in found] == ["Kementerian Contoh"] * 3


@pytest.mark.parametrize(
    "above",
    ["Daftar instansi 2026;;\n\n", "sep=;\n", "\n\n\n", "Daftar, per 1 Januari\nSumber: BKN; diolah\n"],
)  # fmt: skip
def test_rows_are_counted_as_the_spreadsheet_does_below_any_title(above: str) -> None:
    content = f"{above}Nama;Jenis;Induk\n\nKab Uji;kabupaten;-\n"

    assert _named(content.encode()) == [(above.count("\n") + 3, "Kab Uji")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]
)
def test_a_csv_is_understood_in_whichever_encoding_it_is_saved(encoding: str) -> None:
    content = "name;kind\nDinas Kesehatan \N{EN DASH} Café;unit\n".encode(encoding)

    assert _named(content) == [(2, "Dinas Kesehatan \N{EN DASH} Café")]


@pytest.mark.parametrize(
    "content", [b"name;kind\na\x81;city\n", "name;kind\nx;city".encode("utf-16") + b"\0"]
)
def test_what_is_text_in_no_encoding_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        organisations.load(content, "agencies.csv")

    assert refused.value.details["reason"] == "not_utf8"


@pytest.mark.parametrize(
    ("written", "kind"),
    [("kabupaten", "regency"), ("Kota", "city"), ("PROVINSI", "province"), ("Unit Kerja", "unit"),
     ("work unit", "unit"), ("Kementerian", "ministry"), ("Badan", "body"), ("Lembaga", "body"),
     ("Kab.", "regency"), ("City", "city"), ("regensy", "regensy"), ("", None)],
)  # fmt: skip
def test_kinds_are_named_in_either_language_and_any_case(written: str, kind: str | None) -> None:
    (found,) = organisations.load(f"NAMA,Jenis Instansi\nX,{written}\n".encode(), "agencies.csv")

    assert found.kind == kind


@pytest.mark.parametrize(
    ("written", "active"),
    [("ya", True), ("Y", True), ("Aktif", True), ("1", True), ("TRUE", True), ("yes", True),
     ("tidak", False), ("n", False), ("nonaktif", False), ("Non-aktif", False), ("0", False),
     ("Tidak aktif", False), ("no", False), ("-", None), ("", None), (" \u200b", None)],
)  # fmt: skip
def test_yes_and_no_are_said_in_words_of_either_language(written: str, active: bool | None) -> None:  # noqa: FBT001
    (found,) = organisations.load(f"name,kind,active\nX,city,{written}\n".encode(), "agencies.csv")

    assert found.active is active


@pytest.mark.parametrize("written", ["dihapus", "mungkin", "2", "x"])
def test_what_is_neither_yes_nor_no_is_refused_by_its_value(written: str) -> None:
    with pytest.raises(DocumentError) as refused:
        organisations.load(f"name,kind,active\n\nX,city,{written}\n".encode(), "agencies.csv")

    details = refused.value.details
    assert (details["line"], details["key"], details["reason"]) == (3, "active", "not_yes_no")
    assert details["value"] == written


def test_a_dash_and_what_nobody_sees_say_nothing() -> None:
    content = "name,kind,parent,code\nX\u200b,city,\N{EN DASH},-\n".encode()

    assert organisations.load(content, "agencies.csv") == [Entry(2, "X", "city")]


def test_the_numbers_of_rows_are_no_part_of_a_list() -> None:
    assert organisations.load(b"No.,name,kind\n1,X,city\n", "agencies.csv") == [
        Entry(2, "X", "city")
    ]


@pytest.mark.parametrize(("thousands", "staff"), [(True, 1850), (False, 1.85)])
def test_a_list_is_read_as_somebody_says_that_it_writes_numbers(
    thousands: bool,  # noqa: FBT001
    staff: float,
) -> None:
    content = b"name;kind;staff\nX;city;1.850\n"

    with pytest.raises(DocumentError) as refused:
        organisations.load(content, "agencies.csv")
    (found,) = organisations.load(content, "agencies.csv", thousands)

    assert refused.value.details["reason"] == "ambiguous_number"
    assert (refused.value.details["line"], refused.value.details["key"]) == (2, "staff")
    assert found.attributes == {"staff": staff}


def test_a_number_of_a_workbook_that_lost_digits_is_refused() -> None:
    rows: list[list[object]] = [["name", "kind", "nip"], ["X", "city", 198501012010011001]]

    with pytest.raises(DocumentError) as refused:
        organisations.load(workbook(rows), "agencies.xlsx")

    details = refused.value.details
    assert (details["line"], details["key"], details["reason"]) == (2, "nip", "lost_digits")
