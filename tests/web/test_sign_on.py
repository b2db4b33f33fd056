"""Single sign-on against a real, certified OpenID Connect provider, run by the tests."""

import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.app import create_app
from survey_service.settings import Settings
from survey_service.store.database import Database
from tests.country import Client, Country
from tests.samples import HERE, ROOT

_MODULE = ROOT / "survey_service" / "assets" / "node_modules" / "oidc-provider" / "lib" / "index.js"
_BACK = "/sign-in/provider/return"
_CLIENT, _SECRET = "survey", "a secret of forty-two letters, more or less"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Run the provider; yield its issuer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    script, back = Path(__file__).parents[1] / "provider.mjs", Settings().address + _BACK
    command = [node, str(script), port, _MODULE.as_uri(), _CLIENT, _SECRET, back]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        assert "ready" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
async def client(
    db: Database, country: Country, settings: Settings, issuer: str
) -> AsyncIterator[Client]:
    chosen = structs.replace(settings, oidc_issuer=issuer, oidc_client=_CLIENT, oidc_secret=_SECRET)
    async with AsyncTestClient(create_app(chosen), base_url=HERE) as opened:
        yield opened


async def _leave(client: Client, page: str = "/") -> str:
    answer = await client.get(f"/sign-in/provider?page={page}", follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def _at_the_provider(address: str, login: str) -> str:
    """Sign in and agree at the provider, as a person does; return where it sends them."""
    with httpx.Client() as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if urlsplit(address).path == _BACK:
                    return address
                answer = browser.get(address)
                continue
            found = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert found is not None, answer.text
            prompt = "login" if 'value="login"' in answer.text else "consent"
            fields = {"prompt": prompt, "login": login, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), found[1]), data=fields)
    raise AssertionError("the provider never came back")


async def _come_back(client: Client, address: str) -> httpx.Response:
    parts = urlsplit(address)
    return await client.get(f"{parts.path}?{parts.query}", follow_redirects=False)


async def _sign_in(client: Client, login: str, page: str = "/") -> httpx.Response:
    return await _come_back(client, _at_the_provider(await _leave(client, page), login))


async def test_whom_the_provider_vouches_for_is_signed_in_and_known_from_then_on(
    client: Client,
) -> None:
    first = await _sign_in(client, "inspector@Agency", "/questionnaires/two-dimensions/1")
    home = await client.get("/")
    client.cookies.clear()
    again = await _sign_in(client, "inspector@Agency")

    assert first.headers["location"] == "/questionnaires/two-dimensions/1"
    assert "Assessments" in home.text
    assert again.status_code == 303
    assert "session=" in again.headers["set-cookie"]


@pytest.mark.parametrize("login", ["stranger", "unverified-inspector@Agency"])
async def test_who_has_no_account_here_does_not_get_one(client: Client, login: str) -> None:
    answer = await _sign_in(client, login)

    assert answer.status_code == 403
    assert "Ask the administrator" in answer.text


async def test_an_answer_meant_for_somebody_else_is_refused(client: Client) -> None:
    """A stranger who sends a victim the end of a sign-in of their own gets nowhere."""
    theirs = _at_the_provider(await _leave(client), "inspector@Agency")
    client.cookies.clear()

    nothing_left = await _come_back(client, theirs)
    await _leave(client)
    other_state = await _come_back(client, theirs)

    assert (nothing_left.status_code, other_state.status_code) == (401, 401)


async def test_a_code_serves_once_and_only_with_its_verifier(client: Client) -> None:
    address = _at_the_provider(await _leave(client), "inspector@Agency")
    kept = client.cookies["leaving"]
    assert (await _come_back(client, address)).status_code == 303

    client.cookies.set("leaving", kept, domain="127.0.0.1", path="/sign-in")
    again = await _come_back(client, address)
    code = parse_qs(urlsplit(address).query)["code"][0]
    state = parse_qs(urlsplit(await _leave(client)).query)["state"][0]
    stolen = await _come_back(client, f"http://x{_BACK}?code={code}&state={state}")

    assert (again.status_code, stolen.status_code) == (401, 401)


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=denied"])
async def test_what_comes_back_must_be_whole(client: Client, query: str) -> None:
    await _leave(client)

    answer = await client.get(_BACK + query, follow_redirects=False)

    assert answer.status_code == 401


async def test_the_way_back_never_leads_to_another_site(client: Client) -> None:
    answer = await _sign_in(client, "inspector@Agency", "//evil.example")

    assert answer.headers["location"] == "/"


async def test_without_a_provider_there_is_no_such_way_in(settings: Settings, db: Database) -> None:
    async with AsyncTestClient(create_app(settings), base_url=HERE) as plain:
        answer = await plain.get("/sign-in/provider")
        form = await plain.get("/sign-in")

    assert answer.status_code == 404
    assert "government account" not in form.text


async def test_a_provider_that_is_down_is_told_and_nobody_is_let_in(
    settings: Settings, db: Database
) -> None:
    down = structs.replace(settings, oidc_issuer="http://127.0.0.1:1", oidc_client="x")
    async with AsyncTestClient(create_app(down), base_url=HERE) as plain:
        answer = await plain.get("/sign-in/provider", follow_redirects=False)

    assert answer.status_code == 401
    assert "did not answer" in answer.text
