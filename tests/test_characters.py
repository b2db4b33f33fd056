"""What nobody sees in a text is no content of it, and names that look the same are the same."""

import pytest

from survey_service.characters import is_blank, normal, single_blanks, visible

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u3164\u2800\ufe0f\U000e0041"


@pytest.mark.parametrize("text", ["", " \t\n", "\u00a0\u3000", *UNSEEN, f" {UNSEEN} "])
def test_what_nobody_sees_is_nothing(text: str) -> None:
    assert is_blank(text)


def test_what_is_seen_stays_as_it_is() -> None:
    assert visible(f"\ufeff Dinas{UNSEEN} Kesehatan\n") == "Dinas Kesehatan"


@pytest.mark.parametrize(
    "written",
    ["Dinas  Kesehatan", "DINAS KESEHATAN", "Dinas\u00a0Kesehatan ", "Dinas\u200b Kesehatan", "\uff24inas Kesehatan"],
)  # fmt: skip
def test_names_that_look_the_same_have_one_form(written: str) -> None:
    assert normal(written) == "dinas kesehatan"


def test_names_that_look_otherwise_have_another_form() -> None:
    assert normal("Kota Solok") != normal("Kab. Solok")


def test_several_blanks_are_one_and_lines_stay_apart() -> None:
    assert single_blanks(" Dinas \u00a0 Kesehatan\nA ") == "Dinas Kesehatan\nA"
