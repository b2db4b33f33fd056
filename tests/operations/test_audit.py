"""Every change leaves an entry in its transaction, and what is bent by raw SQL is found."""

import json

import pytest
import sqlalchemy as sa

from survey_service import errors
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.trail import Break, Entry
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, audit, responses
from survey_service.store import audit as stored
from survey_service.store.database import Database, SQLite, Writer

ATTACKS = {
    "changed": "update audit set actor = 'nobody' where number = {number}",
    "removed": "delete from audit where number = {number}",
    "inserted": "insert into audit (number, at, actor, address, action, about, previous, digest) "
    "select number + 1, at, actor, address, action, about, previous, digest from audit "
    "where number = {last}",
}


@pytest.fixture
async def opened(db: Database, alice: Actor) -> Assessment:
    return await db.write(assessments.open_assessment, alice, "two-dimensions@1")


async def _save(db: Database, actor: Actor, opened: Assessment, level: int, revision: int) -> None:
    draft = Draft(Answer(level=level), "", revision)
    await db.write(responses.save_response, actor, opened.id, "A", draft)


async def _trail(db: Database, actor: Actor, opened: Assessment) -> list[Entry]:
    return await db.read(audit.trail, actor, opened.id, after=0, limit=100)


async def test_a_change_is_recorded_with_how_it_was_and_is(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await _save(db, alice, opened, 3, 0)
    await _save(db, alice, opened, 4, 1)

    first, second, third = await _trail(db, alice, opened)

    assert (first.action, first.about) == ("assessment.open", f"assessments/{opened.id}")
    assert (third.actor, third.action) == ("alice", "response.save")
    assert third.about == f"assessments/{opened.id}/responses/A"
    assert second.before is None
    assert json.loads(third.before or "")["answer"] == {"level": 3}
    assert json.loads(third.after or "")["answer"] == {"level": 4}


async def test_what_is_refused_leaves_no_entry_of_a_change(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    with pytest.raises(errors.StaleRevisionError):
        await _save(db, alice, opened, 3, 7)

    assert len(await _trail(db, alice, opened)) == 1


async def test_the_trail_of_another_organisation_does_not_exist(
    db: Database, charlie: Actor, opened: Assessment
) -> None:
    with pytest.raises(errors.NotFoundError):
        await _trail(db, charlie, opened)


async def test_the_trail_is_whole_after_everything(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    for revision in range(5):
        await _save(db, alice, opened, revision % 2 + 1, revision)

    assert await db.read(audit.verify, None) == []
    assert await db.read(audit.verify, await db.read(stored.head)) == []


@pytest.mark.parametrize("change", ["update audit set actor = 'x'", "delete from audit"])
async def test_the_database_itself_refuses_to_change_the_trail(
    db: Database, opened: Assessment, change: str
) -> None:
    def attack(tx: Writer) -> None:
        tx.execute(sa.text(change))

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await db.write(attack)


@pytest.mark.parametrize("reason", ATTACKS)
async def test_whoever_can_lift_the_triggers_is_found_out(
    db: Database, alice: Actor, opened: Assessment, reason: str
) -> None:
    await _save(db, alice, opened, 3, 0)
    last = (await db.read(stored.head)).number
    number = last - 1

    def attack(tx: Writer) -> None:
        if isinstance(db, SQLite):
            tx.execute(sa.text("drop trigger audit_no_update"))
            tx.execute(sa.text("drop trigger audit_no_delete"))
        else:
            tx.execute(sa.text("drop trigger audit_append_only on audit"))
        tx.execute(sa.text(ATTACKS[reason].format(number=number, last=last)))

    await db.write(attack)

    (first, *_) = await db.read(audit.verify, None)
    assert first == Break(last + 1 if reason == "inserted" else number, reason)  # type: ignore[arg-type] # one of its reasons
