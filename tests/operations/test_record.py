"""What is on record of an assessment, gathered for its papers."""

import datetime as dt
from decimal import Decimal

from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.actions import Draft
from survey_service.conduct.cycles import Window
from survey_service.maturity.answers import Answer
from survey_service.operations import actions, assessments
from survey_service.operations.record import Shown, gathered
from survey_service.reports.assessment import Report
from survey_service.reports.record import Agreed
from survey_service.store.database import Database
from tests.country import Country, settle
from tests.cycles import run_cycle

SHOWN = Shown(dt.UTC, "https://survei.contoh.go.id")
ALWAYS = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


async def _report(db: Database, country: Country, assessment_id: int) -> Report:
    return await db.read(gathered, country.people["alice"], assessment_id, SHOWN)


async def test_peers_are_told_to_who_does_not_see_them_and_never_under_five(db: Database) -> None:
    country = await settle(db)
    others = {f"Regency {number}": 1 + number % 5 for number in range(FEWEST)}

    few = await db.write(run_cycle, country, "few", {"Agency": 3, **dict(list(others.items())[1:])})
    enough = await db.write(run_cycle, country, "enough", {"Agency": 3, "Fifth": 2, **others})
    alone, among = [(await _report(db, country, made["Agency"])).record for made in (few, enough)]

    assert alone is not None
    assert alone.peers is None
    assert among is not None
    assert among.peers is not None
    assert (among.peers.count, among.peers.median) == (6, Decimal("2.50000"))  # of 1 2 2 3 4 5
    assert among.before is not None
    assert among.before.called == "few"
    assert among.before.nodes.keys() == among.peers.nodes.keys()


async def test_what_is_being_answered_has_no_peers_and_no_stages(db: Database) -> None:
    country = await settle(db)
    opened = await db.write(
        assessments.open_assessment, country.people["alice"], "two-dimensions@1"
    )

    report = await _report(db, country, opened.id)

    assert report.stages == ()
    assert report.record is not None
    assert (report.record.peers, report.record.before, report.record.cycle) == (None, None, "")
    assert report.record.address == "https://survei.contoh.go.id"


async def test_steps_that_became_actions_have_an_owner_and_a_day(db: Database) -> None:
    country = await settle(db)
    alice = country.people["alice"]
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    due = dt.date(2026, 9, 1)
    drafts = [
        Draft("A", Answer(level=4), owner_id=alice.id, due=due),
        Draft("B", Answer(level=3), owner="The secretary"),
    ]
    await db.write(actions.add, alice, opened.id, drafts)

    record = (await _report(db, country, opened.id)).record

    assert record is not None
    assert record.agreed == (
        Agreed("A", Answer(level=4), "alice", due),
        Agreed("B", Answer(level=3), "The secretary"),
    )
