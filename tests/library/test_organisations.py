"""Lists of organisations as people keep them: CSV of every custom."""

from collections.abc import Callable

import pytest

from survey_service.conduct.organisations import Listed
from survey_service.errors import DocumentError, UnkeepableError
from survey_service.library import organisations, tables
from survey_service.library.documents import LARGEST
from survey_service.maturity.conditions import Attribute
from survey_service.writing_errors import AmbiguousNumberError, LostDigitsError
from tests.workbooks import sparse, workbook

ROWS = [
    ["Nama", "Jenis", "Induk", "Aktif", "population"],
    ["Provinsi Contoh", "province", "", "", ""],
    ["Kota Contoh", "city", "Provinsi Contoh", "ya", "120000"],
    ["Kabupaten Lama", "regency", "Provinsi Contoh", "tidak", ""],
]
LISTED = [
    Listed("Provinsi Contoh", "province"),
    Listed("Kota Contoh", "city", "Provinsi Contoh", {"population": 120000}),
    Listed("Kabupaten Lama", "regency", "Provinsi Contoh", active=False),
]


def _csv(separator: str) -> bytes:
    return "\r\n".join(separator.join(row) for row in ROWS).encode("utf-8-sig")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_of_any_custom_is_read(separator: str) -> None:
    assert organisations.load(_csv(separator), "agencies.csv") == LISTED


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
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
        ["Name", "Kind", "Parent", "Active", "Population"],
        ["Kabupaten Contoh", "regency", None, True, 120000],
        ["Dinas Kesehatan", "unit", "Kabupaten Contoh", "tidak", 12.5],
    ]

    found = organisations.load(workbook(rows), "agencies.xlsx")

    assert found == [
        Listed("Kabupaten Contoh", "regency", attributes={"population": 120000}),
        Listed("Dinas Kesehatan", "unit", "Kabupaten Contoh", {"population": 12.5}, active=False),
    ]
