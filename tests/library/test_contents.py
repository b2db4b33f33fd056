"""What a file really is: everything that is taken, and what is refused for what it is."""

from pathlib import Path

import pytest

from survey_service.errors.evidence import UnacceptableFileError
from survey_service.library.contents import require_acceptable
from tests.files import BAD, GOOD


@pytest.mark.parametrize("name", GOOD)
def test_what_it_says_it_is_is_taken(tmp_path: Path, name: str) -> None:
    media_type, content = GOOD[name]
    path = tmp_path / "file"
    path.write_bytes(content)

    assert require_acceptable(path, name) == media_type


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_safe_or_not_what_it_says_is_refused(tmp_path: Path, what: str) -> None:
    name, content, reason = BAD[what]
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(UnacceptableFileError) as refused:
        require_acceptable(path, name)

    assert (refused.value.details["name"], refused.value.details["reason"]) == (name, reason)
