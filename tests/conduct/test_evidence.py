import datetime as dt

import pytest

from survey_service.conduct.evidence import (
    Evidence,
    Space,
    require_link,
    require_room,
    require_space,
)
from survey_service.errors.evidence import (
    AssessmentFullError,
    InvalidLinkError,
    NotAttachedError,
    OrganisationFullError,
    TooManyFilesError,
    TooManyKeptError,
)

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
    require_room("a.pdf", attached=1, kept=9, most=2)

    with pytest.raises(TooManyFilesError):
        require_room("a.pdf", attached=2, kept=2, most=2)
    with pytest.raises(TooManyKeptError):
        require_room("a.pdf", attached=0, kept=10, most=2)


def test_there_is_space_up_to_the_last_byte_of_the_assessment_and_of_its_organisation() -> None:
    most = Space(100_000, 300_000)
    require_space("a.pdf", 20_000, Space(80_000, 280_000), most)

    with pytest.raises(AssessmentFullError):
        require_space("a.pdf", 20_001, Space(80_000, 0), most)
    with pytest.raises(OrganisationFullError):
        require_space("a.pdf", 20_001, Space(0, 280_000), most)
    with pytest.raises(AssessmentFullError):  # a small file counts as 10 kB
        require_space("a.pdf", 1, Space(90_001, 0), most)
