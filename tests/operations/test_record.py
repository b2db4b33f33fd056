"""What is on record of an assessment, gathered for its papers."""

import datetime as dt
from decimal import Decimal

from msgspec import structs

from survey_service.analysis.peers import FEWEST
from survey_service.conduct.assessment import Draft
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, cycles, responses, steps
from survey_service.operations.cycles import Plan
from survey_service.operations.organisations import enter
from survey_service.operations.record import Shown, gathered
from survey_service.operations.steps import Taking
from survey_service.reports.assessment import Report
from survey_service.store import organisations
from survey_service.store.database import Database, Writer
from tests.country import Country, settle

SHOWN = Shown(dt.UTC, "https://survei.contoh.go.id")
ALWAYS = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


def _run(tx: Writer, country: Country, name: str, levels: dict[str, int]) -> dict[str, int]:
    """Run a cycle in which regencies answer with a level each and hand in; return their assessments."""
    ministry = country.people["ministry@Agency"]
    places = {"Agency": country.organisations["Agency"]} | {
        each: organisations.identity(tx, each)
        or enter(tx, Listed(each, "regency"), ministry.organisation_id)
        for each in levels
        if each != "Agency"
    }
    plan = Plan(
        name,
        "two-dimensions@1",
        Calendar({"self": ALWAYS, "external": ALWAYS}, "Asia/Jakarta"),
        tuple(places.values()),
    )
    cycle = cycles.open_cycle(tx, ministry, cycles.plan(tx, ministry, plan).id)
    return {
        each: _hand_in(tx, country, places[each], cycle.id, level) for each, level in levels.items()
    }


def _hand_in(tx: Writer, country: Country, place: int, cycle: int, level: int) -> int:
    team = structs.replace(country.people["alice"], organisation_id=place)
    opened = assessments.open_in_cycle(tx, team, cycle)
    for code in "ABCDE":
        responses.save_response(tx, team, opened.id, code, Draft(Answer(level=level)))
    steps.take(tx, team, opened.id, Taking("submit"))
    return opened.id


async def _report(db: Database, country: Country, assessment_id: int) -> Report:
    return await db.read(gathered, country.people["alice"], assessment_id, SHOWN)


async def test_peers_are_told_to_who_does_not_see_them_and_never_under_five(db: Database) -> None:
    country = await settle(db)
    others = {f"Regency {number}": 1 + number % 5 for number in range(FEWEST)}

    few = await db.write(_run, country, "few", {"Agency": 3, **dict(list(others.items())[1:])})
    enough = await db.write(_run, country, "enough", {"Agency": 3, "Fifth": 2, **others})
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
