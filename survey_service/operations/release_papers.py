"""The papers of a release that is published, made as a job: its statement, and the national report.

They come out the same however often they are begun: a statement takes the log as it was right after
the entry that it is on.
"""

import asyncio
from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from survey_service.analysis.publications import ARCHIVE, Publication
from survey_service.conduct.evidence import Kept
from survey_service.conduct.statements import Claim
from survey_service.errors import NotFoundError
from survey_service.library.release_archives import packed
from survey_service.operations.issuing import signing_on
from survey_service.operations.jobs import Tools
from survey_service.operations.national_reports import Around, Issue, around_release, papers, stated
from survey_service.operations.publications import Shown, WantedPapers, claim_of
from survey_service.operations.questionnaires import decoded
from survey_service.operations.release_drafts import (
    archived,
    downloaded,
    forget,
    keep_files,
    keeping,
)
from survey_service.operations.sealing import sealer_of
from survey_service.store import cycles, publications
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed

FOLDER, PARQUET = "releases", ".parquet"
"""Where tables of releases lie in the store of files, and how their names end."""


class _Published(Struct, frozen=True):
    """A release that is published, with what its papers are made of."""

    release: Publication
    claim: Claim
    around: Around
    archive: str
    is_done: bool


async def seal(tools: Tools, claimed: Claimed) -> str:
    """Put the statement into a release that is published, and make its report in all languages.

    Raises:
        DamagedError: What was drafted is not there any more, or was changed.
        LogKeyError: The log's key cannot be opened with the secret that is set.
        RenderingError: A report took too long, or too much memory.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedPapers)
    found = await tools.db.read(_published, wanted.publication_id)
    if found.is_done:
        return ""
    content = await archived(tools.files, found.archive)
    issue = await _issue(tools, found, content)
    contents = {ARCHIVE: await asyncio.to_thread(packed, stated(issue, tools.settings))}
    contents |= await papers(tools.renderer, issue, tools.settings)
    for place, table in _tables(content, found.release, found.claim.questionnaire).items():
        await tools.files.put(place, table)
    async with keeping(tools.files, contents) as kept:
        await tools.db.write(_keep_sealed, wanted.publication_id, kept)
    return ""


async def _issue(tools: Tools, found: _Published, content: Mapping[str, bytes]) -> Issue:
    entry_id = found.release.entry_id
    assert entry_id is not None  # it is published
    sealer, address = sealer_of(tools.settings), tools.settings.address
    signing = await signing_on(tools.db, sealer, address, entry_id)
    release = await asyncio.to_thread(downloaded, content)
    report = found.around.report(release, tools.settings, found.release.code)
    return Issue(structs.replace(report, is_published=True), content, found.claim, signing)


def _tables(
    content: Mapping[str, bytes], release: Publication, questionnaire: str
) -> dict[str, bytes]:
    """Return the tables of a release for engines, by where they lie: parted by cycle and release."""
    below = questionnaire.replace("@", "-")
    part = f"cycle={release.cycle_id}/release={release.number}"
    return {
        f"{FOLDER}/{below}/{name.removesuffix(PARQUET)}/{part}/{name}": each
        for name, each in content.items()
        if name.endswith(PARQUET)
    }


def _published(tx: Reader, publication_id: int) -> _Published:
    release = publications.find(tx, publication_id)
    if release is None or not release.is_published:
        raise NotFoundError(release=publication_id)
    cycle = cycles.of_id(tx, release.cycle_id)
    known = publications.files(tx, publication_id)
    return _Published(
        release,
        claim_of(tx, cycle, decoded(tx, cycle.digest or ""), release),
        around_release(tx, cycle, release),
        known[ARCHIVE].digest,
        Shown(release, known).has_papers,
    )


def _keep_sealed(tx: Writer, publication_id: int, kept: Mapping[str, Kept]) -> None:
    forget(tx, publication_id)
    keep_files(tx, publication_id, kept)
