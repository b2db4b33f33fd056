import datetime as dt

import pytest

from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.conduct.life import Stage
from survey_service.errors.cycles import InvalidWindowError, OutsideDatesError, UnknownZoneError
from survey_service.errors.review import MoreTimeError, WrongStateError


def _days(first: int, last: int) -> Window:
    return Window(dt.date(2026, 3, first), dt.date(2026, 3, last))


SELF, INTERNAL, EXTERNAL = _days(1, 10), _days(5, 20), _days(11, 31)
WINDOWS: dict[Stage, Window] = {"self": SELF, "internal": INTERNAL, "external": EXTERNAL}
MARCH = Calendar(WINDOWS, "Asia/Jakarta")


def test_days_are_those_of_the_time_zone_first_and_last_included() -> None:
    first = dt.datetime(2026, 2, 28, 17, 0, tzinfo=dt.UTC)  # midnight of 1 March in Jakarta
    last = dt.datetime(2026, 3, 10, 16, 59, tzinfo=dt.UTC)  # a minute to midnight of 10 March

    MARCH.require_within("self", first)
    MARCH.require_within("self", last)
    for outside in (first - dt.timedelta(minutes=1), last + dt.timedelta(minutes=1)):
        with pytest.raises(OutsideDatesError):
            MARCH.require_within("self", outside)


@pytest.mark.parametrize(
    ("windows", "stage", "reason"),
    [
        ({"self": SELF}, "external", "window_missing"),
        ({"external": EXTERNAL}, "self", "window_missing"),
        ({"self": _days(10, 9), "external": EXTERNAL}, "self", "window_backwards"),
        (
            {"self": SELF, "internal": _days(5, 4), "external": EXTERNAL},
            "internal",
            "window_backwards",
        ),
        ({"self": EXTERNAL, "external": SELF}, "external", "window_early"),
        ({"self": SELF, "external": EXTERNAL, "final": EXTERNAL}, "final", "window_none"),
    ],
)
def test_windows_that_contradict_one_another_are_refused(
    windows: dict[Stage, Window], stage: Stage, reason: str
) -> None:
    with pytest.raises(InvalidWindowError) as refused:
        Calendar(windows, "Asia/Jakarta").require_sensible()

    assert refused.value.details == {"stage": stage, "reason": reason}


def test_one_may_have_more_time_than_others() -> None:
    later = dt.date(2026, 3, 15)
    noon = dt.datetime(2026, 3, 12, 5, tzinfo=dt.UTC)

    assert MARCH.extended("self", later).windows == {**WINDOWS, "self": _days(1, 15)}
    assert MARCH.extended("internal", later) == MARCH  # which ends later anyhow
    assert MARCH.extended("self", None) == MARCH.extended("final", later) == MARCH
    MARCH.require_more("self", later, noon)
    for stage, until in (("self", dt.date(2026, 3, 11)), ("internal", later), ("final", later)):
        with pytest.raises(MoreTimeError):
            MARCH.require_more(stage, until, noon)  # type: ignore[arg-type] # stages


def test_a_cycle_may_do_without_an_inspectorate() -> None:
    calendar = Calendar({"self": SELF, "external": EXTERNAL}, "Asia/Makassar")

    calendar.require_sensible()

    assert calendar.stages == ("self", "external")


def test_a_time_zone_must_be_known() -> None:
    with pytest.raises(UnknownZoneError):
        Calendar(WINDOWS, "Asia/Bandung").require_sensible()


@pytest.mark.parametrize("damaged", ["Asia", "Asia/Bandung", "", "x" * 300])
def test_days_are_those_of_utc_where_somebody_damaged_the_time_zone(damaged: str) -> None:
    assert Calendar(WINDOWS, damaged).zone.key == "UTC"


def test_opening_pins_what_is_asked() -> None:
    planned = Cycle(1, "2026", 1, "x", "1", MARCH)
    at = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)

    opened = planned.opened("digest", at)

    assert (opened.state, opened.digest, opened.opened_at) == ("open", "digest", at)
    planned.require_same_version("x", "2")
    opened.require_same_version("x", "1")
    with pytest.raises(WrongStateError):
        opened.require_same_version("x", "2")
    with pytest.raises(WrongStateError):
        opened.opened("digest", at)
