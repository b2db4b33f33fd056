"""What organisations and people may be called."""

import pytest

from survey_service.conduct.names import is_name, require_name
from survey_service.errors import InvalidNameError

BREAKS = ["\n", "\r", "\x0b", "\x0c", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("name", ["Budi", "Dr. Sri Mulyani, S.E.", "Kota “Ăb” 会议", "x" * 200])
def test_a_line_of_letters_is_a_name(name: str) -> None:
    require_name(name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, *(f"a{each}b" for each in BREAKS), "a\n"])
def test_anything_else_is_none(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(InvalidNameError):
        require_name(name)
