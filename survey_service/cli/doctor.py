"""What this machine lacks to run the service, and how to get it."""

import asyncio
import ctypes.util
import datetime as dt
import sqlite3
import sys

from msgspec import Struct

from survey_service import clock, i18n
from survey_service.errors import SurveyError
from survey_service.library.questionnaires import files
from survey_service.operations.files import inconsistencies, remove_unused
from survey_service.reports.rendering import ASSETS
from survey_service.settings import Settings
from survey_service.store.database import connect, is_postgresql
from survey_service.store.files import files as store
from survey_service.store.jobs import waiting_since
from survey_service.store.schema import require_newest

PYTHON = (3, 11)
_UNATTENDED = dt.timedelta(minutes=10)  # that a job waits its turn though it is due
_LIBRARIES = {  # by what needs them: Pango lays out PDFs, HarfBuzz keeps their fonts small
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


_REMEDIES = {
    "missing": "bring the file back from a backup: something refers to it",
    "altered": "bring the file back from a backup: its content is another one than was uploaded",
    "unused": "left by an upload that was interrupted; if none is under way: doctor --mend",
}


class Examined(Struct, frozen=True):
    """One thing looked at: whether it is well, what was found, and otherwise what to do."""

    name: str
    well: bool
    found: str
    remedy: str


def examine(settings: Settings, *, deep: bool, mend: bool) -> list[Examined]:
    """Return what was looked at, everything, in the order to put it right.

    Args:
        settings: What to look at.
        deep: Read every file of evidence, which takes as long as it takes.
        mend: Remove files of evidence to which nothing refers.
    """
    return [
        _python(),
        *(_library(name, package) for name, package in _LIBRARIES.items()),
        _assets(),
        _library_of(settings),
        _sqlite(settings),
        asyncio.run(_database(settings)),
        *asyncio.run(_evidence(settings, deep=deep, mend=mend)),
        *asyncio.run(_jobs(settings)),
    ]


def _python() -> Examined:
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "install Python 3.11 or newer, then: make run"
    return Examined("Python", sys.version_info >= PYTHON, found, remedy)


def _library(name: str, package: str) -> Examined:
    found = ctypes.util.find_library(name)
    return Examined(name, found is not None, found or "-", f"apt-get install {package}")


def _assets() -> Examined:
    well = (ASSETS / "htmx.min.js").is_file()
    return Examined("front-end files", well, str(ASSETS) if well else "-", "make assets")


def _library_of(settings: Settings) -> Examined:
    found = len(files(settings.questionnaires))
    remedy = "set SURVEY_QUESTIONNAIRES to the folder that holds <code>/<version>.yaml"
    return Examined("questionnaires", found > 0, f"{found} ({settings.questionnaires})", remedy)


def _sqlite(settings: Settings) -> Examined:
    """SQLite before 3.51.3 can corrupt what two writers share; we have one, so one process."""
    well = is_postgresql(settings.database) or settings.workers == 1
    remedy = "with SQLite run one worker (SURVEY_WORKERS=1), or set SURVEY_DATABASE=postgresql://…"
    return Examined("SQLite", well, sqlite3.sqlite_version, remedy)


async def _evidence(settings: Settings, *, deep: bool, mend: bool) -> list[Examined]:
    """Examine the files of evidence; nothing where the database does not answer."""
    db, kept = connect(settings.database), store(settings)
    try:
        await db.read(require_newest)
        found = await inconsistencies(db, kept, deep=deep)
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
    if mend:
        await remove_unused(kept, found)
        found = [one for one in found if one.fault != "unused"]
    return [
        Examined(
            "evidence", well=False, found=f"{one.name}: {one.fault}", remedy=_REMEDIES[one.fault]
        )
        for one in found
    ] or [Examined("evidence", well=True, found="ok", remedy="")]


async def _jobs(settings: Settings) -> list[Examined]:
    """Examine whether jobs are done at all; nothing where the database does not answer."""
    db, now = connect(settings.database), clock.now()
    try:
        await db.read(require_newest)
        since = await db.read(waiting_since, now)
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
    well = since is None or now - since < _UNATTENDED
    found = "ok" if since is None else f"waiting since {since:%Y-%m-%d %H:%M} UTC"
    return [Examined("jobs", well, found, "start survey-service work; on SQLite, serve")]


async def _database(settings: Settings) -> Examined:
    db = connect(settings.database)
    try:
        await db.read(require_newest)
    except SurveyError as error:
        words = i18n.describe(error, settings.language)
        return Examined("database", False, words, "survey-service migrate")  # noqa: FBT003
    except (OSError, ImportError) as error:
        remedy = "start the server, or mend SURVEY_DATABASE"
        return Examined("database", False, str(error), remedy)  # noqa: FBT003
    finally:
        await db.close()
    return Examined("database", True, "ok", "")  # noqa: FBT003
