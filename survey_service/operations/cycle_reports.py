"""All reports of a cycle at once: each a job of its own, which any worker does, and one ZIP of them.

The job of the whole asks for some of them ahead, so that all workers of all machines have something to
do, puts each into the ZIP as soon as it is there, and says how many are in. Who was asked for first
is waited for first. Taken over, or started again, it finds what was made before, and makes that no
more. Cancelled, it leaves behind nothing that waits.
"""

import asyncio
import hashlib
import secrets
from collections import deque
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import UNFINISHED
from survey_service.errors import SurveyError
from survey_service.errors.jobs import recalled
from survey_service.errors.papers import NoPapersError
from survey_service.operations import reports, standings
from survey_service.operations.exports import FOLDER, Made
from survey_service.operations.jobs import Tools, acting, advance, enqueue
from survey_service.operations.reports import Asked, Content
from survey_service.operations.standings import Overview
from survey_service.reports.assessment import Report
from survey_service.reports.bundle import Entry, sums, whole, zipped
from survey_service.reports.cycle_reports import Gathered, gathered, listed, missing
from survey_service.reports.papers import Paper, file_name, is_there
from survey_service.store import jobs
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted

AHEAD = 32  # reports asked for before the first of them is there: more than a ministry has workers
_PIECE = 1 << 20  # bytes of the ZIP that are written at once
_EVERY = 0.5  # seconds until it is looked at again whether a report is there
_TRIES = 3  # for a report of what somebody goes on changing meanwhile


class WantedReports(Struct, frozen=True):
    """A paper on each assessment of a cycle that there is one on, in a language."""

    cycle_id: int
    paper: Paper
    language: str


class _Under(Struct, frozen=True):
    """An assessment whose report is under way: by which job, None where it was there."""

    assessment_id: int
    job_id: int | None


def request(tx: Writer, actor: Actor, wanted: WantedReports) -> int:
    """Return the id of the job that gathers a cycle's reports, as far as an actor sees them.

    Raises:
        NotFoundError: There is no such cycle for this actor.
        NoPapersError: There is such a paper on none of its assessments.
    """
    found = standings.overview(tx, actor, wanted.cycle_id)
    count = len(_ids(found, wanted.paper))
    payload, about = msgspec.json.encode(wanted), f"cycles/{wanted.cycle_id}"
    key = f"cycle_reports:{actor.id}:{hashlib.sha256(payload).hexdigest()}"
    name = found.cycle.name
    return enqueue(tx, actor, Wanted("cycle_reports", key, payload.decode(), about, name, count))


def _ids(of: Overview, paper: Paper) -> list[int]:
    """Return the assessments of a cycle that have a paper, by name of their organisations.

    Raises:
        NoPapersError: None has.
    """
    found = [
        one.assessment
        for one in of.standings
        if one.assessment is not None
        and one.state is not None
        and one.withdrawn is None
        and is_there(paper, one.state)
    ]
    if not found:
        raise NoPapersError(paper=paper)
    return found


async def make(tools: Tools, claimed: Claimed) -> str:
    """Gather the reports of a cycle as whoever asked for them sees it, and keep their ZIP.

    Raises:
        NotFoundError: There is no longer such a cycle for them.
        NoPapersError: There is such a paper on none of its assessments any more.
        LostJobError: Somebody cancelled it, or another worker took it over.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedReports)
    gathering = _Gathering(tools, claimed, wanted)
    path = f"{FOLDER}/{claimed.id}-{secrets.token_hex(8)}.zip"
    try:
        with tools.files.arriving() as file:
            await asyncio.to_thread(file.touch)
            async for pieces in _batched(zipped(gathering.entries())):
                await asyncio.to_thread(_append, file, pieces)
            await tools.files.put(path, file)  # before the row that names it
    finally:
        await gathering.let_go()
    what = "reports" if wanted.paper == "report" else wanted.paper
    name = file_name("", "", gathering.cycle, wanted.language, what)
    return msgspec.json.encode(Made(path, f"{name}.zip", "zip")).decode()


class _Gathering:
    """The reports of a cycle, one after the other, while those that follow are made."""

    def __init__(self, tools: Tools, claimed: Claimed, wanted: WantedReports) -> None:
        self._tools, self._claimed, self._wanted = tools, claimed, wanted
        self._asked = reports.asked_for(tools.settings, wanted.paper, wanted.language)
        self._shown = reports.shown_by(tools.settings)
        self._under_way: deque[_Under] = deque()
        self._gathered: list[Gathered] = []
        self.cycle = ""

    async def entries(self) -> AsyncIterator[Entry]:
        """Yield each report, and in the end the list of them with their digests."""
        waiting = deque(await self._tools.db.read(_all, self._claimed, self._wanted))
        while waiting or self._under_way:
            while waiting and len(self._under_way) < AHEAD:
                self._under_way.append(await self._ask(waiting.popleft()))
            if (entry := await self._next(self._under_way[0])) is not None:
                yield entry
            self._under_way.popleft()
        at = max(one.at for one in self._gathered)
        beside = await asyncio.to_thread(_beside, self._gathered, self._wanted.language)
        for name, content in beside.items():
            yield Entry(name, at, whole(content))

    async def let_go(self) -> None:
        """Let nobody make what was asked for ahead and is not needed any more."""
        left = [one.job_id for one in self._under_way if one.job_id is not None]
        if left:
            await self._tools.db.write(_let_go, left)

    async def _ask(self, assessment_id: int) -> _Under:
        """Have a report made, unless there is one of the assessment as it is."""
        try:
            report = await self._load(assessment_id)
        except SurveyError:
            return _Under(assessment_id, None)  # told with its reason when its turn comes
        if await self._tools.files.has(reports.path(report, self._asked)):
            return _Under(assessment_id, None)
        args = (self._claimed, assessment_id, report, self._asked)
        return _Under(assessment_id, await self._tools.db.write(_request, *args))

    async def _next(self, one: _Under) -> Entry | None:
        """Return a report once it is there; None where there is none, for a reason in the list."""
        number = len(self._gathered) + 1
        try:
            report, content = await self._made(one)
        except SurveyError as error:
            at = clock.now()
            self._gathered.append(missing(number, error, at, self._wanted.language))
            await self._record(number, one.assessment_id, None)
            return None
        self.cycle = report.record.cycle if report.record is not None else ""
        name, language = reports.name(report, self._asked), self._wanted.language
        found = await asyncio.to_thread(gathered, number, report, name, content, language)
        self._gathered.append(found)
        await self._record(number, one.assessment_id, Content(content, found.digest))
        return Entry(found.path, report.at, whole(content))

    async def _made(self, one: _Under) -> tuple[Report, bytes]:
        """Return a report and its file.

        Raises:
            SurveyError: It cannot be made, or is no longer there for whoever asked.
        """
        for _ in range(_TRIES):
            await self._ended(one.job_id)
            report = await self._load(one.assessment_id)
            content = await reports.kept(self._tools.files, report, self._asked)
            if content is not None:
                return report, content
            await self._tools.db.read(_require_going_on, one.job_id)
            one = await self._ask(one.assessment_id)
            self._under_way[0] = one
        raise NoPapersError(paper=self._wanted.paper)

    async def _ended(self, job_id: int | None) -> None:
        while job_id is not None:
            (found,) = await self._tools.db.read(jobs.progress, [job_id])
            if found.state not in UNFINISHED:
                return
            await asyncio.sleep(_EVERY)

    async def _load(self, assessment_id: int) -> Report:
        args = (self._claimed, assessment_id, self._wanted.paper, self._shown)
        return await self._tools.db.read(reports.load_for, *args)

    async def _record(self, number: int, assessment_id: int, made: Content | None) -> None:
        """Record that a report is in, and, unless that was told before, that it is handed out."""
        if number > self._claimed.progress:
            args = (self._claimed, number, assessment_id, self._wanted.language, made)
            await self._tools.db.write(_hand_out, *args)


def _beside(found: Sequence[Gathered], language: str) -> dict[str, bytes]:
    """Return the list of the reports and that of their digests, by the names of their files."""
    table = listed(found, language)
    known = [(one.digest, one.path) for one in found if one.path]
    known.append((hashlib.sha256(table).hexdigest(), "list.csv"))
    return {"list.csv": table, "SHA256SUMS": sums(known)}


def _all(tx: Reader, claimed: Claimed, wanted: WantedReports) -> list[int]:
    found = standings.overview(tx, acting(tx, claimed), wanted.cycle_id)
    return _ids(found, wanted.paper)


def _request(tx: Writer, claimed: Claimed, assessment_id: int, report: Report, asked: Asked) -> int:
    actor = acting(tx, claimed)
    return reports.request(tx, actor, assessment_id, report, asked, followed=False)


def _hand_out(
    tx: Writer,
    claimed: Claimed,
    number: int,
    assessment_id: int,
    language: str,
    made: Content | None,
) -> None:
    advance(tx, claimed, number)
    if made is not None:
        reports.hand_out(tx, acting(tx, claimed), assessment_id, language, made)


def _require_going_on(tx: Reader, job_id: int | None) -> None:
    """Raise what went wrong with a job that is given up."""
    failure = None if job_id is None else jobs.failure(tx, job_id)
    if failure is not None:
        raise recalled(failure.code, failure.details)


def _let_go(tx: Writer, job_ids: list[int]) -> None:
    for job_id in job_ids:
        if not jobs.askers(tx, job_id):
            jobs.cancel(tx, job_id, clock.now())


def _append(file: Path, pieces: bytes) -> None:
    with file.open("ab") as opened:
        opened.write(pieces)


async def _batched(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces put together, so that not each of them is written by itself."""
    kept = bytearray()
    async for piece in pieces:
        kept += piece
        if len(kept) >= _PIECE:
            yield bytes(kept)
            kept.clear()
    yield bytes(kept)
