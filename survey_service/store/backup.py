"""Copies of the database, each as of one moment; and what must hold of one that is brought back."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service import clock
from survey_service.errors.installation import BackupError, ServedError
from survey_service.store import dumps, log, schema
from survey_service.store.archive import Manifest
from survey_service.store.database import Reader, Writer, address, connect, is_postgresql
from survey_service.store.tables import response
from survey_service.store.tables import revision as history

_TAKE = sa.text("select pg_try_advisory_lock(24151)")  # of the database's, the one who restores
_GOES_ON = sa.text(  # the tool of one that was killed
    "select exists (select from pg_stat_activity "
    "where datname = current_database() and application_name = 'pg_restore')"
)
_MARK = "restoring"  # a table that stands in a server's database until it was checked


async def describe(database: str) -> Manifest:
    """Return what a backup of a database is a backup of.

    Raises:
        BackupError: There is none, or it cannot be read.
        NewerDatabaseError: It is one of a newer program.
    """
    on_server = is_postgresql(database)
    if not on_server:
        _require_file(database)
    db = connect(database)
    try:
        await db.read(schema.require_no_newer)
        revision = await db.read(schema.revision)
        head = await db.read(log.head) if revision == schema.newest() else None
    except OSError as error:
        raise BackupError(file="PostgreSQL", reason="unreachable", cause=str(error)) from error
    except sa.exc.DatabaseError as error:
        raise BackupError(file=database, reason="damaged", cause=str(error.orig)) from error
    finally:
        await db.close()
    if revision is None:
        raise BackupError(file="PostgreSQL" if on_server else database, reason="no_database")
    written = str(head) if head else None
    return Manifest("postgresql" if on_server else "sqlite", revision, written, clock.now())


async def copy(database: str, target: Path) -> None:
    """Copy a database into a file that is there and empty, while others write to it.

    Raises:
        BackupError: It is damaged, or a tool of the server's is missing, or failed.
    """
    if is_postgresql(database):
        dumps.dump(database, await server_version(database), target)
        return
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("vacuum into ?", (str(target),))
    except sqlite3.OperationalError as error:
        raise BackupError(file=str(target), reason="unwritable", cause=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise BackupError(file=database, reason="damaged", cause=str(error)) from error
    require_sound(target)


def _require_file(database: str) -> None:
    if not Path(database).is_file():
        raise BackupError(file=database, reason="no_database")


def require_sound(path: Path) -> None:
    """Raise `BackupError` unless SQLite finds a file whole."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("pragma integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(file=str(path), reason="damaged", cause=str(error)) from error
    if found != "ok":
        raise BackupError(file=str(path), reason="damaged", cause=found)


def require_none(path: Path) -> None:
    """Raise `BackupError` where a file holds a database; an empty one, or none, is none."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as connection:
            (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        tables = None  # it is something, whatever that is
    if tables != 0:
        raise BackupError(file=str(path), reason="exists")


@asynccontextmanager
async def alone(database: str) -> AsyncIterator[None]:
    """Be the one who brings a server's database back.

    Raises:
        ServedError: Another one does.
    """
    engine = create_async_engine(address(database), poolclass=sa.NullPool)
    try:
        async with engine.connect() as connection:
            if not await connection.scalar(_TAKE) or await connection.scalar(_GOES_ON):
                raise ServedError(database="PostgreSQL")
            yield
    finally:
        await engine.dispose()


async def server_version(database: str) -> int:
    """Return the major version of the server.

    Raises:
        BackupError: It does not answer.
    """
    try:
        return await schema.changing(database, _version)
    except OSError as error:
        raise BackupError(file="PostgreSQL", reason="unreachable", cause=str(error)) from error


def _version(tx: Reader) -> int:
    number: str = tx.execute(sa.text("show server_version_num")).scalar_one()
    return int(number) // 10_000


def mark(tx: Writer) -> bool:
    """Mark a server's empty database as being restored; return whether another try left things.

    Raises:
        BackupError: Something else is in it.
    """
    there = sa.inspect(tx).get_table_names()
    if there and _MARK not in there:
        raise BackupError(file="PostgreSQL", reason="exists")
    empty(tx)
    tx.execute(sa.text(f"create table {_MARK} ()"))
    return bool(there)


def empty(tx: Writer) -> None:
    """Remove everything from a server's database: what was being restored, and the mark."""
    for name in sa.inspect(tx).get_table_names():
        quoted = tx.dialect.identifier_preparer.quote(name)
        tx.execute(sa.text(f"drop table {quoted} cascade"))
    routines = (
        "select oid::regprocedure from pg_proc where pronamespace = current_schema()::regnamespace"
    )
    for name in tx.execute(sa.text(routines)).scalars().all():
        tx.execute(sa.text(f"drop function {name}"))


def unmark(tx: Writer, revision: str) -> None:
    """Give a server's database its revision, and take the mark away: it can be served then."""
    tx.execute(sa.text("insert into alembic_version values (:revision)"), {"revision": revision})
    tx.execute(sa.text(f"drop table {_MARK}"))


def gaps(tx: Reader) -> int:
    """Return how many responses have a revision missing on the way to the newest."""
    key = ("assessment_id", "stage", "indicator")
    kept = (
        sa.select(
            *(history.c[name] for name in key),
            sa.func.count().label("count"),
            sa.func.max(history.c.revision).label("newest"),
        )
        .group_by(*(history.c[name] for name in key))
        .subquery()
    )
    same = sa.and_(*(response.c[name] == kept.c[name] for name in key))
    whole = sa.and_(kept.c.count == response.c.revision, kept.c.newest == response.c.revision)
    query = sa.select(sa.func.count()).select_from(response.outerjoin(kept, same))
    return tx.execute(query.where(sa.func.coalesce(whole, sa.false()).is_(sa.false()))).scalar_one()
