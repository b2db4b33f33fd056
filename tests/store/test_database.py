"""What the store promises: no update is lost, and one failing write harms no other."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey_service.conduct.access import Actor
from survey_service.errors.installation import DatabaseBusyError, DatabaseReadOnlyError
from survey_service.operations.idempotency import once
from survey_service.operations.sealing import Sealer
from survey_service.store.database import (
    Database,
    PostgreSQL,
    Reader,
    SQLite,
    Writer,
    address,
    connect,
)
from survey_service.store.faults import fault
from survey_service.store.tables import organisation


def _add(tx: Writer) -> None:
    tx.execute(sa.insert(organisation).values(id=1000, name="counter", kind="0"))


def _increment(tx: Writer) -> None:
    tx.execute(
        sa.update(organisation)
        .where(organisation.c.id == 1000)
        .values(kind=str(int(_counter(tx)) + 1))
    )


def _counter(tx: Reader) -> str:
    return str(tx.execute(sa.select(organisation.c.kind).where(organisation.c.id == 1000)).scalar())


def _increment_and_fail(tx: Writer) -> None:
    _increment(tx)
    raise ValueError


async def test_concurrent_increments_all_survive(db: Database) -> None:
    """Each reads, adds one and writes: a lost update would show as a smaller count."""
    await db.write(_add)

    await asyncio.gather(*(db.write(_increment) for _ in range(200)))

    assert await db.read(_counter) == "200"


async def test_short_writes_without_end_do_not_crowd_out_a_long_one(db: Database) -> None:
    """Each of them changes what the long one has read, before it writes."""
    await db.write(_add)
    loop, begun, short = asyncio.get_running_loop(), asyncio.Event(), 0

    def slowly(tx: Writer) -> None:
        loop.call_soon_threadsafe(begun.set)
        _counter(tx)
        if tx.dialect.name == "postgresql":
            tx.execute(sa.select(sa.func.pg_sleep(0.2)))
        _increment(tx)

    long = asyncio.create_task(db.write(slowly))
    await begun.wait()
    while not long.done():
        await db.write(_increment)
        short += 1
    await long

    assert await db.read(_counter) == str(short + 1)


async def test_a_failing_write_in_a_group_harms_no_other(db: Database) -> None:
    await db.write(_add)
    operations = [_increment_and_fail if n % 3 == 0 else _increment for n in range(30)]

    outcomes = await asyncio.gather(*map(db.write, operations), return_exceptions=True)

    assert [isinstance(one, ValueError) for one in outcomes] == [n % 3 == 0 for n in range(30)]
    assert await db.read(_counter) == "20"


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        await db.read(_add)  # type: ignore[arg-type] # what types forbid, the database refuses too


async def test_a_write_stands_when_its_client_leaves(db: Database) -> None:
    await db.write(_add)

    task = asyncio.create_task(db.write(_increment))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await db.write(_increment)

    assert await db.read(_counter) in {"1", "2"}


async def test_who_leaves_while_a_connection_opens_breaks_it_for_nobody(db: Database) -> None:
    await db.write(_add)

    for delay in range(8):
        reading = [asyncio.create_task(db.read(_counter)) for _ in range(8)]
        for _ in range(delay):
            await asyncio.sleep(0)
        for one in reading:
            one.cancel()
        await asyncio.gather(*reading, return_exceptions=True)

    assert set(await asyncio.gather(*(db.read(_counter) for _ in range(16)))) == {"0"}


async def test_nobody_is_told_of_success_when_the_commit_fails(
    prepared_sqlite: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "survey.db"
    path.write_bytes(prepared_sqlite)
    store = SQLite(str(path))

    @sa.event.listens_for(store._writer, "commit")
    def _fail(_: sa.Connection) -> None:
        raise OSError("disk full")

    outcomes = await asyncio.gather(*(store.write(_add) for _ in range(3)), return_exceptions=True)
    sa.event.remove(store._writer, "commit", _fail)

    assert all(isinstance(one, OSError) for one in outcomes)
    assert await store.read(_counter) == "None"
    await store.close()


async def test_an_error_that_is_no_collision_is_not_tried_again(db: Database) -> None:
    runs: list[int] = []

    def fail(tx: Writer) -> None:
        runs.append(1)
        tx.execute(sa.insert(organisation).values(id=1000, name="counter", kind=None))

    with pytest.raises(sa.exc.IntegrityError):
        await db.write(fail)

    assert len(runs) == 1


async def test_a_key_that_stays_taken_is_told(db: Database) -> None:
    await db.write(_add)

    with pytest.raises(sa.exc.IntegrityError):
        await db.write(_add)


async def test_connections_that_the_server_closed_are_noticed_and_nothing_is_done_twice(
    db: Database,
) -> None:
    await db.write(_add)
    if isinstance(db, PostgreSQL):
        await asyncio.gather(*(db.read(_counter) for _ in range(12)))
        async with db._engine.connect() as other:
            ended = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
            mine = sa.text(f"{ended} and datname = current_database()")
            await other.execute(mine)

    await asyncio.gather(*(db.write(_increment) for _ in range(20)))

    assert await db.read(_counter) == "20"


async def test_a_connection_that_is_lost_while_committing_is_told(db: Database) -> None:
    """What became of the transaction is open: to run it again could do it twice."""
    if isinstance(db, SQLite):
        return
    await db.write(_add)

    def lost(tx: Writer) -> None:
        _increment(tx)
        sa.event.listen(tx.engine, "commit", _cut, once=True)

    group = (db.write(operation) for operation in (lost, _increment, _increment))
    outcomes = await asyncio.gather(*group, return_exceptions=True)

    assert all(isinstance(outcome, sa.exc.DBAPIError) for outcome in outcomes)
    assert await db.read(_counter) == "0"


def _cut(connection: sa.Connection) -> None:
    """Close a connection under whoever is about to commit on it."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.terminate()


async def test_a_key_that_comes_twice_at_once_has_one_effect(db: Database, alice: Actor) -> None:
    def once_(tx: Writer) -> int:
        return once(tx, alice, "key", int, Sealer("demo"), _count_up)

    outcomes = await asyncio.gather(*(db.write(once_) for _ in range(10)))

    assert outcomes == [1] * 10


def _count_up(tx: Writer, _: Actor) -> int:
    """Add an organisation; a second one of its name could not be added."""
    tx.execute(sa.insert(organisation).values(name="once", kind=""))
    return 1


def test_the_setting_names_a_file_or_a_server() -> None:
    assert address("data/survey.db") == "sqlite+aiosqlite:///data/survey.db"
    assert address("postgresql://db/survey") == "postgresql+asyncpg://db/survey"


async def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    store = connect(str(tmp_path / "new" / "survey.db"))

    await store.close()

    assert (tmp_path / "new").is_dir()


async def test_a_write_that_collides_at_every_attempt_is_told_as_busy(db: Database) -> None:
    if isinstance(db, SQLite):
        return

    def collides(tx: Writer) -> None:
        tx.execute(sa.text("do $$ begin raise exception using errcode = '40001'; end $$"))

    with pytest.raises(sa.exc.DBAPIError) as raised:
        await db.write(collides)

    assert isinstance(fault(raised.value), DatabaseBusyError)


async def test_that_a_database_can_only_be_read_is_said_in_words(db: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError) as raised:
        await db.write(_in_what_is_only_read)

    assert isinstance(fault(raised.value), DatabaseReadOnlyError)


def _in_what_is_only_read(tx: Writer) -> None:
    server = tx.dialect.name == "postgresql"
    tx.execute(sa.text("set transaction read only" if server else "pragma query_only=on"))
    _add(tx)
