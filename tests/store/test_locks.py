"""Who may write to a SQLite file, between processes."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey_service.errors.installation import DatabaseBusyError, ServedError
from survey_service.store import locks
from survey_service.store.database import Database, Writer
from survey_service.store.schema import migrate
from survey_service.store.tables import organisation

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
_WRITES = """
import asyncio, sys
from survey_service.store.database import connect
from tests.store.test_locks import add

async def write():
    db = connect(sys.argv[1])
    for number in range(200):
        await db.write(add, f"{sys.argv[2]} {number}")
    await db.close()

asyncio.run(write())
"""


def add(tx: Writer, name: str) -> None:
    tx.execute(sa.insert(organisation).values(name=name, kind="city"))


async def test_a_write_waits_until_the_other_process_has_checkpointed(
    db: Database, database: str
) -> None:
    other = locks.writing(database)
    assert other.take()

    under_way = asyncio.ensure_future(db.write(add, "waited"))
    waited, _ = await asyncio.wait([under_way], timeout=0.2)
    other.close()
    await under_way

    assert waited == set()


async def test_a_migration_waits_as_well(database: str) -> None:
    other = locks.writing(database)
    assert other.take()

    under_way = asyncio.ensure_future(migrate(database))
    waited, _ = await asyncio.wait([under_way], timeout=0.5)
    other.close()
    await under_way

    assert waited == set()


def test_nobody_waits_for_ever(database: str) -> None:
    first, second = locks.writing(database), locks.writing(database)

    with locks.held(first), pytest.raises(DatabaseBusyError), locks.held(second, seconds=0):
        pytest.fail("held twice")

    first.close()
    second.close()


def test_processes_that_write_at_once_lose_nothing(database: str) -> None:
    commands = [[sys.executable, "-c", _WRITES, database, name] for name in ("a", "b")]

    writing = [subprocess.Popen(command) for command in commands]

    assert [process.wait(60) for process in writing] == [0, 0]
    with closing(sqlite3.connect(database)) as opened:
        query = "select count(*) from organisation where kind = 'city' and name like '_ %'"
        assert opened.execute(query).fetchone() == (400,)
        assert opened.execute("pragma integrity_check").fetchone() == ("ok",)


def test_nobody_puts_a_file_in_the_place_of_one_that_others_work_on(database: str) -> None:
    with locks.serving(database), locks.working(database), locks.working(database):
        pass  # those who work do so beside one another, and beside the one that serves
    with locks.working(database), pytest.raises(ServedError), locks.replacing(database):
        pytest.fail("replaced")
    with locks.replacing(database), pytest.raises(ServedError), locks.working(database):
        pytest.fail("worked on what goes")
    with locks.serving(database), pytest.raises(ServedError), locks.replacing(database):
        pytest.fail("replaced what is served")


def test_a_lock_goes_by_the_file_and_not_by_its_name(database: str, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(database)

    with locks.serving(database), pytest.raises(ServedError), locks.serving(str(link)):
        pytest.fail("served twice")
    with locks.serving(str(link)):
        pass
