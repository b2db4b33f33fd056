"""Names to sign in with: which of them are one."""

from survey_service.conduct.sign_in_names import resembling


def test_names_that_are_one_are_found_in_groups() -> None:
    assert resembling(["demo", "Budi", "DEMO", "ani", "de\u200bmo"]) == [
        ["DEMO", "demo", "de\u200bmo"]
    ]


def test_other_names_stay_apart() -> None:
    assert resembling(["demo", "demo-2", "d.emo", "démo"]) == []
