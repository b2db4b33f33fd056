"""What organisations and people may be called."""

import pytest

from survey_service.conduct.names import in_order, is_name, require_name
from survey_service.errors.organisations import InvalidNameError

BREAKS = ["\n", "\r", "\x0b", "\x0c", "\x00", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("name", ["Budi", "Dr. Sri Mulyani, S.E.", "Kota “Ăb” 会议", "x" * 200])
def test_a_line_of_letters_is_a_name(name: str) -> None:
    require_name(name)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, *(f"a{each}b" for each in BREAKS), "a\n"])
def test_anything_else_is_none(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(InvalidNameError):
        require_name(name)


def test_names_are_in_the_order_of_readers() -> None:
    names = ["Dinas 10", "dinas 2", "Balai", "Dinas 2a", "2 Dinas", "10 Dinas", "\u200bAkademi"]

    found = sorted(names, key=in_order)

    assert found == [
        "2 Dinas",
        "10 Dinas",
        "\u200bAkademi",
        "Balai",
        "dinas 2",
        "Dinas 2a",
        "Dinas 10",
    ]
