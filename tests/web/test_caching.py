"""Entity tags on every read of the API."""

import asyncio

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.samples import ON_SQLITE, PASSWORD

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]
ONE = "/api/v1/assessments/1"
READS = [
    "/api/v1/questionnaires",
    "/api/v1/questionnaires/two-dimensions/1",
    "/api/v1/assessments",
    ONE,
    f"{ONE}/score",
    f"{ONE}/trail",
    f"{ONE}/responses",
    f"{ONE}/responses/A",
    f"{ONE}/responses/A/revisions",
    "/api/v1/tokens",
]


@pytest.fixture
async def alice(client: Client) -> dict[str, str]:
    given = {"login": "alice", "password": PASSWORD}
    token = (await client.post("/api/v1/sessions", json=given)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    opening = {"questionnaire": "two-dimensions@1"}
    await client.post("/api/v1/assessments", json=opening, headers=headers)
    await _save(client, headers, 3, 0)
    for _ in range(100):  # on the server, entries get their numbers a moment later
        if '"number":null' not in (await client.get(f"{ONE}/trail", headers=headers)).text:
            break
        await asyncio.sleep(0.05)
    return headers


async def _save(client: Client, headers: dict[str, str], level: int, revision: int) -> None:
    sent = {**headers, "If-Match": f'"{revision}"'}
    await client.put(f"{ONE}/responses/A", json={"level": level}, headers=sent)


@pytest.mark.parametrize("path", READS)
async def test_a_tag_is_of_what_is_said_and_not_of_how_it_is_packed(
    client: Client, alice: dict[str, str], path: str
) -> None:
    packed = await client.get(path, headers=alice)
    plain = await client.get(path, headers={**alice, "Accept-Encoding": "identity"})

    assert packed.content == plain.content
    assert packed.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", READS)
async def test_what_was_read_already_is_not_sent_again(
    client: Client, alice: dict[str, str], path: str
) -> None:
    first = await client.get(path, headers=alice)
    tag = first.headers["ETag"]

    again = await client.get(path, headers={**alice, "If-None-Match": f'"other", W/{tag}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "content-length" not in again.headers
    assert "nosniff" in again.headers["X-Content-Type-Options"]


@pytest.mark.parametrize("path", [f"{ONE}/score", f"{ONE}/responses", f"{ONE}/responses/A"])
async def test_what_has_changed_is_sent(client: Client, alice: dict[str, str], path: str) -> None:
    before = await client.get(path, headers=alice)
    await _save(client, alice, 5, 1)

    after = await client.get(path, headers={**alice, "If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.content != before.content


async def test_a_refusal_has_no_tag(client: Client, alice: dict[str, str]) -> None:
    assert "ETag" not in (await client.get("/api/v1/assessments/99", headers=alice)).headers


async def test_nobody_else_learns_anything_by_a_tag(client: Client, alice: dict[str, str]) -> None:
    tag = (await client.get(ONE, headers=alice)).headers["ETag"]

    assert (await client.get(ONE, headers={"If-None-Match": tag})).status_code == 401
