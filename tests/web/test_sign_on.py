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
import sqlalchemy as sa
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.app import create_app
from survey_service.conduct.trail import Numbered
from survey_service.settings import Settings
from survey_service.store import audit
from survey_service.store.database import Database, Reader
from survey_service.store.tables import person
from tests.country import As, Client, Country
from tests.samples import HERE, ON_SQLITE, PASSWORD, ROOT
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

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


@pytest.mark.parametrize("more", ["&error=access_denied", "&iss=https://another.example"])
async def test_a_code_beside_an_error_or_from_another_issuer_is_none(
    client: Client, more: str
) -> None:
    address = _at_the_provider(await _leave(client), "inspector@Agency")

    answer = await _come_back(client, re.sub("&iss=[^&]*", "", address) + more)

    assert answer.status_code == 401


async def _addressed(db: Database, country: Country, *logins: str) -> None:
    """Give several people one address."""
    ids = [country.people[one].id for one in logins]
    shared = {"email": "inspector.Agency@mail.example"}
    await db.write(
        lambda tx: tx.execute(sa.update(person).where(person.c.id.in_(ids)).values(shared))
    )


async def test_who_shares_an_address_is_told_the_way_out_and_can_go_it(
    client: Client, db: Database, country: Country
) -> None:
    await _addressed(db, country, "inspector@Agency", "alice")

    refused = await _sign_in(client, "inspector@Agency")
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    profile = await client.get("/profile")
    left = await client.get("/profile/provider", follow_redirects=False)
    bound = await _come_back(client, _at_the_provider(left.headers["location"], "inspector@Agency"))
    await post(client, "/sign-out")
    again = await _sign_in(client, "inspector@Agency")

    assert refused.status_code == 403
    assert "connect your government account" in refused.text
    assert 'href="/profile/provider"' in profile.text
    assert bound.headers["location"] == "/profile"
    assert again.status_code == 303
    assert (await client.get("/api/v1/me")).json()["login"] == "alice"


async def test_nobody_is_bound_to_what_vouches_for_another(
    client: Client, db: Database, country: Country
) -> None:
    assert (await _sign_in(client, "inspector@Agency")).status_code == 303
    client.cookies.clear()
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    left = await client.get("/profile/provider", follow_redirects=False)

    taken = await _come_back(client, _at_the_provider(left.headers["location"], "inspector@Agency"))

    assert taken.status_code == 409
    assert not (await client.get("/api/v1/me")).json()["vouched_for"]


async def test_what_was_begun_by_one_is_not_ended_as_another(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    left = await client.get("/profile/provider", follow_redirects=False)
    await post(client, "/sign-out")
    await post(client, "/sign-in", login="bob", password=PASSWORD)

    answer = await _come_back(
        client, _at_the_provider(left.headers["location"], "inspector@Agency")
    )

    assert answer.status_code == 401
    assert not (await client.get("/api/v1/me")).json()["vouched_for"]


@pytest.mark.parametrize("where", ["api", "page"])
async def test_an_administrator_can_unbind_a_person_who_is_then_signed_out(
    client: Client, db: Database, country: Country, where: str
) -> None:
    """Whoever comes next with the address is bound anew; another subject until then is nobody."""
    await _sign_in(client, "inspector@Agency")
    theirs = As(client, client.cookies["session"])
    administrator = As(client, "administrator@Agency")
    path = f"/people/{country.people['inspector@Agency'].id}"
    client.cookies.clear()

    if where == "api":
        after = await administrator("DELETE", f"{path}/single-sign-on")
    else:
        headers = administrator.headers
        page = await client.get(path, headers=headers)
        await client.post(f"{path}/single-sign-on/removal", headers=headers)
        after = await administrator("GET", path)
        assert "Disconnect the government account" in page.text

    assert not after["vouched_for"]
    await theirs("GET", "/me", expects=401)
    assert "person.unbind" in [one.entry.action for one in await db.read(_entries)]
    assert (await _sign_in(client, "inspector@Agency")).status_code == 303


def _entries(tx: Reader) -> list[Numbered]:
    return list(audit.entries(tx))


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
