"""The processes that do jobs: ended, killed, several at once; and `serve`, which does them itself."""

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from click.testing import CliRunner

from survey_service import clock
from survey_service.cli import main
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LEASE, Job
from survey_service.conduct.organisations import Listed
from survey_service.operations import jobs, organisations
from survey_service.store import audit
from survey_service.store.database import connect
from tests.browser.serving import wait
from tests.country import settle
from tests.lists import entries

ADMINISTRATOR = "administrator@Agency"


class Installation:
    """A database of a small country, the commands that run on it, and what is in it."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.environment = {
            **os.environ,  # noqa: TID251 - for the children
            "SURVEY_DATABASE": database,
            "SURVEY_FILES": str(folder / "files"),
            "SURVEY_LANGUAGE": "en",
            "XDG_RUNTIME_DIR": str(folder),
        }
        self.who = asyncio.run(self._settle())

    async def _settle(self) -> Actor:
        db = connect(self.database)
        country = await settle(db)
        await db.close()
        return country.people[ADMINISTRATOR]

    def ask(self, rows: list[Listed]) -> int:
        """Ask for a list to be taken in; return the job."""
        return asyncio.run(self._ask(rows))

    async def _ask(self, rows: list[Listed]) -> int:
        db = connect(self.database)
        plan = await db.read(organisations.preview, self.who, entries(*rows))
        asked = await db.write(organisations.request_import, self.who, plan)
        await db.close()
        return asked

    def job(self, job_id: int) -> Job:
        """Return how far a job is."""
        return asyncio.run(self._job(job_id))

    async def _job(self, job_id: int) -> Job:
        db = connect(self.database)
        found = await db.read(jobs.view, self.who, job_id)
        await db.close()
        return found

    def added(self) -> Counter[str]:
        """Return how often each organisation was added, by the trail."""
        return asyncio.run(self._added())

    async def _added(self) -> Counter[str]:
        db = connect(self.database)
        entries = await db.read(lambda tx: list(audit.entries(tx)))
        await db.close()
        added = [one.entry for one in entries if one.entry.action == "organisation.add"]
        by_jobs = [one.after for one in added if one.actor != "-" and one.after is not None]
        return Counter(msgspec.json.decode(after)["name"] for after in by_jobs)

    def until_begun(self, job_id: int) -> None:
        """Wait until a job is done in part."""
        while self.job(job_id).progress == 0:
            time.sleep(0.05)

    @contextmanager
    def running(self, *command: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command in a process of its own."""
        whole = [sys.executable, "-m", "survey_service", *command]
        environment = {**self.environment, **more}
        with subprocess.Popen(whole, env=environment, text=True) as process:
            try:
                yield process
            finally:
                process.kill()


def _chain(count: int, name: str = "Unit") -> list[Listed]:
    return [
        Listed(f"{name} {n}", "unit", f"{name} {n - 1}" if n else "Agency") for n in range(count)
    ]


def _once(rows: list[Listed]) -> Counter[str]:
    return Counter(row.name for row in rows)


@pytest.fixture
def installation(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    made = Installation(database, tmp_path)
    for name, value in made.environment.items():
        if name.startswith("SURVEY_"):
            monkeypatch.setenv(name, value)
    return made


def test_a_killed_process_loses_nothing_and_another_goes_on_where_it_was(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _chain(600)
    job_id = installation.ask(rows)
    with installation.running("work") as process:
        installation.until_begun(job_id)
        process.send_signal(signal.SIGKILL)
        process.wait()
    halfway = installation.job(job_id)
    later = clock.now() + LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    result = CliRunner().invoke(main, ["work", "--until-idle"])

    assert result.exit_code == 0
    assert halfway.state == "running"
    done = installation.job(job_id)
    assert (done.state, done.attempt, done.progress) == ("done", 2, 600)
    assert installation.added() == _once(rows)


def test_a_process_that_is_told_to_end_gives_back_what_is_at_hand(
    installation: Installation,
) -> None:
    rows = _chain(600)
    job_id = installation.ask(rows)
    with installation.running("work") as process:
        installation.until_begun(job_id)
        process.terminate()
        assert process.wait(timeout=30) == 0
    given_back = installation.job(job_id)

    with installation.running("work", "--until-idle") as process:
        assert process.wait(timeout=60) == 0

    assert (given_back.state, given_back.attempt) == ("waiting", 0)
    assert 0 < given_back.progress < 600
    assert installation.job(job_id).state == "done"
    assert installation.added() == _once(rows)


def test_doctor_tells_that_nobody_does_what_waits(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.ask(_chain(2))
    at_once = CliRunner().invoke(main, ["doctor"])
    later = clock.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    in_vain = CliRunner().invoke(main, ["doctor"])
    CliRunner().invoke(main, ["work", "--until-idle"])
    done = CliRunner().invoke(main, ["doctor"])

    assert "ok  jobs: waiting since" in at_once.stdout
    assert "NO  jobs: waiting since" in in_vain.stdout
    assert "ok  jobs: ok" in done.stdout


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_several_processes_share_the_work(installation: Installation) -> None:
    lists = [_chain(3, f"Branch {n}") for n in range(12)]
    asked = [installation.ask(rows) for rows in lists]

    with (
        installation.running("work", "--until-idle") as one,
        installation.running("work", "--until-idle") as other,
    ):
        codes = [one.wait(timeout=60), other.wait(timeout=60)]

    assert codes == [0, 0]
    assert {installation.job(each).state for each in asked} == {"done"}
    assert installation.added() == _once([row for rows in lists for row in rows])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_serve_ends_while_somebody_watches_and_goes_on_with_their_job_later(
    installation: Installation, free_port: int
) -> None:
    rows = _chain(3000)
    address = f"http://127.0.0.1:{free_port}"
    who = {"Authorization": f"Bearer {ADMINISTRATOR}"}
    port = {"SURVEY_PORT": str(free_port)}
    with installation.running("serve", **port) as process:
        wait(f"{address}/health")
        job_id = installation.ask(rows)
        with httpx.stream("GET", f"{address}/jobs/{job_id}/events", headers=who) as stream:
            lines = stream.iter_lines()
            assert "data:" in next(lines)
            installation.until_begun(job_id)
            process.terminate()
            process.wait(timeout=25)  # an open stream alone would hold it for thirty seconds
            left = "".join(lines)
    given_back = installation.job(job_id)

    with installation.running("serve", **port):
        wait(f"{address}/health")
        while installation.job(job_id).state != "done":
            time.sleep(0.1)

    assert "ended" not in left
    assert given_back.state == "waiting"
    assert 0 < given_back.progress < 3000
    assert installation.added() == _once(rows)
