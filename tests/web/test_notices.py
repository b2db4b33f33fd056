"""Being told, on pages."""

import pytest

from survey_service.conduct.notices import News
from survey_service.operations import notices
from survey_service.operations.sealing import sealer_of
from survey_service.settings import Settings
from survey_service.store.database import Database
from tests.country import Client, Country


def _as(login: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {login}", "Accept-Language": "en"}


async def test_the_first_page_tells_what_is_new_until_it_is_marked_as_read(
    client: Client, country: Country, db: Database
) -> None:
    alice = country.people["alice"]
    news = News("returned", "x", "assessments/1/result", "Agency", alice.organisation_id, "bob")
    await db.write(notices.tell, [alice], news)

    before = await client.get("/", headers=_as("alice"))
    feed = await db.read(notices.feed, alice, before=None, limit=1)
    marked = await client.post(
        "/notices/seen",
        data={"newest": str(feed.newest), "next": "/notices"},
        headers=_as("alice"),
        follow_redirects=False,
    )
    after = await client.get("/", headers=_as("alice"))
    everything = await client.get("/notices", headers=_as("alice"))

    assert "1 new" in before.text
    assert marked.headers["location"] == "/notices"
    assert "1 new" not in after.text
    for page in (before, after, everything):
        assert "Agency: bob returned the assessment" in page.text


@pytest.mark.parametrize("newest", [2**31, 2**80, -1])
async def test_no_notice_that_could_not_be_is_marked_as_read(
    client: Client, country: Country, newest: int
) -> None:
    answer = await client.post("/notices/seen", data={"newest": newest}, headers=_as("alice"))

    assert answer.status_code == 400


async def test_what_goes_by_mail_is_chosen_by_each_and_kept(
    client: Client, country: Country, db: Database
) -> None:
    await client.post(
        "/notices/choices",
        data={"language": "id", "mail.returned": "never", "mail.ready": "at_once"},
        headers=_as("alice"),
    )
    refused = await client.post(
        "/notices/choices", data={"mail.returned": "hourly"}, headers=_as("alice")
    )

    chosen = await db.read(notices.chosen, country.people["alice"])
    assert (chosen.language, chosen.choice("returned"), chosen.choice("ready")) == (
        "id",
        "never",
        "at_once",
    )
    assert refused.status_code == 400


async def test_a_language_that_is_chosen_on_a_page_is_that_of_the_mail(
    client: Client, country: Country, db: Database
) -> None:
    for login in ("alice", "nobody"):
        answer = await client.post(
            "/language", data={"language": "en"}, headers=_as(login), follow_redirects=False
        )
        assert answer.status_code == 303

    assert (await db.read(notices.chosen, country.people["alice"])).language == "en"


async def test_mail_ends_with_one_click_of_a_mailbox_and_not_by_looking(
    client: Client, country: Country, db: Database, settings: Settings
) -> None:
    alice = country.people["alice"]
    link = "/unsubscribe/" + sealer_of(settings).sign(f"mail-{alice.id}")

    looked = await client.get(link)
    still = await db.read(notices.chosen, alice)
    clicked = await client.post(link, data={"List-Unsubscribe": "One-Click"})

    assert (looked.status_code, clicked.status_code) == (200, 200)
    assert still.choice("returned") == "at_once"
    assert (await db.read(notices.chosen, alice)).kinds("at_once", "daily") == ()
    assert (await client.get("/unsubscribe/forged")).status_code == 404
