import datetime as dt

import pytest

from survey_service.conduct.remarks import Remark
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
