"""What is kept is for the service's user alone, whatever the umask says."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from survey_service.store.database import Writer, connect
from survey_service.store.schema import migrate
from survey_service.store.tables import organisation


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _add(tx: Writer) -> None:
    tx.execute(sa.insert(organisation).values(name="one", kind="city"))


async def test_the_database_and_what_lies_beside_it_are_for_their_user_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a" / "b" / "survey.db"
    await migrate(str(path))
    db = connect(str(path))
    await db.write(_add)

    modes = {one.name: one.stat().st_mode & 0o777 for one in (tmp_path / "a").rglob("*")}
    await db.close()

    assert modes.pop("b") == 0o700
    assert set(modes) == {"survey.db", "survey.db-wal", "survey.db-shm", "survey.db-lock"}
    assert set(modes.values()) == {0o600}
