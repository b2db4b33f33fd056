import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.remarks import AGAIN, Remark
from survey_service.errors.review import ResolvedError, WrongOutcomeError

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)


def test_a_remark_is_resolved_once() -> None:
    made = Remark(1, "comment", "A", "Which minutes?", "alice", AT)

    resolved = made.resolve("Those of March.", "bob", AT)

    assert made.is_open
    assert not resolved.is_open
    assert (resolved.answer, resolved.resolved_by) == ("Those of March.", "bob")
    with pytest.raises(ResolvedError):
        resolved.resolve("Again.", "alice", AT)


def test_what_can_become_of_a_remark_goes_by_its_kind() -> None:
    point = Remark(1, "point", "A", "Show it.", "bob", AT)
    objection = Remark(2, "objection", "A", "It is level 4.", "alice", AT)

    assert point.resolve("", "alice", AT, "done").outcome == "done"
    assert objection.resolve("No.", "bob", AT, "rejected").outcome == "rejected"
    with pytest.raises(WrongOutcomeError):
        objection.resolve("", "alice", AT, "done")


def test_a_point_is_to_be_mended_once_it_is_given_until_it_is_answered() -> None:
    written = Remark(1, "point", "A", "Show it.", "bob", AT, audience="internal")
    given = structs.replace(written, audience="all")

    mended = [one.is_to_mend for one in (written, given, given.resolve("Done.", "alice", AT))]
    assert mended == [False, True, False]
    assert (written.place, given.place) == ("internal/remarks/1", "remarks/1")


def test_the_same_words_at_once_are_the_same_remark() -> None:
    made = Remark(1, "comment", "A", "Which minutes?", "alice", AT)
    again = structs.replace(made, id=0, at=AT + dt.timedelta(seconds=1))

    assert again.repeats(made)
    assert not structs.replace(again, author="bob").repeats(made)
    assert not structs.replace(again, at=AT + AGAIN).repeats(made)
    assert not again.repeats(made.resolve("Those of March.", "bob", AT))
