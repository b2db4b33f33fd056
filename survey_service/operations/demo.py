"""A demo agency: somebody to sign in as, and an assessment to look at."""

import secrets

from msgspec import Struct

from survey_service.maturity.access import Actor
from survey_service.maturity.answers import Answer
from survey_service.maturity.assessment import Draft
from survey_service.operations import assessments, questionnaires, responses
from survey_service.operations.passwords import hashed
from survey_service.store import assessments as stored
from survey_service.store import organisations, people
from survey_service.store.database import Writer

AGENCY = "Pemerintah Kabupaten Contoh"
LOGIN = "demo"
_REFERENCE = "asn-maturity@2026.1"
_LEVELS = (3, 4, 2, 3, 4, 3, 5, 2, 3, 4, 3)  # a plausible, uneven agency; repeated over indicators


class SignIn(Struct, frozen=True):
    """The demo's name and password; the password is new at every seeding and kept nowhere."""

    login: str
    password: str


def seed(tx: Writer, library: list[tuple[str, bytes]]) -> SignIn:
    """Publish the library's files, and fill in the demo agency where it is not there yet."""
    for file, content in library:
        questionnaires.publish(tx, content, file)
    password = secrets.token_urlsafe(9)
    agency = organisations.add(tx, AGENCY, "regency")
    person = people.Person(LOGIN, "Tim Reformasi", "coordinator", agency, hashed(password))
    people.save_person(tx, person)
    known = people.credential(tx, LOGIN)
    if known is not None:
        _fill_in(tx, Actor(known.person_id, person.name, person.role, agency, LOGIN))
    return SignIn(LOGIN, password)


def _fill_in(tx: Writer, actor: Actor) -> None:
    if stored.newest(tx, actor, before=None, limit=1):
        return
    opened = assessments.open_assessment(tx, actor, _REFERENCE)
    indicators = questionnaires.decoded(tx, opened.digest).indicators
    for position, code in enumerate(indicators):
        draft = Draft(Answer(level=_LEVELS[position % len(_LEVELS)]))
        responses.save_response(tx, actor, opened.id, code, draft)
