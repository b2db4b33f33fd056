"""Last days, as each reader is told of them."""

import datetime as dt

import pytest

from survey_service.conduct.cycles import Window
from survey_service.i18n import zone_name
from survey_service.reports.deadlines import days_left, deadline, period

LAST = dt.date(2026, 12, 3)
WINDOW = Window(dt.date(2026, 11, 1), LAST)


def _at(day: int, hour: int = 5) -> dt.datetime:
    return dt.datetime(2026, 12, day, hour, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("days", "indonesian", "english"),
    [
        (3, "3 hari lagi", "3 days left"),
        (1, "1 hari lagi", "1 day left"),
        (0, "hari ini", "today"),
        (-1, "terlambat 1 hari", "1 day late"),
        (-2, "terlambat 2 hari", "2 days late"),
    ],
)
def test_a_last_day_says_how_long_it_still_is(days: int, indonesian: str, english: str) -> None:
    assert days_left(days, "id") == indonesian
    assert days_left(days, "en") == english


@pytest.mark.parametrize(
    ("zone", "called"),
    [
        ("Asia/Jakarta", "WIB"),
        ("Asia/Makassar", "WITA"),
        ("Asia/Jayapura", "WIT"),
        ("Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_zones_are_called_what_people_call_them(zone: str, called: str) -> None:
    assert zone_name(zone) == called


def test_the_days_are_counted_where_the_cycle_is() -> None:
    midnight = dt.datetime(2026, 12, 3, 16, tzinfo=dt.UTC)  # 23.00 in Jakarta, 01.00 in Jayapura

    assert deadline(LAST, "Asia/Jakarta", midnight, "id") == "3 Des 2026 WIB (hari ini)"
    assert deadline(LAST, "Asia/Jayapura", midnight, "id") == "3 Des 2026 WIT (terlambat 1 hari)"
    assert deadline(LAST, "Mars/Olympus", midnight, "en") == "3 Dec 2026 Mars/Olympus (today)"


def test_a_stage_says_how_long_it_runs_only_while_it_does() -> None:
    told = [period(WINDOW, "Asia/Jakarta", _at(day), "en") for day in (2, 4)]

    assert told == [
        "1 Nov 2026 \N{EN DASH} 3 Dec 2026 WIB (1 day left)",
        "1 Nov 2026 \N{EN DASH} 3 Dec 2026 WIB",
    ]
