"""Drafting a release as a job: all of it as it was at one moment, and what it changes."""

import asyncio
import hashlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.analysis.publications import (
    ARCHIVE,
    FORGOTTEN,
    SHOWN,
    Beside,
    Memory,
    Participation,
    Publication,
    Told,
)
from survey_service.analysis.release_changes import changes
from survey_service.analysis.releases import Edition, Release, Remembered
from survey_service.conduct.access import require
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.evidence import Kept
from survey_service.errors import DamagedError
from survey_service.errors.releases import DraftOutdatedError
from survey_service.library import releases as library
from survey_service.library.release_archives import packed, unpacked
from survey_service.library.releases import DIGESTS
from survey_service.operations import evidence as kept_files
from survey_service.operations import releases
from survey_service.operations.jobs import Tools, acting
from survey_service.operations.national_reports import (
    Around,
    around_release,
    beside,
    national,
    taking_part,
)
from survey_service.operations.publications import Shown, WantedDraft
from survey_service.operations.reports import asked_for
from survey_service.reports.releases import files
from survey_service.store import cycles, evidence, publications
from survey_service.store.database import Reader, Writer
from survey_service.store.files import Files
from survey_service.store.jobs import Claimed

MEDIA = {"zip": "application/zip", "pdf": "application/pdf"}
"""Media types of a release's files, by the ending of their names."""


class _Gathered(Struct, frozen=True):
    """What a draft is made of, all of it as it was at one moment."""

    cycle: Cycle
    release: Release
    memory: Memory
    before: Publication | None
    participation: Participation
    beside: Beside
    archive: str
    """The digest of the archive of the release before; "" for none."""


async def draft(tools: Tools, claimed: Claimed) -> str:
    """Draft a release in place of what was drafted of the cycle before.

    Raises:
        NotFoundError: There is no longer such a cycle for whoever asked.
        NothingFinalError: Nothing in it is final any more.
        DamagedError: A result cannot be read, or what was told before.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedDraft)
    fewest = tools.settings.smallest_group
    gathered = await tools.db.read(_gather, claimed, wanted, fewest)
    before = await archived(tools.files, gathered.archive)
    edited = await asyncio.to_thread(_edited, gathered, before, wanted.reason)
    release = structs.replace(edited, licence=tools.settings.release_licence)
    made = await asyncio.to_thread(files, release)
    drafted = _drafted(gathered, release, made)
    archive = await asyncio.to_thread(packed, made)
    async with keeping(tools.files, {ARCHIVE: archive}) as kept:
        await tools.db.write(_keep_draft, claimed, drafted, gathered.memory, kept)
    return ""


async def paper(tools: Tools, draft: Shown, language: str) -> bytes:
    """Return the national report that a draft would be published with; nothing of it is kept or recorded.

    Raises:
        DamagedError: What was drafted is not there any more, or was changed.
        RenderingError: It took too long, or too much memory.
    """
    told = await tools.db.read(_around, draft.release)
    content = await archived(tools.files, draft.files[ARCHIVE].digest)
    release = await asyncio.to_thread(downloaded, content)
    report = told.report(release, tools.settings)
    return await national(tools.renderer, report, asked_for(tools.settings, "report", language))


def _around(tx: Reader, release: Publication) -> Around:
    return around_release(tx, cycles.of_id(tx, release.cycle_id), release)


def _gather(tx: Reader, claimed: Claimed, wanted: WantedDraft, fewest: int) -> _Gathered:
    actor = acting(tx, claimed)
    cycle = cycles.fetch(tx, wanted.cycle_id, visible_to=actor)
    require(actor, "publish", owner=cycle.organisation_id)
    release, remembered = releases.of(
        tx, cycle, named=wanted.named, earlier=told_before(tx, cycle.id), fewest=fewest
    )
    before = publications.newest(tx, cycle.id)
    archive = "" if before is None else publications.files(tx, before.id)[ARCHIVE].digest
    memory = Memory(tuple(remembered))
    told = beside(tx, cycle, named=wanted.named)
    return _Gathered(cycle, release, memory, before, taking_part(tx, cycle), told, archive)


def told_before(tx: Reader, cycle_id: int) -> list[Remembered]:
    """Return what all releases of a cycle told of groups.

    Raises:
        DamagedError: That cannot be read, so that nobody knows what may be told.
    """
    memories = publications.memories(tx, cycle_id)
    if FORGOTTEN in memories:
        raise DamagedError(what="publication")
    return [one for memory in memories for one in memory.told]


async def archived(store: Files, digest: str) -> dict[str, bytes]:
    """Return the files in an archive of a release, by its digest; none for ""."""
    if not digest:
        return {}
    content = await store.get(kept_files.path(digest))
    if content is None:
        raise DamagedError(what=ARCHIVE)
    return await asyncio.to_thread(_unpacked, content, digest)


def _unpacked(content: bytes, digest: str) -> dict[str, bytes]:
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedError(what=ARCHIVE)
    return unpacked(content)


def _edited(gathered: _Gathered, before: Mapping[str, bytes], reason: str) -> Release:
    """Return a release that says what it changes, as whoever has both files finds it."""
    release = gathered.release
    if gathered.before is None or gathered.before.number is None:
        return structs.replace(release, edition=Edition(1))
    edition = Edition(gathered.before.number + 1, gathered.before.digests, reason)
    bare = structs.replace(release, edition=structs.replace(edition, before=""))
    then, now = (downloaded(one) for one in (before, files(bare)))
    told = changes(then, now)
    return structs.replace(release, edition=structs.replace(edition, changes=told))


def downloaded(content: Mapping[str, bytes]) -> Release:
    """Return a release as whoever downloads its files reads it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, each in content.items():
            (Path(folder) / name).write_bytes(each)
        return library.read(Path(folder)).release


def _drafted(gathered: _Gathered, release: Release, made: Mapping[str, bytes]) -> Publication:
    grades = Counter(row.grade for row in release.rows or () if row.grade is not None)
    told = release.edition.changes
    return Publication(
        0,
        gathered.cycle.id,
        None,
        None if gathered.before is None else gathered.before.id,
        release.edition.reason,
        release.rows is not None,
        release.count,
        hashlib.sha256(made[DIGESTS]).hexdigest(),
        "",
        Told(
            release.figures,
            dict(grades),
            told[:SHOWN],
            len(told),
            gathered.participation,
            gathered.beside,
        ),
        "",
        clock.now(),
    )


@asynccontextmanager
async def keeping(store: Files, contents: Mapping[str, bytes]) -> AsyncIterator[dict[str, Kept]]:
    """Keep contents as files; nobody clears them away before the block has recorded them."""
    found = {}
    async with AsyncExitStack() as stack:
        for name, content in contents.items():
            arrived = stack.enter_context(store.arriving())
            digest = await asyncio.to_thread(_written, content, arrived)
            await stack.enter_async_context(store.keeping(kept_files.path(digest), arrived))
            found[name] = Kept(digest, MEDIA[name.rpartition(".")[2]], len(content))
        yield found


def _written(content: bytes, into: Path) -> str:
    """Write a file, and return its digest."""
    into.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _keep_draft(
    tx: Writer, claimed: Claimed, drafted: Publication, memory: Memory, kept: Mapping[str, Kept]
) -> None:
    actor = acting(tx, claimed)
    newest = publications.newest(tx, drafted.cycle_id)
    if drafted.before_id != (newest and newest.id):
        raise DraftOutdatedError
    for old in publications.drafts(tx, drafted.cycle_id):
        forget(tx, old)
        publications.remove_draft(tx, old)
    made = publications.add(tx, structs.replace(drafted, author=actor.name), memory)
    keep_files(tx, made, kept)


def keep_files(tx: Writer, publication_id: int, kept: Mapping[str, Kept]) -> None:
    """Let a release have files that are kept."""
    for one in kept.values():
        evidence.keep(tx, one, clock.now())
    publications.save_files(tx, publication_id, {name: one.digest for name, one in kept.items()})


def forget(tx: Writer, publication_id: int) -> None:
    """Let a release have no files any more; what nothing else refers to is cleared away."""
    digests = [one.digest for one in publications.files(tx, publication_id).values()]
    publications.let_go(tx, publication_id)
    for digest in digests:
        publications.forget_file(tx, digest)
