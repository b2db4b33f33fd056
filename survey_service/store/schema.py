"""The database's schema: bringing it up to date, and telling whether it is."""

from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service.errors import NewerDatabaseError, NotMigratedError
from survey_service.store.database import Reader, address, configure, is_postgresql


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


@lru_cache
def newest() -> str:
    """Return the revision that this program expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


async def migrate(database: str) -> str:
    """Bring the database that the setting names up to date, all the way or not at all.

    Returns:
        Its revision.

    Raises:
        NewerDatabaseError: It is one of a newer program.
    """
    engine = create_async_engine(address(database))
    if not is_postgresql(database):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
        # The driver would begin at the first INSERT, and leave the tables made before if cut off.
        configure(engine.sync_engine, "begin immediate")
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return newest()


def _upgrade(connection: sa.Connection) -> None:
    _require_known(revision(Reader(connection)))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(tx: Reader) -> str | None:
    """Return the revision at which the database is; None where there is nothing in it."""
    return MigrationContext.configure(tx).get_current_revision()


def require_no_newer(file: Path) -> None:
    """Raise `NewerDatabaseError` where a SQLite file is one of a newer program."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        _require_known(revision(Reader(connection)))
    engine.dispose()


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
    if found is not None and found not in _revisions():
        raise NewerDatabaseError(found=found, expected=newest())


@lru_cache
def _revisions() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(_config())
    return frozenset(script.revision for script in scripts.walk_revisions())
