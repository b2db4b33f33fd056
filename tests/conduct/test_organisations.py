"""What a list of organisations would change, and what is wrong in one."""

import pytest
from msgspec import structs

from survey_service.conduct.organisations import Bounds, Intended, Listed, Misfit, plan

MINISTRY = Listed("Ministry", "ministry")
OFFICE = Listed("Office", "unit", "Ministry")


def test_parents_are_added_before_what_is_below_them() -> None:
    planned = plan({}, [Listed("Desk", "unit", "Office"), OFFICE, MINISTRY])

    assert [change.after.name for change in planned.changes] == ["Ministry", "Office", "Desk"]
    assert {change.action for change in planned.changes} == {"add"}


def test_only_what_differs_is_changed_and_nothing_is_removed() -> None:
    current = {"Ministry": MINISTRY, "Office": OFFICE}
    larger = Listed("Ministry", "ministry", attributes={"staff": 900})

    assert plan(current, [larger]).changes == (Intended("change", MINISTRY, larger),)
    assert plan(current, [MINISTRY]).changes == ()
    assert plan(current, []).changes == ()


def test_an_organisation_is_deactivated_rather_than_removed() -> None:
    closed = Listed("Office", "unit", "Ministry", active=False)

    (change,) = plan({"Ministry": MINISTRY, "Office": OFFICE}, [closed]).changes

    assert change == Intended("change", OFFICE, closed)


@pytest.mark.parametrize(
    ("rows", "misfit"),
    [
        ([Listed("", "unit")], Misfit(2, "", "no_name")),
        ([Listed("Kota\nB", "city")], Misfit(2, "Kota\nB", "bad_name")),
        ([MINISTRY, MINISTRY], Misfit(3, "Ministry", "name_twice")),
        ([Listed("Office", "village")], Misfit(2, "Office", "no_kind")),
        ([OFFICE], Misfit(2, "Office", "no_parent")),
        ([Listed("A", "unit", "A")], Misfit(2, "A", "below_itself")),
        ([Listed("A", "unit", "B"), Listed("B", "unit", "A")], Misfit(2, "A", "below_itself")),
    ],
)
def test_a_row_that_cannot_be_taken_stops_the_whole_list(
    rows: list[Listed], misfit: Misfit
) -> None:
    planned = plan({}, rows)

    assert planned.misfits[0] == misfit
    assert planned.changes == ()


def test_a_list_cannot_close_a_circle_with_what_is_there() -> None:
    current = {"Ministry": MINISTRY, "Office": OFFICE}

    assert plan(current, [Listed("Ministry", "ministry", "Office")]).misfits == (
        Misfit(2, "Ministry", "below_itself"),
    )


def test_a_list_changes_what_is_at_and_below_the_top_alone() -> None:
    top, below = Listed("Agency", "regency", "Country"), Listed("Office", "unit", "Agency")
    current = {one.name: one for one in (top, below)}
    bounds = Bounds("Agency", frozenset({"Country", "Elsewhere"}))
    renamed = structs.replace(below, kind="body")
    rows = [top, renamed, Listed("Elsewhere", "city"), Listed("New", "unit")]

    found = plan(current, rows, bounds=bounds)
    fine = plan(current, [structs.replace(top, active=False), renamed], bounds=bounds)

    assert [(one.line, one.reason) for one in found.misfits] == [
        (4, "elsewhere"),
        (5, "at_the_top"),
    ]
    assert [one.after.name for one in fine.changes] == ["Agency", "Office"]
