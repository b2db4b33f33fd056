"""Cycles over the API: planned, opened, taken part in, and over."""

import datetime as dt
from typing import Any

import pytest

from survey_service import clock
from tests.country import As, Client, Country

WINDOWS = {
    "self": {"opens": "2026-03-01", "closes": "2026-03-31"},
    "internal": {"opens": "2026-03-01", "closes": "2026-04-15"},
    "external": {"opens": "2026-04-01", "closes": "2026-05-31"},
}


def _plan(country: Country, *names: str, **more: object) -> dict[str, Any]:
    return {
        "name": "2026",
        "questionnaire": "two-dimensions@1",
        "windows": WINDOWS,
        "participants": [country.organisations[name] for name in names],
        **more,
    }


def _around_today() -> dict[str, str]:
    """Return a window that is open now, whatever day it is in the cycle's zone."""
    today, two = clock.now().date(), dt.timedelta(days=2)
    return {"opens": (today - two).isoformat(), "closes": (today + two).isoformat()}


async def _planned(client: Client, country: Country, *names: str, **more: object) -> str:
    plan = _plan(country, *(names or ("Agency",)), **more)
    made = await As(client, "ministry@Agency")("POST", "/cycles", plan, expects=201)
    return f"/cycles/{made['id']}"


async def _opened(client: Client, country: Country, **more: object) -> str:
    path = await _planned(client, country, **more)
    await As(client, "ministry@Agency")("POST", f"{path}/opening", expects=201)
    return path


async def test_a_cycle_pins_what_it_asks_and_is_seen_by_those_who_take_part(
    client: Client, country: Country
) -> None:
    ministry, alice = As(client, "ministry@Agency"), As(client, "alice")
    path = await _planned(client, country)
    before = [(await As(client, who).ask("GET", path)).status_code for who in ("alice", "charlie")]

    opened = await ministry("POST", f"{path}/opening", expects=201)

    assert before == [404, 404]
    assert opened["digest"] is not None
    assert (await alice("GET", path))["participants"] == [country.organisations["Agency"]]
    assert [one["name"] for one in (await alice("GET", "/cycles"))["items"]] == ["2026"]
    await As(client, "charlie")("GET", path, expects=404)
    await As(client, "ministry@Elsewhere")("GET", path, expects=404)
    await ministry("POST", f"{path}/opening", expects=409)


async def test_what_is_over_is_not_begun(client: Client, country: Country) -> None:
    path = await _opened(client, country)  # in March

    opening = {"cycle": int(path.rpartition("/")[2])}
    refused = await As(client, "alice")("POST", "/assessments", opening, expects=409)

    assert (refused["title"], refused["opens"]) == ("outside_dates", "2026-03-01")
    assert refused["zone"] == "Asia/Jakarta"
    assert "WIB" in refused["detail"]
    await As(client, "coordinator@Elsewhere")("POST", "/assessments", opening, expects=404)


async def test_a_team_answers_within_the_days_of_its_stage(
    client: Client, country: Country
) -> None:
    now = clock.now().date()
    week = dt.timedelta(days=7)
    days = {"opens": (now - week).isoformat(), "closes": (now + week).isoformat()}
    over = {**days, "closes": (now - dt.timedelta(days=1)).isoformat()}
    path = await _opened(client, country, windows={"self": days, "external": days})
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    opening = {"cycle": int(path.rpartition("/")[2])}

    first = await alice("POST", "/assessments", opening, expects=201)
    again = await alice("POST", "/assessments", opening, expects=201)
    assessment = f"/assessments/{first['id']}"
    await alice.answer(assessment, "A", 3)
    progress = (await ministry("GET", f"{path}/progress"))["items"]
    read = await ministry.ask("GET", path)
    plan = _plan(country, "Agency", windows={"self": over, "external": days})
    tag = {"If-Match": read.headers["ETag"]}
    await ministry("PUT", path, plan, headers=tag)
    refused = await alice.ask(
        "PUT", f"{assessment}/responses/A", {"level": 4}, headers={"If-Match": '"1"'}
    )

    assert again["id"] == first["id"]
    assert first["cycle"]["name"] == "2026"
    assert [(one["organisation"], one["state"], one["answered"]) for one in progress] == [
        ("Agency", "draft", 1)
    ]
    assert refused.json()["title"] == "outside_dates"
    assert (await alice("GET", f"{assessment}/responses/A"))["answer"] == {"level": 3}
    stale = await ministry("PUT", path, plan, headers=tag, expects=409)
    assert stale["current"]["calendar"]["windows"]["self"] == over
    await ministry("PUT", path, plan, expects=428)


async def test_without_an_inspectorate_the_evaluators_follow(
    client: Client, country: Country
) -> None:
    days = _around_today()
    path = await _opened(client, country, windows={"self": days, "external": days})
    alice, evaluator = As(client, "alice"), As(client, "evaluator@Agency")
    opening = {"cycle": int(path.rpartition("/")[2])}
    made = await alice("POST", "/assessments", opening, expects=201)
    assessment = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(assessment, code, 3)
    await alice("POST", f"{assessment}/steps", {"step": "submit"}, expects=201)

    inspected = await As(client, "inspector@Agency")(
        "POST", f"{assessment}/steps", {"step": "begin"}, expects=403
    )
    begun = await evaluator("POST", f"{assessment}/steps", {"step": "begin"}, expects=201)

    assert inspected["title"] == "forbidden"
    assert begun["state"] == "external_evaluation"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"questionnaire": "two-dimensions@9"}, 404, "unknown_questionnaire"),
        ({"time_zone": "Asia/Bandung"}, 422, "unknown_zone"),
        ({"windows": {"self": WINDOWS["external"], "external": WINDOWS["self"]}}, 422,
         "invalid_window"),
        ({"participants": [999]}, 404, "not_found"),
        ({"name": ""}, 400, "invalid_body"),
        ({"windows": {"self": WINDOWS["self"]}}, 400, "invalid_body"),
    ],
)  # fmt: skip
async def test_a_plan_must_hold_together(
    client: Client, country: Country, change: dict[str, Any], status: int, code: str
) -> None:
    plan = {**_plan(country, "Agency"), **change}

    refused = await As(client, "ministry@Agency")("POST", "/cycles", plan, expects=status)

    assert refused["title"] == code


async def test_an_open_cycle_keeps_what_it_asks_and_can_take_in_more(
    client: Client, country: Country
) -> None:
    path = await _opened(client, country)
    ministry = As(client, "ministry@Agency")
    tag = {"If-Match": (await ministry.ask("GET", path)).headers["ETag"]}

    other = _plan(country, "Agency", questionnaire="old@1")
    refused = await ministry("PUT", path, other, headers=tag, expects=409)
    grown = await ministry("PUT", path, _plan(country, "Agency", "Office"), headers=tag)
    foreign = _plan(country, "Agency", "Elsewhere")
    stranger = await ministry("POST", "/cycles", foreign, expects=404)

    assert refused["title"] == "wrong_state"
    assert len(grown["participants"]) == 2
    assert stranger["organisation"] == country.organisations["Elsewhere"]


@pytest.mark.parametrize("who", ["alice", "bob", "evaluator@Agency", "administrator@Agency"])
async def test_cycles_are_planned_by_ministries_alone(
    client: Client, country: Country, who: str
) -> None:
    plan = _plan(country)

    await As(client, who)("POST", "/cycles", plan, expects=403)


async def test_in_a_cycle_only_the_ministry_moves_an_assessment(
    client: Client, country: Country
) -> None:
    days = _around_today()
    path = await _opened(
        client, country, questionnaire="old@1", windows={"self": days, "external": days}
    )
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    opening = {"cycle": int(path.rpartition("/")[2])}
    made = await alice("POST", "/assessments", opening, expects=201)
    await alice.answer(f"/assessments/{made['id']}", "3", 2)
    successor = f"/assessments/{made['id']}/successor"

    await alice("POST", successor, {"questionnaire": "new@1"}, expects=403)
    moved = await ministry("POST", successor, {"questionnaire": "new@1"}, expects=201)

    assert moved["cycle"]["id"] == opening["cycle"]
    assert (await alice("POST", "/assessments", opening, expects=201))["id"] == moved["id"]
    progress = (await ministry("GET", f"{path}/progress"))["items"]
    assert [one["assessment"] for one in progress] == [moved["id"]]
