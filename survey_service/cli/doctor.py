"""What this machine lacks to run the service, and how to get it."""

import asyncio
import ctypes.util
import datetime as dt
import sqlite3
import sys
from pathlib import Path

from msgspec import Struct

from survey_service import clock, i18n
from survey_service.conduct.sign_in_names import resembling
from survey_service.errors import SurveyError
from survey_service.errors.installation import (
    NewerDatabaseError,
    NotMigratedError,
    ResultsMissingError,
)
from survey_service.library.questionnaires import files
from survey_service.maturity.scoring import SCORING_VERSION
from survey_service.operations.files import clear_up, inconsistencies
from survey_service.operations.recomputation import (
    Discrepancy,
    discrepancies,
    require_caught_up,
)
from survey_service.reports.fonts import FONTS, has_font
from survey_service.reports.rendering import ASSETS
from survey_service.reports.sealing import Seal, UnsealableError, tried
from survey_service.settings import Settings
from survey_service.store.damage import damaged
from survey_service.store.database import connect, is_postgresql
from survey_service.store.files import files as store
from survey_service.store.jobs import waiting_since
from survey_service.store.own_secret import place
from survey_service.store.people import active_logins
from survey_service.store.permissions import FILE, FOLDER, others_may
from survey_service.store.schema import require_newest

PYTHON = (3, 11)
_UNATTENDED = dt.timedelta(minutes=10)  # that a job waits its turn though it is due
_RENEWING = dt.timedelta(days=30)  # that are needed to have a certificate renewed
_LIBRARIES = {  # by what needs them: Pango lays out PDFs, HarfBuzz keeps their fonts small
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


_REMEDIES = {
    "missing": "bring the file back from a backup: something refers to it",
    "altered": "bring the file back from a backup: its content is another one than was uploaded",
    "unused": "left by an upload that was interrupted: doctor --mend",
    "cut_off": "left by an upload that was interrupted: doctor --mend",
    "result": "find out in the trail what was changed around the service; a result is never replaced: "
    "a ministry can reopen the assessment",
    "kind": "the questionnaire is not asked of such organisations: take over today's master data on the "
    "assessment's page",
}


_MENDING = {
    "organisation": "write the attributes anew on the organisation's page, or by a list",
    "cycle": "write the days anew on the cycle's page, under Change",
    "response": "answer anew; until then it counts as unanswered",
    "questionnaire": "publish the same file once more",
    "job": "start it again on the page of requests; the clean-up forgets it in time",
}
_OTHERWISE = "bring it back from a backup; the audit trail tells what it said"


class Examined(Struct, frozen=True):
    """One thing looked at: whether it is well, what was found, and otherwise what to do."""

    name: str
    well: bool
    found: str
    remedy: str


def examine(
    settings: Settings, *, deep: bool, recompute: bool = False, mend: bool
) -> list[Examined]:
    """Return what was looked at, everything, in the order to put it right.

    Args:
        settings: What to look at.
        deep: Read every file of evidence, which takes as long as it takes.
        recompute: Score every stored result anew, which takes as long as it takes.
        mend: Remove what uploads that were interrupted have left, let nobody else read, and put
            right what follows from results that are stored.
    """
    return [
        _python(),
        *(_library(name, package) for name, package in _LIBRARIES.items()),
        *(_letters(family, package) for family, package in FONTS.items()),
        _assets(),
        _library_of(settings),
        _sqlite(settings),
        *(_private(path, mend=mend) for path in _kept(settings)),
        asyncio.run(_database(settings)),
        *asyncio.run(_damage(settings)),
        *asyncio.run(_names(settings)),
        *asyncio.run(_evidence(settings, deep=deep, mend=mend)),
        *asyncio.run(_jobs(settings)),
        *_seal(settings),
        *(asyncio.run(_results(settings, mend=mend)) if recompute else []),
    ]


def _python() -> Examined:
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "install Python 3.11 or newer, then: make run"
    return Examined("Python", sys.version_info >= PYTHON, found, remedy)


def _library(name: str, package: str) -> Examined:
    found = ctypes.util.find_library(name)
    return Examined(name, found is not None, found or "-", f"apt-get install {package}")


def _letters(family: str, package: str) -> Examined:
    return Examined("letters", has_font(family), family, f"apt-get install {package}")


def _assets() -> Examined:
    well = (ASSETS / "htmx.min.js").is_file()
    return Examined("front-end files", well, str(ASSETS) if well else "-", "make assets")


def _library_of(settings: Settings) -> Examined:
    found = len(files(settings.questionnaires))
    remedy = "set SURVEY_QUESTIONNAIRES to the folder that holds <code>/<version>.yaml"
    return Examined("questionnaires", found > 0, f"{found} ({settings.questionnaires})", remedy)


def _sqlite(settings: Settings) -> Examined:
    """Say whether SQLite is served by one process; see `store.locks` for commands beside it."""
    well = is_postgresql(settings.database) or settings.workers == 1
    remedy = "with SQLite run one worker (SURVEY_WORKERS=1), or set SURVEY_DATABASE=postgresql://…"
    return Examined("SQLite", well, sqlite3.sqlite_version, remedy)


def _kept(settings: Settings) -> list[Path]:
    """Return what is kept on this machine: the database, the folder of files, a secret of its own."""
    database = [] if is_postgresql(settings.database) else [settings.database]
    files_ = [] if settings.files.startswith("s3://") else [settings.files]
    kept = [*map(Path, database + files_), *filter(None, [place(settings)])]
    return [path for path in kept if path.exists()]


def _private(path: Path, *, mend: bool) -> Examined:
    """Say whether others on this machine may read what an earlier version let them."""
    if mend and others_may(path):
        path.chmod(FOLDER if path.is_dir() else FILE)
    well = not others_may(path)
    return Examined("private", well, str(path), f"chmod go= {path}, or: doctor --mend")


async def _evidence(settings: Settings, *, deep: bool, mend: bool) -> list[Examined]:
    """Examine the files of evidence; nothing where the database does not answer."""
    db, kept = connect(settings.database), store(settings)
    try:
        await db.read(require_newest)
        found = await inconsistencies(db, kept, deep=deep)
        if mend:
            await clear_up(db, kept, found)
            found = await inconsistencies(db, kept, deep=deep)
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
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


def _seal(settings: Settings) -> list[Examined]:
    """Examine what seals papers, by sealing a page; nothing where nothing is set."""
    if not settings.seal:
        return []
    try:
        found = tried(Seal(settings.seal, settings.seal_password, settings.seal_authority))
    except UnsealableError as error:
        remedy = "mend SURVEY_SEAL, its password or its authority; until then no paper is made"
        return [Examined("seal", well=False, found=": ".join(map(str, error.args)), remedy=remedy)]
    now = clock.now()
    well = found.accepted and found.begins <= now < found.ends - _RENEWING
    said = f"{found.name}, {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}"
    refused = "" if found.accepted else ": its key is not the one of the certificate"
    return [Examined("seal", well, f"{said}{refused}", "have the certificate renewed")]


async def _damage(settings: Settings) -> list[Examined]:
    """Examine what is kept as JSON; nothing where the database does not answer."""
    db = connect(settings.database)
    try:
        await db.read(require_newest)
        found = await db.read(lambda tx: list(damaged(tx)))
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
    return [
        Examined(
            "damaged",
            well=False,
            found=f"{one.table} {one.row}: {one.column}",
            remedy=_MENDING.get(one.table, _OTHERWISE),
        )
        for one in found
    ]


async def _names(settings: Settings) -> list[Examined]:
    """Examine whether names to sign in with can be told apart; nothing where no database answers."""
    db = connect(settings.database)
    try:
        await db.read(require_newest)
        found = resembling(await db.read(active_logins))
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
    remedy = (
        "each signs in only as it is written here: invite whoever is to give theirs up under another "
        "name, and deactivate this account, on their page under People"
    )
    return [
        Examined("names to sign in with", well=False, found=", ".join(group), remedy=remedy)
        for group in found
    ] or [Examined("names to sign in with", well=True, found="ok", remedy="")]


async def _results(settings: Settings, *, mend: bool) -> list[Examined]:
    """Examine what is stored of results; nothing where the database does not answer."""
    db = connect(settings.database)
    try:
        await db.read(require_newest)
        found = [_told(one) async for one in discrepancies(db, mend=mend)]
    except (SurveyError, OSError, ImportError):
        return []
    finally:
        await db.close()
    return found or [Examined("results", well=True, found="ok", remedy="")]


def _told(one: Discrepancy) -> Examined:
    stage = f", {one.stage}" if one.stage else ""
    rules = f" (rules {one.scoring}, now {SCORING_VERSION})" if one.scoring is not None else ""
    said = f"assessment {one.assessment}{stage}: {one.what} {one.stored} → {one.now}{rules}"
    remedy = _REMEDIES["result"] if one.stage else _REMEDIES.get(one.what, "")
    if one.mendable:
        remedy = "doctor --recompute --mend"
    return Examined("results", well=one.mended, found=said, remedy=remedy)


async def _database(settings: Settings) -> Examined:
    db = connect(settings.database)
    try:
        await db.read(require_newest)
        await db.read(require_caught_up)
    except (NewerDatabaseError, NotMigratedError, ResultsMissingError) as error:
        words = i18n.describe(error, settings.language)
        newer = isinstance(error, NewerDatabaseError)
        remedy = "install the newer program" if newer else "survey-service migrate"
        return Examined("database", False, words, remedy)  # noqa: FBT003
    except (SurveyError, OSError, ImportError) as error:
        remedy = "start the server, or mend SURVEY_DATABASE"
        found = str(error.__cause__ or error)
        return Examined("database", False, found, remedy)  # noqa: FBT003
    finally:
        await db.close()
    return Examined("database", True, "ok", "")  # noqa: FBT003
