"""Declared digits are the shown digits: no page writes an index with as many as it likes."""

import re
from decimal import Decimal
from pathlib import Path

from msgspec import structs

from survey_service.maturity.rules import Rounding
from survey_service.reports.charts.curve import curve
from survey_service.reports.charts.radar import radar
from survey_service.reports.national.view import Field, View, drawn_digits
from survey_service.reports.pages import Pages
from tests.samples import ROOT, tiny

PAGES = sorted(
    path
    for folder in ("survey_service/web/templates", "report_templates")
    for path in (ROOT / folder).rglob("*.html")
)


def test_no_page_writes_an_index_as_any_number() -> None:
    found = [
        (path.name, match)
        for path in PAGES
        for match in re.findall(r"index\|number(?!\()", path.read_text())
    ]

    assert found == []


def test_a_change_of_an_index_has_the_digits_of_the_index(tmp_path: Path) -> None:
    (tmp_path / "change.html").write_text("{{ change|signed(asked) }}")
    pages = Pages(tmp_path)
    rounded = structs.replace(tiny("rounding"), rounding=Rounding(("index",), 3))

    up = pages.render("change.html", "en", change=Decimal("0.5"), asked=rounded)
    down = pages.render("change.html", "en", change=Decimal("-0.5"), asked=tiny("rounding"))

    assert (up, down) == ("+0.500", "-0.50")


def test_charts_write_the_digits_that_they_are_given() -> None:
    scale = tiny("rounding").scale

    web = radar(
        [("A", Decimal(2), None), ("B", Decimal(3), None)], scale, "t", ("us", "them"), "en", [3, 2]
    )
    line = curve([(0, Decimal("1.5"))], (0, Decimal("1.5")), scale, "en", 3)

    assert "A 2.000" in web
    assert "B 3.00" in web
    assert "1.500" in line


def test_a_cell_has_the_digits_of_its_field_and_an_index_those_of_its_questionnaire(
    tmp_path: Path,
) -> None:
    (tmp_path / "cells.html").write_text("{{ cell|cell(asked, code, digits) }}")
    pages, rounded = Pages(tmp_path), structs.replace(tiny("rounding"), rounding=Rounding((), 3))

    def shown(cell: Decimal, code: str | None, digits: int) -> str:
        return pages.render("cells.html", "id", cell=cell, asked=rounded, code=code, digits=digits)

    assert shown(Decimal("46.25"), None, 1) == "46,3"
    assert shown(Decimal("0.5"), None, 2) == "0,50"
    assert shown(Decimal("3.5"), "", 2) == "3,500"


def test_a_picture_has_the_digits_that_its_table_needs() -> None:
    asked = tiny("gates")  # a grade begins at 50

    assert drawn_digits(asked, "", [Decimal("49.9999"), None, Decimal("61.123456")]) == 4
    assert drawn_digits(asked, "", [None]) == 2


def test_a_workbook_has_the_digits_of_its_questionnaire() -> None:
    rounded = structs.replace(tiny("rounding"), rounding=Rounding(("index",), 3))
    fields = [Field("name", "string", "Name"), Field("index", "number", "Index", "")]
    by_row = View("comparison", "T", fields[:1], [["A"], ["B"]], 2, codes=["", "D1"])

    assert View("heatmap", "T", fields, [], 0).table(rounded).digits == [2, 3]
    assert by_row.table(rounded).own == [[3], [3]]
