"""The pages of one's own account: a password by a link, and a second factor."""

import re

import pyotp
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service import i18n
from survey_service.conduct.throttling import PAIR
from survey_service.store.database import Database
from survey_service.web.pages.help import JOBS
from tests.country import As, Country
from tests.samples import ON_SQLITE, PASSWORD
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]


async def _link(client: Client, country: Country) -> str:
    """Return the path of a one-time link of alice's."""
    path = f"/people/{country.people['alice'].id}/link"
    made = await As(client, "administrator@Agency")("POST", path, expects=201)
    return "/password/" + str(made["link"]).rpartition("/")[2]


async def test_a_password_that_will_not_do_can_be_tried_anew(
    client: Client, country: Country
) -> None:
    path = await _link(client, country)
    form = await client.get(path)

    weak = await post(client, path, password="alice")
    done = await post(client, path, password="gambut merpati sembilan", follow=False)
    spent = await post(client, path, password="gambut merpati sembilan")
    signed_in = await post(client, "/sign-in", login="alice", password="gambut merpati sembilan")

    assert 'autocomplete="new-password"' in form.text
    assert weak.status_code == 422
    assert "easily guessed" in weak.text
    assert done.headers["location"] == "/"
    assert 'readonly value="alice"' in form.text
    assert 'readonly value="alice"' in weak.text
    assert spent.status_code == 410
    assert "Assessments" in signed_in.text


async def test_who_sets_a_password_with_a_link_is_signed_in(
    client: Client, country: Country
) -> None:
    path = await _link(client, country)

    await post(client, path, password="gambut merpati sembilan")

    assert (await client.get("/")).status_code == 200
    assert (await client.get(path)).status_code == 410


async def test_a_link_does_not_stand_for_a_second_factor(client: Client, country: Country) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    secret, ticket = _offered((await client.get("/second-factor")).text)
    code = pyotp.TOTP(secret).now()
    await post(client, "/second-factor", ticket=ticket, code=code, password=PASSWORD)
    client.cookies.clear()
    path = await _link(client, country)

    done = await post(client, path, password="gambut merpati sembilan", follow=False)

    assert done.headers["location"] == "/sign-in"
    assert "session" not in client.cookies


async def test_a_second_factor_is_set_up_on_a_page_and_asked_for_from_then_on(
    client: Client, db: Database
) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    page = (await client.get("/second-factor")).text
    secret, ticket = _offered(page)
    wrong = await post(client, "/second-factor", ticket=ticket, code="000000", password=PASSWORD)
    totp = pyotp.TOTP(secret)

    done = await post(client, "/second-factor", ticket=ticket, code=totp.now(), password=PASSWORD)
    asked = await post(client, "/sign-in", login="alice", password=PASSWORD)

    assert "data:image/svg+xml" in page
    assert (wrong.status_code, "The code is wrong" in wrong.text) == (401, True)
    assert _offered(wrong.text) == (secret, ticket)  # what the telephone has read still holds
    codes = _codes(done.text)
    assert len(codes) == 10
    assert "%0A".join(codes) in done.text  # the file to save
    assert 'href="/sign-in"' in done.text
    assert asked.status_code == 401
    assert "Enter the code" in asked.text


async def test_the_profile_counts_recovery_codes_and_makes_new_ones(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    secret, ticket = _offered((await client.get("/second-factor")).text)
    code = pyotp.TOTP(secret).now()
    made = await post(client, "/second-factor", ticket=ticket, code=code, password=PASSWORD)
    first, second = _codes(made.text)[:2]
    await post(client, "/sign-in", login="alice", password=PASSWORD, code=first)

    profile = (await client.get("/profile")).text
    wrong = await post(client, "/profile/recovery-codes", password=PASSWORD, code="000000")
    again = await post(client, "/profile/recovery-codes", password=PASSWORD, code=second)

    assert "Still to be used: 9." in profile
    assert wrong.status_code == 401
    assert not set(_codes(again.text)) & set(_codes(made.text))
    assert "Still to be used: 10." in (await client.get("/profile")).text
    replacing = (await client.get("/second-factor")).text
    assert 'name="present"' in replacing


def _codes(page: str) -> list[str]:
    return re.findall(r"<li><code>([0-9-]{19})</code>", page)


async def test_the_profile_lists_tokens_and_ends_them(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    issued = (await client.post("/api/v1/tokens", json={"label": "a board"})).json()

    listed = (await client.get("/profile")).text
    await post(client, f"/profile/tokens/{issued['id']}/end")

    assert "a board" in listed
    assert issued["id"] in listed
    assert "a board" not in (await client.get("/profile")).text
    program = {"Authorization": f"Bearer {issued['secret']}"}
    assert (await client.get("/api/v1/me", headers=program)).status_code == 401


@pytest.mark.parametrize("path", ["/profile/password", "/profile/recovery-codes"])
async def test_forms_in_which_a_password_is_tried_say_that_it_must_wait(
    client: Client, path: str
) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)

    answers = [
        await post(client, path, present="x", password="gambut merpati sembilan", code="000000")
        for _ in range(PAIR + 1)
    ]

    assert [one.status_code for one in answers] == [*[401] * PAIR, 429]
    assert "Too many attempts" in answers[-1].text


def _offered(page: str) -> tuple[str, str]:
    secret = re.search(r"<code>(\w+)</code>", page)
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)
    assert secret is not None
    assert ticket is not None
    return secret[1], ticket[1]


@pytest.mark.parametrize("path", ["/forgotten", "/sign-in"])
async def test_without_a_mail_server_nothing_is_offered_that_needs_one(
    client: Client, path: str
) -> None:
    page = await client.get(path)
    asked = await post(client, "/forgotten", login="alice")

    assert 'href="/forgotten"' not in page.text
    assert asked.status_code == 404
    assert "Ask your administrator" in asked.text


async def test_the_profile_says_who_one_is_and_changes_the_password(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    page = (await client.get("/profile")).text
    wrong = await post(client, "/profile/password", present="x", password="gambut merpati sembilan")
    done = await post(
        client, "/profile/password", present=PASSWORD, password="gambut merpati sembilan"
    )

    assert "coordinator" in page
    assert "Last used" in page
    assert wrong.status_code == 401
    assert "autocomplete" in wrong.text
    assert "The password is changed" in done.text


async def test_signing_out_everywhere_ends_this_session_too(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)

    await post(client, "/profile/sessions")

    assert (await client.get("/profile", follow_redirects=True)).url.path == "/sign-in"


async def test_help_is_for_everybody(client: Client) -> None:
    assert (await client.get("/help")).status_code == 200
    await post(client, "/sign-in", login="alice", password=PASSWORD)

    assert "/profile" in (await client.get("/help")).text


@pytest.mark.parametrize("job", JOBS)
async def test_every_job_has_a_page_with_a_picture_in_both_languages(
    client: Client, job: str
) -> None:
    for language in i18n.LANGUAGES:
        page = (await client.get(f"/help/{job}?lang={language}")).text
        picture = re.search(r'<img src="([^"]+\.webp)"', page)

        assert page.count('<p class="prose">') >= 2
        assert picture is not None
        assert (await client.get(picture[1])).content.startswith(b"RIFF")
    assert (await client.get("/help/nothing")).status_code == 404


async def test_help_promises_no_mail_and_no_sign_on_where_there_is_none(client: Client) -> None:
    told = "".join([(await client.get(f"/help/{job}?lang=en")).text for job in JOBS])

    assert "links to hand over" in told
    assert "sent by mail" not in told
    assert "by mail as well" not in told
    assert "government account" not in told
