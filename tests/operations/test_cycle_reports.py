"""All reports of a cycle in one go: shared, followed, cancelled, resumed; and what lies in the ZIP."""

import asyncio
import csv
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import Job
from survey_service.errors import NotFoundError
from survey_service.errors.papers import NoPapersError
from survey_service.operations import cycle_reports, exports, jobs, reports, worker
from survey_service.operations import cycles as planned
from survey_service.operations.cycle_reports import WantedReports
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.reports.rendering import renderer
from survey_service.store import assessments, cycles
from survey_service.store import jobs as stored
from survey_service.store.database import Reader
from survey_service.store.jobs import Claimed
from survey_service.store.tables.log import entry
from tests.country import Country, settle
from tests.cycles import run_cycle
from tests.pdfs import conforming
from tests.working import until

NAMES = ("Agency", "Kabupaten Baru", "Kabupaten Damai", "Kabupaten Elok")


@pytest.fixture
async def country(tools: Tools) -> Country:
    settled = await settle(tools.db)
    levels = {name: 1 + number for number, name in enumerate(NAMES)}
    await tools.db.write(run_cycle, settled, "Siklus 2026", levels)
    return settled


@pytest.fixture
def ministry(country: Country) -> Actor:
    return country.people["ministry@Agency"]


@pytest.fixture
async def cycle(tools: Tools, ministry: Actor) -> int:
    found = (await tools.db.read(assessments.newest, ministry, before=None, limit=1))[0].cycle
    assert found is not None
    return found.id


async def _ask(tools: Tools, who: Actor, cycle: int) -> int:
    return await tools.db.write(cycle_reports.request, who, WantedReports(cycle, "summary", "en"))


async def _zip(tools: Tools, who: Actor, job_id: int) -> zipfile.ZipFile:
    made = await tools.db.read(exports.made, who, job_id)
    content = await tools.files.get(made.path)
    assert content is not None
    assert made.name == "summary-Siklus-2026-en.zip"
    return zipfile.ZipFile(io.BytesIO(content))


async def _job(tools: Tools, who: Actor, job_id: int) -> Job:
    return await tools.db.read(jobs.view, who, job_id)


def _downloads(tx: Reader) -> int:
    told = sa.select(sa.func.count()).where(entry.c.action == "report.download")
    return int(tx.execute(told.select_from(entry)).scalar_one())


async def test_a_zip_has_every_report_a_list_and_digests(
    tools: Tools, ministry: Actor, cycle: int
) -> None:
    job_id = await _ask(tools, ministry, cycle)

    await Worker(tools).work_until_idle()

    found = await _zip(tools, ministry, job_id)
    papers = [name for name in found.namelist() if name.endswith(".pdf")]
    assert papers[1] == "0002-summary-Kabupaten-Baru-two-dimensions-1-Siklus-2026-en.pdf"
    assert sorted(found.namelist()) == sorted([*papers, "SHA256SUMS", "list.csv"])
    contents = {name: conforming(found.read(name)) for name in papers}
    rows = list(csv.DictReader(io.StringIO(found.read("list.csv").decode("utf-8-sig"))))
    assert [row["Organisation"] for row in rows] == list(NAMES)
    assert [row["Index"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["SHA-256"] for row in rows] == [
        hashlib.sha256(contents[row["File"]]).hexdigest() for row in rows
    ]
    assert f"{rows[0]['SHA-256']}  {rows[0]['File']}\n" in found.read("SHA256SUMS").decode()
    job = await _job(tools, ministry, job_id)
    assert (job.state, job.progress, job.total, job.name) == ("done", 4, 4, "Siklus 2026")


async def test_whoever_asks_sees_one_request_and_each_report_is_known_again(
    tools: Tools, ministry: Actor, cycle: int
) -> None:
    job_id = await _ask(tools, ministry, cycle)
    again = await _ask(tools, ministry, cycle)

    await Worker(tools).work_until_idle()

    listed = await tools.db.read(jobs.list_own, ministry, before=None, limit=10)
    assert [one.id for one in listed] == [job_id] == [again]
    found = await _zip(tools, ministry, job_id)
    digest = hashlib.sha256(found.read(found.namelist()[0])).hexdigest()
    ((known, assessment),) = await tools.db.read(reports.known, ministry, digest)
    assert (known.author, assessment.organisation.name) == (ministry.name, "Agency")


async def test_what_was_made_before_is_made_no_more(
    tools: Tools, ministry: Actor, cycle: int
) -> None:
    first = await _ask(tools, ministry, cycle)
    await Worker(tools).work_until_idle()
    before = await tools.db.read(stored.results, "report")

    second = await _ask(tools, ministry, cycle)
    await Worker(tools).work_until_idle()

    assert len(before) == len(NAMES)
    assert await tools.db.read(stored.results, "report") == before
    names = [(await _zip(tools, ministry, one)).namelist() for one in (first, second)]
    assert names[0] == names[1]


async def test_workers_share_the_reports_of_a_cycle(
    tools: Tools, ministry: Actor, cycle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []
    shared = asyncio.Event()

    async def noted(tools: Tools, claimed: Claimed) -> str:
        did.append(claimed.worker)
        if len(set(did)) == len(workers):
            shared.set()
        await shared.wait()  # nobody does a second one before each has one
        return await reports.make(tools, claimed)

    monkeypatch.setattr(worker, "WORK", {**worker.WORK, "report": noted})
    another = structs.replace(tools, renderer=renderer(tools.settings))
    workers = [Worker(one) for one in (tools, another)]
    job_id = await _ask(tools, ministry, cycle)

    working = [asyncio.create_task(one.work()) for one in workers]
    await until(lambda: _is_done(tools, ministry, job_id))
    for one in workers:
        one.stop()
    await asyncio.gather(*working)

    another.renderer.close()
    assert len(did) == len(NAMES)


@pytest.fixture
async def held(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[asyncio.Event, Worker]]:
    """Let a worker make no report but the first one, until a test lets it."""
    let, made = asyncio.Event(), 0

    async def hold(tools: Tools, claimed: Claimed) -> str:
        nonlocal made
        if made:
            await let.wait()
        made += 1
        return await reports.make(tools, claimed)

    monkeypatch.setattr(worker, "WORK", {**worker.WORK, "report": hold})
    one = Worker(tools)
    working = asyncio.create_task(one.work())
    yield let, one
    let.set()
    one.stop()
    await working


async def test_a_cancelled_request_leaves_nothing_waiting_and_goes_on_where_it_was(
    tools: Tools, ministry: Actor, cycle: int, held: tuple[asyncio.Event, Worker]
) -> None:
    let, one = held
    job_id = await _ask(tools, ministry, cycle)
    one.wake()
    await until(lambda: _is_at(tools, ministry, job_id, 1))

    await tools.db.write(jobs.cancel, ministry, job_id)
    one.wake()
    await until(lambda: _is_idle(tools))
    cancelled = await _job(tools, ministry, job_id)
    let.set()
    await tools.db.write(jobs.start_again, ministry, job_id)
    one.wake()
    await until(lambda: _is_at(tools, ministry, job_id, len(NAMES)))
    await until(lambda: _is_done(tools, ministry, job_id))

    assert (cancelled.state, cancelled.progress) == ("cancelled", 1)
    assert len((await _zip(tools, ministry, job_id)).namelist()) == len(NAMES) + 2
    assert await tools.db.read(_downloads) == len(NAMES)  # the first one is told once


async def _is_at(tools: Tools, who: Actor, job_id: int, progress: int) -> bool:
    return (await _job(tools, who, job_id)).progress == progress


async def _is_done(tools: Tools, who: Actor, job_id: int) -> bool:
    return (await _job(tools, who, job_id)).state == "done"


async def _is_idle(tools: Tools) -> bool:
    return not await tools.db.read(stored.has_unfinished, "report")


async def test_a_report_that_cannot_be_made_is_told_in_the_list(
    tools: Tools, ministry: Actor, cycle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(tools: Tools, claimed: Claimed) -> str:
        if '"assessment_id":1,' in claimed.payload:
            raise NoPapersError(paper="summary")
        return await reports.make(tools, claimed)

    monkeypatch.setattr(worker, "WORK", {**worker.WORK, "report": fail})
    job_id = await _ask(tools, ministry, cycle)

    await Worker(tools).work_until_idle()

    found = await _zip(tools, ministry, job_id)
    rows = list(csv.DictReader(io.StringIO(found.read("list.csv").decode("utf-8-sig"))))
    assert [bool(row["File"]) for row in rows] == [False, True, True, True]
    assert rows[0]["Missing because"].startswith("There is no such paper")
    assert (await _job(tools, ministry, job_id)).progress == len(NAMES)


async def test_a_paper_that_is_there_on_no_assessment_is_not_gathered(
    tools: Tools, ministry: Actor, cycle: int
) -> None:
    with pytest.raises(NoPapersError):
        await tools.db.write(
            cycle_reports.request, ministry, WantedReports(cycle, "certificate", "en")
        )


async def test_where_nobody_takes_part_any_more_there_is_nothing_to_gather(
    tools: Tools, ministry: Actor, cycle: int
) -> None:
    job_id = await _ask(tools, ministry, cycle)
    for one in await tools.db.read(cycles.participants, cycle):
        await tools.db.write(planned.withdraw, ministry, cycle, one, "Merged.")

    await Worker(tools).work_until_idle()

    job = await _job(tools, ministry, job_id)
    assert (job.state, job.error and job.error.code) == ("dead", "no_papers")


async def test_each_gets_what_they_see_and_nobody_anothers_zip(
    tools: Tools, country: Country, ministry: Actor, cycle: int
) -> None:
    alice = country.people["alice"]
    own = await _ask(tools, alice, cycle)
    all_ = await _ask(tools, ministry, cycle)

    await Worker(tools).work_until_idle()

    assert len((await _zip(tools, alice, own)).namelist()) == 1 + 2
    with pytest.raises(NotFoundError):
        await tools.db.read(exports.made, alice, all_)
    with pytest.raises(NotFoundError):
        await _ask(tools, country.people["administrator@Elsewhere"], cycle)
