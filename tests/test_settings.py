import zoneinfo

import pytest

from survey_service.errors.installation import InvalidSettingError, UnsafeSettingError
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
        ("SURVEY_TIME_ZONE", "Asia"),
        ("SURVEY_TIME_ZONE", "../Asia/Jakarta"),
        ("SURVEY_TIME_ZONE", "right/Asia/Jakarta"),
        ("SURVEY_TIME_ZONE", "zone.tab"),
        ("SURVEY_TIME_ZONE", "x" * 300),
        ("SURVEY_PORT", "65536"),
        ("SURVEY_SESSION_HOURS", "99999999"),
        ("SURVEY_REPORT_MEMORY", "9" * 12),
        ("SURVEY_REPORT_SECONDS", "9" * 5000),
        ("SURVEY_PUBLIC", "https://[::1"),
        ("SURVEY_PUBLIC", "https://host:port"),
        ("SURVEY_MAIL", "smtp://mail.example:99999"),
        ("SURVEY_FILES", "s3://[x"),
        ("SURVEY_FILES", "s3:///prefix"),
        ("SURVEY_FILES", "ftp://host/x"),
        ("SURVEY_DATABASE", "mysql://host/x"),
        ("SURVEY_DATABASE", "postgresql://host:port/x"),
        ("SURVEY_NOTHING", "1"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        from_environment({name: value})

    assert refused.value.details["name"] == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURVEY_DATABASE", "postgresql:///survey?host=/run"),
        ("SURVEY_DATABASE", "postgresql+asyncpg.db"),
        ("SURVEY_DATABASE", "postgres://u:p@[::1]:5432/x"),
        ("SURVEY_FILES", "s3://bucket/prefix"),
    ],
)
def test_a_place_is_an_address_or_on_this_machine(name: str, value: str) -> None:
    chosen = from_environment({name: value})

    assert value in {chosen.database, chosen.files}


def test_a_choice_that_is_refused_is_told_without_its_password() -> None:
    with pytest.raises(InvalidSettingError) as refused:
        from_environment({"SURVEY_DATABASE": "postgresql://survey:secret@host:port/x"})

    assert refused.value.details["value"] == "postgresql://…@host:port/x"


def test_a_time_zone_is_looked_up_without_a_look_at_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(zoneinfo, "available_timezones")

    assert from_environment({"SURVEY_TIME_ZONE": "Asia/Makassar"}).time_zone == "Asia/Makassar"


LONG = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("public", "secret", "safe"),
    [
        ("", "", True),
        ("http://localhost:8000", "demo", True),
        ("http://survey.example", LONG, False),
        ("https://survey.example", "", False),
        ("https://survey.example", "demo", False),
        ("https://survey.example", "short", False),
        ("https://survey.example", f"{LONG},demo", False),
        ("https://survey.example", LONG, True),
        ("https://survey.example", f"{LONG},{LONG[::-1]}", True),
    ],
)
def test_others_are_not_served_with_what_is_only_for_trying_out(
    public: str,
    secret: str,
    safe: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    chosen = Settings(public=public, secret=secret)

    if safe:
        chosen.require_safe()
    else:
        with pytest.raises(UnsafeSettingError):
            chosen.require_safe()


def test_the_address_says_how_and_for_whom_the_service_answers() -> None:
    chosen = Settings(public="https://survey.example/")

    assert chosen.address == "https://survey.example"
    assert chosen.https
    assert chosen.hosts == {"survey.example", "localhost", "127.0.0.1", "::1"}
    assert Settings(port=9000).address == "http://127.0.0.1:9000"
    assert not Settings().https


@pytest.mark.parametrize(
    ("chosen", "local"),
    [
        (Settings(), True),
        (Settings(host="0.0.0.0"), True),
        (Settings(host="10.0.0.1"), False),
        (Settings(host="0.0.0.0", public="https://survey.example"), False),
    ],
)
def test_listening_everywhere_alone_serves_nobody_else(chosen: Settings, *, local: bool) -> None:
    assert chosen.is_local is local
    assert ("localhost" in chosen.address) is (chosen.host == "0.0.0.0" and local)


def test_settings_tell_no_secret() -> None:
    chosen = Settings(
        secret=LONG, s3_secret="canary", oidc_secret="canary", mail="smtp://u:canary@x"
    )

    assert "canary" not in f"{chosen} {chosen!r}"
    assert LONG not in f"{chosen} {chosen!r}"
