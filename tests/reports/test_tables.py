"""Tables to take along."""

from decimal import Decimal

from survey_service.library.tables import rows
from survey_service.reports.tables import Table, csv, xlsx

TABLE = Table("T", ("name", "index"), [("Kota A", Decimal("2.75")), ("=1+1", None), ("B", 3)])
UNITS = Table("T", ("name", "index"), [("A", Decimal("2.500000")), ("B", Decimal("1E+2"))])


def test_csv_is_exact_and_no_text_is_a_formula() -> None:
    written = csv(TABLE).decode("utf-8-sig")

    assert written == "name,index\r\nKota A,2.75\r\n'=1+1,\r\nB,3\r\n"


def test_csv_writes_numbers_as_people_do() -> None:
    assert csv(UNITS).decode("utf-8-sig") == "name,index\r\nA,2.5\r\nB,100\r\n"


def test_a_workbook_reads_back_as_it_was_and_equal_tables_are_equal_files() -> None:
    found = rows(xlsx(TABLE), "t.xlsx")

    assert found[0] == {"name": "Kota A", "index": "2.75"}
    assert found[1]["name"] == "=1+1"
    assert found[2]["index"] == "3"
    assert xlsx(TABLE) == xlsx(TABLE)
