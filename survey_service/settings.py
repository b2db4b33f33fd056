"""What an installation can choose; `from_environment` is the only reader of the environment."""

import os
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from survey_service.errors import InvalidSettingError


def _shipped(name: str) -> Path:
    """Return a folder that comes with the program: inside the wheel, or beside the package."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


class Settings(Struct, frozen=True):
    """The choices, each with a default that works on one machine.

    `database` is a file, or a `postgresql://` address. `files` holds rendered reports.
    `proxies` lists the addresses of those that may say whom they speak for, separated by commas.
    `report_seconds` bounds the making of one report, `report_memory` its worker, in MiB.
    """

    database: str = "data/survey.db"
    files: Path = Path("data/files")
    questionnaires: Path = _shipped("questionnaires")
    report_templates: Path = _shipped("report_templates")
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    https: bool = False
    language: str = "id"
    time_zone: str = "Asia/Jakarta"
    report_workers: int = 1
    report_seconds: int = 60
    report_memory: int = 2048
    session_hours: int = 12
    proxies: str = ""


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
    _require("language", settings.language, settings.language in {"id", "en"}, "id | en")
    known = settings.time_zone in zoneinfo.available_timezones()
    _require("time_zone", settings.time_zone, known, "Asia/Jakarta, Asia/Makassar, …")
    return settings


def _parsed(name: str, field: str, value: str) -> object:
    wanted = Settings.__annotations__.get(field)
    if wanted is bool and value in {"0", "1"}:
        return value == "1"
    if wanted is int and value.isdecimal() and int(value) > 0:
        return int(value)
    if wanted is Path:
        return Path(value)
    if wanted is str:
        return value
    names = ", ".join(f"SURVEY_{known.upper()}" for known in Settings.__struct_fields__)
    expected = {bool: "0 | 1", int: "1, 2, 3, …", None: names}[wanted]
    raise InvalidSettingError(name=name, value=value, expected=expected)


def _require(field: str, value: str, holds: bool, expected: str) -> None:  # noqa: FBT001
    if not holds:
        raise InvalidSettingError(name=f"SURVEY_{field.upper()}", value=value, expected=expected)
