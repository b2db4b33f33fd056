"""The database's schema: bringing it up to date, and telling whether it is."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa

from survey_service.errors.installation import MigrationError, NewerDatabaseError, NotMigratedError
from survey_service.store import locks, log
from survey_service.store.database import (
    PRAGMAS,
    Reader,
    Writer,
    address,
    configure,
    is_postgresql,
)
from survey_service.store.permissions import make_file, make_folder

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
_MIGRATIONS = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = sa.text(
    "select pg_advisory_xact_lock(24152)"
)  # several processes may start at once


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - takes as long as a migration, rarely needed

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


@lru_cache
def revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, oldest first, by the numbers of their files."""
    return tuple(sorted(path.name[:4] for path in _MIGRATIONS.glob("versions/[0-9]*.py")))


def newest() -> str:
    """Return the revision that this program expects."""
    return revisions()[-1]


async def migrate(database: str) -> str:
    """Bring the database that the setting names up to date; return its revision.

    It is one transaction, on both engines: cut off at whatever point, it has not been.

    Raises:
        MigrationError: Rows would refer to nothing.
    """
    await changing(database, upgrade)
    return newest()


async def changing(database: str, change: Callable[[Writer], T]) -> T:
    """Change tables, and whatever belongs to the same transaction; undone where it raises.

    Raises:
        MigrationError: Rows would refer to nothing.
    """
    if is_postgresql(database):
        return await _on_postgresql(database, change)
    return await asyncio.to_thread(_on_sqlite, database, change)


async def _on_postgresql(database: str, change: Callable[[Writer], T]) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the whole ORM

    engine = create_async_engine(address(database))
    try:
        async with engine.begin() as connection:
            await connection.execute(_ONE_AT_A_TIME)
            return await connection.run_sync(lambda found: change(Writer(Reader(found))))
    finally:
        await engine.dispose()


def _on_sqlite(database: str, change: Callable[[Writer], T]) -> T:
    """Change a file; what refers to what is checked at the end, as tables are copied on the way."""
    make_folder(Path(database).parent)
    make_file(Path(database))
    engine = sa.create_engine(f"sqlite:///{database}", poolclass=sa.NullPool)
    # References are off before it begins (within a transaction SQLite does not switch them): to drop
    # a table for its copy would remove its rows first, which others refer to.
    configure(engine, *PRAGMAS, "foreign_keys=off")
    lock = locks.writing(database)
    try:
        with locks.held(lock), engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("begin immediate")
            if revision(Reader(connection)) == newest():  # nothing to copy: no need to look
                return change(Writer(Reader(connection)))
            before = _dangling(connection)
            outcome = change(Writer(Reader(connection)))
            after = _dangling(connection)
            for table in sorted(set(after) - set(before)):
                raise MigrationError(table=table, count=after[table])
            return outcome
    finally:
        lock.close()


def _dangling(connection: sa.Connection) -> Counter[str]:
    """Return how many rows refer to nothing, by table."""
    return Counter(row.table for row in connection.execute(sa.text("pragma foreign_key_check")))


def upgrade(tx: Writer) -> None:
    """Bring the database of a transaction that `changing` began up to date.

    Raises:
        NewerDatabaseError: It is one of a newer program.
    """
    found = revision(tx)
    _require_known(found)
    if found != newest():
        _run_migrations(tx)
    log.sequence_all(tx)


def _run_migrations(tx: Writer) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    config = _config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def revision(tx: Reader) -> str | None:
    """Return the revision that the database is at; None where it has no tables of ours."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return None
    found: str | None = tx.scalar(sa.text("select version_num from alembic_version"))
    return found


def is_known(wanted: str) -> bool:
    """Whether this program knows a revision: one of a later program it does not."""
    return wanted in revisions()


def require_no_newer(tx: Reader) -> None:
    """Raise `NewerDatabaseError` where the database is one of a newer program."""
    _require_known(revision(tx))


def require_newest(tx: Reader) -> None:
    """Raise unless the database is at the revision we expect.

    Raises:
        NewerDatabaseError: It is one of a newer program.
        NotMigratedError: It is one of an older program, or none of ours.
    """
    found = revision(tx)
    if found != newest():
        _require_known(found)
        raise NotMigratedError(found=found or "-", expected=newest())


def _require_known(found: str | None) -> None:
    if found is not None and not is_known(found):
        raise NewerDatabaseError(found=found, expected=newest())
