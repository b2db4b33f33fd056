"""Last days as a calendar, read back with the library of another hand: `icalendar` parses strictly."""

import datetime as dt
import re

import sqlalchemy as sa
from icalendar import Calendar

from survey_service.conduct import cycles as planned
from survey_service.conduct.cycles import Window
from survey_service.operations import cycles
from survey_service.operations.cycles import Plan
from survey_service.store import tables
from survey_service.store.database import Database, Writer
from tests.country import Client, Country

_LAST = dt.date(2090, 3, 31)


def _as(login: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {login}", "Accept-Language": "en"}


async def _cycle(db: Database, country: Country, last: dt.date = _LAST) -> int:
    windows = Window(dt.date(2020, 1, 1), last)
    calendar = planned.Calendar({"self": windows, "external": windows}, "Asia/Jakarta")
    ministry = country.people["ministry@Agency"]
    name = "Putaran 2090; tahap, panjang " + "é" * 60
    plan = Plan(name, "two-dimensions@1", calendar, (country.organisations["Agency"],))
    made = await db.write(cycles.plan, ministry, plan)
    await db.write(cycles.open_cycle, ministry, made.id)
    return made.id


async def _link(client: Client, login: str) -> str:
    page = await client.post("/notices/calendar", headers=_as(login))
    found = re.search(r"/calendar/[\w-]+\.ics", page.text)
    assert found is not None
    return found[0]


async def test_a_calendar_has_ones_own_last_days_and_is_not_sent_twice(
    client: Client, country: Country, db: Database
) -> None:
    cycle_id = await _cycle(db, country)
    link = await _link(client, "alice")

    answer = await client.get(link)
    again = await client.get(link, headers={"If-None-Match": answer.headers["etag"]})

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        _LAST,
        _LAST + dt.timedelta(days=1),
    )
    assert str(event["UID"]).startswith(f"cycle-{cycle_id}-self@")
    assert "Putaran 2090; tahap, panjang é" in str(event["SUMMARY"])
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert (again.status_code, again.content) == (304, b"")


async def test_the_last_of_all_days_has_none_after_it(
    client: Client, country: Country, db: Database
) -> None:
    await _cycle(db, country, dt.date.max)

    answer = await client.get(await _link(client, "alice"))

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("DTSTART") == dt.date.max
    assert "DTEND" not in event


async def test_a_link_ends_with_a_new_one_or_by_its_owner(client: Client, country: Country) -> None:
    first = await _link(client, "alice")
    second = await _link(client, "alice")

    replaced, holds = await client.get(first), await client.get(second)
    await client.post("/notices/calendar/end", headers=_as("alice"))
    ended = await client.get(second)

    assert [one.status_code for one in (replaced, holds, ended)] == [404, 200, 404]


async def test_a_link_ends_with_the_account_and_with_the_organisation(
    client: Client, country: Country, db: Database
) -> None:
    links = {login: await _link(client, login) for login in ("alice", "charlie")}

    await db.write(_deactivate, "person", country.people["alice"].id)
    await db.write(_deactivate, "organisation", country.organisations["Elsewhere"])

    assert [(await client.get(link)).status_code for link in links.values()] == [404, 404]


def _deactivate(tx: Writer, table: str, id_: int) -> None:
    found = tables.metadata.tables[table]
    tx.execute(sa.update(found).where(found.c.id == id_).values(active=False))
