"""A database from before the log: all of it comes along, and it stays as it was if anything fails."""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service import clock
from survey_service.conduct.merkle import Peaks
from survey_service.conduct.trail import Break
from survey_service.operations import log, replay
from survey_service.operations.sealing import Sealer
from survey_service.operations.throttling import Trial, _reserve
from survey_service.store import audit, schema
from survey_service.store.database import (
    Database,
    Reader,
    address,
    configure,
    connect,
    is_postgresql,
)
from survey_service.store.schema import migrate
from tests.conftest import _run

ENTRIES = 2500  # more than are in memory at a time
AT = dt.datetime(2025, 5, 1, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the setting of a database as it was before the log, with a life behind it."""
    if request.param == "sqlite":
        database = str(tmp_path / "survey.db")
        asyncio.run(_settle(database))
        yield database
        return
    prepared: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    server, database = (prepared.replace("/prepared", f"/{one}") for one in ("postgres", name))
    asyncio.run(_run(server, f"create database {name}"))
    asyncio.run(_settle(database))
    yield database
    asyncio.run(_run(server, f"drop database {name} with (force)"))


async def _settle(database: str) -> None:
    engine = create_async_engine(address(database))
    if not is_postgresql(database):
        configure(engine.sync_engine)
    async with engine.begin() as connection:
        if not is_postgresql(database):
            await connection.exec_driver_sql("begin immediate")
        await connection.run_sync(_upgrade)
        await connection.run_sync(_fill)
    await engine.dispose()


def _upgrade(connection: sa.Connection) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0010")


def _fill(connection: sa.Connection) -> None:
    old = sa.MetaData()
    old.reflect(connection)
    insert = {name: sa.insert(table) for name, table in old.tables.items()}
    at = AT if connection.dialect.name == "postgresql" else AT.replace(tzinfo=None)
    connection.execute(
        insert["organisation"],
        [
            {"id": 1, "name": "Country", "kind": "ministry", "attributes": "{}", "parent_id": None},
            {"id": 2, "name": "Agency", "kind": "city", "attributes": '{"a":1.5}', "parent_id": 1},
        ],
    )
    person = {"login": "alice", "name": "Alice", "role": "coordinator", "organisation_id": 2}
    connection.execute(insert["person"], {"id": 1, "password": "x", **person})
    published = {"code": "q", "version": "1", "name": '{"id":"x","en":"x"}', "indicators": 1}
    digest = hashlib.sha256(b"content").hexdigest()
    connection.execute(
        insert["questionnaire"],
        {**published, "digest": digest, "content": "content", "published_at": at},
    )
    assessment = {"questionnaire": "q", "version": "1", "digest": digest, "organisation_id": 2}
    connection.execute(
        insert["assessment"],
        {"id": 1, "state": "returned", "opened_by": 1, "opened_at": at, **assessment},
    )
    remark = {"assessment_id": 1, "kind": "point", "text": "mend", "author": "Ina", "at": at}
    connection.execute(insert["remark"], {"id": 1, **remark})
    attempts = [
        {"login": login, "address": "10.0.0.1", "at": at_, "succeeded": succeeded}
        for login, at_, succeeded in (
            ("alice", _now(connection), True), ("my password", at, False), ("alice", at, True),
        )
    ]  # fmt: skip
    connection.execute(insert["attempt"], attempts)
    connection.execute(insert["audit"], list(_chain(digest, at)))


def _now(connection: sa.Connection) -> dt.datetime:
    now = clock.now()
    return now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)


def _chain(digest: str, at: dt.datetime) -> Iterator[dict[str, object]]:
    """Yield the rows of the trail as it was: each held together with the one before."""
    organisation = {"id": 2, "name": "Agency", "kind": "city", "attributes": {"a": 1.5}}
    opened = {
        "id": 1, "questionnaire": "q", "version": "1", "digest": digest, "state": "returned",
        "organisation": organisation, "opened_at": AT,
    }  # fmt: skip
    said = [
        ("questionnaire.publish", "q@1", {"digest": digest}, None),
        ("person.add", "people/alice", {"name": "Alice", "role": "x", "organisation": "x"}, None),
        ("assessment.open", "assessments/1", opened, 1),
    ]
    previous = "0" * 64
    for number in range(1, ENTRIES + 1):
        action, about, after, assessment = (
            said[number - 1] if number <= len(said) else ("session.open", "sessions", None, None)
        )
        written = None if after is None else msgspec.json.encode(after).decode()
        row = [number, AT.isoformat(), "alice", "-", action, about, None, written, previous]
        sealed = hashlib.sha256(msgspec.json.encode(row)).hexdigest()
        yield {
            "number": number, "at": at, "actor": "alice", "address": "-", "action": action,
            "about": about, "before": None, "after": written, "previous": previous,
            "digest": sealed, "assessment_id": assessment,
        }  # fmt: skip
        previous = sealed


async def _opened(database: str) -> Database:
    await migrate(database)
    return connect(database)


async def test_the_trail_of_before_becomes_the_first_leaves(before: str) -> None:
    db = await _opened(before)

    numbered = await db.read(lambda tx: list(audit.entries(tx)))
    old = [one for one in numbered if one.entry.digest is not None]
    assert [(one.number, one.entry.id) for one in old] == [(n, n) for n in range(1, ENTRIES + 1)]
    assert old[0].entry.at == AT
    assert [one.entry.action for one in numbered[ENTRIES:]] == [
        "organisation.found", "organisation.found", "person.found", "remark.found", "assessment.found",
    ]  # fmt: skip
    assert await db.read(log.verify, {}) == []
    assert await db.read(replay.unaccounted) == []
    await db.close()


async def test_the_log_goes_on_after_it(before: str) -> None:
    db = await _opened(before)

    await log.require_key(db, Sealer("demo"), "https://survey.example")
    await log.number_all(db)

    newest = (await db.read(lambda tx: list(audit.entries(tx))))[-1]
    assert (newest.number, newest.entry.id) == (ENTRIES + 6, ENTRIES + 6)
    assert await db.read(log.verify, {}) == []
    await db.close()


async def test_what_was_bent_in_the_chain_of_before_is_still_found(before: str) -> None:
    bend = "update audit set actor = 'eve' where number = 7"
    engine = create_async_engine(address(before))
    async with engine.begin() as connection:
        for lift in (
            ["alter table audit disable trigger audit_append_only"]
            if is_postgresql(before)
            else ["drop trigger audit_no_update"]
        ):
            await connection.execute(sa.text(lift))
        await connection.execute(sa.text(bend))
    await engine.dispose()

    db = await _opened(before)

    assert await db.read(log.verify, {}) == [Break("chain", 7)]
    await db.close()


async def test_what_was_typed_into_forms_is_forgotten_and_who_comes_from_where_is_not(
    before: str,
) -> None:
    db = await _opened(before)

    def attempts(tx: Reader) -> list[object]:
        return list(tx.execute(sa.text("select * from attempt")))

    assert await db.read(attempts) == []
    sealer = Sealer("demo")
    assert (await db.write(_reserve, Trial("alice", "10.0.0.1"), sealer)).known
    assert not (await db.write(_reserve, Trial("alice", "10.0.0.2"), sealer)).known
    await db.close()


async def test_a_migration_that_is_cut_off_leaves_everything_as_it_was(
    before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(tree: Peaks, leaf: bytes) -> list[object]:
        raise OSError(tree.size, leaf)

    tables = await _tables(before)
    with monkeypatch.context() as patched:
        patched.setattr(Peaks, "append", fail)
        with pytest.raises(OSError, match="0"):
            await migrate(before)

    assert await _tables(before) == tables
    db = await _opened(before)
    assert await db.read(log.verify, {}) == []
    await db.close()


async def _tables(database: str) -> dict[str, int]:
    """Return how many rows every table has."""
    engine = create_async_engine(address(database))
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda c: sa.inspect(c).get_table_names())
        counts = {
            name: (await connection.execute(sa.text(f"select count(*) from {name}"))).scalar_one()
            for name in names
        }
    await engine.dispose()
    return counts
