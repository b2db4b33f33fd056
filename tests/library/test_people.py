"""Lists of people from spreadsheets."""

import pytest

from survey_service.errors import DocumentError
from survey_service.library.people import load


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
