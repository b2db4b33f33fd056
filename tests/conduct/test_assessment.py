import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.assessment import (
    Assessment,
    Draft,
    InCycle,
    Organisation,
    Response,
    reasoned,
    require_reason,
    revise,
    unchecked,
)
from survey_service.conduct.cycles import Calendar
from survey_service.errors import SurveyError
from survey_service.errors.answers import (
    ClosedError,
    NoAnswerError,
    StaleRevisionError,
    UnknownIndicatorError,
)
from survey_service.errors.cycles import WithdrawnError
from survey_service.errors.review import IncompleteError, ReasonRequiredError
from survey_service.maturity.answers import NOTHING, Answer
from tests.samples import levels, tiny

TWO = tiny("two_dimensions")
AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(minutes=1)
THREE = Draft(Answer(level=3), "as seen in the minutes")
BACK = Draft(NOTHING, "why", 1, taken_back=True)
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

    with pytest.raises(StaleRevisionError) as refused:
        revise(TWO, "A", SAVED, stale, "bob", LATER)

    assert refused.value.details["current"] == SAVED
    assert refused.value.details["sent"] == stale


def test_a_repeated_save_changes_nothing() -> None:
    assert revise(TWO, "A", SAVED, THREE, "alice", LATER) is SAVED


def test_the_same_words_of_somebody_else_are_no_repetition() -> None:
    with pytest.raises(StaleRevisionError):
        revise(TWO, "A", SAVED, THREE, "bob", LATER)


def test_a_complete_assessment_can_be_handed_in_and_taken_back() -> None:
    DRAFT.require_complete(TWO, levels(A=1, B=1, C=1, D=1, E=1))
    submitted = DRAFT.taken("submit", LATER)

    assert (submitted.state, submitted.submitted_at) == ("submitted", LATER)
    assert submitted.taken("withdraw", LATER) == DRAFT


def test_an_incomplete_assessment_is_not_handed_in() -> None:
    with pytest.raises(IncompleteError) as refused:
        DRAFT.require_complete(TWO, levels(A=1, B=1, C=1))

    assert refused.value.details["missing"] == ["D", "E"]


def test_what_goes_on_elsewhere_is_only_to_be_read() -> None:
    moved = structs.replace(DRAFT, superseded_by=2)

    assert not moved.is_answered
    with pytest.raises(ClosedError):
        moved.require_open("self", LATER)
    with pytest.raises(ClosedError):
        moved.taken("submit", LATER)


def test_an_answer_that_changed_since_it_was_scored_is_unchecked() -> None:
    again = structs.replace(SAVED, revision=2)
    scored = structs.replace(SAVED, stage="internal", judged=1)

    assert unchecked({"A": SAVED}, {}) == ["A"]
    assert unchecked({"A": SAVED}, {"A": scored}) == []
    assert unchecked({"A": again}, {"A": scored}) == ["A"]


def test_another_score_needs_a_reason() -> None:
    four = Draft(Answer(level=4))

    with pytest.raises(ReasonRequiredError):
        require_reason("A", four, SAVED.answer)

    require_reason("A", Draft(Answer(level=4), "not in the minutes"), SAVED.answer)
    require_reason("A", Draft(Answer(level=3)), SAVED.answer)
    require_reason("A", four, None)


def test_a_score_of_a_newer_answer_is_a_new_one() -> None:
    scored = structs.replace(SAVED, stage="internal", judged=1)
    same = Draft(SAVED.answer, SAVED.note, 1)

    again = revise(TWO, "A", scored, same, "alice", LATER, stage="internal", judged=2)

    assert (again.revision, again.judged, again.stage) == (2, 2, "internal")


def test_an_assessment_names_its_questionnaire() -> None:
    assert DRAFT.reference == "two-dimensions@1"


def test_nothing_is_done_about_what_is_withdrawn() -> None:
    cycle = InCycle(1, "2026", Calendar({}, "Asia/Jakarta"), "merged")
    withdrawn = structs.replace(DRAFT, cycle=cycle)

    assert not withdrawn.goes_on
    assert not withdrawn.is_answered
    with pytest.raises(WithdrawnError) as refused:
        withdrawn.taken("submit", AT)
    assert refused.value.details == {"cycle": "2026", "because": "merged"}
    with pytest.raises(WithdrawnError):
        withdrawn.require_open("self", AT)


def test_a_stage_that_accepts_without_a_word_hides_no_reason_before_it() -> None:
    lowered = structs.replace(SAVED, stage="internal", answer=Answer(level=2), note="a draft")
    accepted = structs.replace(lowered, stage="external", note="")
    agreed = structs.replace(lowered, stage="external", note="seen as well")

    assert reasoned({}) == []
    assert reasoned({"self": SAVED, "external": structs.replace(SAVED, note=" ")}) == [SAVED]
    scores = {"external": accepted, "internal": lowered, "self": SAVED}
    assert reasoned(scores) == [SAVED, lowered]  # type: ignore[arg-type] # stages
    assert reasoned({"self": SAVED, "internal": lowered, "external": agreed}) == [
        SAVED, lowered, agreed,
    ]  # fmt: skip


def test_what_is_taken_back_is_a_revision_that_says_nothing() -> None:
    taken = revise(TWO, "A", SAVED, BACK, "bob", LATER)

    assert taken == Response("A", NOTHING, "why", 2, "bob", LATER)
    assert taken.is_taken_back
    assert not taken.counts
    assert revise(TWO, "A", taken, BACK, "bob", LATER) is taken
    assert revise(TWO, "A", taken, Draft(Answer(level=2), revision=2), "bob", LATER).counts


@pytest.mark.parametrize(("code", "error"), [("A", NoAnswerError), ("Z", UnknownIndicatorError)])
def test_there_must_be_something_to_take_back(code: str, error: type[SurveyError]) -> None:
    with pytest.raises(error):
        revise(TWO, code, None, BACK, "bob", LATER)


def test_a_score_is_taken_back_without_a_reason() -> None:
    require_reason("A", structs.replace(BACK, note=""), Answer(level=3))
