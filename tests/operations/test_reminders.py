"""Reminding those who have not begun in a cycle, once a day each."""

import datetime as dt

import pytest

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Calendar, Window
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.review import WrongStateError
from survey_service.operations import assessments, cycles, notices, reminders
from survey_service.operations.cycles import Plan
from survey_service.operations.jobs import Tools
from survey_service.operations.worker import Worker
from survey_service.store.database import Database
from tests.country import Country, settle

LAST = dt.date(2090, 1, 1)


@pytest.fixture
async def country(db: Database) -> Country:
    return await settle(db)


@pytest.fixture
async def planned(db: Database, country: Country) -> int:
    windows = Window(dt.date(2020, 1, 1), LAST)
    calendar = Calendar({"self": windows, "external": windows}, "Asia/Jakarta")
    places = tuple(country.organisations[name] for name in ("Agency", "Office"))
    plan = Plan("Round", "two-dimensions@1", calendar, places)
    return (await db.write(cycles.plan, country.people["ministry@Agency"], plan)).id


@pytest.fixture
async def cycle(db: Database, country: Country, planned: int) -> int:
    await db.write(cycles.open_cycle, country.people["ministry@Agency"], planned)
    return planned


async def _kinds(db: Database, actor: Actor) -> list[str]:
    told = await db.read(notices.list_all, actor, before=None, limit=10)
    return [one.kind for one in told]


async def test_one_request_reminds_all_who_have_not_begun_and_the_ministry_sees_whom(
    tools: Tools, country: Country, cycle: int
) -> None:
    db, ministry = tools.db, country.people["ministry@Agency"]

    await db.write(reminders.request, ministry, cycle)
    await Worker(tools).work_until_idle()

    (told,) = await db.read(notices.list_all, country.people["alice"], before=None, limit=10)
    assert (told.kind, told.about, told.author, told.day) == (
        "not_begun",
        f"cycles/{cycle}",
        "ministry@Agency",
        LAST,
    )
    assert await _kinds(db, country.people["respondent@Agency"]) == []
    found = {
        one.organisation_id: one.people
        for one in await db.read(reminders.list_all, ministry, cycle)
    }
    assert found == {country.organisations["Agency"]: 2, country.organisations["Office"]: 0}


async def test_nobody_is_reminded_twice_a_day_nor_who_has_begun(
    tools: Tools, country: Country, cycle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, ministry, alice = tools.db, country.people["ministry@Agency"], country.people["alice"]
    now = clock.now()
    for later in (dt.timedelta(0), dt.timedelta(hours=1), dt.timedelta(days=2)):
        monkeypatch.setattr(clock, "now", lambda by=later: now + by)
        await db.write(reminders.request, ministry, cycle)
        await Worker(tools).work_until_idle()
    reminded = await _kinds(db, alice)

    await db.write(assessments.open_in_cycle, alice, cycle)
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=4))
    await db.write(reminders.request, ministry, cycle)
    await Worker(tools).work_until_idle()

    assert reminded == ["not_begun", "not_begun"]
    assert await _kinds(db, alice) == reminded


async def test_reminding_is_for_those_who_planned_an_open_cycle(
    db: Database, country: Country, planned: int
) -> None:
    with pytest.raises(WrongStateError):
        await db.write(reminders.request, country.people["ministry@Agency"], planned)
    await db.write(cycles.open_cycle, country.people["ministry@Agency"], planned)
    with pytest.raises(ForbiddenError):
        await db.write(reminders.request, country.people["alice"], planned)
    with pytest.raises(NotFoundError):
        await db.write(reminders.request, country.people["ministry@Elsewhere"], planned)
