"""Whether a change of an organisation that somebody looked at can still be made."""

import pytest

from survey_service.conduct.organisations import (
    Found,
    Intended,
    Listed,
    is_due,
    is_within,
    within,
)

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
        (Intended("add", None, Listed("Ministry", "ministry")), Found(None, None, None), None),
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
