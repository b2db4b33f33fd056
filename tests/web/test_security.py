"""What every request must pass and every answer carries."""

import logging

import msgspec
import pytest
from litestar import Litestar, get
from litestar.testing import AsyncTestClient

from survey_service.app import create_app, static_path
from survey_service.errors.installation import UnsafeSettingError
from survey_service.settings import Settings
from survey_service.store import audit
from survey_service.store.database import Database, Reader
from survey_service.web.access import PUBLIC
from tests.country import As, Country
from tests.samples import HERE, ON_SQLITE, PASSWORD

pytestmark = ON_SQLITE  # decided above the store

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
        ({"Origin": "http://[::1"}, 403),
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
    answer = await client.get(f"{static_path()}/app.css")

    assert "immutable" in answer.headers["cache-control"]


async def test_the_service_says_that_it_is_well_and_counts(client: Client) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    assert (await client.get("/ready")).json() == {"status": "ok"}
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


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "[::", "::1", "a@127.0.0.1:x@b"],
)
async def test_a_request_for_another_host_is_refused(client: Client, host: str) -> None:
    answer = await client.get("/sign-in", headers={"Host": host})

    assert answer.status_code == 421


async def test_headers_of_strangers_change_nothing(client: Client, db: Database) -> None:
    forged = {
        "X-Forwarded-For": "10.9.8.7",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Real-IP": "10.9.8.7",
        "X-HTTP-Method-Override": "DELETE",
        "Forwarded": "for=10.9.8.7;host=evil.example",
    }

    page = await client.get("/sign-in", headers=forged)
    await client.post("/api/v1/sessions", json=CREDENTIALS, headers=forged)

    entries = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])
    assert "10.9.8.7" not in {entry.address for entry in entries}
    assert "evil.example" not in page.text
    assert "strict-transport-security" not in page.headers


async def test_no_other_site_may_read(client: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}

    answers = [
        await client.get("/api/v1/questionnaires", headers=asked),
        await client.options("/api/v1/questionnaires", headers=asked),
    ]

    assert [answer.status_code for answer in answers] == [200, 405]
    assert all("access-control-allow-origin" not in answer.headers for answer in answers)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/api/v1/assessments", "/health"])
async def test_no_other_method_is_answered(client: Client, method: str, path: str) -> None:
    answer = await client.request(method, path)

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/", "/static/../settings.py", "/static/%2e%2e/settings.py", "/.git/config",
        "/schema", "/docs", "/api/v1/_generated", "/api/v1/_generated/openapi.json",
        "/static/../../assets/package.json", "/data/survey.db", "/static/%00",
    ],
)  # fmt: skip
async def test_only_what_is_offered_is_served(client: Client, path: str) -> None:
    answer = await client.get(path.replace("/static", static_path()))

    assert answer.status_code in {400, 404}
    assert "server" not in answer.headers


def _recorded(tx: Reader) -> int:
    return len(list(audit.entries(tx)))


async def test_reading_changes_nothing(client: Client, country: Country, db: Database) -> None:
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    evaluator = As(client, "evaluator@Agency")
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    await alice.answer(path, "A", 3)
    before = await db.read(_recorded)

    kept = ("report", "content", "bundle")  # that somebody took it along is
    for route in client.app.routes:
        if "GET" in route.methods and not any(one in route.path for one in kept):
            place = route.path
            for parameter, value in (("assessment_id:int", made["id"]), ("indicator:str", "A")):
                place = place.replace(f"{{{parameter}}}", str(value))
            shows = [handler for handler in route.route_handlers if "GET" in handler.http_methods]
            asks = {handler.opt.get("action", "read") for handler in shows}
            allowed = {"discard": [alice], "answer": [evaluator], "read": [alice, ministry]}
            able = allowed.get("".join(asks), [ministry])
            for who in able:  # a refusal is kept too
                await client.get(place, headers=who.headers, follow_redirects=False)

    assert await db.read(_recorded) == before


async def test_no_secret_reaches_the_log(
    client: Client, country: Country, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["canary-password", "canary-token", "canary-header"]

    await client.post("/api/v1/sessions", json={"login": "alice", "password": secrets[0]})
    await client.post("/sign-in", data={"login": "alice", "password": secrets[0]})
    await client.post("/api/v1/passwords", json={"token": secrets[1], "password": secrets[0]})
    await client.get("/api/v1/me", headers={"Authorization": f"Bearer {secrets[2]}"})
    await client.get("/", headers={"Cookie": f"session={secrets[1]}"})
    logging.getLogger("survey_service").error("%r", settings)

    assert caplog.text
    assert [secret for secret in secrets if secret in caplog.text] == []


async def test_the_service_does_not_start_with_what_is_only_for_trying_out(
    settings: Settings, db: Database
) -> None:
    unsafe = msgspec.structs.replace(settings, public="https://survey.example")

    with pytest.RaisesGroup(UnsafeSettingError, flatten_subgroups=True):
        async with AsyncTestClient(create_app(unsafe), base_url="https://survey.example"):
            pass
