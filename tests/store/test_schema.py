"""Tables and migrations say the same, on both engines."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from survey_service.errors.installation import NotMigratedError
from survey_service.store.database import Database, Reader, connect
from survey_service.store.schema import migrate, newest, require_newest, revisions
from survey_service.store.tables import metadata
from tests import populated


def _differences(tx: Reader) -> list[object]:
    return list(
        compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
    )


async def test_tables_are_what_the_migrations_make(db: Database) -> None:
    assert await db.read(_differences) == []


def test_what_is_known_by_numbers_of_files_is_what_alembic_walks() -> None:
    assert list(revisions()) == populated.revisions()


async def test_migrating_again_changes_nothing(database: str) -> None:
    assert await migrate(database) == newest()


async def test_an_old_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    store = connect(str(tmp_path / "empty.db"))

    with pytest.raises(NotMigratedError):
        await store.read(require_newest)

    await store.close()


def test_every_column_type_is_declared() -> None:
    columns = [column for table in metadata.tables.values() for column in table.c]

    assert len(columns) > 300
    assert [str(one) for one in columns if one.type is sa.types.NULLTYPE] == []
