"""Checking a file that is said to be a report, where the service itself can be asked as well."""

import asyncio
from pathlib import Path
from weakref import WeakKeyDictionary

from msgspec import structs

from survey_service.conduct.access import Actor, require
from survey_service.conduct.checkpoints import PublicKey
from survey_service.conduct.proofs import Growth
from survey_service.conduct.verdicts import Verdict
from survey_service.errors import UnknownEntryError
from survey_service.operations import issued, log
from survey_service.operations.sealing import Sealer
from survey_service.operations.verifying import Against, verified
from survey_service.store.database import Database, Reader

_AT_ONCE = 2  # files that are looked into; each takes a process
_lines: WeakKeyDictionary[Database, asyncio.Semaphore] = WeakKeyDictionary()


def known_key(tx: Reader, actor: Actor) -> PublicKey:
    """Return the key of our log to somebody who may check reports.

    Raises:
        LogKeyError: There is none yet.
    """
    require(actor, "read")
    return log.key(tx)


async def check(
    db: Database, sealer: Sealer, key: PublicKey, path: Path, kept: str | None
) -> Verdict:
    """Return what is found about a file, and whether what it says stands.

    Args:
        db: Where reports are issued.
        sealer: Opens the log's key, to sign how the log grew.
        key: The log's.
        path: Where the file lies.
        kept: A head that somebody kept; None where nobody did.

    Raises:
        UnreadablePaperError: It is no report; says why.
        UncheckedPaperError: It took too much time or memory.
    """
    against = Against(key.line, kept)
    async with _lines.setdefault(db, asyncio.Semaphore(_AT_ONCE)):
        found = await asyncio.to_thread(verified, path, against)
        growth = await _growth(db, sealer, found)
        if growth is not None:
            against = structs.replace(against, growth=growth)
            found = await asyncio.to_thread(verified, path, against)
    if not found.code:
        return found
    told = await db.read(issued.standing, found.code)
    others = (one for one in found.findings if one.check != "standing")
    return structs.replace(found, findings=(*others, told))


async def _growth(db: Database, sealer: Sealer, found: Verdict) -> Growth | None:
    """Return how the log grew between two heads, where a check lacks that."""
    for one in found.of("log"):
        if one.reason == "growth_missing":
            old, new = int(one.details["old"]), int(one.details["new"])
            try:
                return await db.read(log.growth, old, sealer, new)
            except UnknownEntryError:
                return None  # our log is the shorter one: it is not the one whose head was kept
    return None
