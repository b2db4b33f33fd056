"""What the service records of visits: sign-ins, refusals, downloads, changes, and from where."""

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.conduct.throttling import PAIR
from survey_service.store import audit
from survey_service.store.database import Database
from tests.samples import PASSWORD
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]


async def _as(client: Client, login: str) -> dict[str, str]:
    given = {"login": login, "password": PASSWORD}
    answer = await client.post("/api/v1/sessions", json=given)
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def _recorded(db: Database) -> list[tuple[str, str]]:
    entries = await db.read(lambda tx: list(audit.entries(tx)))
    assert all(entry.address for entry in entries)
    return [(entry.actor, entry.action) for entry in entries if entry.actor != "-"]


async def test_sign_ins_and_their_failures_are_recorded(client: Client, db: Database) -> None:
    await client.post("/api/v1/sessions", json={"login": "alice", "password": "wrong"})
    alice = await _as(client, "alice")
    await client.delete("/api/v1/sessions/current", headers=alice)

    assert await _recorded(db) == [
        ("alice", "session.refuse"),
        ("alice", "session.open"),
        ("alice", "session.close"),
    ]


async def test_signing_out_everywhere_ends_other_sessions(client: Client) -> None:
    first, second = await _as(client, "alice"), await _as(client, "alice")

    ended = await client.delete("/api/v1/sessions", headers=first)

    assert ended.status_code == 204
    assert (await client.get("/api/v1/assessments", headers=second)).status_code == 401


async def test_a_refusal_is_recorded(client: Client, db: Database) -> None:
    bob = await _as(client, "bob")

    refused = await client.post(
        "/api/v1/assessments", json={"questionnaire": "two-dimensions@1"}, headers=bob
    )

    assert refused.status_code == 403
    assert (await _recorded(db))[-1] == ("bob", "refused")


async def test_the_trail_of_an_assessment_can_be_read_page_by_page(client: Client) -> None:
    alice, charlie = await _as(client, "alice"), await _as(client, "charlie")
    opening = {"questionnaire": "two-dimensions@1"}
    opened = await client.post("/api/v1/assessments", json=opening, headers=alice)
    path = opened.headers["Location"]
    await client.put(
        f"{path}/responses/A", json={"level": 3}, headers={**alice, "If-None-Match": "*"}
    )
    await client.get(f"{path}/report?lang=en", headers=alice)

    page = (await client.get(f"{path}/trail", headers=alice)).json()
    rest = (
        await client.get(f"{path}/trail?cursor={page['items'][0]['number']}", headers=alice)
    ).json()
    foreign = await client.get(f"{path}/trail", headers=charlie)

    actions = [one["action"] for one in page["items"]]
    assert actions == ["assessment.open", "response.save", "report.download"]
    assert page["next"] is None
    assert len(rest["items"]) == 2
    assert foreign.status_code == 404


@pytest.mark.parametrize("where", ["api", "page"])
async def test_guessing_is_slowed_down(client: Client, db: Database, where: str) -> None:
    async def attempt(password: str) -> tuple[int, str]:
        if where == "page":
            answer = await post(client, "/sign-in", login="alice", password=password)
        else:
            given = {"login": "alice", "password": password}
            answer = await client.post("/api/v1/sessions", json=given)
        return answer.status_code, answer.text

    for _ in range(PAIR):
        assert (await attempt("wrong"))[0] == 401

    status, words = await attempt(PASSWORD)

    assert status == 429
    assert "Try again in 15 minutes" in words
    assert (await _recorded(db))[-1] == ("alice", "session.throttle")
