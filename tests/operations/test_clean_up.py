"""What the daily clean-up forgets, and what it leaves."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LANES, Failure, Kind
from survey_service.conduct.notices import News
from survey_service.operations import assessments, clean_up, jobs
from survey_service.operations.exports import FOLDER, Made
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.store import arrivals, idempotency, notices, presence, sessions, tables
from survey_service.store import jobs as stored
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.idempotency import Repeat
from survey_service.store.jobs import Wanted
from survey_service.store.tables.accounts import attempt, familiar
from survey_service.store.tables.jobs import job
from survey_service.store.tables.log import tally

NOW = clock.now()
_OLD = NOW - dt.timedelta(days=130)
_KEPT = (
    "idempotency", "session", "one_time_link", "attempt", "presence", "familiar", "tally", "notice",
)  # fmt: skip


def _count(tx: Reader, name: str) -> int:
    table = tables.metadata.tables[name]
    return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


async def _counts(db: Database) -> dict[str, int]:
    return {name: await db.read(_count, name) for name in _KEPT}


def _leave(tx: Writer, person_id: int, assessment_id: int, at: dt.datetime, count: int) -> None:
    """Leave traces of a moment: `count` of those of which a person can leave many."""
    lasts, mark = dt.timedelta(hours=12), f"{at:%d}"
    for number in range(count):
        idempotency.remember(tx, person_id, f"{mark}-{number}", Repeat("", ""), at)
    sessions.add(tx, f"ended {mark}", person_id, at, at + lasts)
    sessions.add(tx, f"token {mark}", person_id, at, NOW + lasts, label="program")
    sessions.add_links(tx, {person_id: f"link {mark}"}, at + lasts)
    tx.execute(sa.insert(attempt).values(login="x", address="y", at=at))
    tx.execute(sa.insert(familiar).values(person_id=person_id, address="y", at=at))
    counted = {"day": at.date(), "action": "x", "address": "y", "count": 1, "last_at": at}
    tx.execute(sa.insert(tally).values(counted))
    presence.save(tx, assessment_id, person_id, "A", at)
    notices.add(tx, [person_id], News("ready", mark, "x", "x", 1), at)


async def test_what_has_served_its_time_is_forgotten_and_the_rest_stays(
    tools: Tools, alice: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean_up, "TOGETHER", 3)
    db = tools.db
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    await db.write(_leave, alice.id, opened.id, _OLD, 10)
    await db.write(_leave, bob.id, opened.id, clock.now(), 10)
    before = await _counts(db)

    await Worker(tools).work_until_idle()

    left = {name: before[name] - count for name, count in (await _counts(db)).items()}
    assert left == {
        "idempotency": 10, "session": 1, "one_time_link": 1, "attempt": 1, "presence": 1,
        "familiar": 1, "tally": 1, "notice": 1,
    }  # fmt: skip


async def test_what_killed_uploads_left_is_cleared_away(tools: Tools, db: Database) -> None:
    for name in ("evidence/aa/left", "reports/kept.pdf"):
        await tools.files.put(name, b"x")
    arriving = Path(tools.settings.files) / arrivals.FOLDER
    (arriving / "cut-off").write_bytes(b"x")

    with tools.files.arriving() as under_way:
        await Worker(tools).work_until_idle()
        left = {path.name for path in arriving.iterdir()}

    assert left == {under_way.name}
    assert not await tools.files.has("evidence/aa/left")
    assert await tools.files.has("reports/kept.pdf")


async def test_a_session_that_idles_has_ended(tools: Tools, alice: Actor) -> None:
    hours = dt.timedelta(hours=2)
    await tools.db.write(sessions.add, "idle", alice.id, NOW - hours, NOW + hours)

    await Worker(tools).work_until_idle()

    assert await tools.db.read(_count, "session") == 0


async def _ended(db: Database, who: Actor, kind: Kind, state: str, days: int) -> int:
    """Return a job that ended so many days ago."""
    at = clock.now() - dt.timedelta(days=days)
    job_id = await db.write(jobs.enqueue, who, Wanted(kind, jobs.unique(kind), "{}"))
    now = clock.now()
    claimed = await db.write(stored.claim, "x", LANES[kind], now, now)
    assert claimed is not None
    if state == "dead":
        await db.write(stored.bury, claimed, Failure("mail"), at)
    else:
        await db.write(stored.finish, claimed, "", at)
    return job_id


async def test_old_jobs_are_forgotten_those_that_failed_last(tools: Tools, alice: Actor) -> None:
    db = tools.db
    kept = [
        await _ended(db, alice, "mail", "done", 0),
        await _ended(db, alice, "mail", "dead", 20),
        await _ended(db, alice, "organisations", "done", 20),
    ]
    for kind, state, days in (("mail", "done", 2), ("mail", "dead", 31), ("people", "done", 31)):
        await _ended(db, alice, kind, state, days)  # type: ignore[arg-type] # kinds

    await Worker(tools).work_until_idle()

    found = await db.read(jobs.list_own, alice, before=None, limit=99)
    assert {one.id for one in found} == set(kept)


async def test_files_of_tables_go_with_their_jobs(tools: Tools, alice: Actor) -> None:
    db, files = tools.db, tools.files
    made = await db.write(jobs.enqueue, alice, Wanted("table", "made", "{}"))
    now = clock.now()
    claimed = await db.write(stored.claim, "x", "tables", now, now)
    assert claimed is not None
    names = [f"{FOLDER}/{made}-new.csv", f"{FOLDER}/{made}-cut-off.csv", f"{FOLDER}/999-gone.csv"]
    for name in (*names, f"{FOLDER}/stray"):
        await files.put(name, b"x")
    result = msgspec.json.encode(Made(names[0], "x.csv", "csv")).decode()
    await db.write(stored.finish, claimed, result, clock.now())

    await Worker(tools).work_until_idle()

    assert [one.name async for one in files.below(FOLDER)] == [names[0]]


@pytest.mark.parametrize(("kind", "hour"), [("clean_up", 2), ("deadlines", 6)])
async def test_what_is_daily_comes_again_tomorrow_and_only_once(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, kind: Kind, hour: int
) -> None:
    db = tools.db
    for _ in range(3):
        await Worker(tools).work_until_idle()
    today = await db.read(_moments, kind)
    later = clock.now() + dt.timedelta(days=1, hours=12)
    monkeypatch.setattr(clock, "now", lambda: later)

    await Worker(tools).work_until_idle()

    assert [state for state, _ in today] == ["done", "waiting"]
    due = today[1][1].astimezone(dt.timezone(dt.timedelta(hours=7)))
    assert due.hour == hour
    states = [state for state, _ in await db.read(_moments, kind)]
    assert states.count("waiting") == 1
    assert states.count("done") >= 1


def _moments(tx: Reader, kind: Kind) -> list[tuple[str, dt.datetime]]:
    columns = (job.c.state, job.c.due_at)
    rows = tx.execute(sa.select(*columns).where(job.c.kind == kind).order_by(job.c.id))
    return [(row.state, row.due_at) for row in rows]
