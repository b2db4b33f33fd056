import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.assessment import Assessment, Organisation
from survey_service.conduct.discarding import Discarding, require_discardable
from survey_service.conduct.life import Moved, State, Step
from survey_service.errors.answers import ClosedError
from survey_service.errors.review import KeptError

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
DRAFT = Assessment(1, "two-dimensions", "1", "d", Organisation(1, "Agency", ""), "draft", AT)


def _moved(step: Step, before: State, after: State) -> Moved:
    return Moved(1, step, before, after, "alice", AT)


def test_a_draft_that_was_never_handed_in_can_be_thrown_away() -> None:
    taken_over = Moved(1, "take_over", "draft", "draft", "alice", AT)

    require_discardable(DRAFT, [taken_over], continues=False)


def test_what_was_handed_in_is_kept_even_after_it_was_taken_back() -> None:
    taken = [_moved("submit", "draft", "submitted"), _moved("withdraw", "submitted", "draft")]

    with pytest.raises(KeptError):
        require_discardable(DRAFT, taken, continues=False)
    with pytest.raises(KeptError):
        require_discardable(structs.replace(DRAFT, state="returned"), [], continues=False)


def test_what_goes_on_from_or_in_another_version_is_kept() -> None:
    with pytest.raises(KeptError):
        require_discardable(DRAFT, [], continues=True)
    with pytest.raises(ClosedError):
        require_discardable(structs.replace(DRAFT, superseded_by=2), [], continues=False)


def test_a_draft_can_be_brought_back_for_a_day() -> None:
    assert Discarding(AT, "alice").until == dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
