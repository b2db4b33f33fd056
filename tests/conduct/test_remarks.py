import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.remarks import AGAIN, Remark
from survey_service.errors import ResolvedError

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)


def test_a_remark_is_resolved_once() -> None:
    made = Remark(1, "comment", "A", "Which minutes?", "alice", AT)

    resolved = made.resolve("Those of March.", "bob", AT)

    assert made.is_open
    assert not resolved.is_open
    assert (resolved.answer, resolved.resolved_by) == ("Those of March.", "bob")
    with pytest.raises(ResolvedError):
        resolved.resolve("Again.", "alice", AT)


def test_the_same_words_at_once_are_the_same_remark() -> None:
    made = Remark(1, "comment", "A", "Which minutes?", "alice", AT)
    again = structs.replace(made, id=0, at=AT + dt.timedelta(seconds=1))

    assert again.repeats(made)
    assert not structs.replace(again, author="bob").repeats(made)
    assert not structs.replace(again, at=AT + AGAIN).repeats(made)
    assert not again.repeats(made.resolve("Those of March.", "bob", AT))
