"""Cycles in which organisations have handed in."""

import datetime as dt

from msgspec import structs

from survey_service.conduct.assessment import Draft
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, cycles, responses, steps
from survey_service.operations.cycles import Plan
from survey_service.operations.organisations import enter
from survey_service.operations.steps import Taking
from survey_service.store import organisations
from survey_service.store.database import Writer
from tests.country import Country

ALWAYS = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))


def run_cycle(tx: Writer, country: Country, name: str, levels: dict[str, int]) -> dict[str, int]:
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


def run_to_the_end(
    tx: Writer, country: Country, name: str, levels: dict[str, int]
) -> dict[str, int]:
    """Run a cycle in which all that is handed in becomes final; return the assessments."""
    evaluator = country.people["evaluator@Agency"]
    made = run_cycle(tx, country, name, levels)
    for one in made.values():
        steps.take(tx, evaluator, one, Taking("begin"))
        responses.accept_rest(tx, evaluator, one, "external")
        steps.take(tx, evaluator, one, Taking("finalise"))
    return made


def _hand_in(tx: Writer, country: Country, place: int, cycle: int, level: int) -> int:
    team = structs.replace(country.people["alice"], organisation_id=place)
    opened = assessments.open_in_cycle(tx, team, cycle)
    for code in "ABCDE":
        responses.save_response(tx, team, opened.id, code, Draft(Answer(level=level)))
    steps.take(tx, team, opened.id, Taking("submit"))
    return opened.id
