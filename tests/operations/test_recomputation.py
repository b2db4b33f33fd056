"""Results of a database from before they were stored, and all of them worked out anew."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine

from survey_service.conduct.access import Actor
from survey_service.errors.installation import ResultsMissingError
from survey_service.operations import master_data, recomputation, search, standings
from survey_service.operations.recomputation import Discrepancy, catch_up, discrepancies
from survey_service.store import results, schema, steps
from survey_service.store.assessments import Wanted
from survey_service.store.database import Database, Reader, Writer, address, connect
from tests.conftest import _TEMPLATE, _run
from tests.samples import TINY, tiny

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
MINISTRY = Actor(2, "Sari", "ministry", 1, "sari")
CALENDAR = (
    '{"windows":{"self":{"opens":"2020-01-01","closes":"2040-01-01"},'
    '"external":{"opens":"2020-01-01","closes":"2040-01-01"}},"time_zone":"Asia/Jakarta"}'
)


@pytest.fixture(scope="module")
def older_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("older") / "survey.db"
    asyncio.run(_populate(str(path)))
    return path.read_bytes()


@pytest.fixture(scope="module")
def older_postgresql(postgresql: str) -> str:
    """Return the name of a database that every test gets a copy of."""
    server, name = postgresql.replace(f"/{_TEMPLATE}", "/postgres"), f"older_{uuid4().hex}"
    asyncio.run(_run(server, f"create database {name}"))
    asyncio.run(_populate(postgresql.replace(f"/{_TEMPLATE}", f"/{name}")))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the setting of a database as the revision before left it, with three assessments."""
    if request.param == "sqlite":
        path = tmp_path / "survey.db"
        path.write_bytes(request.getfixturevalue("older_sqlite"))
        yield str(path)
        return
    template: str = request.getfixturevalue("older_postgresql")
    prepared: str = request.getfixturevalue("postgresql")
    server, name = prepared.replace(f"/{_TEMPLATE}", "/postgres"), f"test_{uuid4().hex}"
    asyncio.run(_run(server, f"create database {name} template {template} strategy file_copy"))
    yield prepared.replace(f"/{_TEMPLATE}", f"/{name}")
    asyncio.run(_run(server, f"drop database {name} with (force)"))


async def _populate(database: str) -> None:
    engine = create_async_engine(address(database))
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)
    async with engine.begin() as connection:
        await connection.run_sync(_fill)
    await engine.dispose()


def _upgrade(connection: sa.Connection) -> None:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0010")


def _fill(connection: sa.Connection) -> None:
    """Add what the program of then would have: one final, one at work, and one of an odd kind."""
    tables = sa.MetaData()
    tables.reflect(connection)

    def add(table: str, *rows: dict[str, Any]) -> None:
        connection.execute(sa.insert(tables.tables[table]), list(rows))

    add(
        "organisation",
        {"id": 1, "name": "Country", "kind": "ministry", "parent_id": None},
        {"id": 2, "name": "Agency", "kind": "city", "parent_id": 1},
        {"id": 3, "name": "Odd", "kind": "province", "parent_id": 1},
    )
    population = "update organisation set attributes = '{\"population\":200000}' where id = 2"
    connection.exec_driver_sql(population)
    add(
        "person",
        {"id": 1, "login": "alice", "name": "Alice", "role": "coordinator", "organisation_id": 2},
        {"id": 2, "login": "sari", "name": "Sari", "role": "ministry", "organisation_id": 1},
    )
    for name in ("two_dimensions", "conditions", "master_data"):
        content, asked = (TINY / f"{name}.yaml").read_text(), tiny(name)
        add(
            "questionnaire",
            {
                "code": asked.code,
                "version": asked.version,
                "digest": name,
                "name": '{"id":"x","en":"x"}',
                "indicators": len(asked.indicators),
                "content": content,
                "published_at": AT,
            },
        )
    add(
        "cycle",
        {
            "id": 1,
            "name": "2026",
            "organisation_id": 1,
            "questionnaire": "two-dimensions",
            "version": "1",
            "calendar": CALENDAR,
            "state": "open",
            "digest": "two_dimensions",
            "opened_at": AT,
        },
    )
    add("participant", {"cycle_id": 1, "organisation_id": 2})
    for id_, code, digest, organisation, state, cycle in (
        (1, "two-dimensions", "two_dimensions", 2, "final", 1),
        (2, "conditions", "conditions", 2, "draft", None),
        (3, "master-data", "master_data", 3, "final", None),
    ):
        add(
            "assessment",
            {
                "id": id_,
                "questionnaire": code,
                "version": "1",
                "digest": digest,
                "organisation_id": organisation,
                "state": state,
                "opened_by": 1,
                "opened_at": AT,
                "submitted_at": None if state == "draft" else AT,
                "cycle_id": cycle,
            },
        )
    step = {"assessment_id": 1, "author": "Alice", "at": AT, "reason": ""}
    add(
        "step",
        {**step, "number": 1, "step": "submit", "before": "draft", "after": "submitted"},
        {**step, "number": 2, "step": "begin", "before": "submitted", "after": "final"},
    )
    answered = [(1, "self", code, '{"level":4}') for code in "ABCDE"]
    answered += [(1, "external", "B", '{"level":2}'), (2, "self", "A", '{"option":"yes"}')]
    for assessment, stage, code, answer in answered:
        add(
            "response",
            {
                "assessment_id": assessment,
                "stage": stage,
                "indicator": code,
                "answer": answer,
                "note": "",
                "revision": 1,
                "author": "Alice",
                "saved_at": AT,
            },
        )


@pytest.fixture
async def migrated(older: str) -> AsyncIterator[Database]:
    await schema.migrate(older)
    db = connect(older)
    yield db
    await db.close()


def _stands(tx: Reader, assessment: int) -> dict[str, Decimal | None]:
    found = results.of_assessment(tx, assessment)
    return {stage: one.index for stage, one in found.items()}


async def _all(db: Database, *, mend: bool = False) -> list[Discrepancy]:
    return [one async for one in discrepancies(db, mend=mend)]


async def test_assessments_from_before_get_their_results_and_counts(migrated: Database) -> None:
    with pytest.raises(ResultsMissingError):
        await migrated.read(recomputation.require_caught_up)

    assert await catch_up(migrated) == 3
    assert await catch_up(migrated) == 0

    await migrated.read(recomputation.require_caught_up)
    four, lower = Decimal(4), Decimal("3.1")  # B counts 45 of 100: two levels are worth 0.9
    assert await migrated.read(_stands, 1) == {
        "self": four,
        "internal": four,
        "external": lower,
        "final": lower,
    }
    found, _ = await migrated.read(search.find, MINISTRY, before=None, limit=9, wanted=Wanted())
    told = {one.assessment.id: (one.index, one.asked) for one in found}
    assert told == {1: (lower, True), 2: (None, True), 3: (None, False)}
    draft = next(one.assessment for one in found if one.assessment.id == 2)
    assert (draft.answered, draft.total) == (1, 3)  # B is opened by the answer, D by the population
    board = await migrated.read(standings.board, MINISTRY, 1)
    assert [(one.name, one.index, one.own) for one in board.standings.rows] == [
        ("Agency", lower, four)
    ]
    assert [one.index for one in await migrated.read(steps.steps, 1)] == [None, None]


async def test_they_know_their_organisation_as_it_is_on_that_day(migrated: Database) -> None:
    await catch_up(migrated)

    offer = await migrated.read(master_data.offer, MINISTRY, 1)

    assert (offer.then.name, offer.then.kind) == ("Agency", "city")
    assert offer.then.attributes == {"population": 200_000}
    assert [one.name for one in offer.then.ancestors] == ["Country"]
    assert offer.changes == ()


async def test_catching_up_that_was_cut_off_goes_on(
    migrated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recomputation, "_TOGETHER", 1)

    assert await migrated.write(recomputation._catch_up) == 1
    with pytest.raises(ResultsMissingError):
        await migrated.read(recomputation.require_caught_up)
    assert await catch_up(migrated) == 2
    assert [one.what for one in await _all(migrated)] == ["kind"]


async def test_what_stands_differs_in_nothing_and_what_is_odd_is_named(migrated: Database) -> None:
    await catch_up(migrated)

    assert await _all(migrated) == [Discrepancy(3, None, "kind", "province", "-")]


def _execute(tx: Writer, statement: str) -> None:
    tx.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "update response set answer = '{\"level\":3}' where stage = 'external'",
            ("final", "index", "3.1", "3.55"),
        ),
        (
            "update assessment set organisation_attributes = '{}' where id = 2",
            (None, "progress", "1/3", "1/2"),
        ),
        ("delete from result where stage = 'final'", ("final", "result", "-", "3.1 good")),
        (
            "update assessment set state = 'submitted' where id = 1",
            ("final", "result", "3.1 good", "-"),
        ),
        ("update result set \"index\" = '5' where stage = 'self'", ("self", "index", "5", "4")),
        ("update result set grade = null where stage = 'self'", ("self", "grade", "-", "good")),
        ("update assessment set answered = 9 where id = 1", (None, "progress", "9/5", "5/5")),
    ],
)
async def test_every_difference_is_named_exactly(
    migrated: Database, statement: str, expected: tuple[str | None, str, str, str]
) -> None:
    await catch_up(migrated)
    await migrated.write(_execute, statement)

    found = [(one.stage, one.what, one.stored, one.now) for one in await _all(migrated)]

    assert expected in found


async def test_mending_puts_counts_and_copies_right_and_no_result(migrated: Database) -> None:
    await catch_up(migrated)
    for statement in (
        "update assessment set answered = 9 where id = 1",
        "update result set \"index\" = '5', scoring = 0 where stage = 'self'",
        "update response set answer = '{\"level\":3}' where stage = 'external'",
    ):
        await migrated.write(_execute, statement)

    mended = {one.what for one in await _all(migrated, mend=True) if one.mended}
    left = await _all(migrated)

    assert mended == {"progress", "index"}
    assert {one.stage for one in left} == {None, "external", "final"}
    assert not any(one.mendable for one in left)
    stands = await migrated.read(_stands, 1)
    assert (stands["self"], stands["final"]) == (Decimal(4), Decimal("3.1"))
    own = (await migrated.read(results.of_assessment, 1))["self"]
    assert own.scoring == 0  # by which rules it came about is as it was


async def test_a_result_by_other_rules_says_so(migrated: Database) -> None:
    await catch_up(migrated)
    await migrated.write(_execute, "update result set scoring = 0")
    await migrated.write(
        _execute, "update response set answer = '{\"level\":3}' where stage = 'external'"
    )

    found = [one for one in await _all(migrated) if one.stage == "final"]

    assert {one.scoring for one in found} == {0}
