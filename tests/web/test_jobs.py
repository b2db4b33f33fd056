"""Long work on pages and over the API: waited for a moment, watched, left, cancelled, come back to."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import Failure, Kind
from survey_service.errors.jobs import ListOutdatedError
from survey_service.operations import jobs as asked
from survey_service.operations import worker
from survey_service.operations.jobs import Tools
from survey_service.reports.rendering import Renderer
from survey_service.store.database import Database, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.tables.jobs import job
from survey_service.web import jobs
from survey_service.web.pages import jobs as pages
from tests.country import As, Country
from tests.pdfs import conforming
from tests.web.test_pages import post
from tests.working import all_done

Client = AsyncTestClient[Litestar]
C = TypeVar("C", bound=AsyncClient)
LIST = b"name,kind,parent\nBureau,unit,Agency\nDesk,unit,Bureau\n"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no answer wait for its job."""
    monkeypatch.setattr(jobs, "PAGE_PATIENCE", 0.0)
    monkeypatch.setattr(jobs, "API_PATIENCE", 0.0)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Hold back every job until the test lets them go on."""
    let, known = threading.Event(), dict(worker.WORK)

    async def hold(tools: Tools, claimed: Claimed) -> str:
        await asyncio.to_thread(let.wait)
        return await known[claimed.kind](tools, claimed)

    kinds: list[Kind] = ["report", "table", "organisations"]
    monkeypatch.setattr(worker, "WORK", {**known, **dict.fromkeys(kinds, hold)})
    yield let.set
    let.set()


async def _answered(client: AsyncClient, who: str = "alice") -> str:
    """Return the path of an assessment with an answer."""
    person = As(client, who)
    made = await person("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    await person.answer(path, "A", 3)
    return path


def _as(client: C, login: str) -> C:
    client.cookies.set("session", login)
    return client


async def test_a_report_is_rendered_once_however_many_ask_for_it_at_once(
    live_client: AsyncClient, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    render = Renderer.paper

    async def counted(self: Renderer, *args: Any) -> bytes:
        rendered.append("x")
        return await render(self, *args)

    monkeypatch.setattr(Renderer, "paper", counted)
    path = await _answered(live_client)
    who = [As(live_client, login) for login in ("alice", "bob", "respondent@Agency")]

    answers = await asyncio.gather(
        *(who[n % 3].ask("GET", f"{path}/report?lang=id") for n in range(20))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert rendered == ["x"]


async def test_who_does_not_get_a_report_at_once_sees_it_being_made_and_comes_back_to_it(
    client: Client, country: Country, hasty: None, held: Callable[[], None], db: Database
) -> None:
    path = await _answered(client)
    _as(client, "alice")

    page = await client.get(f"{path}/report.pdf?lang=en")
    home = await client.get("/")
    held()
    await all_done(db, "report")
    done = await client.get(page.url.path)
    idle = await client.get("/")
    listed = await client.get("/jobs")
    report = await client.get(f"{path}/report.pdf?lang=en")

    assert re.fullmatch(r"/jobs/\d+", page.url.path)
    assert "<h1" in page.text
    assert "Report: Agency" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert f'hx-sse:connect="{page.url.path}/events"' in page.text
    assert 'href="/jobs"' in home.text.partition("<main")[2].partition("</main>")[0]
    assert 'href="/jobs"' not in idle.text.partition("<main")[2].partition("</main>")[0]
    assert f'href="{path}/report.pdf?lang=en"' in done.text
    assert "refresh" not in done.text
    assert f'href="{page.url.path}"' in listed.text
    assert conforming(report.content)
    assert report.headers["ETag"]


async def test_a_program_that_cannot_wait_is_told_where_to_look(
    client: Client, country: Country, hasty: None, held: Callable[[], None], db: Database
) -> None:
    path, alice = await _answered(client), As(client, "alice")

    later = await alice.ask("GET", f"{path}/report?lang=en")
    where = later.headers["Location"].removeprefix("/api/v1")
    waiting = await alice("GET", where)
    held()
    await all_done(db, "report")
    done = await alice("GET", where)
    listed = await alice("GET", "/jobs")
    result = await alice.ask("GET", done["result"].removeprefix("/api/v1"))

    assert later.status_code == 202
    assert int(later.headers["Retry-After"]) > 0
    assert (waiting["kind"], waiting["name"], waiting["result"]) == ("report", "Agency", None)
    assert waiting["state"] in {"waiting", "running"}
    assert done["state"] == "done"
    assert [one["id"] for one in listed["items"]] == [done["id"]]
    assert conforming(result.content)
    await As(client, "bob")("GET", where, expects=404)
    await As(client, "bob")("DELETE", where, expects=404)
    await alice("DELETE", where, expects=409)


async def test_a_program_learns_why_what_it_waited_for_failed(
    client: Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Tools, __: Claimed) -> str:
        raise ListOutdatedError(name="Desk")

    monkeypatch.setattr(worker, "WORK", {**worker.WORK, "organisations": fail})

    refused = await As(client, "administrator@Agency")(
        "POST", "/organisations/import?apply=true", content=LIST,
        headers={"Content-Type": "text/csv"}, expects=409,
    )  # fmt: skip

    assert (refused["title"], refused["name"]) == ("list_outdated", "Desk")


async def test_an_import_is_asked_for_once_by_its_key_and_tells_the_same_again(
    client: Client, country: Country, db: Database
) -> None:
    administrator = As(client, "administrator@Agency")
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "once"}

    first, again = [
        await administrator(
            "POST", "/organisations/import?apply=true", content=LIST, headers=headers
        )
        for _ in range(2)
    ]

    assert first == again
    assert [one["after"]["name"] for one in first["changes"]] == ["Bureau", "Desk"]
    assert len((await administrator("GET", "/jobs"))["items"]) == 1


async def test_a_program_that_takes_in_a_long_list_is_told_where_to_look(
    client: Client, country: Country, hasty: None, held: Callable[[], None], db: Database
) -> None:
    administrator, headers = As(client, "administrator@Agency"), {"Content-Type": "text/csv"}
    path = "/organisations/import?apply=true"

    later = await administrator.ask("POST", path, content=LIST, headers=headers)
    held()
    await all_done(db, "organisations")
    done = await administrator("GET", later.headers["Location"].removeprefix("/api/v1"))

    assert later.status_code == 202
    assert (later.json()["total"], done["progress"], done["state"]) == (2, 2, "done")
    assert done["result"] == "/api/v1/organisations"


async def _import(client: AsyncClient) -> Response:
    """Take in a list on the pages, and return where that leads."""
    seen = await client.post("/organisations/preview", files={"file": ("a.csv", LIST, "text/csv")})
    hidden = dict(re.findall('type="hidden" name="(list|seen)" value="([^"]*)"', seen.text))
    return await post(client, "/organisations/import", **hidden)


async def test_an_import_that_takes_long_is_watched_cancelled_and_started_again(
    client: Client, country: Country, hasty: None, held: Callable[[], None], db: Database
) -> None:
    _as(client, "administrator@Agency")

    page = await _import(client)
    listed = await post(client, f"{page.url.path}/cancellation", x="x")
    cancelled = await client.get(page.url.path)
    twice = await post(client, f"{page.url.path}/cancellation", x="x")
    held()
    again = await post(client, f"{page.url.path}/restart", x="x")
    await all_done(db, "organisations")
    done = await client.get(page.url.path)

    assert "List of organisations" in page.text
    assert "0 of 2" in page.text
    assert "Cancel it" in page.text
    assert listed.url.path == "/jobs"
    assert "Cancelled" in listed.text
    assert "0 of 2 have been imported and stay" in cancelled.text
    assert twice.status_code == 409
    assert "it is cancelled" in twice.text
    assert again.url == page.url
    assert 'href="/organisations"' in done.text
    assert ">Desk<" in (await client.get("/organisations")).text


async def test_progress_is_sent_as_it_comes_until_the_job_ends(
    live_client: AsyncClient, country: Country, hasty: None, held: Callable[[], None]
) -> None:
    _as(live_client, "administrator@Agency")
    page = await _import(live_client)

    events: list[str] = [""]
    async with live_client.stream("GET", f"{page.url.path}/events") as sent:
        async for line in sent.aiter_lines():
            if "In progress" in line:
                held()
            events[-1] += line
            if not line:
                events.append("")

    assert sent.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in sent.headers
    assert "0 of 2" in events[0]
    assert "<strong>Done</strong>" in events[-3]
    assert events[-2].startswith("event: ended")


async def test_a_stream_ends_in_time_and_with_the_right_to_see_it(
    live_client: AsyncClient,
    country: Country,
    hasty: None,
    held: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "_STREAM", 0.3)
    _as(live_client, "administrator@Agency")
    page = await _import(live_client)

    sent = await live_client.get(f"{page.url.path}/events")
    _as(live_client, "alice")
    others = await live_client.get(f"{page.url.path}/events")

    assert "event: ended" not in sent.text
    assert "data: " in sent.text
    assert others.status_code == 404


async def test_an_application_that_ends_lets_its_streams_go(
    live_client: AsyncClient,
    application: Litestar,
    country: Country,
    hasty: None,
    held: Callable[[], None],
) -> None:
    _as(live_client, "administrator@Agency")
    page = await _import(live_client)
    stream = asyncio.create_task(live_client.get(f"{page.url.path}/events"))
    await asyncio.sleep(0.2)

    application.state.services.following.close()

    assert "event: ended" not in (await stream).text


async def test_a_table_that_is_not_there_at_once_is_made_meanwhile(
    client: Client, country: Country, hasty: None, held: Callable[[], None], db: Database
) -> None:
    _as(client, "ministry@Agency")
    days = {f"{name}.{stage}": day for stage in ("self", "external")
            for name, day in (("opens", "2020-01-01"), ("closes", "2040-01-01"))}  # fmt: skip
    plan = {"name": "RB", "questionnaire": "two-dimensions@1", "kind.regency": "on", **days}
    cycle = (await post(client, "/cycles", plan)).url.path

    page = await client.get(f"{cycle}/tables/coverage?form=csv")
    held()
    await all_done(db, "table")
    done = await client.get(page.url.path)
    file = await client.get(f"{page.url.path}/file")
    _as(client, "evaluator@Agency")
    others = await client.get(f"{page.url.path}/file")
    before = await client.get(f"/jobs?cursor={int(page.url.path.rpartition('/')[2]) + 1}")
    nothing = await client.get(f"{cycle}/tables/nothing")
    peerless = await client.get(f"{cycle}/tables/peers")

    assert f'href="{page.url.path}/file"' in done.text
    assert page.url.path not in before.text  # of another one's requests
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "State,Organisations" in file.text
    assert others.status_code == nothing.status_code == peerless.status_code == 404


async def test_links_of_a_list_of_people_wait_for_whoever_brought_it(
    client: Client, country: Country, hasty: None, db: Database
) -> None:
    _as(client, "administrator@Agency")
    rows = json.dumps(
        [{"login": "dewi", "name": "Dewi", "role": "respondent", "organisation": "Agency"}]
    )
    page = await post(client, "/people/import", rows=rows)
    await all_done(db, "people")

    done = await client.get(page.url.path)
    links = await post(client, f"{page.url.path}/links", x="x")

    assert "1 of them gets no mail" in done.text
    assert "/password/" in links.text
    _as(client, "bob")
    assert (await post(client, f"{page.url.path}/links", x="x")).status_code == 403


async def test_who_looks_after_people_sees_what_failed_for_them(
    client: Client, country: Country, db: Database
) -> None:
    job_id = await _failed(db, country.people["alice"])

    own = await _as(client, "alice").get("/jobs")
    theirs = await _as(client, "administrator@Agency").get("/jobs")
    colleague = await _as(client, "bob").get("/jobs")
    one = await _as(client, "administrator@Agency").get(f"/jobs/{job_id}")
    stranger = _as(client, "administrator@Elsewhere")
    looked = [await stranger.get(f"/jobs/{job_id}{what}") for what in ("", "/events", "/file")]
    tried = [
        await post(client, f"/jobs/{job_id}/{what}")
        for what in ("cancellation", "restart", "links")
    ]

    failed = "What failed for the people you administer"
    assert "The mail was not sent" in own.text
    assert failed not in own.text
    assert failed in theirs.text
    assert f'action="/jobs/{job_id}/restart"' in theirs.text
    assert f"/jobs/{job_id}" not in colleague.text
    assert "Start it again" in one.text
    assert "<small>alice</small>" in theirs.text
    assert {answer.status_code for answer in (*looked, *tried)} == {404}


async def _failed(db: Database, who: Actor) -> int:
    wanted = Wanted("clean_up", "key", "{}", "people/1", "Dewi")  # of which none is claimed at once
    return await db.write(lambda tx: _dead(tx, asked.enqueue(tx, who, wanted)))


def _dead(tx: Writer, job_id: int) -> int:
    given = {"state": "dead", "error": Failure("mail")}
    tx.execute(sa.update(job).where(job.c.id == job_id).values(given))
    return job_id
