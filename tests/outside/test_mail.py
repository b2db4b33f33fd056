"""Mail through a real SMTP server on this machine, and invitations that arrive by it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.app import create_app
from survey_service.errors.accounts import MailError
from survey_service.outside import mail
from survey_service.outside.mail import Mail
from survey_service.settings import Settings
from survey_service.store.database import Database
from tests.country import As, Client, Country, settle
from tests.post import Post
from tests.samples import HERE
from tests.working import all_done, working


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    made.controller.start()
    yield made
    made.controller.stop()


async def test_a_text_arrives(post: Post) -> None:
    await Mail(post.address, "survey@example.go.id").send("dina@x.example", "Halo", "Isi: oké")

    arrived = post.box.received[0]
    assert (arrived["To"], arrived["From"], arrived["Subject"]) == (
        "dina@x.example",
        "survey@example.go.id",
        "Halo",
    )
    body = arrived.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "Isi: oké" in body.decode()


async def test_a_line_break_makes_no_header(post: Post) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        await Mail(post.address, "").send("a@b.example", "Hi\r\nBcc: c@d.example", "x")

    assert post.box.received == []


async def test_a_server_that_is_down_is_told() -> None:
    with pytest.raises(MailError):
        await Mail("smtp://127.0.0.1:1", "").send("a@b.example", "x", "x")


async def test_mail_goes_over_the_network_by_tls_alone(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server offers no TLS; were it on another machine, nothing would be sent to it."""
    monkeypatch.setattr(mail, "_LOOPBACK", set())

    with pytest.raises(MailError):
        await Mail(post.address, "").send("a@b.example", "x", "x")

    assert post.box.received == []


@pytest.fixture
async def client(db: Database, settings: Settings, post: Post) -> AsyncIterator[Client]:
    app = create_app(structs.replace(settings, mail=post.address))
    app.state.services = working(app.state.services)
    async with AsyncTestClient(app, base_url=HERE) as opened:
        yield opened


@pytest.fixture
async def country(db: Database) -> Country:
    return await settle(db)


async def test_an_invitation_is_sent_and_the_link_told_to_nobody_else(
    client: Client, country: Country, post: Post, db: Database
) -> None:
    invitation = {
        "login": "dina",
        "name": "Dina",
        "role": "respondent",
        "organisation_id": country.organisations["Agency"],
        "email": "dina@x.example",
    }

    made = await As(client, "administrator@Agency")("POST", "/people", invitation, expects=201)
    await all_done(db, "mail")

    assert (made["sent"], made["link"]) == (True, None)
    body = post.box.received[0].get_payload(decode=True)
    assert isinstance(body, bytes)
    assert f"{Settings().address}/password/" in body.decode()
    assert "sign in as dina" in body.decode()


async def test_links_made_anew_for_many_are_sent_to_those_who_have_an_address(
    client: Client, country: Country, post: Post, db: Database
) -> None:
    administrator, place = As(client, "administrator@Agency"), country.organisations["Agency"]
    for login, email in (("dina", "dina@x.example"), ("eka", None)):
        wanted = {"login": login, "name": "x", "role": "respondent", "organisation_id": place}
        await administrator("POST", "/people", {**wanted, "email": email}, expects=201)
    client.cookies.set("session", "administrator@Agency")

    made = await client.post("/people/links", data={"all": "on"})
    await all_done(db, "mail")

    assert "on its way to dina@x.example" in made.text
    assert made.text.count("/password/") == made.text.count("data-copy")
    assert [str(one["To"]) for one in post.box.received].count("dina@x.example") > 0


async def test_who_forgot_a_password_gets_a_link_and_nobody_learns_who_has_an_account(
    client: Client, country: Country, post: Post, db: Database
) -> None:
    stranger = As(client, "")

    answers = [
        await stranger.ask("POST", "/passwords/forgotten", {"login": login})
        for login in ("respondent@Agency", "respondent@Agency", "nobody")
    ]
    page = await client.post("/forgotten", data={"login": "nobody"})
    await all_done(db, "mail")

    assert {(answer.status_code, answer.text) for answer in answers} == {(202, "null")}
    assert [one["To"] for one in post.box.received] == ["respondent.Agency@mail.example"]
    assert "on its way" in page.text
