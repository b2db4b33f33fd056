"""What the service records of visits: sign-ins, refusals, downloads, changes, and from where."""

import asyncio
import datetime as dt
import hashlib
import json
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.checkpoints import opened
from survey_service.conduct.merkle import Inclusion, is_consistent, leaf_hash, root_from
from survey_service.conduct.throttling import PAIR
from survey_service.library.tables import rows
from survey_service.operations import log, one_time_links
from survey_service.store import attempts, audit
from survey_service.store.database import Database, PostgreSQL, Reader, Writer
from survey_service.store.tables import metadata, person
from tests.country import As, Country
from tests.samples import PASSWORD
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
MAILING = one_time_links.Mailing("https://survey.example.go.id", "en")


async def _as(client: Client, login: str) -> dict[str, str]:
    given = {"login": login, "password": PASSWORD}
    answer = await client.post("/api/v1/sessions", json=given)
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def _recorded(db: Database) -> list[tuple[str, str]]:
    entries = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])
    assert all(entry.address for entry in entries)
    return [(entry.actor, entry.action) for entry in entries if entry.actor != "-"]


async def _counted(db: Database) -> list[tuple[str, int]]:
    return [(one.action, one.count) for one in await db.read(attempts.tallies)]


async def test_sign_ins_and_their_failures_are_recorded(client: Client, db: Database) -> None:
    for login in ("alice", "alice", "nobody"):
        await client.post("/api/v1/sessions", json={"login": login, "password": "wrong"})
    alice = await _as(client, "alice")
    await client.delete("/api/v1/sessions/current", headers=alice)

    assert await _recorded(db) == [("alice", "session.open"), ("alice", "session.close")]
    assert await _counted(db) == [("session.refuse", 3)]


async def test_what_is_typed_into_a_form_is_kept_nowhere(client: Client, db: Database) -> None:
    """People type their password where their name belongs."""
    secret = "a secret that is typed in the wrong place"

    await client.post("/api/v1/sessions", json={"login": secret, "password": "x"})
    await post(client, "/sign-in", login=secret, password="x")
    await db.write(one_time_links.ask_forgotten, secret, "-", MAILING)

    assert {action for action, _ in await _counted(db)} == {"session.refuse", "password.forgotten"}
    kept = await db.read(_everything)
    assert "session.refuse" in kept
    assert secret not in kept
    assert hashlib.sha256(secret.encode()).hexdigest() not in kept


def _everything(tx: Reader) -> str:
    """Return every row of every table."""
    tables = metadata.sorted_tables
    return "".join(str(row) for table in tables for row in tx.execute(sa.select(table)))


async def test_links_that_are_asked_for_are_recorded_where_they_are_made(
    client: Client, db: Database, alice: Actor
) -> None:
    await db.write(lambda tx: tx.execute(sa.update(person).values(email="alice@mail.example")))

    await db.write(one_time_links.ask_forgotten, "nobody", "10.0.0.1", MAILING)
    await db.write(one_time_links.ask_forgotten, "alice", "10.0.0.1", MAILING)

    made = [one.entry for one in await db.read(lambda tx: list(audit.entries(tx)))][-1]
    assert (made.action, made.about) == ("password.link", f"people/{alice.id}")
    assert await _counted(db) == [("password.forgotten", 2)]


async def test_attempts_take_a_bounded_number_of_rows(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "_TOLD_APART", 3)
    now = clock.now()

    def attempt(tx: Writer) -> None:
        for number in range(20):
            attempts.count(tx, "session.refuse", f"10.0.0.{number}", now)
        attempts.count(tx, "session.refuse", "10.0.0.1", now)

    await db.write(attempt)

    found = {one.address: one.count for one in await db.read(attempts.tallies)}
    assert found == {"*": 17, "10.0.0.0": 1, "10.0.0.1": 2, "10.0.0.2": 1}


async def test_counts_are_forgotten_after_a_season(db: Database) -> None:
    now = clock.now()

    await db.write(attempts.count, "session.refuse", "-", now - dt.timedelta(days=100))
    await db.write(attempts.count, "session.refuse", "-", now)

    assert [one.day for one in await db.read(attempts.tallies)] == [now.date()]


async def test_signing_out_everywhere_ends_other_sessions(client: Client) -> None:
    first, second = await _as(client, "alice"), await _as(client, "alice")

    ended = await client.delete("/api/v1/sessions", headers=first)

    assert ended.status_code == 204
    assert (await client.get("/api/v1/assessments", headers=second)).status_code == 401


async def test_a_refusal_is_recorded(client: Client, db: Database) -> None:
    bob = await _as(client, "bob")

    refused = await client.post(
        "/api/v1/assessments", json={"questionnaire": "two-dimensions@1"}, headers=bob
    )

    assert refused.status_code == 403
    assert (await _recorded(db))[-1] == ("bob", "refused")


async def test_the_trail_of_an_assessment_can_be_read_page_by_page(client: Client) -> None:
    alice, charlie = await _as(client, "alice"), await _as(client, "charlie")
    opening = {"questionnaire": "two-dimensions@1"}
    opened = await client.post("/api/v1/assessments", json=opening, headers=alice)
    path = opened.headers["Location"]
    await client.put(
        f"{path}/responses/A", json={"level": 3}, headers={**alice, "If-None-Match": "*"}
    )
    await client.get(f"{path}/report?lang=en", headers=alice)

    page = (await client.get(f"{path}/trail", headers=alice)).json()
    rest = (await client.get(f"{path}/trail?cursor={page['items'][0]['id']}", headers=alice)).json()
    foreign = await client.get(f"{path}/trail", headers=charlie)

    actions = [one["action"] for one in page["items"]]
    assert actions == ["assessment.open", "response.save", "report.download"]
    assert page["next"] is None
    assert len(rest["items"]) == 2
    assert foreign.status_code == 404


@pytest.mark.parametrize("where", ["api", "page"])
async def test_guessing_is_slowed_down(client: Client, db: Database, where: str) -> None:
    async def attempt(password: str) -> tuple[int, str]:
        if where == "page":
            answer = await post(client, "/sign-in", login="alice", password=password)
        else:
            given = {"login": "alice", "password": password}
            answer = await client.post("/api/v1/sessions", json=given)
        return answer.status_code, answer.text

    for _ in range(PAIR):
        assert (await attempt("wrong"))[0] == 401

    status, words = await attempt(PASSWORD)

    assert status == 429
    assert "Try again in 15 minutes" in words
    assert await _counted(db) == [("session.refuse", PAIR), ("session.throttle", 1)]


async def _opened(client: Client) -> tuple[str, dict[str, str]]:
    """Return the path of an assessment of alice's with an answer, and what signs her in."""
    alice = await _as(client, "alice")
    opening = {"questionnaire": "two-dimensions@1"}
    path = (await client.post("/api/v1/assessments", json=opening, headers=alice)).headers[
        "Location"
    ]
    first = {**alice, "If-None-Match": "*"}
    await client.put(f"{path}/responses/A", json={"level": 3}, headers=first)
    return path, alice


async def test_entries_get_their_numbers_while_the_service_runs(client: Client) -> None:
    path, alice = await _opened(client)

    numbers = [None]
    while None in numbers:  # a second at the most; a test that never ends tells as well
        await asyncio.sleep(0.1)
        found = (await client.get(f"{path}/trail", headers=alice)).json()["items"]
        numbers = [one["number"] for one in found]

    assert len(numbers) == 2


async def test_entries_are_numbered_again_once_what_kept_them_from_it_is_over(
    db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not isinstance(db, PostgreSQL):
        return
    tried: list[int] = []

    async def sequence() -> bool:
        tried.append(1)
        if len(tried) == 1:
            raise OSError("the server is down")
        raise asyncio.CancelledError

    monkeypatch.setattr(log, "_AFTER_FAILURE", 0)
    monkeypatch.setattr(db, "sequence", sequence)

    with pytest.raises(asyncio.CancelledError):
        await log.keep_numbered(db)

    assert len(tried) == 2
    assert "entries could not be numbered" in caplog.text


async def test_a_proof_that_the_api_gives_leads_to_the_head_that_it_signed(
    client: Client, db: Database
) -> None:
    path, alice = await _opened(client)
    await log.number_all(db)
    entry = (await client.get(f"{path}/trail", headers=alice)).json()["items"][-1]

    proof = (await client.get(f"{path}/trail/{entry['number']}/proof", headers=alice)).json()

    head = opened(proof["checkpoint"], await db.read(log.key))
    hashes = tuple(log.decoded(one) for one in proof["hashes"])
    leaf = leaf_hash(proof["leaf"].encode())
    assert root_from(leaf, Inclusion(proof["index"], proof["size"], hashes)) == head.root
    assert leaf.hex() == entry["leaf"]
    assert json.loads(proof["leaf"])["about"] == entry["about"]


async def _evaluated(client: Client, country: Country) -> str:
    """Return the path of an assessment of alice's that an evaluator finalised."""
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    evaluator = As(client, "evaluator@Agency")
    opening = {"questionnaire": "two-dimensions@1"}
    path = f"/assessments/{(await alice('POST', '/assessments', opening, expects=201))['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3)
    await alice("POST", f"{path}/remarks", {"text": "Why?", "indicator": "B"}, expects=201)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await inspector("POST", f"{path}/acceptance", {"stage": "internal"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "pass_on"}, expects=201)
    await evaluator("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "finalise"}, expects=201)
    return path


async def _narrowed(who: As, path: str, query: str) -> list[tuple[str, str]]:
    items = (await who("GET", f"{path}/trail?{query}"))["items"]
    return [(one["action"], one["about"].split("/", 2)[-1]) for one in items]


async def test_a_trail_is_narrowed_to_a_person_an_indicator_a_kind_and_a_day(
    client: Client, country: Country
) -> None:
    path, alice = await _evaluated(client, country), As(client, "alice")
    today = clock.now().astimezone(ZoneInfo("Asia/Jakarta")).date()

    everything = await _narrowed(alice, path, "")
    hers = await _narrowed(alice, path, "person=inspector@Agency")
    on_b = await _narrowed(alice, path, "indicator=B")
    answers = await _narrowed(alice, path, "kind=answers&indicator=B")
    scores = await _narrowed(alice, path, "kind=scores&indicator=B")
    steps = await _narrowed(alice, path, "kind=steps")
    today_s = await _narrowed(alice, path, f"day={today}")
    before = await _narrowed(alice, path, f"day={today - dt.timedelta(days=1)}")

    assert {about.split("/")[0] for action, about in hers if action == "response.save"} == {
        "internal"
    }
    assert len(hers) == 7  # begin, five scores, pass on
    assert [about for _, about in on_b] == [
        "responses/B",
        "team/remarks/1",
        "internal/responses/B",
        "external/responses/B",
    ]
    assert answers == [("response.save", "responses/B")]
    assert [about for _, about in scores] == ["internal/responses/B", "external/responses/B"]
    assert {action.split(".")[0] for action, _ in steps} == {"assessment"}
    assert today_s == everything
    assert before == []


async def test_the_page_of_a_trail_keeps_its_filters_and_gives_what_it_shows_as_a_table(
    client: Client, country: Country
) -> None:
    path = await _evaluated(client, country)
    client.cookies.set("session", "alice")
    query = "?person=evaluator@Agency&kind=scores&indicator=A"

    page = (await client.get(f"{path}/trail{query}")).text
    csv = await client.get(f"{path}/trail/csv{query}")
    xlsx = await client.get(f"{path}/trail/xlsx{query}")
    wrong = await client.get(f"{path}/trail?day=yesterday")

    assert page.count("<li><time>") == 1
    assert "</strong> scored <span" in page
    assert "answered" not in page.split('<ol class="story">')[1]
    assert '<option value="A" selected>' in page
    assert "/trail/xlsx?person=evaluator%40Agency&amp;indicator=A&amp;kind=scores" in page
    told = csv.content.decode("utf-8-sig").splitlines()
    assert len(told) == 2
    assert "evaluator@Agency,scored,A" in told[1]
    assert csv.headers["content-disposition"] == (
        'attachment; filename="Trail-Agency-two-dimensions-1-en.csv"'
    )
    assert xlsx.headers["content-disposition"].endswith('two-dimensions-1-en.xlsx"')
    (row,) = rows(xlsx.content, "trail.xlsx", {})
    assert (row.cells["person"], row.cells["event"]) == ("evaluator@Agency", "scored")
    assert row.cells["time (wib)"].startswith(f"{clock.now().year}-")
    assert wrong.status_code == 422


async def test_from_where_those_who_evaluate_did_something_is_told_to_no_agency(
    client: Client, country: Country, db: Database
) -> None:
    path = await _evaluated(client, country)
    await log.number_all(db)

    trails = {
        who: (await As(client, who)("GET", f"{path}/trail"))["items"]
        for who in ("alice", "bob", "evaluator@Agency", "ministry@Agency")
    }
    page = await client.get(f"{path}/trail", headers=As(client, "alice").headers)

    addresses = set()
    for who, items in trails.items():
        own, theirs = items[0], items[-1]
        assert (own["actor"], theirs["actor"]) == ("alice", "evaluator@Agency")
        assert own["address"]
        addresses.add((who, theirs["address"] == own["address"], theirs["address"] == ""))
        proof = await As(client, who)("GET", f"{path}/trail/{theirs['number']}/proof")
        assert leaf_hash(proof["leaf"].encode()).hex() == theirs["leaf"]
        assert json.loads(proof["leaf"])["address"].startswith("sha256:")
    assert addresses == {
        ("alice", False, True), ("bob", False, True),
        ("evaluator@Agency", True, False), ("ministry@Agency", True, False),
    }  # fmt: skip
    assert "The addresses from which evaluators acted are not shown" in page.text


async def test_where_an_entry_of_before_says_from_where_it_was_done_its_proof_is_held_back(
    client: Client, country: Country, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(Actor, "evaluates", False)
        path = await _evaluated(client, country)
    await log.number_all(db)

    for who, status in (("alice", 404), ("ministry@Agency", 200)):
        theirs = (await As(client, who)("GET", f"{path}/trail"))["items"][-1]
        assert bool(theirs["address"]) is bool(theirs["leaf"]) is (status == 200)
        proof = await As(client, who).ask("GET", f"{path}/trail/{theirs['number']}/proof")
        assert proof.status_code == status


async def test_the_page_of_a_trail_calls_people_what_they_were_called_then(
    client: Client, db: Database
) -> None:
    path, headers = await _opened(client)
    await db.write(lambda tx: tx.execute(sa.update(person).values(name="Alice Now")))
    await client.put(
        f"{path}/responses/B", json={"level": 3}, headers={**headers, "If-None-Match": "*"}
    )

    page = (await client.get(path.removeprefix("/api/v1") + "/trail", headers=headers)).text
    items = (await client.get(f"{path}/trail", headers=headers)).json()["items"]

    assert [one["name"] for one in items] == ["alice", "alice", "Alice Now"]
    assert page.count("<strong>alice</strong>") == 2
    assert page.count("<strong>Alice Now</strong>") == 1


async def test_proofs_are_for_those_who_see_the_entry(client: Client, db: Database) -> None:
    path, alice = await _opened(client)
    charlie = await _as(client, "charlie")
    await log.number_all(db)
    size = int((await client.get("/api/v1/checkpoint")).text.split("\n")[1])
    number = (await client.get(f"{path}/trail", headers=alice)).json()["items"][-1]["number"]

    foreign = await client.get(f"{path}/trail/{number}/proof", headers=charlie)
    others = [
        await client.get(f"{path}/trail/{each}/proof", headers=alice) for each in (0, 1, size + 1)
    ]

    assert foreign.status_code == 404
    assert [one.status_code for one in others] == [404, 404, 404]


async def test_a_head_is_for_everybody_and_shows_that_the_log_only_grew(
    client: Client, db: Database
) -> None:
    before = await client.get("/api/v1/checkpoint")
    await _opened(client)
    await log.number_all(db)

    after = await client.get("/api/v1/checkpoint")
    key = await db.read(log.key)
    old, new = opened(before.text, key), opened(after.text, key)
    grown = (await client.get(f"/api/v1/checkpoint/growth?since={old.size}")).json()
    never = await client.get(f"/api/v1/checkpoint/growth?since={new.size + 1}")

    assert before.headers["content-type"].startswith("text/plain")
    assert grown["checkpoint"] == after.text
    hashes = [log.decoded(one) for one in grown["hashes"]]
    assert is_consistent(old.size, new.size, (old.root, new.root), hashes)
    assert never.status_code == 404
    assert never.json()["title"] == "unknown_entry"
