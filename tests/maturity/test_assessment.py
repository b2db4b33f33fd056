import datetime as dt

import pytest

from survey_service import errors
from survey_service.maturity.answers import Answer
from survey_service.maturity.assessment import Assessment, Draft, Organisation, Response, revise
from tests.samples import levels, tiny

TWO = tiny("two_dimensions")
AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=1)
THREE = Draft(Answer(level=3), "as seen in the minutes")
SAVED = Response("A", Answer(level=3), "as seen in the minutes", 1, "alice", AT)
DRAFT = Assessment(1, "two-dimensions", "1", "d", Organisation(1, "Agency", ""), "draft", AT)


def test_the_first_save_is_revision_one() -> None:
    assert revise(TWO, "A", None, THREE, "alice", AT) == SAVED


def test_a_save_on_the_current_revision_counts_up() -> None:
    four = Draft(Answer(level=4), revision=1)

    saved = revise(TWO, "A", SAVED, four, "bob", LATER)

    assert (saved.revision, saved.answer.level, saved.author) == (2, 4, "bob")


def test_a_stale_save_is_refused_with_both_versions() -> None:
    stale = Draft(Answer(level=4), revision=0)

    with pytest.raises(errors.StaleRevisionError) as refused:
        revise(TWO, "A", SAVED, stale, "bob", LATER)

    assert refused.value.details["current"] == SAVED
    assert refused.value.details["sent"] == stale


def test_a_repeated_save_changes_nothing() -> None:
    assert revise(TWO, "A", SAVED, THREE, "alice", LATER) is SAVED


def test_the_same_words_of_somebody_else_are_no_repetition() -> None:
    with pytest.raises(errors.StaleRevisionError):
        revise(TWO, "A", SAVED, THREE, "bob", LATER)


def test_a_complete_assessment_can_be_handed_in_and_taken_back() -> None:
    answers = levels(A=1, B=1, C=1, D=1, E=1)

    submitted = DRAFT.submit(TWO, answers, LATER)

    assert (submitted.state, submitted.submitted_at) == ("submitted", LATER)
    assert submitted.withdraw() == DRAFT


def test_an_incomplete_assessment_is_not_handed_in() -> None:
    with pytest.raises(errors.IncompleteError) as refused:
        DRAFT.submit(TWO, levels(A=1, B=1, C=1), LATER)

    assert refused.value.details["missing"] == ["D", "E"]


def test_what_is_handed_in_is_closed() -> None:
    submitted = DRAFT.submit(TWO, levels(A=1, B=1, C=1, D=1, E=1), LATER)

    with pytest.raises(errors.ClosedError):
        submitted.require_open()
    with pytest.raises(errors.ClosedError):
        submitted.submit(TWO, {}, LATER)


def test_a_draft_has_nothing_to_take_back() -> None:
    with pytest.raises(errors.WrongStateError):
        DRAFT.withdraw()


def test_an_assessment_names_its_questionnaire() -> None:
    assert DRAFT.reference == "two-dimensions@1"
