"""Exports as jobs: never two at once, never half of one told as whole, and both ways in the trail."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec import structs
from typing_extensions import override

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LEASE, Job
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.engines import (
    ExportBusyError,
    ExportChangedError,
    ExportNameError,
    ExportTakenError,
    NothingToExportError,
)
from survey_service.errors.installation import FilesUnavailableError
from survey_service.errors.jobs import JobStateError
from survey_service.operations import clean_up, jobs, kept_exports, result_exports, worker
from survey_service.operations.jobs import Tools
from survey_service.operations.kept_exports import Kept
from survey_service.operations.worker import Worker
from survey_service.settings import Settings
from survey_service.store import jobs as stored
from survey_service.store.database import Reader
from survey_service.store.files import Files, files
from survey_service.store.jobs import Claimed
from survey_service.store.tables.log import entry
from tests.country import Country, settle
from tests.cycles import run_cycle
from tests.exporting import all_of_them, export
from tests.s3 import BUCKET, KEY, SECRET, make_bucket, serving


@pytest.fixture
async def country(tools: Tools) -> Country:
    settled = await settle(tools.db)
    for name in ("2025", "2026"):
        await tools.db.write(run_cycle, settled, name, {"Kabupaten A": 2, "Kabupaten B": 4})
    return settled


@pytest.fixture
def ministry(country: Country) -> Actor:
    return country.people["ministry@Agency"]


async def _ask(tools: Tools, who: Actor, name: str = "all", *, replace: bool = False) -> int:
    return await tools.db.write(result_exports.request, who, name, replace=replace)


async def _done(tools: Tools, who: Actor, name: str = "all", *, replace: bool = False) -> Job:
    job_id = await _ask(tools, who, name, replace=replace)
    await Worker(tools).work_until_idle()
    return await tools.db.read(jobs.view, who, job_id)


async def _listed(tools: Tools) -> list[Kept]:
    return await kept_exports.list_all(tools.files, await tools.db.read(all_of_them))


async def _is_whole(tools: Tools) -> list[tuple[str, bool]]:
    return [(one.name, one.is_whole) for one in await _listed(tools)]


def _told(tx: Reader) -> list[tuple[str, str, str, Any]]:
    columns = (entry.c.actor, entry.c.action, entry.c.about, entry.c.after)
    like = entry.c.action.like("export.%")
    return [tuple(row) for row in tx.execute(sa.select(*columns).where(like).order_by(entry.c.id))]


async def _claimed(tools: Tools, job_id: int) -> Claimed:
    """Return a job of a worker that is not heard of any more."""
    now = clock.now()
    dead = await tools.db.write(stored.claim_one, "killed", job_id, now, now - LEASE)
    assert dead is not None
    return dead


class _Breaking(Files):
    """A store of files that breaks after so many changes, with an error."""

    def __init__(self, of: Files, after: int, error: BaseException) -> None:
        super().__init__(of._store, of._folder)
        self._left, self._error = after, error

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise self._error

    @override
    async def put(self, name: str, content: bytes | Path) -> None:
        self._count()
        await super().put(name, content)

    @override
    async def move(self, name: str, to: str) -> None:
        self._count()
        await super().move(name, to)

    @override
    async def remove(self, name: str) -> None:
        self._count()
        await super().remove(name)


class _Whole(Files):
    """A store of files that is cut off before it removes a whole folder."""

    def __init__(self, of: Files) -> None:
        super().__init__(of._store, of._folder)

    @override
    async def remove_below(self, folder: str) -> None:
        raise OSError(5, "cut off")


class _Counting(Files):
    """A store of files that knows how many were fetched at once."""

    def __init__(self, of: Files) -> None:
        super().__init__(of._store, of._folder)
        self.now = self.most = 0

    @override
    async def get(self, name: str) -> bytes | None:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await super().get(name)
        finally:
            self.now -= 1


async def test_a_ministry_makes_an_export_and_removes_it_and_the_trail_tells_both(
    tools: Tools, ministry: Actor
) -> None:
    job = await _done(tools, ministry)
    (made,) = await _listed(tools)
    await tools.db.write(result_exports.request_removal, ministry, "all")
    await Worker(tools).work_until_idle()

    assert (job.state, job.progress, job.total, job.about) == ("done", 2, 2, "exports/all")
    assert (made.name, made.is_whole, made.by) == ("all", True, ministry.name)
    (table,) = made.tables
    assert (table.questionnaire, table.cycles, table.rows) == (
        "two-dimensions@1",
        ("2025", "2026"),
        4,
    )
    assert await _listed(tools) == []
    (first, second) = await tools.db.read(_told)
    assert [one[1:3] for one in (first, second)] == [
        ("export.make", "exports/all"),
        ("export.remove", "exports/all"),
    ]
    assert '"cycles":[1,2]' in first[3]
    assert first[0] == second[0] == ministry.login


async def test_who_asks_for_the_same_again_gets_the_same_and_for_another_thing_waits(
    tools: Tools, ministry: Actor
) -> None:
    first = await _ask(tools, ministry)
    again = await _ask(tools, ministry)

    assert first == again
    with pytest.raises(ExportBusyError):
        await _ask(tools, ministry, replace=True)
    with pytest.raises(ExportBusyError):
        await tools.db.write(result_exports.request_removal, ministry, "all")
    with pytest.raises(ExportBusyError):
        await tools.db.write(result_exports.request, None, "all", replace=False)
    under_way = await tools.db.read(result_exports.under_way, ministry)
    assert {id_: one.name for id_, one in under_way.items()} == {first: "all"}


async def test_others_have_no_part_in_it(tools: Tools, country: Country, ministry: Actor) -> None:
    await _done(tools, ministry)
    elsewhere = country.people["ministry@Elsewhere"]

    with pytest.raises(NothingToExportError):
        await _ask(tools, elsewhere)
    for who in ("evaluator@Agency", "auditor@Agency", "administrator@Agency", "alice"):
        with pytest.raises(ForbiddenError):
            await _ask(tools, country.people[who])
    with pytest.raises(ExportTakenError):
        await kept_exports.require_free(tools.files, "all", {1}, replace=True)
    assert await kept_exports.list_all(tools.files, {1}) == []
    with pytest.raises(NotFoundError):
        await kept_exports.view(tools.files, {1}, "all")


async def test_what_says_of_no_cycle_is_nobodys_but_whoever_runs_the_service(
    tools: Tools, country: Country, ministry: Actor
) -> None:
    await tools.files.put("national/all/two-dimensions-1/columns.parquet", b"x")
    await tools.files.put("national/notes", b"by whoever runs it: no export, and in nobody's way")

    with pytest.raises(ExportTakenError):
        await kept_exports.require_free(tools.files, "all", {1, 2}, replace=True)
    with pytest.raises(NotFoundError):
        await kept_exports.view(tools.files, {1, 2}, "all")
    assert await kept_exports.list_all(tools.files, {1, 2}) == []
    assert [one.name for one in await kept_exports.list_all(tools.files, None)] == ["all"]
    assert (await export(tools, "all")).is_whole


async def test_what_a_removal_leaves_that_was_cut_off_still_says_whose_it_is(
    tools: Tools, ministry: Actor
) -> None:
    await _done(tools, ministry)
    await tools.db.write(result_exports.request_removal, ministry, "all")

    await Worker(structs.replace(tools, files=_Whole(tools.files))).work_until_idle()

    left = [one.name async for one in tools.files.below("national/all/")]
    assert left
    assert all("/cycle=" in one for one in left)


async def test_descriptions_are_fetched_some_at_once(tools: Tools) -> None:
    for number in range(20):
        await tools.files.put(f"national/{number}/x/results/cycle=1/part-00000.parquet", b"x")
    counting = _Counting(tools.files)

    found = await kept_exports.list_all(counting, {1})

    assert len(found) == 20
    assert 1 < counting.most <= 8


@pytest.mark.parametrize("name", ["", "../all", ".hidden", "a/b", "a b", "x" * 61, "a\n"])
async def test_what_names_no_folder_names_no_export(
    tools: Tools, ministry: Actor, name: str
) -> None:
    with pytest.raises(ExportNameError):
        await _ask(tools, ministry, name)


async def test_however_far_it_came_half_an_export_is_never_whole_and_a_retry_is(
    tools: Tools, ministry: Actor
) -> None:
    """Two cycles, their columns and what is whole are written, moved, and described: nine steps."""
    seen = []
    for steps in range(9):
        breaking = structs.replace(tools, files=_Breaking(tools.files, steps, OSError(28, "full")))
        job_id = await _ask(tools, ministry)
        await Worker(breaking).work_until_idle()
        first = await tools.db.read(jobs.view, ministry, job_id)
        seen.append(await _is_whole(tools))
        assert first.error is not None
        assert first.error.code == "no_space"
        await tools.db.write(jobs.cancel, ministry, job_id)

    assert seen == [[]] * 5 + [[("all", False)]] * 4
    await _done(tools, ministry, replace=True)
    assert await _is_whole(tools) == [("all", True)]


async def test_an_export_that_is_there_stays_while_its_successor_is_written(
    tools: Tools, ministry: Actor
) -> None:
    await _done(tools, ministry)
    (before,) = await _listed(tools)
    full = structs.replace(tools, files=_Breaking(tools.files, 3, OSError(28, "full")))
    await _ask(tools, ministry, replace=True)

    await Worker(full).work_until_idle()

    assert await _listed(tools) == [before]
    assert [one async for one in tools.files.below("national-under-way/")] == []


async def test_what_a_killed_worker_left_is_taken_over_and_cleared_away(
    tools: Tools, ministry: Actor
) -> None:
    job_id = await _ask(tools, ministry)
    dead = await _claimed(tools, job_id)
    left = f"national-under-way/{job_id}-1/x/results/cycle=1/part-00000.parquet"
    await tools.files.put(left, b"half")

    await Worker(tools).work_until_idle()
    job = await tools.db.read(jobs.view, ministry, job_id)
    await clean_up.clean(tools, dead)

    assert (job.state, job.attempt) == ("done", 2)
    assert await _is_whole(tools) == [("all", True)]
    assert not await tools.files.has(left)


async def test_one_whose_worker_was_killed_once_it_was_made_is_made_again(
    tools: Tools, ministry: Actor
) -> None:
    job_id = await _ask(tools, ministry)
    for _ in range(2):
        await result_exports.make(tools, await _claimed(tools, job_id))

    await Worker(tools).work_until_idle()

    assert (await tools.db.read(jobs.view, ministry, job_id)).state == "done"
    assert await _is_whole(tools) == [("all", True)]


async def test_one_whose_worker_stopped_once_it_was_made_is_its_own_at_the_next_attempt_too(
    tools: Tools, ministry: Actor
) -> None:
    job_id = await _ask(tools, ministry)
    stopped = await _claimed(tools, job_id)
    await result_exports.make(tools, stopped)
    await tools.db.write(stored.give_back, stopped, clock.now())
    full = structs.replace(tools, files=_Breaking(tools.files, 3, OSError(28, "full")))
    await Worker(full).work_until_idle()
    still = await _is_whole(tools)
    await tools.db.write(stored.cancel, job_id, clock.now())
    await tools.db.write(jobs.start_again, ministry, job_id)

    await Worker(tools).work_until_idle()

    assert still == [("all", True)]
    assert (await tools.db.read(jobs.view, ministry, job_id)).state == "done"


async def test_no_attempt_replaces_what_nobody_asked_to_replace(
    tools: Tools, ministry: Actor
) -> None:
    cancelled = await _ask(tools, ministry)
    begun = await _claimed(tools, cancelled)
    await tools.db.write(jobs.advance, begun, 1)
    await tools.db.write(jobs.cancel, ministry, cancelled)
    await _done(tools, ministry)
    (before,) = await _listed(tools)
    lost = await _ask(tools, ministry)
    await _claimed(tools, lost)
    await Worker(tools).work_until_idle()
    await tools.db.write(jobs.start_again, ministry, cancelled)
    await Worker(tools).work_until_idle()

    ended = [await tools.db.read(jobs.view, ministry, one) for one in (lost, cancelled)]
    assert [(one.state, one.error and one.error.code) for one in ended] == [
        ("dead", ExportTakenError.code)
    ] * 2
    assert await _listed(tools) == [before]


async def test_the_command_takes_up_what_a_killed_command_left_and_leaves_alone_what_goes_on(
    tools: Tools, country: Country
) -> None:
    job_id = await tools.db.write(result_exports.request, None, "all", replace=False)
    now = clock.now()
    await tools.db.write(stored.claim_one, "another", job_id, now, now + LEASE)
    with pytest.raises(JobStateError):
        await export(tools, "all")
    await tools.db.write(stored.cancel, job_id, now)
    other = await tools.db.write(result_exports.request, None, "all", replace=False)
    await _claimed(tools, other)

    found = await export(tools, "all")

    assert found.is_whole
    assert found.by == ""
    ((who, action, _, _),) = await tools.db.read(_told)
    assert (who, action) == ("-", "export.make")


class _Holding(Files):
    """A store of files that keeps whoever brings one waiting."""

    def __init__(self, of: Files) -> None:
        super().__init__(of._store, of._folder)
        self.begun = asyncio.Event()

    @override
    async def put(self, name: str, content: bytes | Path) -> None:
        self.begun.set()
        await asyncio.Event().wait()
        await super().put(name, content)


async def test_the_command_fails_where_somebody_cancels_its_export_at_once(
    tools: Tools, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_HEARTBEAT", 0.02)
    holding = _Holding(tools.files)
    exporting = asyncio.create_task(export(structs.replace(tools, files=holding), "all"))
    await holding.begun.wait()
    (job_id,) = await tools.db.read(stored.under_way, result_exports.KINDS)

    await tools.db.write(stored.cancel, job_id, clock.now())

    with pytest.raises(JobStateError) as raised:
        await exporting
    assert raised.value.details == {"job_state": "cancelled"}
    assert await _listed(tools) == []


async def test_a_cancelled_export_leaves_nothing_and_starts_again(
    tools: Tools, ministry: Actor
) -> None:
    holding = _Holding(tools.files)
    one = Worker(structs.replace(tools, files=holding))
    working = asyncio.create_task(one.work())
    job_id = await _ask(tools, ministry)
    one.wake()
    await holding.begun.wait()
    await tools.db.write(jobs.cancel, ministry, job_id)
    one.stop()
    await working
    cancelled = (await tools.db.read(jobs.view, ministry, job_id)).state, await _listed(tools)
    await tools.db.write(jobs.start_again, ministry, job_id)
    await Worker(tools).work_until_idle()

    assert cancelled == ("cancelled", [])
    assert (await tools.db.read(jobs.view, ministry, job_id)).state == "done"
    assert await _is_whole(tools) == [("all", True)]


@contextmanager
def _bucket() -> Iterator[Files]:
    with serving() as address:
        make_bucket(address)
        place = f"s3://{BUCKET}/country"
        yield files(Settings(files=place, s3_endpoint=address, s3_key=KEY, s3_secret=SECRET))


async def test_s3_has_the_same_and_one_that_does_not_answer_is_told(
    tools: Tools, ministry: Actor
) -> None:
    with _bucket() as bucket:
        there = structs.replace(tools, files=bucket)
        await _done(there, ministry)
        await _done(there, ministry, replace=True)
        (made,) = await _listed(there)
        content = b"".join([piece async for piece in await kept_exports.archive(bucket, made)])
        await there.db.write(result_exports.request_removal, ministry, "all")
        await Worker(there).work_until_idle()
        left = await _listed(there)
    job_id = await _ask(there, ministry)
    await Worker(there).work_until_idle()

    assert made.is_whole
    assert left == []
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    job = await tools.db.read(jobs.view, ministry, job_id)
    assert job.error is not None
    assert (job.state, job.error.code) == ("waiting", FilesUnavailableError.code)


async def test_a_zip_breaks_off_where_the_export_changes_meanwhile(
    tools: Tools, ministry: Actor
) -> None:
    await _done(tools, ministry)
    (made,) = await _listed(tools)
    path = made.files[1].path
    pieces = await kept_exports.archive(tools.files, made)
    await tools.files.put(f"national/all/{path}", b"x" * made.files[1].size)

    with pytest.raises(ExportChangedError):
        [piece async for piece in pieces]
    await tools.files.remove(f"national/all/{path}")
    with pytest.raises(ExportChangedError):
        [piece async for piece in await kept_exports.file(tools.files, made, path)]
    assert await _is_whole(tools) == [("all", False)]


async def test_a_description_that_cannot_be_read_describes_nothing(
    tools: Tools, ministry: Actor
) -> None:
    await _done(tools, ministry)
    await tools.files.put("national/all/datapackage.json", b'{"created": 1}')

    assert await _is_whole(tools) == [("all", False)]
