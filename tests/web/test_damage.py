"""What somebody damages in the database costs its row, and never the page on which the row stands."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Response
from survey_service.conduct.consensus import Panellist
from survey_service.conduct.jobs import Failure
from survey_service.maturity.answers import Answer
from survey_service.operations import notices
from survey_service.operations.jobs import enqueue, unique
from survey_service.store import consensus
from survey_service.store.damage import Damaged, damaged
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.jobs import Wanted
from survey_service.store.tables import metadata
from survey_service.store.tables.jobs import job
from survey_service.store.types import Json
from tests.country import As, Country
from tests.samples import ON_SQLITE
from tests.web.test_access import PLAN, WINDOW, World, ask, routes, settled

Client = AsyncTestClient[Litestar]
COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Json)
]
DAMAGES = ["{", "null", '{"population": null}', "[]", "7"]
READERS = ["ministry@Agency", "alice", "inspector@Agency", "auditor@Agency", "evaluator@Agency"]
TRIED = [(written, READERS[:1]) for written in DAMAGES[1:]] + [(DAMAGES[0], READERS)]
"""Who sees what has nothing to do with what is there instead: not everything with everybody."""


@pytest.fixture
async def world(client: Client, db: Database, country: Country) -> World:
    """Return the ids of the Agency's things: an assessment in a cycle, scored by two stages."""
    agency, ministry = country.organisations["Agency"], As(client, "ministry@Agency")
    stages = {"windows": dict.fromkeys(("self", "internal", "external"), WINDOW)}
    plan = {**PLAN, **stages, "participants": [agency]}
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    found = await settled(client, country, made["id"])
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    opened = await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    path = f"/assessments/{opened['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await inspector.answer(path, "A", 2, "why", "internal")
    found.ids["assessment_id"] = opened["id"]
    await db.write(_scored_alone, opened["id"], country.people["evaluator@Agency"])
    await db.write(notices.choose_language, country.people["alice"], "en")
    found.ids["job_id"] = await db.write(_failed, country.people["alice"])
    return found


def _scored_alone(tx: Writer, assessment_id: int, who: Actor) -> None:
    """Let an evaluator have handed in what they scored alone."""
    given = Response("A", Answer(level=2), "why", 1, who.name, clock.now(), stage="external")
    consensus.save_panel(tx, assessment_id, [Panellist(who.id, who.name, clock.now())])
    consensus.save(tx, assessment_id, who.id, given)


def _failed(tx: Writer, who: Actor) -> int:
    """Return a job of somebody's that failed for good."""
    job_id = enqueue(tx, who, Wanted("mail", unique("mail")))
    failed = {"state": "dead", "error": Failure("mail"), "finished_at": clock.now()}
    tx.execute(sa.update(job).where(job.c.id == job_id).values(failed))
    return job_id


@ON_SQLITE
@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_every_page_opens_and_the_row_is_named(
    client: Client, db: Database, world: World, table: str, column: str
) -> None:
    failed = []
    for written, readers in TRIED:
        await db.write(_damage, table, column, written)
        for route in routes(client):
            if route.method == "GET" and not _needs_more(route.name):
                published = {"code": "two-dimensions", "version": "1"}
                ids = world.ids | (published if "version" in route.path else {})
                for who in readers:
                    status = (await ask(client, route, who, ids)).status_code
                    failed += [(written, route.name, who, status)] if status >= 500 else []

    assert failed == []
    named = await db.read(_damaged)
    assert named
    assert {(one.table, one.column) for one in named} == {(table, column)}


async def test_an_entry_of_the_trail_that_was_damaged_is_shown_as_such(
    client: Client, db: Database, world: World
) -> None:
    for column in ("before", "after"):
        await db.write(_damage, "entry", column, "{")

    page = await client.get(
        f"/assessments/{world.ids['assessment_id']}/trail",
        headers={"Authorization": "Bearer alice"},
    )

    assert page.status_code == 200
    assert "damaged" in page.text


def _needs_more(name: str) -> bool:
    """Whether a route is for something that this country has not: a report takes its own test."""
    return "eport" in name


def _damage(tx: Writer, table: str, column: str, written: str) -> None:
    """Write into a column of every row, as whoever has the database may; no trigger stops them."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.text(f"alter table {table} disable trigger user"))
    else:
        for name in _triggers(tx, table):
            tx.execute(sa.text(f"drop trigger {name}"))
    tx.execute(sa.text(f"update {table} set {column} = :written"), {"written": written})


def _triggers(tx: Reader, table: str) -> Iterator[str]:
    found = tx.execute(
        sa.text("select name from sqlite_master where type = 'trigger' and tbl_name = :name"),
        {"name": table},
    )
    yield from found.scalars().all()


def _damaged(tx: Reader) -> list[Damaged]:
    return list(damaged(tx))
