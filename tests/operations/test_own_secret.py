"""The secret that an installation makes for itself, where none is set."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.app import create_app
from survey_service.errors.installation import UnsafeSettingError
from survey_service.operations import log, secrets
from survey_service.operations.sealing import Sealer, sealer_of
from survey_service.settings import Settings
from survey_service.store import people
from survey_service.store import secrets as stored
from survey_service.store.database import Database
from survey_service.store.own_secret import own_secret, place
from tests.samples import HERE


def test_each_installation_makes_its_own_once_and_for_its_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        chosen = [Settings(database=str(tmp_path / name / "survey.db")) for name in "ab"]
        first, other = [own_secret(one) for one in chosen]
    finally:
        os.umask(before)

    path = tmp_path / "a" / "survey.db-secret"
    assert len(first) == 64
    assert first != other
    assert own_secret(chosen[0]) == first == path.read_text().strip()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["survey.db-secret"]


def test_of_many_that_start_at_once_all_have_the_same(tmp_path: Path) -> None:
    chosen = Settings(database=str(tmp_path / "survey.db"))

    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(own_secret, [chosen] * 50))

    assert len(found) == 1


def test_where_the_database_is_elsewhere_it_lies_beside_the_files(tmp_path: Path) -> None:
    server = "postgresql://localhost/survey"
    chosen = Settings(database=server, files=str(tmp_path / "files"))

    own_secret(chosen)

    assert place(chosen) == tmp_path / "files-secret"
    with pytest.raises(UnsafeSettingError):
        own_secret(Settings(database=server, files="s3://bucket"))


def test_what_is_set_holds_and_none_is_made(tmp_path: Path) -> None:
    chosen = Settings(database=str(tmp_path / "survey.db"), secret="of their own")

    sealed = sealer_of(chosen).seal("x")

    assert Sealer("of their own").open(sealed) == "x"
    assert list(tmp_path.iterdir()) == []


async def test_what_was_sealed_with_the_shared_secret_is_sealed_anew_at_the_first_start(
    db: Database, settings: Settings
) -> None:
    shared, chosen = Sealer("demo"), structs.replace(settings, secret="")
    await log.require_key(db, shared, HERE)
    person = await db.read(people.credential, "alice")
    assert person is not None
    await db.write(people.save_sealed, person.person_id, shared.seal("of a telephone"))

    async with AsyncTestClient(create_app(chosen), base_url=HERE) as client:
        head = await client.get("/api/v1/checkpoint")

    assert head.status_code == 200
    own = sealer_of(chosen)
    known = await db.read(people.credential, "alice")
    kept = await db.read(stored.secret_for, "log")
    assert known is not None
    assert known.totp is not None
    assert kept is not None
    for sealed in (known.totp, kept.sealed):
        assert own.open(sealed) is not None
        assert shared.open(sealed) is None


async def test_what_is_sealed_otherwise_is_left_alone(db: Database, settings: Settings) -> None:
    await log.require_key(db, Sealer("of before"), HERE)
    before = await db.read(stored.secret_for, "log")

    await secrets.take_over(db, structs.replace(settings, secret="another one"))
    await secrets.take_over(db, structs.replace(settings, secret=""))

    after = await db.read(stored.secret_for, "log")
    assert before is not None
    assert after is not None
    assert Sealer("of before").open(after.sealed) == Sealer("of before").open(before.sealed)
