"""A migration is whole or has not been: wherever it is cut off, and whatever there was before."""

import asyncio
import datetime as dt
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from survey_service import clock
from survey_service.errors.installation import MigrationError
from survey_service.store.database import Writer, address
from survey_service.store.schema import changing, migrate, newest, upgrade
from tests import populated

EARLIER = populated.revisions()[:-1]
_KILLED = """
import asyncio, os, signal, sys, sqlalchemy as sa
from survey_service.store.schema import migrate
said = 0
@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def kill(*_):
    global said
    said += 1
    if said == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(migrate(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def _at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what migrations record be the same each time."""
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 1, 2, tzinfo=dt.UTC))


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a populated SQLite file of an earlier revision."""
    path = tmp_path / "before" / "survey.db"
    path.parent.mkdir()
    populated.sqlite(path, request.param)
    return path


@contextmanager
def _at_each_statement(act: Callable[[str], None]) -> Iterator[None]:
    def statement(_c: object, _cursor: object, said: str, *_: object) -> None:
        act(said)

    def small(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.execute("pragma cache_size=1")  # what is changed reaches the disk at once

    event.listen(sa.Engine, "before_cursor_execute", statement)
    event.listen(sa.Engine, "connect", small)
    try:
        yield
    finally:
        event.remove(sa.Engine, "before_cursor_execute", statement)
        event.remove(sa.Engine, "connect", small)


def test_a_kill_at_any_statement_leaves_the_database_as_it_was(
    earlier: Path, tmp_path: Path
) -> None:
    """What lies on disk before each statement is what a kill would leave: it is opened again."""
    before = populated.content(earlier)
    images: list[tuple[str, Path]] = []

    def keep(said: str) -> None:
        image = tmp_path / f"killed-{len(images)}"
        shutil.copytree(earlier.parent, image)
        images.append((said, image / "survey.db"))

    with _at_each_statement(keep):
        asyncio.run(migrate(str(earlier)))

    after, rows = populated.content(earlier), populated.rows(earlier)
    assert after != before
    assert [said for said, image in images if populated.content(image) != before] == []
    oldest = f"'{EARLIER[0]}'" in "".join(before)  # goes through every statement that there is
    for _, image in images[:: 8 if oldest else len(images) // 3]:
        asyncio.run(migrate(str(image)))
        assert populated.rows(image) == rows


@pytest.mark.parametrize("point", [2, 12, 40])
def test_a_killed_migration_runs_again(tmp_path: Path, point: int) -> None:
    path = tmp_path / "survey.db"
    populated.sqlite(path, EARLIER[0])
    before = populated.content(path)

    killed = subprocess.run([sys.executable, "-c", _KILLED, str(path), str(point)], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert populated.content(path) == before
    assert asyncio.run(migrate(str(path))) == newest()


def test_a_full_disk_leaves_the_database_as_it_was(earlier: Path) -> None:
    with closing(sqlite3.connect(earlier)) as connection:
        connection.execute("vacuum")  # what is free would do
        pages = connection.execute("pragma page_count").fetchone()[0]
        revision = connection.execute("select version_num from alembic_version").fetchone()[0]
    before = populated.content(earlier)
    refused = False

    def full(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.execute(f"pragma max_page_count={pages}")

    event.listen(sa.Engine, "connect", full)
    try:
        asyncio.run(migrate(str(earlier)))
    except sa.exc.OperationalError as error:
        refused = "full" in str(error)
    finally:
        event.remove(sa.Engine, "connect", full)

    assert refused or revision == EARLIER[-1]  # whose next one may just add a column, in no page
    assert (populated.content(earlier) == before) is refused
    assert asyncio.run(migrate(str(earlier))) == newest()


def test_a_migration_after_which_something_is_missing_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "survey.db"
    populated.sqlite(path, EARLIER[-1])
    before = populated.content(path)

    def lose(tx: Writer) -> None:
        upgrade(tx)
        tx.execute(sa.text("delete from organisation where id = 1"))

    with pytest.raises(MigrationError) as refused:
        asyncio.run(changing(str(path), lose))

    assert refused.value.details["count"] == 1
    assert populated.content(path) == before


@pytest.mark.parametrize("revision", EARLIER)
def test_a_server_too_keeps_all_of_a_migration_or_nothing(
    empty_postgresql: str, revision: str
) -> None:
    """The server ends the connection at the last statement: the migration before it is gone."""
    url = address(empty_postgresql)
    populated.on_server(url, lambda connection: populated.build(connection, revision))
    before = populated.on_server(url, populated.everything)

    def end(tx: Writer) -> None:
        upgrade(tx)
        tx.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(sa.exc.DBAPIError):
        asyncio.run(changing(empty_postgresql, end))

    assert populated.on_server(url, populated.everything) == before
    assert asyncio.run(migrate(empty_postgresql)) == newest()


async def test_processes_that_start_at_once_migrate_one_after_the_other(
    empty_postgresql: str,
) -> None:
    assert await asyncio.gather(*(migrate(empty_postgresql) for _ in range(4))) == [newest()] * 4
