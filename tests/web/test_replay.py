"""Saves made while the line was down, replayed when it is back."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.samples import PASSWORD

Client = AsyncTestClient[Litestar]
QUEUE = [
    {"indicator": "A", "level": 3, "note": "on the ferry"},
    {"indicator": "A", "level": 4, "note": "after the ferry", "revision": 1},
    {"indicator": "B", "level": 2},
]


async def _as(client: Client, login: str) -> dict[str, str]:
    given = {"login": login, "password": PASSWORD}
    answer = await client.post("/api/v1/sessions", json=given)
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
async def alice(client: Client) -> dict[str, str]:
    signed_in = await _as(client, "alice")
    opening = {"questionnaire": "two-dimensions@1"}
    await client.post("/api/v1/assessments", json=opening, headers=signed_in)
    return signed_in


async def _replay(
    client: Client, headers: dict[str, str], items: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    path = "/api/v1/assessments/1/responses"
    answer = await client.post(path, json={"items": items}, headers=headers)
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["items"]
    return outcomes


async def test_a_queue_is_saved_in_its_order(client: Client, alice: dict[str, str]) -> None:
    outcomes = await _replay(client, alice, QUEUE)

    assert [one["status"] for one in outcomes] == [200, 200, 200]
    assert [one["saved"]["revision"] for one in outcomes] == [1, 2, 1]
    path = "/api/v1/assessments/1/responses/A/revisions"
    revisions = (await client.get(path, headers=alice)).json()["items"]
    assert [one["note"] for one in revisions] == ["on the ferry", "after the ferry"]


async def test_a_queue_sent_again_saves_nothing_twice(
    client: Client, alice: dict[str, str]
) -> None:
    once = [{"indicator": "B", "level": 2}, {"indicator": "C", "level": 5}]

    first = await _replay(client, alice, once)
    again = await _replay(client, alice, once)

    assert again == first


async def test_one_refusal_holds_up_no_other_save(client: Client, alice: dict[str, str]) -> None:
    await _replay(client, alice, [{"indicator": "A", "level": 1}])

    outcomes = await _replay(
        client,
        alice,
        [
            {"indicator": "A", "level": 5},
            {"indicator": "B", "level": 9},
            {"indicator": "Z", "level": 1},
            {"indicator": "C", "level": 4},
        ],
    )

    assert [one["status"] for one in outcomes] == [409, 422, 404, 200]
    stale = outcomes[0]["problem"]
    assert stale["title"] == "stale_revision"
    assert (stale["current"]["answer"], stale["sent"]["answer"]) == ({"level": 1}, {"level": 5})


@pytest.mark.parametrize(
    ("items", "where"),
    [
        ([{"level": 1}], "items[0].indicator"),
        ([{"indicator": "A", "level": "1"}], "items[0].level"),
        ([{"indicator": "A", "revision": -1}], "items[0].revision"),
        ([{"indicator": "A"}] * 501, "items"),
    ],
)
async def test_a_queue_that_is_none_is_refused_whole(
    client: Client, alice: dict[str, str], items: list[dict[str, Any]], where: str
) -> None:
    path = "/api/v1/assessments/1/responses"
    answer = await client.post(path, json={"items": items}, headers=alice)

    assert answer.status_code == 400
    assert answer.json()["where"] == where


async def test_others_cannot_replay_into_an_assessment(
    client: Client, alice: dict[str, str]
) -> None:
    charlie = await _as(client, "charlie")
    path = "/api/v1/assessments/1/responses"

    answer = await client.post(path, json={"items": QUEUE}, headers=charlie)

    assert answer.status_code == 404
