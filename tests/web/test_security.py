"""What every request must pass and every answer carries."""

import msgspec
import pytest
from litestar import Litestar, get
from litestar.testing import AsyncTestClient

from survey_service.app import create_app
from survey_service.settings import Settings
from survey_service.web.visits import PUBLIC
from tests.samples import HERE, PASSWORD

Client = AsyncTestClient[Litestar]
CREDENTIALS = {"login": "alice", "password": PASSWORD}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),  # a program
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": HERE}, 201),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_another_sites_page_cannot_write(
    client: Client, headers: dict[str, str], status: int
) -> None:
    answer = await client.post("/api/v1/sessions", json=CREDENTIALS, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["/sign-in", "/nothing", "/api/v1/nothing", "/health"])
async def test_every_answer_carries_its_headers(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_over_https_cookies_are_bound_to_the_host(settings: Settings, client: Client) -> None:
    https = msgspec.structs.replace(settings, public="https://survey.example", secret="x" * 32)
    async with AsyncTestClient(create_app(https), base_url="https://survey.example") as secure:
        answer = await secure.post("/sign-in", data=CREDENTIALS, follow_redirects=False)
        home = await secure.get("/")

    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age=31536000" in home.headers["strict-transport-security"]


async def test_static_files_are_kept_by_browsers(client: Client) -> None:
    answer = await client.get("/static/app.css")

    assert "immutable" in answer.headers["cache-control"]


async def test_the_service_says_that_it_is_well_and_counts(client: Client) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    assert "survey_answers_total" in (await client.get("/metrics")).text


async def test_our_own_failure_tells_a_reference_and_no_secret(
    settings: Settings, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    @get("/api/v1/broken", opt=PUBLIC)
    async def broken() -> None:
        raise RuntimeError("the password is 123")

    app = create_app(settings)
    app.register(broken)
    async with AsyncTestClient(app, base_url=HERE) as failing:
        answer = await failing.get("/api/v1/broken")

    assert answer.status_code == 500
    assert "123" not in answer.text
    assert answer.json()["reference"] in caplog.text


async def test_a_handler_that_declares_no_access_answers_nobody(
    settings: Settings, client: Client
) -> None:
    @get("/open")
    async def undeclared() -> str:
        return "secret"

    app = create_app(settings)
    app.register(undeclared)
    async with AsyncTestClient(app, base_url=HERE) as failing:
        answer = await failing.get("/open")

    assert answer.status_code == 500
    assert "secret" not in answer.text
