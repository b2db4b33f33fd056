"""Lists to fill in, of organisations and of people: headings, an example, and what there is to choose from."""

import csv as separated
import datetime as dt
import io
from collections.abc import Mapping, Sequence

import xlsxwriter
from msgspec import Struct

from survey_service.conduct.access import Role
from survey_service.conduct.organisations import KINDS
from survey_service.i18n import translate
from survey_service.reports.tables import guarded

_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the workbook's, so that equal ones are equal bytes
_ROWS = 20_000  # that have something to choose from: as many as a list may have
_WIDTH = 26  # letters


class ListTemplate(Struct, frozen=True):
    """A list's name, its headings, the rows of an example, and what there is to choose by heading."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    choices: Mapping[str, Sequence[str]]


def organisations(language: str, top: str) -> ListTemplate:
    """Return the list of organisations: one below the `top`, and a unit of it."""
    kinds = {kind: translate(f"kind.{kind}", language) for kind in KINDS}
    yes, no = translate("yes", language), translate("no", language)
    agency = translate("Kabupaten Contoh", language)
    unit = translate("Dinas Kesehatan Kabupaten Contoh", language)
    headings = _headings(language, "name", "kind", "parent", "active")
    return ListTemplate(
        translate("organisations", language),
        headings,
        ((agency, kinds["regency"], top, yes), (unit, kinds["unit"], agency, yes)),
        {headings[1]: list(kinds.values()), headings[3]: (yes, no)},
    )


def people(language: str, place: str, roles: Sequence[Role]) -> ListTemplate:
    """Return the list of people: one at a `place`, in one of the `roles` that may be given."""
    named = {role: translate(f"role.{role}", language) for role in roles}
    headings = _headings(language, "login", "name", "role", "organisation", "email")
    shown = named.get("coordinator", next(iter(named.values()), ""))
    example = ("budi.contoh", "Budi Contoh", shown, place, "budi.contoh@example.go.id")
    choices = {headings[2]: list(named.values())}
    return ListTemplate(translate("people", language), headings, (example,), choices)


def _headings(language: str, *columns: str) -> list[str]:
    return [translate(f"column.{column}", language) for column in columns]


def csv(template: ListTemplate, language: str) -> bytes:
    """Return the list as CSV in UTF-8, parted as spreadsheets expect it in a language."""
    written = io.StringIO()
    writer = separated.writer(written, delimiter=";" if language == "id" else ",")
    writer.writerow(template.headings)
    writer.writerows([guarded(cell) for cell in row] for row in template.rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()  # the mark by which Excel knows UTF-8


def xlsx(template: ListTemplate) -> bytes:
    """Return the list as a workbook; names and the like stay text, and kinds and roles are chosen."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"title": template.name, "created": _DATE})
    page = workbook.add_worksheet(template.name)
    text = workbook.add_format({"num_format": "@"})
    bold = workbook.add_format({"bold": True, "num_format": "@"})
    page.set_column(0, len(template.headings) - 1, _WIDTH, text)
    for number, row in enumerate((template.headings, *template.rows)):
        for column, cell in enumerate(row):
            page.write_string(number, column, cell, text if number else bold)
    for column, heading in enumerate(template.headings):
        if heading in template.choices:
            offered = {"validate": "list", "source": list(template.choices[heading])}
            page.data_validation(1, column, _ROWS, column, offered)
    page.freeze_panes(1, 0)
    workbook.close()
    return content.getvalue()
