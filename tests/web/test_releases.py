"""Releases on pages and in the API: from the draft to what anybody sees without signing in."""

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec import structs

from survey_service.reports.rendering import Renderer
from survey_service.store.database import Database, Reader
from tests.country import As, Client, Country
from tests.cycles import run_to_the_end
from tests.pdfs import read
from tests.web.test_pages import post
from tests.working import all_done

LEVELS = {"Agency": 4} | {f"Kabupaten {number}": 1 + number % 5 for number in range(5)}
PATH = "/cycles/1/releases"


@pytest.fixture
async def ministry(client: Client, db: Database, country: Country) -> As:
    await db.write(run_to_the_end, country, "Cycle 2026", LEVELS)
    return As(client, "ministry@Agency")


def _public(client: Client, *, on: bool) -> None:
    wired = client.app.state.services
    settings = structs.replace(wired.settings, public_releases="on" if on else "off")
    client.app.state.services = structs.replace(wired, settings=settings)


async def _published(client: Client) -> None:
    """Draft a release on its page, look at it, and publish it."""
    client.cookies.set("session", "ministry@Agency")
    await post(client, PATH, named="yes")
    await _publish(client)


async def _publish(client: Client) -> None:
    draft = await client.get(f"{PATH}/1")
    assert "Publish it for good" in draft.text
    digests = draft.text.partition('name="digests" value="')[2][:64]
    answer = await post(client, f"{PATH}/1/publication", digests=digests)
    assert answer.url.path == PATH


async def test_the_ministry_publishes_what_it_looked_at_and_everybody_sees_it(
    client: Client, ministry: As
) -> None:
    _public(client, on=True)
    await _published(client)
    client.cookies.clear()

    listed = await client.get("/releases")
    shown = await client.get("/releases/1?lang=en")
    archive = await client.get("/releases/1/release.zip")
    report = await client.get("/releases/1/report-id.pdf")
    none = await client.get("/releases/1/other.zip")

    assert "Cycle 2026: release 1" in listed.text
    assert "survey-service check-release release.zip" in shown.text
    assert "3.17" in shown.text  # (4 + 1 + 2 + 3 + 4 + 5) / 6
    assert shown.headers["cache-control"] == "public, max-age=300"
    assert shown.headers["vary"].startswith("Accept-Language, Cookie")
    assert "statement.json" in zipfile.ZipFile(io.BytesIO(archive.content)).namelist()
    assert archive.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert archive.headers["content-disposition"] == 'attachment; filename="release-1-1.zip"'
    assert report.headers["content-type"] == "application/pdf"
    assert none.status_code == 404
    client.cookies.set("session", "alice")
    known = await client.get("/releases/1")
    assert known.headers["cache-control"] == "no-store"  # it has her menu
    assert '<nav class="menu"' in known.text
    assert "Release 1" in (await client.get(PATH)).text
    client.cookies.set("session", "ended")
    anybody = await client.get("/releases/1")
    assert (anybody.status_code, '<nav class="menu"' in anybody.text) == (200, False)


async def test_nothing_is_public_unless_that_is_switched_on(client: Client, ministry: As) -> None:
    await _published(client)
    client.cookies.clear()

    found = [
        (await client.get(path)).status_code
        for path in ("/releases", "/releases/1", "/releases/1/release.zip")
    ]

    assert found == [404, 404, 404]


async def test_agencies_find_in_their_menu_what_was_released_of_cycles_that_they_know_of(
    client: Client, ministry: As
) -> None:
    client.cookies.set("session", "alice")
    empty = await client.get("/releases?lang=en")
    await _published(client)

    client.cookies.set("session", "alice")
    hers = await client.get("/releases?lang=en")
    client.cookies.set("session", "charlie")
    others = await client.get("/releases?lang=en")

    assert "Nothing is published yet." in empty.text
    assert '<a href="/releases" aria-current="page">Releases</a>' in hers.text
    assert '<a href="/cycles/1/releases/1">Cycle 2026: release 1</a>' in hers.text
    assert "Cycle 2026" not in others.text


async def test_the_report_of_a_draft_is_read_before_it_is_published_and_made_once(
    client: Client, db: Database, ministry: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies.set("session", "ministry@Agency")
    await post(client, PATH, named="yes")
    made, make = [], Renderer.national

    async def making(renderer: Renderer, *args: Any) -> bytes:
        made.append(args[1])
        return await make(renderer, *args)

    monkeypatch.setattr(Renderer, "national", making)

    page = await client.get(f"{PATH}/1?lang=en")
    drafts = [await client.get(f"{PATH}/1/draft-{language}.pdf") for language in ("id", "en")]
    again = await ministry.ask("GET", f"{PATH}/1/files/draft-en.pdf")
    once = list(made)
    client.cookies.set("session", "alice")
    hidden = await client.get(f"{PATH}/1/draft-en.pdf")
    client.cookies.set("session", "ministry@Agency")
    await _publish(client)
    gone = await client.get(f"{PATH}/1/draft-en.pdf")

    assert f'<a href="{PATH}/1/draft-id.pdf" hreflang="id">' in page.text
    for draft, mark in zip(drafts, ("RANCANGAN", "DRAFT"), strict=True):
        pages = [one.extract_text() for one in read(draft.content).pages]
        assert all(mark in one.upper() for one in pages)
        assert "Agency" in pages[-1]
    assert again.content == drafts[1].content
    assert once == ["id", "en"]
    assert (hidden.status_code, gone.status_code) == (404, 404)
    assert await db.read(_claims) == 1  # of what was published


def _claims(tx: Reader) -> int:
    return int(
        tx.execute(sa.text("select count(*) from entry where action = 'report.issue'")).scalar_one()
    )


async def test_programs_draft_publish_correct_and_download(
    client: Client, db: Database, ministry: As
) -> None:
    sent = {"named": False}
    await ministry("POST", PATH, sent, expects=202)
    await all_done(db, "release")
    nothing = await ministry("POST", f"{PATH}/9/publication", {"digests": "x"}, expects=404)
    (draft,) = (await ministry("GET", PATH))["items"]
    seen = {"digests": draft["digests"]}
    outdated = await ministry("POST", f"{PATH}/1/publication", {"digests": "x"}, expects=409)

    await ministry("POST", f"{PATH}/1/publication", seen, expects=202)
    await all_done(db, "release_papers")
    unexplained = await ministry("POST", PATH, sent, expects=422)
    again = await ministry("POST", f"{PATH}/1/publication", seen, expects=409)

    assert draft["state"] == "draft"
    assert {one["group"] for one in draft["figures"]} == {"", "regency"}
    refused = [one["type"].rpartition(":")[2] for one in (nothing, outdated, unexplained, again)]
    assert refused == ["not_found", "draft_outdated", "release_reason", "published_already"]
    alice = As(client, "alice")
    (seen_by_her,) = (await alice("GET", PATH))["items"]
    assert (seen_by_her["number"], seen_by_her["state"]) == (1, "published")
    name = seen_by_her["files"][0]["name"]
    file = await alice.ask("GET", f"{PATH}/1/files/{name}")
    assert (name, len(file.content)) == ("release.zip", seen_by_her["files"][0]["size"])


async def test_a_page_says_why_nothing_is_drafted(
    client: Client, db: Database, country: Country, ministry: As
) -> None:
    await _published(client)

    answer = await post(client, PATH, named="yes", reason=" ")

    assert answer.status_code == 422
    assert "Say why release 1 is corrected." in answer.text
