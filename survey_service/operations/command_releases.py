"""Releases that are written from the command line: the log has what they claim, and none is published."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from survey_service.analysis.publications import code_of
from survey_service.analysis.releases import Release, Remembered
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.statements import Claim, Released
from survey_service.library.releases import DIGESTS
from survey_service.operations import audit, issuing, log, releases
from survey_service.operations.national_reports import Around, Issue, around, papers, stated
from survey_service.operations.publications import claim_on
from survey_service.operations.sealing import sealer_of
from survey_service.operations.secrets import log_key
from survey_service.reports.releases import files
from survey_service.reports.rendering import Renderer
from survey_service.settings import Settings
from survey_service.store import issued
from survey_service.store import releases as stored
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.issued import IssuedRelease


class Found(Struct, frozen=True):
    """A release of a cycle as it is now, with what its report tells beside it."""

    cycle: Cycle
    release: Release
    around: Around


class Written(Struct, frozen=True):
    """The files of a release by name, and the code of its report; "" where it has none."""

    files: Mapping[str, bytes]
    code: str = ""


def found(
    tx: Reader, name: str, *, named: bool, earlier: Sequence[Remembered], fewest: int
) -> tuple[Found, list[Remembered]]:
    """Return a release of a cycle, and what the next ones must know of it; see `releases.release`.

    It stands for the moment at which the last result became final: equal results are equal reports.
    """
    cycle = releases.called(tx, name)
    release, remembered = releases.of(tx, cycle, named=named, earlier=earlier, fewest=fewest)
    told = around(tx, cycle, stored.settled_at(tx, cycle), named=named)
    return Found(cycle, release, told), remembered


def bare(of: Found) -> Written:
    """Return a release without its report: nothing is signed, and nothing recorded."""
    return Written(files(of.release))


async def reported(db: Database, renderer: Renderer, settings: Settings, of: Found) -> Written:
    """Return a release with a signed statement and its report in all languages; the log has its claim.

    Raises:
        LogKeyError: The log's key cannot be opened with the secret that is set.
        RenderingError: A report took too long, or too much memory.
    """
    issue = await claimed(db, settings, of)
    made = {**stated(issue, settings), **await papers(renderer, issue, settings)}
    await db.write(_tell, of, issue.claim)
    return Written(made, issue.claim.code)


async def claimed(db: Database, settings: Settings, of: Found) -> Issue:
    """Put what a release claims into the log, and return what its report is made of.

    The same is claimed once, and gives the same bytes again.

    Raises:
        LogKeyError: The log's key cannot be opened with the secret that is set.
    """
    sealer, address = sealer_of(settings), settings.address
    content = await asyncio.to_thread(files, of.release)
    claim = _claim(of, hashlib.sha256(content[DIGESTS]).hexdigest())
    await log.require_key(db, sealer, address)
    await db.read(log_key, sealer)  # else the log would have what nobody can sign
    entry_id = await db.write(_record, of.cycle.id, claim)
    signing = await issuing.signing_on(db, sealer, address, entry_id)
    report = of.around.report(of.release, settings, claim.code)
    return Issue(report, content, claim, signing)


def _claim(of: Found, digests: str) -> Claim:
    release = of.release
    number = release.edition.number
    beside = hashlib.sha256(msgspec.json.encode(of.around, order="deterministic")).hexdigest()
    return claim_on(
        of.cycle,
        of.around.beside,
        release.questionnaire,
        release.figures,
        code=code_of(f"{digests} {beside}", number),  # what else the report tells may change alone
        digests=digests,
        at=of.around.at,
        released=Released(number, release.count, named=release.rows is not None),
    )


def _record(tx: Writer, cycle_id: int, claim: Claim) -> int:
    """Put a claim into the log, unless it is there, and return the id of its entry."""
    digest = issuing.digest_of(claim)
    known = issued.release_of_claim(tx, digest)
    if known is not None:
        return known.entry_id
    entry_id = issuing.record(tx, claim)
    issued.add_release(tx, IssuedRelease(digest, claim.code, cycle_id, entry_id))
    return entry_id


def _tell(tx: Writer, of: Found, claim: Claim) -> None:
    about = f"cycles/{of.cycle.id}/releases"
    after = {"code": claim.code, "digests": claim.answers, "named": of.release.rows is not None}
    audit.record_system(tx, "release.write", about, after)
