"""Every change leaves an entry in its transaction, which the log holds; what raw SQL bends is found."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.checkpoints import opened as read
from survey_service.conduct.merkle import is_consistent
from survey_service.conduct.replay import Difference
from survey_service.conduct.trail import Break, Recorded
from survey_service.errors import NotFoundError, UnknownEntryError
from survey_service.errors.answers import StaleRevisionError
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, audit, log, replay, responses
from survey_service.operations.sealing import Sealer
from survey_service.store import log as stored
from survey_service.store.database import Database, PostgreSQL, SQLite, Writer

SEALER = Sealer("demo")


@pytest.fixture
async def opened(db: Database, alice: Actor) -> Assessment:
    return await db.write(assessments.open_assessment, alice, "two-dimensions@1")


async def _save(db: Database, actor: Actor, opened: Assessment, level: int, revision: int) -> None:
    draft = Draft(Answer(level=level), "", revision)
    await db.write(responses.save_response, actor, opened.id, "A", draft)


async def _trail(db: Database, actor: Actor, opened: Assessment) -> list[Recorded]:
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


async def test_entries_are_there_at_once_and_have_numbers_soon(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await _save(db, alice, opened, 3, 0)

    before = await _trail(db, alice, opened)
    await log.number_all(db)
    after = await _trail(db, alice, opened)

    waiting = isinstance(db, PostgreSQL)
    assert [one.number is None for one in before] == [waiting, waiting]
    assert [one.number for one in after] == [
        await db.read(stored.size) - 1,
        await db.read(stored.size),
    ]
    assert [one.leaf for one in after] == [one.leaf for one in before]


async def test_what_is_refused_leaves_no_entry_of_a_change(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    with pytest.raises(StaleRevisionError):
        await _save(db, alice, opened, 3, 7)

    assert len(await _trail(db, alice, opened)) == 1


async def test_the_trail_of_another_organisation_does_not_exist(
    db: Database, charlie: Actor, opened: Assessment
) -> None:
    with pytest.raises(NotFoundError):
        await _trail(db, charlie, opened)


async def test_an_entry_about_an_assessment_that_is_not_there_is_never_dropped_in_silence(
    db: Database, alice: Actor
) -> None:
    with pytest.raises((LookupError, sa.exc.IntegrityError)):
        await db.write(audit.record_about, alice, "assessment.open", 2**20)


async def test_the_log_is_whole_after_everything_and_only_grew(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await log.require_key(db, SEALER, "https://survey.example")
    await log.number_all(db)
    key = await db.read(log.key)
    notes = [await db.read(log.checkpoint, SEALER)]
    for revision in range(5):
        await _save(db, alice, opened, revision % 2 + 1, revision)
        await log.number_all(db)
        notes.append(await db.read(log.checkpoint, SEALER))

    assert await db.read(log.verify, dict(enumerate(notes))) == []  # type: ignore[arg-type] # any names
    old, new = read(notes[0], key), read(notes[-1], key)
    grown = await db.read(log.growth, old.size, SEALER)
    hashes = [log.decoded(one) for one in grown.hashes]
    assert new.size == grown.size == old.size + 5
    assert is_consistent(old.size, new.size, (old.root, new.root), hashes)


@pytest.mark.parametrize("size", [0, 10**6])
async def test_there_is_no_proof_of_growth_from_what_never_was(db: Database, size: int) -> None:
    await log.require_key(db, SEALER, "https://survey.example")

    with pytest.raises(UnknownEntryError):
        await db.read(log.growth, size, SEALER)


@pytest.mark.parametrize("table", ["entry", "leaf", "step", "revision"])
@pytest.mark.parametrize(
    "change", ["update {table} set {column} = {column}", "delete from {table}"]
)
async def test_the_database_itself_refuses_to_change_what_is_recorded(
    db: Database, alice: Actor, opened: Assessment, change: str, table: str
) -> None:
    await _save(db, alice, opened, 3, 0)
    column = {"entry": "actor", "leaf": "number", "step": "reason", "revision": "note"}[table]

    def attack(tx: Writer) -> None:
        if table == "step":
            tx.execute(
                sa.text(
                    "insert into step "
                    "(assessment_id, number, step, before, after, author, at, reason) "
                    "values (:id, 1, 'x', 'x', 'x', 'x', :at, 'x')"
                ),
                {"id": opened.id, "at": "2026-01-01 00:00:00"}
                if isinstance(db, SQLite)
                else {"id": opened.id, "at": opened.opened_at},
            )
        tx.execute(sa.text(change.format(table=table, column=column)))

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await db.write(attack)


def _execute(tx: Writer, statement: str) -> None:
    tx.execute(sa.text(statement))


def _do_as_owner(tx: Writer, statement: str) -> None:
    """Lift the triggers, as whoever owns the database can, and change what they keep."""
    for table in ("entry", "leaf"):
        if tx.dialect.name == "postgresql":
            tx.execute(sa.text(f"alter table {table} disable trigger {table}_append_only"))
        else:
            for change in ("update", "delete"):
                tx.execute(sa.text(f"drop trigger {table}_no_{change}"))
    tx.execute(sa.text(statement))


ATTACKS = {
    "changed": "update entry set actor = 'nobody' where id = {id}",
    "emptied": "update entry set assessment_id = null where id = {id}",
    "tree": "update leaf set hashes = {zeros} where number = {number}",
    "cut": "delete from leaf where number = {number}",
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_whoever_can_lift_the_triggers_is_found_out(
    db: Database, alice: Actor, opened: Assessment, attack: str
) -> None:
    await _save(db, alice, opened, 3, 0)
    await _save(db, alice, opened, 4, 1)
    await log.number_all(db)
    aimed = (await _trail(db, alice, opened))[1]
    zeros = "zeroblob(32)" if isinstance(db, SQLite) else "decode(repeat('00', 32), 'hex')"
    statement = ATTACKS[attack].format(id=aimed.id, number=aimed.number, zeros=zeros)

    await db.write(_do_as_owner, statement)

    found = await db.read(log.verify, {})
    assert aimed.number is not None
    assert found[0] == Break("removed" if attack == "cut" else "changed", aimed.number)
    if attack == "cut":
        assert Break("unnumbered", aimed.id) in found


async def test_an_entry_that_is_put_in_between_is_found(db: Database, opened: Assessment) -> None:
    def attack(tx: Writer) -> None:
        at = "'2020-01-01'" if isinstance(db, SQLite) else "now()"
        tx.execute(
            sa.text(
                "insert into entry (id, at, actor, address, action, about) "
                f"values (-5, {at}, 'alice', '-', 'response.save', 'x')"
            )
        )
        tx.execute(sa.text("delete from pending where entry_id = -5"))

    await db.write(attack)

    assert await db.read(log.verify, {}) == [Break("unnumbered", -5)]


async def test_an_entry_that_waits_a_second_time_holds_up_no_other(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await log.number_all(db)
    first = (await _trail(db, alice, opened))[0]
    again = sa.text("insert into pending values (:id)")
    await db.write(lambda tx: tx.execute(again, {"id": first.id}))

    await _save(db, alice, opened, 3, 0)
    await log.number_all(db)

    assert (await _trail(db, alice, opened))[-1].number == await db.read(stored.size)
    assert await db.read(log.verify, {}) == []


Attack = Callable[[Assessment], str]
TABLES: dict[str, tuple[str, str, str]] = {
    "an answer": (
        r"""update response set answer = '{{"level"\:5}}'""",
        "altered", "assessments/{id}/responses/A",
    ),
    "a damaged answer": (
        "update response set answer = 'x'", "altered", "assessments/{id}/responses/A",
    ),
    "a note": ("update response set note = 'x'", "altered", "assessments/{id}/responses/A"),
    "a score of the ministry": (
        ("insert into response (assessment_id, stage, indicator, answer, note, revision, author, "
        r"""saved_at) select {id}, 'external', 'A', '{{"level"\:5}}', '', 1, 'x', saved_at """
        "from response"),
        "unrecorded", "assessments/{id}/external/responses/A",
    ),
    "a removed answer": ("delete from response", "missing", "assessments/{id}/responses/A"),
    "a state": ("update assessment set state = 'final'", "altered", "assessments/{id}"),
    "an owner": (
        "update assessment set organisation_id = (select max(id) from organisation)",
        "altered", "assessments/{id}",
    ),
    "as whose it is scored": (
        "update assessment set organisation_kind = 'city'", "altered",
        "assessments/{id}/organisation",
    ),
    "a role": ("update person set role = 'ministry' where login = 'bob'", "altered", "people/{bob}"),
    "a person": (
        ("insert into person (login, name, role, organisation_id) select 'eve', 'eve', 'ministry', "
        "organisation_id from person where login = 'bob'"),
        "unrecorded", "people/{next}",
    ),
    "an organisation": (
        "update organisation set kind = 'city' where name = 'Agency'",
        "altered", "organisations/{agency}",
    ),
    "a questionnaire": (
        "update questionnaire set content = content || ' ' where code = 'two-dimensions'",
        "altered", "questionnaires/two-dimensions@1",
    ),
    "a report": (
        ("insert into report (digest, assessment_id, language, state, size, author, at) "
        "select 'f', id, 'id', 'final', 1, 'x', opened_at from assessment"),
        "unrecorded", "assessments/{id}/reports/f",
    ),
    "the key": ("update secret set public = 'x' where name = 'log'", "altered", "log"),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLES)
async def test_what_the_trail_does_not_account_for_is_named(
    db: Database, alice: Actor, bob: Actor, opened: Assessment, what: str
) -> None:
    await log.require_key(db, SEALER, "https://survey.example")
    await _save(db, alice, opened, 3, 0)
    statement, reason, about = TABLES[what]
    known = {
        "id": opened.id,
        "bob": bob.id,
        "agency": alice.organisation_id,
        "next": await db.read(
            lambda tx: tx.execute(sa.text("select max(id) + 1 from person")).scalar()
        ),
    }
    assert await db.read(replay.unaccounted) == []

    await db.write(_execute, statement.format(**known))

    found = await db.read(replay.unaccounted)
    assert {(one.reason, one.about) for one in found} >= {(reason, about.format(**known))}
    assert len(found) <= 2  # somebody new has a second factor, or none, as well


async def test_an_entry_that_cannot_be_read_any_more_is_told_and_ends_nothing(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await _save(db, alice, opened, 3, 0)
    await db.write(_do_as_owner, "update entry set after = 'x' where action = 'response.save'")

    found = await db.read(replay.unaccounted)

    about = f"assessments/{opened.id}/responses/A"
    assert Difference("unrecorded", about, None) in found


LIFTED = {
    SQLite: [
        ("drop trigger entry_no_update", "entry_no_update"),
        ("drop trigger revision_no_delete", "revision_no_delete"),
        ("drop trigger entry_waits", "entry_waits"),
    ],
    PostgreSQL: [
        ("drop trigger leaf_append_only on leaf", "leaf_append_only"),
        ("alter table step disable trigger step_append_only", "step_append_only"),
        (
            (
                "create or replace function wait_for_number() returns trigger language plpgsql as "
                "$$ begin return null; end $$"
            ),
            "entry_waits",
        ),
    ],
}


async def test_triggers_that_do_not_stand_are_named(db: Database) -> None:
    lifted: set[str] = set()

    for statement, name in LIFTED[type(db)]:
        await db.write(_execute, statement)
        lifted.add(name)

        found = await db.read(replay.unaccounted)
        assert {(one.reason, one.about) for one in found} == {("trigger", one) for one in lifted}
