"""What a list of organisations would change, what is wrong in one, and what is asked."""

import pytest

from survey_service.conduct.organisation_lists import Bounds, Entry, Misfit, Plan, Similar, plan
from survey_service.conduct.organisations import Intended, Listed, Standing
from survey_service.maturity.conditions import UNREADABLE
from tests.lists import entries

MINISTRY = Listed("Ministry", "ministry")
OFFICE = Listed("Office", "unit", "Ministry", {"staff": 12}, active=False)
KNOWN = {1: Standing(MINISTRY, None), 2: Standing(OFFICE, 1)}


def _desk(**said: object) -> Entry:
    return Entry(2, "Desk", "unit", **said)  # type: ignore[arg-type] # as the fields are


def test_parents_are_added_before_what_is_below_them() -> None:
    desk, office = Listed("Desk", "unit", "Office"), Listed("Office", "unit", "Ministry")

    changes = plan({}, entries(desk, office, MINISTRY)).changes

    assert changes == (
        Intended("add", None, MINISTRY),
        Intended("add", None, office, under=0),
        Intended("add", None, desk, under=1),
    )


def test_what_a_row_does_not_say_stays_as_it_is() -> None:
    (change,) = plan(KNOWN, [Entry(2, "office", attributes={"code": "0012"})]).changes

    after = Listed("Office", "unit", "Ministry", {"staff": 12, "code": "0012"}, active=False)
    assert change == Intended("change", OFFICE, after, 2, 1, None, 1)


def test_a_row_that_says_what_is_so_already_changes_nothing() -> None:
    assert plan(KNOWN, entries(MINISTRY, OFFICE)) == Plan(())
    assert plan(KNOWN, [Entry(2, " OFFICE\u200b"), Entry(3, "Ministry")]) == Plan(())
    assert plan(KNOWN, []) == Plan(())


def test_what_was_damaged_is_written_anew() -> None:
    damaged = Standing(Listed("Ministry", "ministry", None, UNREADABLE), None)

    (change,) = plan({1: damaged}, [Entry(2, "Ministry", attributes={"staff": 1})]).changes

    assert change.after.attributes == {"staff": 1}


def test_equal_names_below_different_parents_are_two_units() -> None:
    health = Listed("Health office", "unit", "Regency A")
    known = {
        1: Standing(Listed("Regency A", "regency"), None),
        2: Standing(Listed("Regency B", "regency"), None),
        3: Standing(health, 1),
    }
    below_b = Entry(2, "Health office", "unit", "Regency B")
    below_a = Entry(3, "Health Office", "unit", "Regency A", {"staff": 3})

    added, changed = plan(known, [below_b, below_a]).changes

    assert (added.action, added.parent_id) == ("add", 2)
    assert (changed.action, changed.id) == ("change", 3)


TWINS = {
    1: Standing(Listed("Regency A", "regency"), None),
    2: Standing(Listed("Regency B", "regency"), None),
    3: Standing(Listed("Health office", "unit", "Regency A"), 1),
    4: Standing(Listed("Health office", "unit", "Regency B"), 2),
}


def test_which_of_several_is_meant_is_said_by_what_they_stand_below() -> None:
    unsaid = plan(TWINS, [Entry(2, "Health office", active=False)])
    unclear = plan(TWINS, [_desk(parent="Health office")])
    clear = plan(TWINS, [_desk(parent="Regency B / Health office")])

    assert unsaid.misfits == (Misfit(2, "Health office", "which_one", "Health office"),)
    assert unclear.misfits == (Misfit(2, "Desk", "which_parent", "Health office"),)
    assert clear.changes[0].parent_id == 4


def test_a_desk_of_one_of_several_is_known_by_the_path_of_its_parent() -> None:
    desk = Listed("Desk", "unit", "Health office")
    known = {**TWINS, 5: Standing(desk, 4)}

    again = plan(known, [_desk(parent="Regency B / Health office", active=False)]).changes
    other = plan(known, [_desk(parent="Regency A / Health office")]).changes

    assert [(one.action, one.id) for one in again] == [("change", 5)]
    assert [(one.action, one.parent_id) for one in other] == [("add", 3)]


def test_what_stands_at_the_top_can_be_put_below_something() -> None:
    known = {1: Standing(MINISTRY, None), 2: Standing(Listed("Agency", "body"), None)}

    (change,) = plan(known, [Entry(2, "Agency", parent="Ministry")]).changes

    assert change.after.parent == "Ministry"
    assert (change.id, change.parent_id, change.was_below) == (2, 1, None)


@pytest.mark.parametrize(
    ("rows", "misfit"),
    [
        ([Entry(7, "", "unit")], Misfit(7, "", "no_name")),
        ([Entry(2, "Kota\u2028B", "city")], Misfit(2, "Kota\u2028B", "bad_name", "Kota\u2028B")),
        ([Entry(2, "A", "unit"), Entry(9, "a ", "unit")], Misfit(9, "a ", "name_twice", "a ")),
        ([Entry(2, "Office", "village")], Misfit(2, "Office", "no_kind", "village")),
        ([Entry(2, "New")], Misfit(2, "New", "no_kind")),
        ([_desk(parent="Nowhere")], Misfit(2, "Desk", "no_parent", "Nowhere")),
        ([Entry(2, "A", "unit", "A")], Misfit(2, "A", "below_itself", "A")),
        ([Entry(2, "A", "unit", "B"), Entry(3, "B", "unit", "A")], Misfit(2, "A", "below_itself", "B")),
        ([Entry(2, "Ministry", parent="Office")], Misfit(2, "Ministry", "below_itself", "Office")),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_stops_the_whole_list(rows: list[Entry], misfit: Misfit) -> None:
    planned = plan(KNOWN, rows)

    assert planned.misfits[0] == misfit
    assert planned.changes == ()


def test_only_the_row_that_is_wrong_is_named_and_not_those_below_it() -> None:
    planned = plan({}, [Entry(5, "Kab Uji", "regensy"), Entry(6, "Dinas", "unit", "Kab Uji")])

    assert planned.misfits == (Misfit(5, "Kab Uji", "no_kind", "regensy"),)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Kab. Lembah", "Kabupaten Lembah"),
        ("Kabupaten Lembha", "Kabupaten Lembah"),
        ("Kabupaten  Lemba", "Kabupaten Lembah"),
        ("KabupatenLembah", "Kabupaten Lembah"),
    ],
)
def test_a_new_one_whose_name_resembles_another_is_asked_about(name: str, other: str) -> None:
    known = {1: Standing(MINISTRY, None), 2: Standing(Listed(other, "regency", "Ministry"), 1)}
    row = Entry(4, name, "regency", "Ministry")

    assert plan(known, [row]) == Plan((), (), (Similar(4, name, other, "Ministry"),))
    assert [
        one.action
        for one in plan(known, [Entry(4, name, "regency", "Ministry", another=True)]).changes
    ] == ["add"]
    assert plan({1: known[1]}, [row, Entry(5, other, "regency", "Ministry")]).similar == (
        Similar(5, other, name, "Ministry"),
    )


@pytest.mark.parametrize(
    ("name", "other"),
    [("Kota 17", "Kota 18"), ("Bagian A", "Bagian B"), ("Kota Solok", "Kabupaten Solok"), ("Unit 1", "Unit 11")],
)  # fmt: skip
def test_what_is_counted_or_of_another_kind_resembles_nothing(name: str, other: str) -> None:
    known = {1: Standing(MINISTRY, None), 2: Standing(Listed(other, "unit", "Ministry"), 1)}

    assert plan(known, [Entry(2, name, "unit", "Ministry")]).similar == ()


def test_names_that_resemble_one_another_below_different_parents_are_not_asked_about() -> None:
    row = Entry(2, "Health offic", "unit", "Regency B")

    assert plan({1: TWINS[1], 2: TWINS[2], 3: TWINS[3]}, [row]).similar == ()
    assert plan({3: TWINS[3]}, [Entry(2, "Health offic", "unit")]).similar != ()


def test_a_list_changes_what_is_at_and_below_the_top_alone() -> None:
    top, below = Listed("Agency", "regency", "Country"), Listed("Office", "unit", "Agency")
    known = {5: Standing(top, 1), 6: Standing(below, 5)}
    bounds = Bounds(5, frozenset({"country", "elsewhere"}))
    rows = [
        Entry(2, "Agency", "regency", "Country"),
        Entry(3, "Elsewhere", "city"),
        Entry(4, "New", "unit"),
    ]

    found = plan(known, rows, bounds)
    highest = {1: Standing(MINISTRY, None), 2: Standing(OFFICE, 1)}
    moved = plan(highest, [Entry(5, "Ministry", parent="Office")], Bounds(1, frozenset()))
    fine = plan(known, [Entry(2, "Agency", active=False), Entry(3, "Office", "body")], bounds)

    assert [(one.line, one.reason) for one in found.misfits] == [
        (3, "elsewhere"),
        (4, "at_the_top"),
    ]
    assert [one.reason for one in moved.misfits] == ["elsewhere"]
    assert [one.after.name for one in fine.changes] == ["Agency", "Office"]
    assert fine.changes[0].after.parent == "Country"
    assert fine.changes[0].parent_id == 1
