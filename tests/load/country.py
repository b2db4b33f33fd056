"""A country for the load: agencies whose assessments are answered, and the people of each."""

import asyncio
import sqlite3
from pathlib import Path

from msgspec import Struct

from survey_service.conduct.access import Actor, Role
from survey_service.conduct.assessment import Draft
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, responses
from survey_service.operations.passwords import hashed
from survey_service.store import organisations, people
from survey_service.store.database import Writer, connect
from tests.samples import FLAGSHIP, PASSWORD, load

AGENCIES, TEAM = 60, 5
_REFERENCE = "asn-maturity@2026.1"


class Place(Struct, frozen=True):
    """An agency's assessment, and the sign-in names of its team, the coordinator's first."""

    assessment: int
    logins: tuple[str, ...]


def parts() -> list[tuple[str, list[str]]]:
    """Return the parts of the questionnaire: the code of each, and those of its indicators."""
    questionnaire = load(FLAGSHIP)
    found: dict[str, list[str]] = {}
    for code in questionnaire.indicators:
        found.setdefault(questionnaire.parents[code].code, []).append(code)
    return list(found.items())


def fill(database: str) -> list[Place]:
    """Add the agencies, each with an assessment that is answered to the last question."""
    return asyncio.run(_fill(database))


async def _fill(database: str) -> list[Place]:
    db = connect(database)
    known = hashed(PASSWORD)
    places = [await db.write(_place, number, known) for number in range(AGENCIES)]
    await db.close()
    return places


def _place(tx: Writer, number: int, known: str) -> Place:
    agency = organisations.insert(tx, Listed(f"Kabupaten {number}", "regency"), None)
    logins = tuple(f"team-{number}-{member}" for member in range(TEAM))
    for member, login in enumerate(logins):
        role: Role = "respondent" if member else "coordinator"
        people.save_person(tx, people.Person(login, login, role, agency, known))
    found = people.credential(tx, logins[0])
    assert found is not None
    coordinator = Actor(found.person_id, logins[0], "coordinator", agency, logins[0])
    opened = assessments.open_assessment(tx, coordinator, _REFERENCE)
    for _, codes in parts():
        for code in codes:
            responses.save_response(tx, coordinator, opened.id, code, Draft(Answer(level=3)))
    return Place(opened.id, logins)


def revisions(database: str) -> dict[tuple[int, str], int]:
    """Return the newest revision of every answer."""
    query = "select assessment_id, indicator, max(revision) from revision group by 1, 2"
    with sqlite3.connect(f"file:{Path(database).absolute()}?mode=ro", uri=True) as opened:
        return {(row[0], row[1]): row[2] for row in opened.execute(query)}


def notes(database: str) -> set[str]:
    """Return the notes of all revisions: every save of the load has one of its own."""
    with sqlite3.connect(f"file:{Path(database).absolute()}?mode=ro", uri=True) as opened:
        return {row[0] for row in opened.execute("select note from revision")}
