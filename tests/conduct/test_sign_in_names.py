"""Names to sign in with: which of them are one."""

import pytest

from survey_service.conduct.sign_in_names import comparable, resembling


@pytest.mark.parametrize(
    "written",
    ["Demo", "demo ", "\tDEMO\n", "\u00a0demo", "de\u200bmo", "\ufeffdemo", "ｄｅｍｏ"],  # noqa: RUF001
)
def test_capitals_blanks_around_and_what_is_invisible_do_not_matter(written: str) -> None:
    assert comparable(written) == "demo"


def test_other_names_stay_apart() -> None:
    assert len({comparable(one) for one in ("demo", "demo-2", "d.emo", "démo")}) == 4


def test_names_that_are_one_are_found_in_groups() -> None:
    assert resembling(["demo", "Budi", "DEMO", "ani", "Demo"]) == [["DEMO", "Demo", "demo"]]
