"""What is done with what somebody damaged in the database: refused in words, or left aside."""

import datetime as dt

import pytest

from survey_service.conduct.assessment import Organisation
from survey_service.conduct.cycles import UNREADABLE, Calendar
from survey_service.conduct.trail import Head
from survey_service.errors import DamagedCalendarError, DamagedError
from survey_service.maturity import conditions

NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


def test_nothing_is_opened_for_an_organisation_of_which_nobody_knows_anything() -> None:
    Organisation(1, "Kota A", "city").require_readable()

    with pytest.raises(DamagedError):
        Organisation(1, "Kota A", "city", conditions.UNREADABLE).require_readable()


def test_nobody_can_tell_whether_it_is_time_in_a_calendar_that_is_damaged() -> None:
    assert UNREADABLE.is_damaged

    with pytest.raises(DamagedCalendarError):
        UNREADABLE.require_within("self", NOON)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd"])
def test_a_zone_that_there_is_not_is_shown_in_utc(zone: str) -> None:
    assert Calendar({}, zone).zone.key == "UTC"


def test_the_end_of_the_log_is_written_down_and_read_again() -> None:
    head = Head(3, "ab" * 32)

    assert Head.parsed(str(head)) == head


@pytest.mark.parametrize("written", ["3", "x:ab", "3:xy"])
def test_what_is_no_end_of_a_log_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Head.parsed(written)
