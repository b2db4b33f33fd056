"""Languages: choosing one, its catalogue, the words of errors, numbers and dates as it writes them.

Interface texts are gettext messages in English. Errors, problems in files and findings go by code
(`error.not_found`, `problem.missing`, `finding.weights_zero`) and have words in both catalogues, as
have states, stages, steps and roles (`state.draft`, `role.auditor`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_minus_sign_symbol
from babel.support import Translations

from survey_service.characters import visible
from survey_service.errors import SurveyError
from survey_service.errors.writing import AmbiguousNumberError, NotANumberError

LANGUAGES = ("id", "en")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,20})?")
_GROUPED = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?P<by>[.,' \u00a0\u2009\u202f])[0-9]{3}((?P=by)[0-9]{3}){0,4}"
    r"(?P<rest>(?!(?P=by))[.,][0-9]{1,20})?"
)
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,14}[.,][0-9]{3}")
_THREE = 3  # digits after a sign that parts thousands, or after a decimal one
_CLOCKS = {"id": "HH.mm", "en": "HH:mm"}
_FORMATS = {"id": "id", "en": "en_GB"}  # day before month and 24 hours, as Indonesians write too
DOMAIN = "survey_service"
COUNTED = ("count", "days", "minutes", "seconds")
"""The details of a message that it may say in the singular or the plural."""

LOCALES = Path(__file__).with_name("locale")
_MEGABYTE, _GIGABYTE = 1_000_000, 1_000_000_000  # bytes
NOTHING = "–"  # noqa: RUF001 - an en dash is what readers expect where there is no value


def choose(accepted: str | None) -> str:
    """Return the language that an `Accept-Language` header asks for; Indonesian if none of ours."""
    ranked = sorted(_ranked(accepted or ""), key=lambda pair: -pair[1])
    return negotiate_locale([tag for tag, _ in ranked], LANGUAGES, sep="-") or LANGUAGES[0]


def _ranked(accepted: str) -> Iterable[tuple[str, float]]:
    for part in accepted[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            yield tag, float(quality or 1)
        except ValueError:
            continue


@lru_cache
def catalogue(language: str) -> Translations:
    """Return the messages of a language, compiled from the catalogue's source."""
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def translate(message: str, language: str, /, **values: object) -> str:
    """Return an interface message or a coded sentence, its placeholders filled.

    Where the catalogue has it in the singular and the plural, the first of `COUNTED` decides.
    """
    return _sentence(message, language, values).format_map(_shown(values, language))


def _sentence(message: str, language: str, values: Mapping[str, object]) -> str:
    """Return a message in the number that what it counts calls for."""
    known = catalogue(language)
    count = next((one for name in COUNTED if isinstance(one := values.get(name), int)), 1)
    many = "" if count == 1 else known.ngettext(message, "", count)
    return many or known.gettext(message)


_ZONES = {
    "WIB": ("Asia/Jakarta", "Asia/Pontianak"),
    "WITA": ("Asia/Makassar", "Asia/Ujung_Pandang"),
    "WIT": ("Asia/Jayapura",),
}
_CALLED = {name: called for called, names in _ZONES.items() for name in names}


def describe(error: SurveyError, language: str) -> str:
    """Return the sentence that tells a person what went wrong."""
    details = dict(error.details)
    if "reason" in details:
        details["problem"] = said_of(
            str(details["reason"]), language, details, ("problem", "error")
        )
    return translate(f"error.{error.code}", language, **details)


def said_of(reason: str, language: str, details: Mapping[str, object], kinds: Sequence[str]) -> str:
    """Return a reason in words: as the first of the kinds that has it, `problem` or others.

    Words that want other details than these are of something else that happens to be called the same.
    """
    for kind in kinds:
        message = f"{kind}.{reason}"
        words = _sentence(message, language, details)
        wanted = {name for _, name, _, _ in Formatter().parse(words) if name}
        if words != message and wanted <= details.keys():
            return words.format_map(_shown(details, language))
    return reason


def _shown(values: Mapping[str, object], language: str) -> dict[str, object]:
    return {name: _words(name, value, language) for name, value in values.items()}


def _words(name: str, value: object, language: str) -> object:
    """Return a value as the language writes it; of a state, stage, step, role or zone its name."""
    if isinstance(value, Decimal):
        return decimal(value, language, exact=True)
    if name == "readings" and isinstance(value, tuple):
        return translate("{whole} or {part}", language, **_either(value, language))
    if isinstance(value, dt.datetime):
        return moment(value, language)
    if isinstance(value, dt.date):
        return day(value, language)
    if name == "zone":
        return zone_name(str(value))
    named = f"{name}.{value}"
    words = catalogue(language).gettext(named)
    return value if words == named else words


def zone_name(zone: str) -> str:
    """Return what people call a time zone: WIB, WITA or WIT in Indonesia, else its own name."""
    return _CALLED.get(zone, zone)


def _either(found: tuple[Decimal, Decimal], language: str) -> dict[str, str]:
    whole, part = (typed(each, language) for each in found)
    return {"whole": whole, "part": part}


def decimal(value: Decimal | None, language: str, digits: int = 2, *, exact: bool = False) -> str:
    """Return a number as the language writes it, rounded half up to `digits`, or `exact`."""
    if value is None:
        return NOTHING
    if exact:
        return format_decimal(value, locale=_FORMATS[language], decimal_quantization=False)
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    # without babel, which reads its pattern anew at each call: a board has thousands of numbers
    minus, point = _signs(language)
    return f"{rounded:f}".replace(".", point).replace("-", minus)


@lru_cache
def _signs(language: str) -> tuple[str, str]:
    """Return the minus sign and the decimal point of a language."""
    locale = _FORMATS[language]
    return get_minus_sign_symbol(locale), get_decimal_symbol(locale)


def number(written: str) -> Decimal | None:
    """Return the number that a person wrote, with a decimal comma or point; None for nothing.

    Thousands may be parted where that can be told from a decimal sign: `1.234.567`, `1.850,5`, `1 850`.

    Raises:
        NotANumberError: It is none.
        AmbiguousNumberError: Its only sign is followed by three digits, and so may be either.
    """
    bare = visible(written).replace("\N{MINUS SIGN}", "-")
    if not bare:
        return None
    if _AMBIGUOUS.fullmatch(bare):
        raise AmbiguousNumberError(value=written.strip(), readings=readings(bare))
    if _PLAIN.fullmatch(bare):
        return _told_apart(Decimal(bare.replace(",", ".")))
    if (grouped := _GROUPED.fullmatch(bare)) is None:
        raise NotANumberError(value=written.strip())
    return Decimal(bare.replace(grouped["by"], "").replace(",", "."))


def _told_apart(value: Decimal) -> Decimal:
    """Return a number without the nought behind three decimals that keeps them from being thousands."""
    shorter = (
        value.quantize(Decimal("0.001")) if value.as_tuple().exponent == -_THREE - 1 else value
    )
    return shorter if shorter == value else value


def readings(ambiguous: str) -> tuple[Decimal, Decimal]:
    """Return what `1.850` may mean: a whole number, or one with three decimals."""
    whole, part = (ambiguous.replace(",", ".").replace(".", by) for by in ("", "."))
    return Decimal(whole), Decimal(part)


def typed(value: Decimal, language: str) -> str:
    """Return a number as a reader of the language types it, so that `number` reads the same again."""
    plain = f"{value:f}"
    whole, point, decimals = plain.partition(".")
    if point and len(decimals) == _THREE and whole.strip("-") != "0":
        shorter = decimals.rstrip("0")
        decimals = shorter if shorter != decimals else f"{decimals}0"
    return f"{whole}{_signs(language)[1]}{decimals}" if decimals else whole


def date(at: dt.datetime, language: str) -> str:
    """Return the day, written out."""
    return format_date(at, "long", locale=_FORMATS[language])


def day(on: dt.date, language: str) -> str:
    """Return a day, short."""
    return format_date(on, "d MMM y", locale=_FORMATS[language])


def moment(at: dt.datetime, language: str) -> str:
    """Return day and time with its zone, in English too by the name that people call it."""
    called = _CALLED.get(str(at.tzinfo), "")
    written = format_datetime(
        at, f"d MMM y {_CLOCKS[language]}{'' if called else ' z'}", locale=_FORMATS[language]
    )
    return f"{written} {called}".rstrip()


def clock_time(at: dt.datetime, language: str) -> str:
    """Return the time of day."""
    return format_time(at, "short", locale=_FORMATS[language])


def file_size(size: int, language: str) -> str:
    """Return a number of bytes as people read it."""
    if size < _MEGABYTE:
        return f"{decimal(Decimal(size) / 1000, language, 0)} kB"
    if size < _GIGABYTE:
        return f"{decimal(Decimal(size) / _MEGABYTE, language, 1)} MB"
    return f"{decimal(Decimal(size) / _GIGABYTE, language, 1)} GB"
