"""Lists to fill in: what is taken along can be brought as it is, in both languages and forms."""

import io
import zipfile
from collections.abc import Sequence

import pytest

from survey_service.conduct.access import ROLES
from survey_service.conduct.organisation_lists import Bounds
from survey_service.conduct.organisation_lists import plan as planned
from survey_service.conduct.organisations import KINDS, Listed, Standing
from survey_service.conduct.people import admission
from survey_service.library import organisations, people
from survey_service.reports import list_templates
from survey_service.reports.list_templates import ListTemplate

both_languages = pytest.mark.parametrize("language", ["id", "en"])
both_forms = pytest.mark.parametrize("form", ["csv", "xlsx"])


def _written(template: ListTemplate, form: str, language: str) -> bytes:
    return (
        list_templates.xlsx(template) if form == "xlsx" else list_templates.csv(template, language)
    )


@both_languages
@both_forms
def test_the_organisations_of_the_example_would_be_added(language: str, form: str) -> None:
    template = list_templates.organisations(language, "Ministry")

    rows = organisations.load(_written(template, form, language), f"list.{form}")
    known = {1: Standing(Listed("Ministry", "ministry"), None)}
    plan = planned(known, rows, Bounds(1, frozenset()))

    assert plan.misfits == ()
    assert [one.action for one in plan.changes] == ["add", "add"]


@both_languages
@both_forms
def test_the_person_of_the_example_would_be_invited(language: str, form: str) -> None:
    template = list_templates.people(language, "Ministry", ROLES)

    rows = people.load(_written(template, form, language), f"list.{form}")
    found = admission(rows, [], {"ministry": (1,)}, ROLES)

    assert found.misfits == ()
    assert [one.role for one in found.invited] == ["coordinator"]


@both_languages
def test_each_kind_and_role_to_choose_is_one_that_is_read(language: str) -> None:
    places = list_templates.organisations(language, "Ministry")
    folk = list_templates.people(language, "Ministry", ROLES)
    kinds = [("x", kind, "", "") for kind in places.choices[places.headings[1]]]
    roles = [("x", "x", role, "x", "") for role in folk.choices[folk.headings[2]]]

    def rewritten(template: ListTemplate, rows: Sequence[Sequence[str]]) -> bytes:
        other = ListTemplate(template.name, template.headings, rows, {})
        return list_templates.csv(other, language)

    assert [one.kind for one in organisations.load(rewritten(places, kinds), "x.csv")] == list(
        KINDS
    )
    assert [one.role for one in people.load(rewritten(folk, roles), "x.csv")] == list(ROLES)


def test_the_workbook_offers_what_there_is_to_choose() -> None:
    written = list_templates.xlsx(
        list_templates.people("en", "Ministry", ("auditor", "coordinator"))
    )

    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()

    assert '<formula1>"auditor,coordinator"</formula1>' in sheet
    assert 'sqref="C2:C20001"' in sheet
