import pytest

from survey_service.errors import InvalidSettingError
from survey_service.settings import Settings, from_environment


def test_without_a_choice_the_defaults_hold() -> None:
    assert from_environment({"PATH": "/bin"}) == Settings()


def test_choices_are_parsed_by_their_type() -> None:
    chosen = from_environment({"SURVEY_PORT": "9000", "SURVEY_FILES": "x", "SURVEY_LANGUAGE": "en"})

    assert (chosen.port, chosen.files, chosen.language) == (
        9000,
        "x",
        "en",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURVEY_PORT", "many"),
        ("SURVEY_PORT", "0"),
        ("SURVEY_PUBLIC", "survey.example"),
        ("SURVEY_MAIL", "mail.example:25"),
        ("SURVEY_OIDC_ISSUER", "ftp://x"),
        ("SURVEY_LANGUAGE", "fr"),
        ("SURVEY_TIME_ZONE", "Asia/Jakrta"),
        ("SURVEY_NOTHING", "1"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        from_environment({name: value})

    assert refused.value.details["name"] == name
