"""A demo country: somebody of each role to sign in as, a cycle, and assessments to look at."""

import datetime as dt
import secrets

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, Role
from survey_service.conduct.actions import Change, State
from survey_service.conduct.actions import Draft as Planned
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.life import Stage, Step
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import (
    actions,
    assessments,
    cycles,
    people,
    questionnaires,
    responses,
    steps,
)
from survey_service.operations.cycles import Plan
from survey_service.operations.organisations import alter, enter, enter_once
from survey_service.operations.passwords import hashed
from survey_service.operations.preconditions import tag
from survey_service.operations.steps import Taking
from survey_service.store import assessments as stored
from survey_service.store.database import Writer
from survey_service.store.people import Person

MINISTRY, AGENCY = "Kementerian Contoh", "Pemerintah Kabupaten Contoh"
LOGIN = "demo"
ROLES: tuple[Role, ...] = ("ministry", "evaluator", "inspector", "auditor", "administrator")
"""The roles that `demo-<role>` signs in as, beside the coordinator's."""

_NAMES: dict[Role, str] = {
    "ministry": "Sari Kementerian",
    "evaluator": "Eko Evaluator",
    "inspector": "Ina Inspektorat",
    "auditor": "Agus Auditor",
    "administrator": "Adi Administrator",
    "coordinator": "Koordinator",
}
_HIGH: tuple[Role, ...] = ("ministry", "evaluator", "auditor", "administrator")
_REFERENCE = "asn-maturity@2026.1"
_LEVELS = (3, 4, 2, 3, 4, 3, 5, 2, 3, 4, 3)  # a plausible, uneven agency; repeated over indicators
_OTHERS = (
    ("Kabupaten Lembah", "regency", -1), ("Kabupaten Pantai", "regency", 0),
    ("Kabupaten Gunung", "regency", 1), ("Kota Teluk", "city", 0), ("Kota Sungai", "city", 1),
    ("Kota Danau", "city", -1), ("Provinsi Utara", "province", 0),
    ("Provinsi Selatan", "province", -1),
)  # fmt: skip
"""The other agencies: name, kind, and how far their levels lie from the plausible ones."""

_PLANNED: tuple[tuple[int, State, str], ...] = (
    (-12, "started", ""), (21, "started", "Biro SDM"), (60, "planned", "Biro Organisasi"),
    (-30, "done", "Bagian Hukum"),
)  # fmt: skip
"""Actions of an agency: in how many days they are due, how far they are, whose; "" who plans them."""

_FINAL, _PASSED_ON = 4, 6  # as many of them are final; as many at least with the evaluators
_DAY = dt.timedelta(days=1)


class SignIn(Struct, frozen=True):
    """The demo's name and password; the password is new at every seeding and kept nowhere."""

    login: str
    password: str


def seed(tx: Writer, library: list[tuple[str, bytes]]) -> SignIn:
    """Publish the library's files, and fill in the demo country where it is not there yet."""
    for file, content in library:
        questionnaires.publish(tx, content, file)
    password = secrets.token_urlsafe(9)
    ministry = enter_once(tx, Listed(MINISTRY, "ministry"))
    agency = enter_once(tx, Listed(AGENCY, "regency"))
    known = hashed(password)
    coordinator = _person(tx, LOGIN, "Tim Reformasi", "coordinator", agency, known)
    folk = {
        role: _person(
            tx, f"{LOGIN}-{role}", _NAMES[role], role, ministry if role in _HIGH else agency, known
        )
        for role in ROLES
    }
    if not stored.newest(tx, coordinator, before=None, limit=1):
        alter(tx, agency, Listed(AGENCY, "regency"), ministry)
        opened = assessments.open_assessment(tx, coordinator, _REFERENCE)
        _fill_in(tx, coordinator, opened, 0)
        _plan(tx, coordinator, opened, 0)
        _run_a_cycle(tx, folk["ministry"], folk["evaluator"], agency)
    return SignIn(LOGIN, password)


def _person(
    tx: Writer, login: str, name: str, role: Role, organisation: int, password: str | None
) -> Actor:
    person_id = people.enter(tx, Person(login, name, role, organisation, password))
    return Actor(person_id, name, role, organisation, login)


def _run_a_cycle(tx: Writer, ministry: Actor, evaluator: Actor, agency: int) -> None:
    """Run a cycle: some agencies are final, some on their way, and the demo's has not begun."""
    places = {
        name: enter(tx, Listed(name, kind), ministry.organisation_id) for name, kind, _ in _OTHERS
    }
    today, taking_part = clock.now().date(), (agency, *places.values())
    plan = Plan(f"Reformasi {today.year}", _REFERENCE, _calendar(today), taking_part)
    cycle = cycles.open_cycle(tx, ministry, cycles.plan(tx, ministry, plan).id)
    for number, (name, _, off) in enumerate(_OTHERS):
        login = name.lower().replace(" ", "-")
        team, inspector = (
            _person(tx, f"{login}-{role}", f"{_NAMES[role]} {name}", role, places[name], None)
            for role in ("coordinator", "inspector")
        )
        opened = assessments.open_in_cycle(tx, team, cycle.id)
        _fill_in(tx, team, opened, off)
        _step(tx, team, opened, "submit")
        if number < _PASSED_ON:
            _inspect(tx, inspector, opened, number)
        if number < _FINAL:
            responses.accept_rest(tx, evaluator, opened.id, "external")
            _step(tx, evaluator, opened, "finalise")
            _plan(tx, team, opened, number)


def _calendar(today: dt.date) -> Calendar:
    """Return the days of a cycle all of whose stages are under way."""
    windows: dict[Stage, Window] = {
        "self": Window(today - 30 * _DAY, today + 60 * _DAY),
        "internal": Window(today - 20 * _DAY, today + 80 * _DAY),
        "external": Window(today - 10 * _DAY, today + 100 * _DAY),
    }
    return Calendar(windows, "Asia/Jakarta")


def _plan(tx: Writer, team: Actor, opened: Assessment, number: int) -> None:
    """Let an agency plan to raise its lowest answers; the later agencies are in time with theirs."""
    given = assessments.view(tx, team, opened.id, "self").answers
    codes = sorted(given, key=lambda code: (given[code].level or 0, code))
    today = clock.now().date()
    for code, (days, state, owner) in zip(codes, _PLANNED, strict=False):
        due = today + (days + 8 * number) * _DAY
        after = Answer(level=(given[code].level or 0) + 1)
        mine = None if owner else team.id
        draft = Planned(code, after, owner_id=mine, owner=owner, due=due)
        (made,) = actions.add(tx, team, opened.id, [draft])
        if state != "planned":
            change = Change(after, mine, owner, due, state)
            actions.change(tx, team, opened.id, made.id, change, tag(made))


def _inspect(tx: Writer, inspector: Actor, opened: Assessment, number: int) -> None:
    """Let the inspectorate lower some answers, the more the later the agency, and pass it on."""
    _step(tx, inspector, opened, "begin")
    codes = list(questionnaires.decoded(tx, opened.digest).indicators)
    for code in codes[:: 9 - number]:
        own = responses.response(tx, inspector, opened.id, code)
        level = own.answer.level if own is not None else None
        if level is not None and level > 1:
            lower = Draft(Answer(level=level - 1), "Bukti dukung belum lengkap.")
            responses.save_response(tx, inspector, opened.id, code, lower, "internal")
    responses.accept_rest(tx, inspector, opened.id, "internal")
    _step(tx, inspector, opened, "pass_on")


def _step(tx: Writer, actor: Actor, opened: Assessment, step: Step) -> None:
    steps.take(tx, actor, opened.id, Taking(step))


def _fill_in(tx: Writer, actor: Actor, opened: Assessment, off: int) -> None:
    """Answer everything, `off` the plausible levels, as far as there are such."""
    indicators = questionnaires.decoded(tx, opened.digest).indicators
    for position, code in enumerate(indicators):
        level = _LEVELS[(position + 2 * off) % len(_LEVELS)] + off * (position % 3 == 0)
        draft = Draft(Answer(level=min(max(level, 1), 5)))
        responses.save_response(tx, actor, opened.id, code, draft)
