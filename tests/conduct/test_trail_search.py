"""What a trail can be narrowed to."""

import datetime as dt

import pytest

from survey_service.conduct.trail_search import ACTIONS, TRAIL_KINDS, day_of, is_score


@pytest.mark.parametrize(
    ("action", "about", "scored"),
    [
        ("response.save", "assessments/3/responses/A", False),
        ("response.save", "assessments/3/internal/responses/A", True),
        ("response.take_back", "assessments/3/external/responses/A", True),
        ("remark.point", "assessments/3/internal/remarks/1", False),
        ("response.save", "assessments/3", False),
    ],
)
def test_what_a_later_stage_saves_is_a_score(action: str, about: str, *, scored: bool) -> None:
    assert is_score(action, about) is scored


def test_every_kind_has_its_actions() -> None:
    assert set(ACTIONS) == set(TRAIL_KINDS)


def test_a_day_begins_and_ends_where_its_zone_is() -> None:
    since, until = day_of(dt.date(2026, 12, 3), "Asia/Jakarta")

    assert since == dt.datetime(2026, 12, 2, 17, tzinfo=dt.UTC)
    assert until == dt.datetime(2026, 12, 3, 17, tzinfo=dt.UTC)
    assert day_of(None, "Asia/Jakarta") == (None, None)
    assert day_of(dt.date.max, "UTC")[1] is None
    assert day_of(dt.date.min, "Asia/Jakarta")[0] is None
