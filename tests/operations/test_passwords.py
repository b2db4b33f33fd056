"""Passwords: which will do, and how they are kept."""

import re

import pytest

from survey_service.errors.accounts import WeakPasswordError
from survey_service.operations.passwords import hashed, matches, require_strong

GOOD = ["gambut merpati sembilan", "xK9-vale-quartz", "a" * 40 + "Zebra-Kuning-Tujuh"]
WEAK = [
    "", "short", "password", "12345678901234", "qwertyuiop", "indonesia2026", "reformasi2026",
    "dina.wulandari", "iloveyou123", "P@ssw0rd123",
]  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_a_password_of_unrelated_words_will_do(password: str) -> None:
    require_strong(password, "dina", "Dina Wulandari")


@pytest.mark.parametrize("password", WEAK)
def test_a_password_is_long_and_hard_to_guess(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        require_strong(password, "dina", "Dina Wulandari")


async def test_a_password_counts_to_its_last_letter() -> None:
    long = "kata sandi yang panjang sekali, " * 8
    kept = hashed(long)

    assert await matches(kept, long)
    assert not await matches(kept, long[:-1])
    assert not await matches(None, long)


def test_a_password_is_kept_as_argon2id_at_least_at_the_floor() -> None:
    kept = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$.+", hashed("x"))

    assert kept is not None
    memory, passes, lanes = (int(number) for number in kept.groups())
    assert (memory, passes, lanes) >= (19 * 1024, 2, 1)
