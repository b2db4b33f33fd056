"""More time for one agency; and what was complete in time, and is handed in late."""

from typing import Any

import pytest

from tests.country import As, Client, Country
from tests.web.test_pages import post

PAST = {"opens": "2020-01-01", "closes": "2020-02-01"}
ALWAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}
MINISTRY = "ministry@Agency"
FLOOD = "A flood."


@pytest.fixture
async def cycle(client: Client, country: Country) -> str:
    """Open a cycle of the Agency and the Office whose self-assessment is over."""
    ministry = As(client, MINISTRY)
    plan = {
        "name": "2020", "questionnaire": "two-dimensions@1",
        "windows": {"self": PAST, "external": ALWAYS},
        "participants": [country.organisations[name] for name in ("Agency", "Office")],
    }  # fmt: skip
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    return f"/cycles/{made['id']}"


async def _extend(client: Client, country: Country, cycle: str, expects: int, **more: Any) -> Any:
    body = {"organisation_id": country.organisations["Agency"], "reason": FLOOD, **more}
    return await As(client, MINISTRY)("POST", f"{cycle}/extensions", body, expects=expects)


async def test_one_agency_gets_more_time_with_a_reason_in_the_trail(
    client: Client, country: Country, cycle: str
) -> None:
    alice = As(client, "alice")
    opening = {"cycle": int(cycle.rpartition("/")[2])}
    await alice("POST", "/assessments", opening, expects=409)

    await _extend(client, country, cycle, 201, until="2039-01-01")
    given = await _extend(client, country, cycle, 201, until="2039-06-01")
    opened = await alice("POST", "/assessments", opening, expects=201)
    path = f"/assessments/{opened['id']}"
    await alice.answer(path, "A", 3)
    await _extend(client, country, cycle, 201, until="2039-07-01")

    assert [(one["until"], one["reason"]) for one in given["extensions"]] == [("2039-06-01", FLOOD)]
    assert opened["cycle"]["calendar"]["windows"]["self"]["closes"] == "2039-06-01"
    assert opened["cycle"]["more_time"] == FLOOD
    trail = (await alice("GET", f"{path}/trail"))["items"]
    assert trail[-1]["action"] == "cycle.extend"
    assert FLOOD in trail[-1]["after"]
    client.cookies.set("session", "alice")
    assert f"More time than others: {FLOOD}" in (await client.get(f"{path}/result")).text


async def test_more_time_is_given_to_those_who_take_part_for_a_reason_and_until_later(
    client: Client, country: Country, cycle: str
) -> None:
    stranger = country.organisations["Elsewhere"]

    early = await _extend(client, country, cycle, 422, until="2020-01-15")
    over = await _extend(client, country, cycle, 422, until="2020-06-01")
    mute = await _extend(client, country, cycle, 422, until="2039-01-01", reason=" ")
    unknown = await _extend(client, country, cycle, 422, until="2039-01-01", stage="internal")
    await _extend(client, country, cycle, 404, until="2039-01-01", organisation_id=stranger)

    titles = [one["title"] for one in (early, over, mute, unknown)]
    assert titles == ["more_time", "more_time", "step_reason", "more_time"]
    assert early["closes"] == "2020-02-01"


async def test_more_time_is_given_on_the_page_and_forgotten_with_the_participant(
    client: Client, country: Country, cycle: str
) -> None:
    agency, ministry = country.organisations["Agency"], As(client, MINISTRY)
    client.cookies.set("session", MINISTRY)
    form = f"{cycle}/participants/{agency}/extension"

    refused = await post(client, form, until="x", reason=FLOOD)
    given = await post(client, form, follow=False, until="2039-01-01", reason=FLOOD)
    page = (await client.get(f"{cycle}/participants/{agency}")).text
    seen = await ministry.ask("GET", cycle)
    plan = {
        "name": "2020", "questionnaire": "two-dimensions@1",
        "windows": {"self": PAST, "external": ALWAYS}, "participants": [],
    }  # fmt: skip
    tag = {"If-Match": seen.headers["ETag"]}
    emptied = await ministry("PUT", cycle, plan, headers=tag)

    assert refused.status_code == 422
    assert FLOOD in refused.text
    assert given.status_code == 303
    assert "1 Jan 2039" in page
    assert emptied["extensions"] == []


async def _over(client: Client, country: Country) -> tuple[str, str]:
    """Let a cycle end while the Agency, which lacks only E, is still answering; return both paths."""
    ministry, alice = As(client, MINISTRY), As(client, "alice")
    plan: dict[str, Any] = {
        "name": "2026", "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations["Agency"]],
    }  # fmt: skip
    made = await ministry("POST", "/cycles", plan, expects=201)
    cycle = f"/cycles/{made['id']}"
    await ministry("POST", f"{cycle}/opening", expects=201)
    opened = await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    path = f"/assessments/{opened['id']}"
    for code in "ABCD":
        await alice.answer(path, code, 3)
    return cycle, path


async def _end(client: Client, country: Country, cycle: str) -> None:
    ministry = As(client, MINISTRY)
    plan = {
        "name": "2026", "questionnaire": "two-dimensions@1",
        "windows": {"self": PAST, "external": ALWAYS},
        "participants": [country.organisations["Agency"]],
    }  # fmt: skip
    tag = {"If-Match": (await ministry.ask("GET", cycle)).headers["ETag"]}
    await ministry("PUT", cycle, plan, headers=tag)


async def test_what_was_complete_in_time_is_handed_in_late_with_a_reason(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    cycle, path = await _over(client, country)
    await alice.answer(path, "E", 3)
    await _end(client, country, cycle)
    client.cookies.set("session", "alice")

    page = (await client.get(f"{path}/steps/submit")).text
    mute = await alice("POST", f"{path}/steps", {"step": "submit"}, expects=422)
    late = {"step": "submit", "reason": "The coordinator was ill."}
    await alice("POST", f"{path}/steps", late, expects=201)

    assert "say why it is late" in page
    assert 'name="reason"' in page
    assert mute["title"] == "step_reason"
    (step,) = (await alice("GET", f"{path}/steps"))["items"]
    assert step["reason"] == "The coordinator was ill."


async def test_what_lacks_answers_is_not_handed_in_late_until_there_is_more_time(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    cycle, path = await _over(client, country)
    await _end(client, country, cycle)

    late = {"step": "submit", "reason": "x"}
    refused = await alice("POST", f"{path}/steps", late, expects=409)
    await _extend(client, country, cycle, 201, until="2039-01-01")
    await alice.answer(path, "E", 3)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)

    assert refused["title"] == "outside_dates"
