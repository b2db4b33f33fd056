"""Tokens for programs: shown once, limited in time and in what they may do."""

import datetime as dt

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service import clock
from tests.pdfs import conforming
from tests.samples import PASSWORD

Client = AsyncTestClient[Litestar]
OPENING = {"questionnaire": "two-dimensions@1"}


async def _as(client: Client, login: str) -> dict[str, str]:
    given = {"login": login, "password": PASSWORD}
    answer = await client.post("/api/v1/sessions", json=given)
    return _bearer(answer.json()["token"])


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def _issue(client: Client, headers: dict[str, str], **wanted: object) -> dict[str, str]:
    answer = await client.post("/api/v1/tokens", json={"label": "board", **wanted}, headers=headers)
    assert answer.status_code == 201, answer.text
    issued: dict[str, str] = answer.json()
    return issued


async def test_a_token_acts_as_its_person_and_its_secret_is_shown_once(client: Client) -> None:
    alice = await _as(client, "alice")
    issued = await _issue(client, alice, scope="write")
    program = _bearer(issued["secret"])

    opened = await client.post("/api/v1/assessments", json=OPENING, headers=program)
    listed = (await client.get("/api/v1/tokens", headers=alice)).json()["items"]

    assert opened.status_code == 201
    assert [one["label"] for one in listed] == ["board"]
    assert issued["secret"] not in str(listed)
    assert set(listed[0]) == {"id", "label", "scope", "expires_at"}


async def test_a_token_for_reading_changes_nothing(client: Client) -> None:
    alice = await _as(client, "alice")
    await client.post("/api/v1/assessments", json=OPENING, headers=alice)
    program = _bearer((await _issue(client, alice))["secret"])
    saving = {**program, "If-None-Match": "*"}
    one = "/api/v1/assessments/1"

    refused = [
        await client.post("/api/v1/assessments", json=OPENING, headers=program),
        await client.put(f"{one}/responses/A", json={"level": 3}, headers=saving),
        await client.post(f"{one}/steps", json={"step": "submit"}, headers=program),
        await client.post("/api/v1/tokens", json={"label": "more"}, headers=program),
    ]

    assert [answer.status_code for answer in refused] == [403] * 4
    assert (await client.get(f"{one}/score", headers=program)).status_code == 200
    assert conforming((await client.get(f"{one}/report", headers=program)).content)


async def test_a_revoked_token_is_worth_nothing(client: Client) -> None:
    alice = await _as(client, "alice")
    issued = await _issue(client, alice)

    revoked = await client.delete(f"/api/v1/tokens/{issued['id']}", headers=alice)
    again = await client.delete(f"/api/v1/tokens/{issued['id']}", headers=alice)

    assert (revoked.status_code, again.status_code) == (204, 404)
    answer = await client.get("/api/v1/assessments", headers=_bearer(issued["secret"]))
    assert answer.status_code == 401


async def test_nobody_sees_or_revokes_the_tokens_of_others(client: Client) -> None:
    alice, charlie = await _as(client, "alice"), await _as(client, "charlie")
    issued = await _issue(client, alice)

    listed = await client.get("/api/v1/tokens", headers=charlie)
    revoked = await client.delete(f"/api/v1/tokens/{issued['id']}", headers=charlie)

    assert listed.json()["items"] == []
    assert revoked.status_code == 404


async def test_a_token_ends_when_its_days_are_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await _issue(client, await _as(client, "alice"), days=1)
    later = clock.now() + dt.timedelta(days=1, seconds=1)

    monkeypatch.setattr(clock, "now", lambda: later)

    answer = await client.get("/api/v1/assessments", headers=_bearer(issued["secret"]))
    assert answer.status_code == 401


async def test_a_token_issues_none_that_outlives_it(client: Client) -> None:
    alice = await _as(client, "alice")
    first = await _issue(client, alice, scope="write", days=1)
    second = await _issue(client, _bearer(first["secret"]), scope="write", days=365)
    third = await _issue(client, _bearer(second["secret"]), days=365)

    await client.delete(f"/api/v1/tokens/{first['id']}", headers=alice)

    assert first["expires_at"] == second["expires_at"] == third["expires_at"]
    for one in (first, second, third):
        answer = await client.get("/api/v1/assessments", headers=_bearer(one["secret"]))
        assert answer.status_code == 401
    assert (await client.get("/api/v1/tokens", headers=alice)).json()["items"] == []


@pytest.mark.parametrize(
    "wanted", [{"days": 0}, {"days": 366}, {"scope": "everything"}, {"label": 3}, {"label": ""}]
)
async def test_a_token_that_cannot_be_is_refused(client: Client, wanted: dict[str, object]) -> None:
    alice = await _as(client, "alice")

    answer = await client.post("/api/v1/tokens", json={"label": "x", **wanted}, headers=alice)

    assert answer.status_code == 400
