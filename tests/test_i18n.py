import datetime as dt
import re
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from survey_service import i18n
from survey_service.errors import DocumentError
from survey_service.errors.writing import AmbiguousNumberError, NotANumberError
from tests.samples import ROOT

TEMPLATES = ROOT / "survey_service" / "web" / "templates"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("en-GB,en;q=0.9", "en"),
        ("fr, en;q=0.5, id;q=0.4", "en"),
        ("fr", "id"),
        ("id;q=0.1, en;q=0.9", "en"),
        ("en;q=much, id", "id"),
    ],
)
def test_a_language_is_chosen_as_the_browser_asks(accepted: str | None, language: str) -> None:
    assert i18n.choose(accepted) == language


@given(
    st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=7),
    st.integers(0, 4),
)
def test_numbers_are_written_as_babel_writes_them(value: Decimal, digits: int) -> None:
    """Ours is what babel's pattern gives, without the time that it takes to read one."""
    pattern = "0." + "0" * digits if digits else "0"
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    for language, locale in (("id", "id"), ("en", "en_GB")):
        expected = format_decimal(rounded, pattern, locale=locale)
        assert i18n.decimal(value, language, digits) == expected


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (Decimal("3.465"), "3,47", "3.47"),
        (Decimal("2.005"), "2,01", "2.01"),
        (Decimal(2), "2,00", "2.00"),
        (None, i18n.NOTHING, i18n.NOTHING),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: Decimal | None, indonesian: str, english: str
) -> None:
    assert i18n.decimal(value, "id") == indonesian
    assert i18n.decimal(value, "en") == english


def test_whole_numbers_and_exact_ones() -> None:
    assert i18n.decimal(Decimal("2.5"), "id", digits=0) == "3"
    assert i18n.decimal(Decimal("2.50125"), "id", exact=True) == "2,50125"


def test_dates_are_written_as_the_language_does() -> None:
    at = dt.datetime(2026, 8, 17, 10, 42, tzinfo=dt.UTC)

    assert i18n.date(at, "id") == "17 Agustus 2026"
    assert i18n.date(at, "en") == "17 August 2026"
    assert i18n.clock_time(at, "id") == "10.42"
    assert "17 Agu 2026" in i18n.moment(at, "id")
    jakarta = at.astimezone(zoneinfo.ZoneInfo("Asia/Jakarta"))
    assert [i18n.moment(jakarta, one)[-10:] for one in ("id", "en")] == [" 17.42 WIB", " 17:42 WIB"]


def test_a_message_is_in_the_number_of_what_it_counts() -> None:
    told = {
        (language, count): i18n.translate("{count} units", language, count=count)
        for language in i18n.LANGUAGES
        for count in (0, 1, 2)
    }

    assert [told["en", count] for count in (0, 1, 2)] == ["0 units", "1 unit", "2 units"]
    assert [told["id", count] for count in (0, 1, 2)] == ["0 unit", "1 unit", "2 unit"]
    assert i18n.translate("error.open_objections", "en", count=1).startswith("1 objection is")
    assert i18n.translate("concern.window_over", "en", count=0) == i18n.translate(
        "concern.window_over", "en", count=1
    )


def test_an_unworded_reason_is_shown_as_it_is() -> None:
    error = DocumentError(file="x", line=1, key="-", reason="strange")

    assert i18n.describe(error, "en") == "x:1: -: strange"


@pytest.mark.parametrize(
    ("details", "said"),
    [({"limit": 40}, "nested deeper than 40"), ({"node": "A", "tiers": 2}, "A "), ({}, "too_deep")],
)
def test_a_reason_is_in_the_words_that_its_details_complete(
    details: dict[str, object], said: str
) -> None:
    assert said in i18n.said_of("too_deep", "en", details, ("finding", "problem"))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_command_and_setting_that_help_names_is_in_the_readme(language: str) -> None:
    pages = "".join(path.read_text() for path in (TEMPLATES / "help").glob("*.html"))
    told = re.findall(r'<p class="prose">{% trans %}(.*?){% endtrans %}</p>', pages)
    readme = (ROOT / "README.md").read_text()

    named = {
        name
        for words in told
        for name in re.findall(r"<code>([^<]+)</code>", i18n.translate(words, language))
    }

    assert {"survey-service doctor", "SURVEY_DATABASE"} <= named
    assert [name for name in named if name not in readme] == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1850", "1850"),
        ("1,85", "1.85"),
        ("1.85", "1.85"),
        ("-2,5", "-2.5"),
        ("\N{MINUS SIGN}2,5", "-2.5"),
        ("1.850,5", "1850.5"),
        ("1,850.5", "1850.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.25", "1234567.25"),
        ("1 850", "1850"),
        ("1\u00a0850", "1850"),
        ("0,125", "0.125"),
        ("1,2340", "1.234"),
        ("1,2345", "1.2345"),
        (" 85\u200b ", "85"),
    ],
)
def test_a_number_is_read_as_either_language_writes_it(written: str, value: str) -> None:
    assert i18n.number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "  ", "\u200b"])
def test_nothing_is_no_number(written: str) -> None:
    assert i18n.number(written) is None


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("1.850", (1850, "1.850")),
        ("1,850", (1850, "1.850")),
        ("-1.000", (-1000, "-1.000")),
        ("120.000", (120000, "120.000")),
        ("1\u200b.850", (1850, "1.850")),
        ("1850,000", (1850000, "1850.000")),
    ],
)
def test_three_digits_after_the_only_sign_are_never_guessed(
    written: str, readings: tuple[int, str]
) -> None:
    with pytest.raises(AmbiguousNumberError) as refused:
        i18n.number(written)

    assert refused.value.details["readings"] == (Decimal(readings[0]), Decimal(readings[1]))


def test_both_readings_are_told_as_one_types_them() -> None:
    refused = AmbiguousNumberError(value="1.850", readings=(Decimal(1850), Decimal("1.850")))

    assert (
        i18n.describe(refused, "id")
        == "1.850 dapat dibaca sebagai 1850 atau 1,85: tulis salah satunya."
    )
    assert i18n.describe(refused, "en") == "1.850 may mean 1850 or 1.85: write one of them."


@pytest.mark.parametrize(
    "written", ["much", "1.85.0", "1.850.5", "1,23,456", "0.500.000", "1..5", "8 5", "1.2.3"]
)
def test_what_is_no_number_in_either_language_is_refused(written: str) -> None:
    with pytest.raises(NotANumberError):
        i18n.number(written)


@pytest.mark.parametrize(
    ("value", "typed"),
    [("1850", "1850"), ("1.85", "1,85"), ("1.850", "1,85"), ("1.234", "1,2340"), ("0.125", "0,125"), ("1E+3", "1000"), ("2.000", "2")],
)  # fmt: skip
def test_a_number_is_typed_without_doubt(value: str, typed: str) -> None:
    assert i18n.typed(Decimal(value), "id") == typed


@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=3))
def test_what_is_typed_is_read_again_as_it_was(value: Decimal) -> None:
    for language in i18n.LANGUAGES:
        assert i18n.number(i18n.typed(value, language)) == value
