"""Lists of organisations as people keep them: CSV of every custom."""

from collections.abc import Callable

import pytest

from survey_service.conduct.organisations import Listed
from survey_service.errors import DocumentError
from survey_service.library import organisations, tables
from survey_service.library.documents import LARGEST
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
