"""Lists that are kept to be looked at, and undone for a day."""

import datetime as dt

import pytest

from survey_service.conduct.drafted_lists import UNREADABLE, Drafted, undone
from survey_service.conduct.organisations import Intended, Listed

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
OFFICE, BODY = Listed("Office", "unit", "Agency"), Listed("Office", "body", "Agency")
CHANGED = Intended("change", OFFICE, BODY, 4, 2, None, 7)
ADDED = Intended("add", None, OFFICE, None, None, 0)


@pytest.mark.parametrize(
    ("changes", "undoing", "hours", "can"),
    [
        ((CHANGED,), None, 23, True),
        ((CHANGED,), None, 24, False),
        ((CHANGED,), 9, 1, False),
        ((), None, 1, False),
        (UNREADABLE, None, 1, False),
    ],
)
def test_a_list_is_undone_once_within_a_day(
    changes: tuple[Intended, ...],
    undoing: int | None,
    hours: int,
    can: bool,  # noqa: FBT001
) -> None:
    drafted = Drafted(1, "organisations", "a.csv", "[]", AT, 8, undoing, changes)

    assert drafted.can_be_undone(AT + dt.timedelta(hours=hours)) is can


def test_what_was_changed_is_as_it_was_and_stands_where_it_stood() -> None:
    assert undone(CHANGED, 4, 2) == Intended("change", BODY, OFFICE, 4, 7)


def test_what_was_added_is_deactivated_where_it_is() -> None:
    closed = Listed("Office", "unit", "Agency", active=False)

    assert undone(ADDED, 5, 9) == Intended("change", OFFICE, closed, 5, 9)
