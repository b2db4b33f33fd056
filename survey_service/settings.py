"""What an installation can choose; `from_environment` is the only reader of the environment."""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from typing_extensions import override

from survey_service import time_zones
from survey_service.errors.installation import InvalidSettingError, UnsafeSettingError


def _shipped(name: str) -> Path:
    """Return a folder that comes with the program: inside the wheel, or beside the package."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


SHIPPED_TEMPLATES = _shipped("report_templates")
MAKING_A_SECRET = "python3 -c 'import secrets; print(secrets.token_hex(32))'"  # noqa: S105 - how to
GRACE = 30  # seconds for what is under way when the service is to stop
SHORTEST_SECRET = 32  # letters
_MOST = {"port": 65_535, "session_hours": 87_600, "session_minutes": 5_256_000}  # ten years
_DIGITS = 9  # of a number: more is a slip, and more than a system call takes
_SIGN_IN = re.compile("://.*@")  # in an address; it has a password
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - where a container listens; others need `public`
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@cache  # every request asks
def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


class Settings(Struct, frozen=True):
    """The choices, each with a default that works on one machine.

    `database` is a file, or a `postgresql://` address. `files` holds evidence and rendered reports:
    a folder, or `s3://bucket/prefix` with the `s3_…` settings. `public` is the address under which
    people reach the service, by default where it listens: other hosts' names are refused. `secret`
    seals what is kept of second factors and the key of the log, at least 32 letters; without it,
    and only where nobody else is served, the service makes one. Where it changes, the new one
    stands before the old ones, separated by commas. `proxies` lists the addresses of those that may
    say whom they speak for, separated by commas. `report_seconds` bounds the making of one report,
    `report_memory` its worker, in MiB. A session ends after `session_hours`, or `session_minutes`
    without a request. `mail` is the server that sends mail, `smtp://user:password@host:587` or
    `smtps://…`; without it links are shown to the administrator. `oidc_…` name the provider of
    single sign-on and what we are to it. `evidence_megabytes` bounds one file, `evidence_files`
    those of one answer, and `assessment_megabytes` and `organisation_megabytes` all of them, with
    what was taken away. A process works on `under_way` requests at the most, and keeps
    `connections` open. `codes` is `on` where anybody may ask what was issued under the code of a
    report, else `off`, as `public_releases` is where anybody sees what was released. Of groups of
    fewer organisations than `smallest_group` no release tells anything, and nobody is told of so
    few peers. Releases may be used under the `release_licence`, by its name or address. `seal` is
    what seals papers, a PKCS#12 file or a token, `seal_password` what opens it, and
    `seal_authority` the address of whoever stamps the time.
    """

    database: str = "data/survey.db"
    files: str = "data/files"
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: str = ""
    questionnaires: Path = _shipped("questionnaires")
    report_templates: Path = SHIPPED_TEMPLATES
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    public: str = ""
    secret: str = ""
    language: str = "id"
    time_zone: str = "Asia/Jakarta"
    report_workers: int = 1
    report_seconds: int = 60
    report_memory: int = 2048
    session_hours: int = 12
    session_minutes: int = 60
    proxies: str = ""
    mail: str = ""
    mail_from: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = ""
    evidence_megabytes: int = 25
    evidence_files: int = 20
    assessment_megabytes: int = 2000
    organisation_megabytes: int = 10_000
    under_way: int = 32
    connections: int = 4096
    codes: str = "on"
    public_releases: str = "off"
    smallest_group: int = 5
    release_licence: str = ""
    seal: str = ""
    seal_password: str = ""
    seal_authority: str = ""

    @override
    def __repr__(self) -> str:
        """Name nothing: some of the values are secrets, and this may end up in a log."""
        return "Settings(…)"

    @property
    def address(self) -> str:
        """Where people reach the service, without a slash at the end."""
        host = "localhost" if self.host in _EVERYWHERE else self.host
        return self.public.rstrip("/") or f"http://{host}:{self.port}"

    @property
    def has_codes(self) -> bool:
        """Whether anybody may ask what was issued under the code of a report."""
        return self.codes == "on"

    @property
    def has_public_releases(self) -> bool:
        """Whether anybody sees what was released."""
        return self.public_releases == "on"

    @property
    def is_local(self) -> bool:
        """Whether only this machine is served: requests under any other name are refused."""
        return _host(self.address) in _LOOPBACK

    @property
    def https(self) -> bool:
        """Whether people reach it through TLS: cookies then are for this host alone."""
        return self.address.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The names of hosts that requests may be for."""
        return _LOOPBACK | {_host(self.address)}

    def require_safe(self) -> None:
        """Refuse to serve others than this machine with what is only good for trying it out.

        Raises:
            UnsafeSettingError: The public address is without TLS, or no secret is set or too short
                a one.
        """
        if self.is_local:
            return
        if not self.https:
            raise UnsafeSettingError(name="SURVEY_PUBLIC", expected="https://…")
        if min(map(len, self.secret.split(","))) < SHORTEST_SECRET:
            raise UnsafeSettingError(name="SURVEY_SECRET", expected=MAKING_A_SECRET)


_SCHEMES = {
    "seal_authority": ("https", "http"),
    "public": ("https", "http"),
    "mail": ("smtps", "smtp"),
    "oidc_issuer": ("https", "http"),
    "s3_endpoint": ("https", "http"),
}
_PLACES = {"database": ("survey.db", ("postgresql", "postgres")), "files": ("files/", ("s3",))}
"""Settings that are an address or a place on this machine: how the latter looks, and the schemes."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:  # noqa: TID251
    """Return the settings that `SURVEY_…` variables choose.

    Raises:
        InvalidSettingError: A variable is unknown, or its value is not what is expected.
    """
    chosen: dict[str, object] = {}
    for name, value in environment.items():
        if name.startswith("SURVEY_"):
            field = name.removeprefix("SURVEY_").lower()
            chosen[field] = _parsed(name, field, value)
    settings = Settings(**chosen)  # type: ignore[arg-type] # each parsed by its field's type
    for field in ("codes", "public_releases"):
        value = getattr(settings, field)
        _require(field, value, value in {"on", "off"}, "on | off")
    _require("language", settings.language, settings.language in {"id", "en"}, "id | en")
    known = time_zones.find(settings.time_zone) is not None
    _require("time_zone", settings.time_zone, known, "Asia/Jakarta, Asia/Makassar, …")
    for field, most in _MOST.items():
        number = getattr(settings, field)
        _require(field, str(number), number <= most, f"1 - {most}")
    for field, schemes in _SCHEMES.items():
        value = getattr(settings, field)
        fits = not value or _is_address(value, schemes)
        _require(field, value, fits, " | ".join(f"{scheme}://…" for scheme in schemes))
    for field, (here, elsewhere) in _PLACES.items():
        value = getattr(settings, field)
        fits = "://" not in value or _is_address(value, elsewhere, host=field == "files")
        _require(field, value, fits, " | ".join((here, *(f"{one}://…" for one in elsewhere))))
    return settings


def _is_address(value: str, schemes: tuple[str, ...], *, host: bool = True) -> bool:
    """Whether it is an address of one of some schemes that can be taken apart, with a host."""
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in schemes and (parts.port or 1) > 0 and bool(parts.hostname or not host)
        )
    except ValueError:  # brackets that do not close, a port that is no number
        return False


def _parsed(name: str, field: str, value: str) -> object:
    wanted = Settings.__annotations__.get(field)
    if wanted is int and value.isdecimal() and 0 < len(value) <= _DIGITS and int(value) > 0:
        return int(value)
    if wanted is Path:
        return Path(value)
    if wanted is str:
        return value
    names = ", ".join(f"SURVEY_{known.upper()}" for known in Settings.__struct_fields__)
    expected = {int: "1, 2, 3, …", None: names}[wanted]
    raise InvalidSettingError(name=name, value=value, expected=expected)


def _require(field: str, value: str, holds: bool, expected: str) -> None:  # noqa: FBT001
    if not holds:
        shown = _SIGN_IN.sub("://…@", value)
        raise InvalidSettingError(name=f"SURVEY_{field.upper()}", value=shown, expected=expected)
