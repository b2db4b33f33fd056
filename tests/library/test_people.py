"""Lists of people from spreadsheets."""

import pytest

from survey_service.errors import DocumentError
from survey_service.library.people import load
from tests.workbooks import workbook


def test_headings_and_roles_may_be_indonesian() -> None:
    content = b"Nama masuk;Nama;Peran;Instansi;Surel\ndewi;Dewi;Koordinator;Agency;\n"

    (one,) = load(content, "orang.csv")

    assert (one.login, one.name, one.role, one.organisation) == (
        "dewi", "Dewi", "coordinator", "Agency",
    )  # fmt: skip
    assert one.email == ""


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(DocumentError) as refused:
        load(b"login,name,organisation\na,b,c\n", "people.csv")

    assert refused.value.details["key"] == "role"


def test_headings_and_roles_are_read_in_any_spelling() -> None:
    content = "Daftar\n\nUSERNAME;Nama Lengkap;role;Organization;E-mail\ndewi;Dewi;Kementerian;Agency;d@x.id\n"

    (one,) = load(content.encode(), "orang.csv")

    assert (one.line, one.login, one.name, one.role, one.email) == (
        4,
        "dewi",
        "Dewi",
        "ministry",
        "d@x.id",
    )


def test_a_login_that_lost_digits_in_a_workbook_is_refused() -> None:
    rows: list[list[object]] = [
        ["login", "name", "role", "organisation"],
        [198501012010011001, "Budi", "coordinator", "Agency"],
    ]

    with pytest.raises(DocumentError) as refused:
        load(workbook(rows), "people.xlsx")

    details = refused.value.details
    assert (details["line"], details["key"], details["reason"]) == (2, "login", "lost_digits")


def test_a_login_of_digits_keeps_its_noughts() -> None:
    (one,) = load(b"login,name,role,organisation\n0012,A,auditor,Agency\n", "people.csv")

    assert one.login == "0012"
