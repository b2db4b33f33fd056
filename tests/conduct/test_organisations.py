"""What a list of organisations would change, and what is wrong in one."""

import pytest
from msgspec import structs

from survey_service.conduct.organisations import (
    Bounds,
    Found,
    Intended,
    Listed,
    Misfit,
    is_due,
    is_within,
    plan,
    within,
)

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


PARENTS = {1: None, 2: 1, 3: 2, 4: 1, 9: None}
"""Ministry 1 > Agency 2 > Office 3, and Body 4 below the Ministry; 9 is elsewhere."""

ADDED = Intended("add", None, Listed("Desk", "unit", "Office"))
MOVED = Intended(
    "change", Listed("Agency", "regency", "Ministry"), Listed("Agency", "regency", "Body")
)
CHANGED = Intended(
    "change", Listed("Agency", "regency", "Ministry"), Listed("Agency", "city", "Ministry")
)


@pytest.mark.parametrize(
    ("change", "found", "part"),
    [
        (ADDED, Found(None, None, 3), None),
        (ADDED, Found(None, None, 3), {2, 3}),
        (MOVED, Found(2, MOVED.before, 4), None),
        (MOVED, Found(2, MOVED.before, 4), {1, 2, 3, 4}),
        (CHANGED, Found(2, CHANGED.before, 1), {2, 3}),  # what it stands below is not touched
        (Intended("add", None, MINISTRY), Found(None, None, None), None),
    ],
)
def test_a_change_is_made_while_all_is_as_it_was_looked_at(
    change: Intended, found: Found, part: set[int] | None
) -> None:
    assert is_due(change, found, PARENTS, part)


@pytest.mark.parametrize(
    ("change", "found", "part"),
    [
        (ADDED, Found(5, ADDED.after, 3), None),  # it is there by now
        (ADDED, Found(None, None, None), None),  # what it was to stand below is not
        (ADDED, Found(None, None, 3), {4}),  # that stands elsewhere by now
        (MOVED, Found(None, None, 4), None),
        (MOVED, Found(2, CHANGED.after, 4), None),
        (MOVED, Found(2, MOVED.before, 4), {2, 3}),
        (MOVED, Found(2, MOVED.before, 3), None),  # that stands below it by now
        (CHANGED, Found(2, CHANGED.before, 1), {3, 4}),
    ],
)
def test_a_change_is_not_made_once_something_of_it_is_otherwise(
    change: Intended, found: Found, part: set[int] | None
) -> None:
    assert not is_due(change, found, PARENTS, part)


def test_a_part_of_the_tree_is_an_organisation_and_all_below_it() -> None:
    assert within(PARENTS, 1) == {1, 2, 3, 4}
    assert [id_ for id_ in PARENTS if is_within(PARENTS, id_, 2)] == [2, 3]


def test_a_tree_that_is_bent_into_a_circle_keeps_nobody() -> None:
    bent = {1: 3, 2: 1, 3: 2, 4: None}

    assert not is_within(bent, 1, 4)
    assert is_within(bent, 1, 2)
