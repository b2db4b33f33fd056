import datetime as dt

import pytest

from survey_service.conduct.evidence import Evidence, require_link, require_room
from survey_service.errors import InvalidLinkError, NotAttachedError, TooManyFilesError

AT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
LINK = Evidence(1, "A", "minutes", None, None, None, "https://x.go.id", None, "alice", AT)


@pytest.mark.parametrize("url", ["https://example.go.id/a?b=c#d", "http://10.0.0.1:8080/x"])
def test_an_address_on_the_web_is_a_link(url: str) -> None:
    require_link(url)


@pytest.mark.parametrize("url", ["", "x", "https://[::1", "https://x/" + "y" * 2000, "mailto:a@b"])
def test_anything_else_is_none(url: str) -> None:
    with pytest.raises(InvalidLinkError):
        require_link(url)


def test_what_is_taken_away_once_can_come_back() -> None:
    removed = LINK.removed("bob", AT)

    assert (removed.removed_by, removed.removed_at) == ("bob", AT)
    assert removed.restored() == LINK
    with pytest.raises(NotAttachedError):
        removed.removed("bob", AT)


def test_there_is_room_up_to_the_limit() -> None:
    require_room(1, 2)

    with pytest.raises(TooManyFilesError):
        require_room(2, 2)
