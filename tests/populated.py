"""Databases of each earlier revision, with rows in every table: made by the migrations themselves."""

import asyncio
import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service.store.schema import _config

T = TypeVar("T")
_ROWS = 3
_MOMENT = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - reflected columns take naive ones
_FILLED = {"alembic_version", "pending"}  # the latter by a trigger
_NONE = frozenset[str]()


def revisions() -> list[str]:
    """Return every revision, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [one.revision for one in reversed(list(script.walk_revisions()))]


def build(connection: sa.Connection, revision: str, *, without: frozenset[str] = _NONE) -> None:
    """Bring an empty database to a revision, and put rows into every table but some."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    metadata = sa.MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        if table.name not in without | _FILLED:
            connection.execute(sa.insert(table), [_row(table, n) for n in range(1, _ROWS + 1)])


def _row(table: sa.Table, number: int) -> dict[str, object]:
    """Return a row; what refers to another table refers to that one's row of the same number."""
    return {
        column.name: _value(column, number)
        for column in table.columns
        if column.server_default is None and not (column.nullable and number == _ROWS)
    } | {column.name: None for column in table.columns if column.nullable and number == _ROWS}


def _value(column: sa.Column[object], number: int) -> object:
    """Return a value that depends on the number alone, so that references are met."""
    match column.type:
        case sa.Boolean():
            return True
        case sa.Integer():
            return number
        case sa.DateTime():
            return _MOMENT
        case sa.Date():
            return _MOMENT.date()
        case sa.LargeBinary():
            return b"%d" % number
        case _:
            return f"{number}"  # is JSON as well


def sqlite(path: Path, revision: str, *, without: frozenset[str] = _NONE) -> None:
    """Make a SQLite file of a revision, with rows in every table but some."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        build(connection, revision, without=without)


def everything(connection: sa.Connection) -> dict[str, list[str]]:
    """Return all that a database says: its tables with their columns, and the rows of each."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return {
        f"{table.name}: {table.columns.keys()}": sorted(
            map(str, connection.execute(sa.select(table)))
        )
        for table in metadata.sorted_tables
    }


def on_server(address: str, work: Callable[[sa.Connection], T]) -> T:
    """Run something in a transaction on a PostgreSQL database."""

    async def run() -> T:
        engine = create_async_engine(address)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    return asyncio.run(run())


def rows(path: Path) -> list[str]:
    """Return the rows of a SQLite file; the order of a copied table's constraints is no one's."""
    return [line for line in content(path) if line.startswith("INSERT")]


def content(path: Path) -> list[str]:
    """Return all that a SQLite file says: its tables, triggers and rows."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        return list(connection.iterdump())
