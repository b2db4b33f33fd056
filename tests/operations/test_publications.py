"""Releases that are published: drafted, looked at, sealed, corrected, and never changed."""

import asyncio
import hashlib
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec import structs

from survey_service.analysis.publications import ARCHIVE, PAPERS, Beside, Publication
from survey_service.analysis.releases import Change
from survey_service.conduct.access import Actor
from survey_service.conduct.statements import Released
from survey_service.errors import DamagedError, ForbiddenError, NotFoundError
from survey_service.errors.releases import (
    DraftOutdatedError,
    NothingFinalError,
    PublishedError,
    ReasonMissingError,
)
from survey_service.library.release_archives import unpacked
from survey_service.library.releases import DIGESTS, STATEMENT
from survey_service.operations import (
    command_releases,
    evidence,
    files,
    issued,
    log,
    publications,
    steps,
)
from survey_service.operations import jobs as operations_jobs
from survey_service.operations.files import inconsistencies
from survey_service.operations.jobs import Tools
from survey_service.operations.kept_drafts import KeptDrafts
from survey_service.operations.national_reports import around_release
from survey_service.operations.publications import History, Shown, WantedDraft, whole
from survey_service.operations.release_checks import check
from survey_service.operations.release_drafts import paper
from survey_service.operations.steps import Taking
from survey_service.operations.verifying import Against, verified
from survey_service.operations.worker import Worker
from survey_service.store import cycles
from survey_service.store import publications as stored
from survey_service.store.database import Reader, Writer
from tests.country import Country, settle
from tests.cycles import run_cycle, run_to_the_end
from tests.pdfs import read
from tests.queries import noted

LEVELS = {"Agency": 4} | {f"Kabupaten {number}": 1 + number % 5 for number in range(6)}


@pytest.fixture
async def country(tools: Tools) -> Country:
    return await settle(tools.db)


@pytest.fixture
def ministry(country: Country) -> Actor:
    return country.people["ministry@Agency"]


@pytest.fixture
async def assessed(tools: Tools, country: Country) -> dict[str, int]:
    """Run a cycle in which all that was handed in is final; return the assessments."""
    return await tools.db.write(run_to_the_end, country, "Cycle 2026", LEVELS)


def _reopen(tx: Writer, country: Country, assessment_id: int) -> None:
    steps.take(tx, country.people["ministry@Agency"], assessment_id, Taking("reopen", "An error."))


def _finalise(tx: Writer, country: Country, assessment_id: int) -> None:
    steps.take(tx, country.people["evaluator@Agency"], assessment_id, Taking("finalise"))


def _publish(tx: Writer, who: Actor, cycle: int, draft: Shown) -> int:
    release = draft.release
    return publications.publish(tx, who, cycle, release.id, release.digests)


async def _drafted(
    tools: Tools, who: Actor, cycle: int = 1, *, named: bool = True, reason: str = ""
) -> Shown:
    await tools.db.write(publications.draft, who, WantedDraft(cycle, named, reason))
    await Worker(tools).work_until_idle()
    found = await _history(tools, who, cycle)
    assert found.draft is not None
    return found.draft


async def _published(
    tools: Tools,
    who: Actor,
    cycle: int = 1,
    *,
    named: bool = True,
    reason: str = "",
    papers: bool = False,
) -> Shown:
    """Publish what is final; its papers take seconds, and are made where they matter."""
    draft = await _drafted(tools, who, cycle, named=named, reason=reason)
    job = await tools.db.write(_publish, who, cycle, draft)
    if papers:
        await Worker(tools).work_until_idle()
    else:
        await tools.db.write(operations_jobs.cancel, who, job)
    return (await _history(tools, who, cycle)).published[0]


async def _history(tools: Tools, who: Actor, cycle: int = 1) -> History:
    return await tools.db.read(publications.history, who, cycle)


async def _content(tools: Tools, shown: Shown, name: str = ARCHIVE) -> bytes:
    content = await tools.files.get(evidence.path(shown.files[name].digest))
    assert content is not None
    return content


async def _kept(tools: Tools, shown: Shown, name: str, folder: Path) -> Path:
    path = folder / f"{shown.release.number}-{name}"
    path.write_bytes(await _content(tools, shown, name))
    return path


async def test_what_is_published_recomputes_and_is_signed_and_its_report_is_genuine(
    tools: Tools, ministry: Actor, assessed: dict[str, int], tmp_path: Path
) -> None:
    release = await _published(tools, ministry, papers=True)

    archive = await _kept(tools, release, ARCHIVE, tmp_path)
    key = await tools.db.read(log.key)
    checked = check(archive, key=key)
    assert (checked.differences, checked.organisations, checked.signed) == ([], 7, key.name)
    assert set(release.files) == {ARCHIVE, *PAPERS.values()}
    for name in PAPERS.values():
        report = await _kept(tools, release, name, tmp_path)
        verdict = verified(report, Against(key.line))
        assert (verdict.is_proven, verdict.code) == (True, release.release.code)
        assert [one.reason for one in verdict.of("index")] == ["shown"]
    assert (await tools.db.read(issued.standing, release.release.code)).reason == "newest_release"
    found = await issued.look_up(tools.db, release.release.code, "127.0.0.1")
    assert (found.claim.cycle, found.claim.answers) == ("Cycle 2026", release.release.digests)
    parquet = [one.name async for one in tools.files.below("releases")]
    assert "releases/two-dimensions-1/groups/cycle=1/release=1/groups.parquet" in parquet
    wrong = await inconsistencies(tools.db, tools.files, deep=True)
    assert {one.fault for one in wrong} == {"unused"}  # the archive without its statement


async def test_a_correction_says_what_it_changes_and_the_one_before_stays_as_it_was(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int], tmp_path: Path
) -> None:
    first = await _published(tools, ministry)
    before = await _kept(tools, first, ARCHIVE, tmp_path)
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])

    second = await _published(tools, ministry, reason="One was scored wrongly.")

    after = await _kept(tools, second, ARCHIVE, tmp_path)
    assert check(after, before).differences == []
    told = second.release.told
    assert Change("left", "organisations", "Kabupaten 1") in told.changes
    assert (second.release.number, second.release.reason) == (2, "One was scored wrongly.")
    assert b"One was scored wrongly." in unpacked(after.read_bytes())["README.md"]
    assert await _content(tools, first) == before.read_bytes()
    standing = await tools.db.read(issued.standing, first.release.code)
    assert (standing.reason, standing.details) == ("corrected", {"code": second.release.code})


async def test_nobody_is_worked_out_from_two_releases_that_were_published(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    first = await _published(tools, ministry, named=False)
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])

    second = await _published(tools, ministry, named=False, reason="One is open again.")
    await tools.db.write(_finalise, country, assessed["Kabupaten 1"])
    third = await _published(tools, ministry, named=False, reason="It is final again.")

    seven, six, again = (whole(one.release.told.figures) for one in (first, second, third))
    assert seven is not None
    assert seven.count == 7
    assert six is None  # seven times the mean less six times that of the others were its index
    assert again == seven
    assert "organisations.csv" not in unpacked(await _content(tools, first))
    assert third.release.told.grades == {}


async def test_what_is_published_is_what_was_looked_at(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    draft = await _drafted(tools, ministry)
    seen = unpacked(await _content(tools, draft))
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])

    await tools.db.write(_publish, ministry, 1, draft)
    await Worker(tools).work_until_idle()

    (release,) = (await _history(tools, ministry)).published
    out = unpacked(await _content(tools, release))
    assert {name: out[name] for name in seen} == seen
    assert out.keys() - seen.keys() == {STATEMENT}
    assert hashlib.sha256(out[DIGESTS]).hexdigest() == release.release.digests


async def test_its_report_tells_who_took_part_as_it_was_when_the_draft_was_looked_at(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int], tmp_path: Path
) -> None:
    draft = await _drafted(tools, ministry)
    seen = _lines(await paper(tools, draft, "en"))
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])

    await tools.db.write(_publish, ministry, 1, draft)
    await Worker(tools).work_until_idle()

    (release,) = (await _history(tools, ministry)).published
    out = _lines(await _content(tools, release, PAPERS["en"]))
    for lines in (seen[1], out[1]):
        assert "final 7" in lines
        assert any("Handed in, over all: 7, of 7 that take part." in one for one in lines)


async def test_its_report_compares_with_the_cycle_before_as_that_was_when_the_draft_was_looked_at(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    better = {name: min(level + 1, 5) for name, level in LEVELS.items()}
    await tools.db.write(run_to_the_end, country, "Cycle 2027", better)
    draft = await _drafted(tools, ministry, 2)
    seen = await tools.db.read(_told_beside, draft.release)
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])
    await tools.db.write(_rename, ministry)

    await tools.db.write(_publish, ministry, 2, draft)
    (release,) = (await _history(tools, ministry, 2)).published
    out = await tools.db.read(_told_beside, release.release)
    claim = (await issued.look_up(tools.db, release.release.code, "127.0.0.1")).claim

    assert seen == out
    assert seen.earlier is not None
    assert (seen.earlier.cycle, len(seen.earlier.indices)) == ("Cycle 2026", 7)
    assert (claim.organisation, claim.cycle) == ("Country", "Cycle 2027")
    old = structs.replace(release.release, told=structs.replace(release.release.told, beside=None))
    now = await tools.db.read(_told_beside, old)  # of one that was drafted before it was kept
    assert now.earlier is not None
    assert (now.organisation, len(now.earlier.indices)) == ("Renamed", 6)


async def test_a_draft_in_place_of_another_is_not_taken_for_it(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    kept, named = KeptDrafts(most=1), await _drafted(tools, ministry)
    first = await kept.paper(tools, named, "en")
    other = await _drafted(tools, ministry, named=False)
    unnamed = structs.replace(other, release=structs.replace(other.release, id=named.release.id))

    second = await kept.paper(tools, unnamed, "en")

    assert first != second
    assert await kept.paper(tools, unnamed, "en") is second


def _told_beside(tx: Reader, release: Publication) -> Beside:
    return around_release(tx, cycles.of_id(tx, release.cycle_id), release).beside


def _rename(tx: Writer, ministry: Actor) -> None:
    values = {"name": "Renamed", "id": ministry.organisation_id}
    tx.execute(sa.text("update organisation set name = :name where id = :id"), values)


def _lines(content: bytes) -> list[set[str]]:
    """Return what stands on each page of a PDF."""
    return [set(page.extract_text().splitlines()) for page in read(content).pages]


async def test_what_is_written_and_not_published_stands_until_something_else_is(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    first, again = await _claimed(tools), await _claimed(tools)
    unnamed = await _claimed(tools, named=False)
    before = [await tools.db.read(issued.standing, code) for code in (first, unnamed)]
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])
    second = await _claimed(tools)
    then = await tools.db.read(issued.standing, first)
    release = await _published(tools, ministry)

    found = await issued.look_up(tools.db, second, "127.0.0.1")

    assert first == again
    assert [one.reason for one in before] == ["unpublished"] * 2
    assert (then.reason, then.details) == ("newer_release", {"code": second})
    assert (found.standing.outcome, found.standing.reason) == ("fails", "published_instead")
    assert found.standing.details == {"code": release.release.code}
    assert (found.claim.cycle, found.claim.released) == ("Cycle 2026", Released(0, 6, named=True))


async def _claimed(tools: Tools, *, named: bool = True) -> str:
    """Claim a release as the command line does, and return its code."""
    found, _ = await tools.db.read(
        command_releases.found, "Cycle 2026", named=named, earlier=[], fewest=5
    )
    return (await command_releases.claimed(tools.db, tools.settings, found)).claim.code


async def test_of_two_who_publish_at_once_one_does(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    draft = await _drafted(tools, ministry)

    done = await asyncio.gather(
        *(tools.db.write(_publish, ministry, 1, draft) for _ in range(4)), return_exceptions=True
    )

    refused = [one for one in done if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [PublishedError] * 3
    (release,) = (await _history(tools, ministry)).published
    assert release.release.number == 1


async def test_a_draft_that_is_made_while_another_one_is_published_is_outdated_or_comes_after_it(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    draft = await _drafted(tools, ministry)
    await tools.db.write(publications.draft, ministry, WantedDraft(1, named=False))
    await tools.db.write(_reopen, country, assessed["Kabupaten 1"])

    _, done = await asyncio.gather(
        Worker(tools).work_until_idle(),
        tools.db.write(_publish, ministry, 1, draft),
        return_exceptions=True,
    )
    await Worker(tools).work_until_idle()

    found = await _history(tools, ministry)
    if isinstance(done, BaseException):  # the newer draft was first
        assert isinstance(done, NotFoundError | DraftOutdatedError)
        assert (len(found.published), found.draft is not None) == (0, True)
    else:
        (release,) = (one.release for one in found.published)
        assert release.organisations == 7
        assert found.draft is None or found.draft.release.before_id == release.id


async def test_a_draft_makes_way_for_the_next_and_is_outdated_by_what_is_published(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    old = await _drafted(tools, ministry)
    new = await _drafted(tools, ministry, named=False)
    await files.clear_up(
        tools.db, tools.files, await inconsistencies(tools.db, tools.files, deep=False)
    )

    assert not await tools.files.has(evidence.path(old.files[ARCHIVE].digest))
    with pytest.raises((NotFoundError, DraftOutdatedError)):
        await tools.db.write(_publish, ministry, 1, old)
    papers = await tools.db.write(_publish, ministry, 1, new)
    await tools.db.write(operations_jobs.cancel, ministry, papers)
    with pytest.raises(PublishedError):
        await tools.db.write(_publish, ministry, 1, new)
    with pytest.raises(ReasonMissingError):
        await tools.db.write(publications.draft, ministry, WantedDraft(1, reason=" "))
    late = await _drafted(tools, ministry, reason="Late.")
    await tools.db.write(_outdate, late.release.id)
    with pytest.raises(DraftOutdatedError):
        await tools.db.write(_publish, ministry, 1, late)


def _outdate(tx: Writer, draft_id: int) -> None:
    """Let a draft be one that was made before anything was published."""
    values = {"draft": draft_id}
    tx.execute(sa.text("update publication set before_id = null where id = :draft"), values)


@pytest.mark.parametrize(
    "change", ["update publication set reason = 'x'", "delete from publication"]
)
async def test_the_database_refuses_to_change_what_is_published(
    tools: Tools, ministry: Actor, assessed: dict[str, int], change: str
) -> None:
    draft = await _drafted(tools, ministry)
    await tools.db.write(_publish, ministry, 1, draft)

    with pytest.raises(sa.exc.DBAPIError):
        await tools.db.write(_run, change)


def _run(tx: Writer, statement: str) -> None:
    tx.execute(sa.text("delete from publication_file"))
    tx.execute(sa.text(statement))


async def test_only_the_ministry_publishes_and_agencies_see_what_it_published(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    alice, charlie = country.people["alice"], country.people["charlie"]
    draft = await _drafted(tools, ministry)

    with pytest.raises(ForbiddenError):
        await tools.db.write(_publish, alice, 1, draft)
    with pytest.raises(ForbiddenError):
        await tools.db.write(publications.draft, alice, WantedDraft(1))
    assert (await _history(tools, alice)).draft is None
    with pytest.raises(NotFoundError):
        await tools.db.read(publications.view, alice, 1, draft.release.id)
    await tools.db.write(_publish, ministry, 1, draft)
    assert len((await _history(tools, alice)).published) == 1
    with pytest.raises(NotFoundError):
        await _history(tools, charlie)
    with pytest.raises(NotFoundError):
        await tools.db.read(publications.one_open, draft.release.id)  # its papers are being made
    await Worker(tools).work_until_idle()
    assert (await tools.db.read(publications.one_open, draft.release.id)).organisation == "Country"


async def test_a_list_of_releases_takes_no_more_statements_where_it_is_longer(
    tools: Tools, country: Country, ministry: Actor, assessed: dict[str, int]
) -> None:
    out = [await _published(tools, ministry, reason=reason) for reason in ("", "An error.")]
    for one in out:  # as if their papers were made
        digests = {PAPERS["id"]: one.files[ARCHIVE].digest}
        await tools.db.write(stored.save_files, one.release.id, digests)
    with noted() as few:
        await tools.db.read(publications.all_open, before=None, limit=1)

    with noted() as many:
        found = await tools.db.read(publications.all_open, before=None, limit=10)

    assert [(one.release.number, one.release.is_corrected) for one in found] == [
        (2, False),
        (1, True),
    ]
    assert {(one.release.cycle, one.release.organisation) for one in found} == {
        ("Cycle 2026", "Country")
    }
    assert few == many
    assert await tools.db.read(
        publications.all_known, country.people["alice"], before=2, limit=10
    ) == [found[1]]
    assert not await tools.db.read(
        publications.all_known, country.people["charlie"], before=None, limit=10
    )


async def test_an_empty_cycle_is_not_released_and_one_participant_is_told_without_figures(
    tools: Tools, country: Country, ministry: Actor
) -> None:
    await tools.db.write(run_cycle, country, "Empty", {"Agency": 3})
    with pytest.raises(NothingFinalError):
        await tools.db.write(publications.draft, ministry, WantedDraft(1))
    await tools.db.write(run_to_the_end, country, "One", {"Agency": 3})

    release = await _published(tools, ministry, 2, papers=True)

    assert (release.release.organisations, release.release.told.figures) == (1, ())
    assert set(release.files) == {ARCHIVE, *PAPERS.values()}


async def test_nothing_of_a_release_is_packed_or_hashed_where_everybody_waits(
    tools: Tools, ministry: Actor, assessed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybodys, done = threading.get_ident(), []
    pack, digest = zipfile.ZipFile.writestr, hashlib.sha256

    def packing(archive: zipfile.ZipFile, *args: Any) -> None:
        done.append(("packed", threading.get_ident()))
        pack(archive, *args)

    def hashing(content: bytes = b"", **kwargs: Any) -> Any:
        if len(content) > 10_000:  # of the archive and the papers
            done.append(("hashed", threading.get_ident()))
        return digest(content, **kwargs)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", packing)
    monkeypatch.setattr(hashlib, "sha256", hashing)
    await _published(tools, ministry, papers=True)

    assert {what for what, _ in done} == {"packed", "hashed"}
    assert everybodys not in {thread for _, thread in done}


async def test_papers_that_are_made_again_are_the_same(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    draft = await _drafted(tools, ministry)
    drafted = {ARCHIVE: draft.files[ARCHIVE]}
    job = await tools.db.write(_publish, ministry, 1, draft)
    await Worker(tools).work_until_idle()
    (once,) = (await _history(tools, ministry)).published

    await tools.db.write(_begin_again, job, draft.release.id, drafted[ARCHIVE].digest)
    await Worker(tools).work_until_idle()

    (twice,) = (await _history(tools, ministry)).published
    assert twice.files == once.files


def _begin_again(tx: Writer, job_id: int, release_id: int, archive: str) -> None:
    """Let the papers of a release be to be made, as after a worker that was killed."""
    del archive
    values = {"release": release_id, "job": job_id}
    for name in PAPERS.values():
        statement = "delete from publication_file where publication_id = :release and name = :name"
        tx.execute(sa.text(statement), {**values, "name": name})
    tx.execute(sa.text("update job set state = 'waiting', attempt = 0 where id = :job"), values)


async def test_what_was_told_and_cannot_be_read_stops_the_next_release(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    draft = await _drafted(tools, ministry)
    await tools.db.write(_damage, draft.release.id)
    papers = await tools.db.write(_publish, ministry, 1, draft)
    await tools.db.write(operations_jobs.cancel, ministry, papers)

    job = await tools.db.write(publications.draft, ministry, WantedDraft(1, reason="x"))
    await Worker(tools).work_until_idle()

    failed = (await tools.db.read(operations_jobs.view, ministry, job)).error
    assert failed is not None
    assert failed.code == DamagedError.code


def _damage(tx: Writer, draft_id: int) -> None:
    tx.execute(sa.text("update publication set memory = '{' where id = :id"), {"id": draft_id})


async def test_groups_are_as_small_as_the_setting_says(
    tools: Tools, ministry: Actor, assessed: dict[str, int]
) -> None:
    strict = structs.replace(tools, settings=structs.replace(tools.settings, smallest_group=8))

    release = await _drafted(strict, ministry)

    assert release.release.told.figures == ()
