"""The database's schema: bringing it up to date, and telling whether it is."""

from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service.errors import NotMigratedError
from survey_service.store.database import Reader, address, is_postgresql


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


@lru_cache
def newest() -> str:
    """Return the revision that this program expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


async def migrate(database: str) -> str:
    """Bring the database that the setting names up to date; return its revision."""
    if not is_postgresql(database):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address(database))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return newest()


def _upgrade(connection: sa.Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_newest(tx: Reader) -> None:
    """Raise `NotMigratedError` unless the database is at the revision we expect."""
    found = MigrationContext.configure(tx).get_current_revision()
    if found != newest():
        raise NotMigratedError(found=found or "-", expected=newest())
