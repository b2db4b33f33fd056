"""A draft can be thrown away by who opened it: it is nowhere any more, and all of it stays on record."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from survey_service import clock
from survey_service.operations import recomputation, replay
from survey_service.store.database import Database, Reader
from survey_service.store.tables import assessment, evidence, person, revision
from tests.country import As, Client, Country
from tests.web.test_pages import post

ALWAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}
THROWN = "/assessments/1/discarding"


@pytest.fixture
async def cycle(client: Client, country: Country) -> int:
    """Open a cycle of the Agency, whose alice has begun a draft with an answer and evidence."""
    ministry, alice = As(client, "ministry@Agency"), As(client, "alice")
    plan = {
        "name": "2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations["Agency"]],
    }
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    await alice.answer("/assessments/1", "A", 4)
    link = {"name": "Minutes", "url": "https://example.go.id"}
    await alice("POST", "/assessments/1/responses/A/evidence", link, expects=201)
    return int(made["id"])


async def _page(client: Client, who: str, path: str, status: int = 200) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path)
    assert answer.status_code == status, (path, answer.text)
    return answer.text


async def test_its_trail_stays_to_be_read_and_leads_to_where_it_can_be_brought_back(
    client: Client, cycle: int
) -> None:
    await As(client, "alice")("POST", THROWN, expects=201)

    own = await _page(client, "alice", "/assessments/discarded")
    above = await _page(client, "ministry@Agency", "/assessments/discarded")
    others = [await _page(client, who, "/assessments/discarded") for who in ("bob", "charlie")]
    trail = await _page(client, "ministry@Agency", "/assessments/1/trail")
    await _page(client, "charlie", "/assessments/1/trail", 404)
    client.cookies.set("session", "alice")
    back = await post(client, f"{THROWN}/undoing")

    assert "Two dimensions 1" in own
    assert f'action="{THROWN}/undoing"' in own
    assert 'href="/assessments/1/trail"' in above
    assert f'action="{THROWN}/undoing"' not in above
    assert all("/assessments/1/" not in page for page in others)
    assert "threw the draft away" in trail
    assert 'href="/assessments/discarded"' in trail
    assert "/assessments/1/result" not in trail
    assert back.status_code == 200
    assert "/assessments/1/" not in await _page(client, "alice", "/assessments/discarded")


async def test_after_a_day_the_list_offers_no_undoing(
    client: Client, db: Database, cycle: int
) -> None:
    await As(client, "alice")("POST", THROWN, expects=201)
    long_ago = clock.now() - dt.timedelta(days=1, seconds=1)
    await db.write(lambda tx: tx.execute(sa.update(assessment).values(discarded_at=long_ago)))

    page = await _page(client, "alice", "/assessments/discarded")

    assert 'href="/assessments/1/trail"' in page
    assert "undoing" not in page


async def _begun(client: Client, cycle: int) -> list[Any]:
    progress = await As(client, "ministry@Agency")("GET", f"/cycles/{cycle}/progress")
    return [(one["assessment"], one["state"], one["answered"]) for one in progress["items"]]


async def test_what_is_thrown_away_is_nowhere_any_more(client: Client, cycle: int) -> None:
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    respondent = As(client, "respondent@Agency")
    before = await _begun(client, cycle)

    thrown = await alice("POST", THROWN, expects=201)
    again = await alice("POST", THROWN, expects=201)

    assert before == [(1, "draft", 1)]
    assert thrown == again
    assert thrown["author"] == "alice"
    assert await _begun(client, cycle) == [(None, None, 0)]
    assert (await ministry("GET", "/assessments"))["items"] == []
    for who in (alice, respondent, ministry):
        await who("GET", "/assessments/1", expects=404)
        await who("GET", "/assessments/1/responses", expects=404)
    for path in ("/", "/assessments", "/notices", f"/cycles/{cycle}/board"):
        assert "/assessments/1/" not in await _page(client, "alice", path), path
    await _page(client, "alice", "/assessments/1/result", 404)
    headers = {"If-Match": '"1"'}
    saved = await alice.ask("PUT", "/assessments/1/responses/A", {"level": 2}, headers=headers)
    assert saved.status_code == 404


async def test_news_of_it_are_not_told_until_it_is_back(
    client: Client, country: Country, cycle: int
) -> None:
    alice, who = As(client, "alice"), "respondent@Agency"
    task = {"person_id": country.people[who].id}
    await alice("PUT", "/assessments/1/assignments/A", task)

    told = await _page(client, who, "/notices")
    await alice("POST", THROWN, expects=201)
    silent = await _page(client, who, "/notices")
    await alice("DELETE", THROWN)

    assert "/assessments/1/" in told
    assert "/assessments/1/" not in silent
    assert "/assessments/1/" in await _page(client, who, "/notices")


async def test_all_of_it_stays_on_record(client: Client, db: Database, cycle: int) -> None:
    await As(client, "alice")("POST", THROWN, expects=201)

    trail = (await As(client, "bob")("GET", "/assessments/1/trail"))["items"]

    actions = [one["action"] for one in trail]
    assert actions == [
        "assessment.open",
        "response.save",
        "evidence.attach",
        "assessment.discard",
    ]
    for table in (revision, evidence):
        assert await db.read(_count, table) == 1
    assert await db.read(replay.unaccounted) == []
    assert [one async for one in recomputation.discrepancies(db, mend=False)] == []


def _count(tx: Reader, table: sa.Table) -> int:
    counted = sa.select(sa.func.count()).select_from(table).where(table.c.assessment_id == 1)
    return tx.execute(counted).scalar_one()


async def test_that_it_was_thrown_away_or_back_without_a_word_is_found(
    client: Client, db: Database, cycle: int
) -> None:
    await As(client, "alice")("POST", THROWN, expects=201)
    hidden = sa.update(assessment).values(discarded_by="somebody else")

    await db.write(lambda tx: tx.execute(hidden))

    (found,) = await db.read(replay.unaccounted)
    assert (found.reason, found.about) == ("altered", "assessments/1/discarding")


async def test_it_can_be_brought_back_as_it_was(client: Client, db: Database, cycle: int) -> None:
    alice = As(client, "alice")
    await alice("POST", THROWN, expects=201)

    back = await alice("DELETE", THROWN)
    again = await alice("DELETE", THROWN)

    assert back == again
    assert await _begun(client, cycle) == [(1, "draft", 1)]
    assert (await alice("GET", "/assessments/1"))["state"] == "draft"
    assert await db.read(replay.unaccounted) == []


async def test_another_one_takes_its_place_for_good(client: Client, cycle: int) -> None:
    alice = As(client, "alice")
    await alice("POST", THROWN, expects=201)

    other = await alice("POST", "/assessments", {"cycle": cycle}, expects=201)
    refused = await alice("DELETE", THROWN, expects=409)

    assert other["id"] == 2
    assert refused["title"] == "not_brought_back"
    assert await _begun(client, cycle) == [(2, "draft", 0)]
    assert "Bring it back" not in await _page(client, "alice", THROWN)


async def test_nor_does_it_come_back_after_a_day(client: Client, db: Database, cycle: int) -> None:
    alice = As(client, "alice")
    await alice("POST", THROWN, expects=201)
    yesterday = clock.now() - dt.timedelta(days=1)

    await db.write(lambda tx: tx.execute(sa.update(assessment).values(discarded_at=yesterday)))

    assert (await alice("DELETE", THROWN, expects=409))["title"] == "not_brought_back"


async def test_nor_once_its_organisation_is_withdrawn(
    client: Client, country: Country, cycle: int
) -> None:
    alice, ministry = As(client, "alice"), As(client, "ministry@Agency")
    await alice("POST", THROWN, expects=201)
    body = {"organisation_id": country.organisations["Agency"], "reason": "x"}

    await ministry("POST", f"/cycles/{cycle}/withdrawals", body, expects=201)

    assert (await alice("DELETE", THROWN, expects=409))["title"] == "not_brought_back"


async def test_what_was_handed_in_is_kept(client: Client, cycle: int) -> None:
    alice = As(client, "alice")
    for code in "BCDE":
        await alice.answer("/assessments/1", code, 3)
    for step in ("submit", "withdraw"):
        await alice("POST", "/assessments/1/steps", {"step": step}, expects=201)

    refused = await alice("POST", THROWN, expects=409)

    assert refused["title"] == "kept"
    assert "discarding" not in await _page(client, "alice", "/assessments/1/result")
    assert "never handed in" in await _page(client, "alice", THROWN)


async def test_what_goes_on_from_another_version_is_kept(client: Client, cycle: int) -> None:
    alice = As(client, "alice")
    old = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
    path = f"/assessments/{old['id']}"
    target = {"questionnaire": "new@1"}

    moved = await alice("POST", f"{path}/successor", target, expects=201)

    for id_, why in ((old["id"], "closed"), (moved["id"], "kept")):
        refused = await alice("POST", f"/assessments/{id_}/discarding", expects=409)
        assert refused["title"] == why


async def test_who_opened_it_may_even_without_coordinating_any_more(
    client: Client, country: Country, db: Database, cycle: int
) -> None:
    alice = country.people["alice"].id
    respondent = sa.update(person).where(person.c.id == alice).values(role="respondent")

    await db.write(lambda tx: tx.execute(respondent))

    await As(client, "respondent@Agency")("POST", THROWN, expects=403)
    await As(client, "alice")("POST", THROWN, expects=201)
    await As(client, "respondent@Agency")("DELETE", THROWN, expects=403)
    await As(client, "charlie")("DELETE", THROWN, expects=404)
    await As(client, "coordinator@Agency")("DELETE", THROWN)


async def test_on_the_page_it_is_confirmed_and_undone(client: Client, cycle: int) -> None:
    offered = await _page(client, "alice", "/assessments/1/result")
    others = await _page(client, "respondent@Agency", "/assessments/1/result")
    asked = await _page(client, "alice", THROWN)

    thrown = await post(client, THROWN)
    back = await post(client, f"{THROWN}/undoing")

    assert f'href="{THROWN}"' in offered
    assert f'href="{THROWN}"' not in others
    assert "stay on record for auditors" in asked
    assert "In 2026 you count as not begun" in asked
    assert "Thrown away by alice" in thrown.text
    assert "Bring it back" in thrown.text
    assert back.url.path == "/assessments/1/result"


async def test_the_page_says_why_it_cannot_be(client: Client, cycle: int) -> None:
    alice = As(client, "alice")
    client.cookies.set("session", "alice")
    await alice("POST", THROWN, expects=201)
    await alice("POST", "/assessments", {"cycle": cycle}, expects=201)

    late = await post(client, f"{THROWN}/undoing")
    for code in "ABCDE":
        await alice.answer("/assessments/2", code, 3)
    await alice("POST", "/assessments/2/steps", {"step": "submit"}, expects=201)
    kept = await post(client, "/assessments/2/discarding")

    assert late.status_code == 409
    assert "can no longer be brought back" in late.text
    assert kept.status_code == 409
    assert "never handed in" in kept.text
