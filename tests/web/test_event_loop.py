"""Nothing that takes more than 50 ms runs on the event loop, with the largest of everything in it.

A slow callback is what asyncio's debug mode warns of. Here what counts is the CPU that it took itself:
for how long others on this machine had the processor says nothing about the service. What the tests before
left in memory is frozen, as the service does not sweep up after them; a request that was slow is made once more.
"""

import asyncio
import base64
import gc
import html
import re
import sys
import threading
import time
from asyncio import events
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
import pytest
import sqlalchemy as sa
from httpx import AsyncClient
from litestar import Litestar
from litestar.routes import HTTPRoute
from msgspec import Struct

from survey_service.operations import questionnaires, recomputation
from survey_service.operations.national import VIEWS
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.tables import assessment, organisation, response
from survey_service.web import jobs
from tests.benchmarks.reading import lowest
from tests.country import As, settle
from tests.samples import LIBRARY, PASSWORD, load

SLOW = 0.05  # seconds
ORGANISATIONS = 8000
COMPARED = 200  # on the board
ZONA = LIBRARY / "zona-integritas" / "2021.90.yaml"
STREAMS = {"/jobs/{job_id:int}/events"}
_DAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}


class Watch:
    """Remembers the longest of the callbacks that the event loop runs, and which it was."""

    def __init__(self) -> None:
        self.longest, self.what = 0.0, ""

    @contextmanager
    def watching(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        """Watch the present loop, and not those of threads, where debug mode would."""
        run, main = events.Handle._run, threading.get_ident()

        def timed(handle: asyncio.Handle) -> None:
            if threading.get_ident() != main:
                run(handle)
                return
            tracing = sys.gettrace()
            sys.settrace(None)  # what measures coverage takes several times as long as the code
            begun = time.thread_time()
            run(handle)
            took = time.thread_time() - begun
            sys.settrace(tracing)
            if took > self.longest:
                self.longest, self.what = took, repr(handle)

        with patch.context() as patched:
            patched.setattr(events.Handle, "_run", timed)
            yield


class World(Struct, frozen=True):
    """A service that is full: where it is, and the ids of what is in it by the names in paths."""

    client: AsyncClient
    app: Litestar
    patch: pytest.MonkeyPatch
    log: pytest.LogCaptureFixture
    ids: dict[str, object]

    async def ask(self, who: str, method: str, path: str, **sent: Any) -> httpx.Response:
        """Make a request; fail where a callback was slow, and was again when it was made once more."""
        watch, answer = await self._watched(who, method, path, sent)
        if watch.longest >= SLOW:
            watch, answer = await self._watched(who, method, path, sent)
        assert watch.longest < SLOW, f"{method} {path}: {watch.longest:.3f} s in {watch.what}"
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code}\n{self.log.text}"
        return answer

    async def _watched(
        self, who: str, method: str, path: str, sent: dict[str, Any]
    ) -> tuple[Watch, httpx.Response]:
        watch = Watch()
        with watch.watching(self.patch):
            return watch, await asyncio.to_thread(self._send, who, method, path, sent)

    def _send(self, who: str, method: str, path: str, sent: dict[str, Any]) -> httpx.Response:
        """Send a request from a thread, so that nothing of the client runs on the loop."""
        headers = {"Authorization": f"Bearer {who}", **sent.get("headers", {})}
        with httpx.Client(base_url=self.client.base_url, timeout=300) as client:
            return client.request(method, path, **{**sent, "headers": headers})


@pytest.fixture
async def world(
    live_client: AsyncClient,
    application: Litestar,
    db: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> World:
    """Fill a service; no answer waits for a job."""
    monkeypatch.setattr(jobs, "PAGE_PATIENCE", 0.0)
    monkeypatch.setattr(jobs, "API_PATIENCE", 0.0)
    country = await settle(db)
    await db.write(questionnaires.publish, ZONA.read_bytes(), ZONA.name)
    await db.write(_fill, country.organisations["Agency"])
    alice, ministry = As(live_client, "alice"), As(live_client, "ministry@Agency")
    opened = await alice(
        "POST", "/assessments", {"questionnaire": "zona-integritas@2021.90"}, expects=201
    )
    zona = load(ZONA)
    answers = lowest(zona)
    for code, answer in answers.items():
        path, seen = f"/assessments/{opened['id']}/responses/{code}", {"If-None-Match": "*"}
        await alice("PUT", path, msgspec.to_builtins(answer), headers=seen)
    plan: dict[str, Any] = {
        "name": "Large",
        "questionnaire": "zona-integritas@2021.90",
        "windows": {"self": _DAYS, "external": _DAYS},
        "participants": await db.read(_ids),
    }
    cycle = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{cycle['id']}/opening", expects=201)
    await db.write(_copy, opened["id"], cycle["id"])
    await recomputation.catch_up(db)
    copied = await ministry("GET", f"/assessments?cycle={cycle['id']}")
    first = next(code for code, answer in answers.items() if answer.option)
    ids = {
        "assessment_id": opened["id"],
        "indicator": first,
        "option": answers[first].option,
        "part": zona.parents[first].code,
        "stage": "self",
        "cycle_id": cycle["id"],
        "person_id": country.people["bob"].id,
        "organisation_id": country.organisations["Agency"],
        "table": "field",
        "version": "2021.90",
        "job_id": 1,
        "evidence_id": 1,
        "copied": copied["items"][0]["id"],
        "last": plan["participants"][COMPARED - 1],
    }
    gc.collect()
    gc.freeze()
    return World(live_client, application, monkeypatch, caplog, ids)


def _fill(tx: Writer, agency: int) -> None:
    rows = [
        {"name": f"Organisation {n:04}", "kind": "unit", "parent_id": agency, "attributes": {}}
        for n in range(ORGANISATIONS)
    ]
    tx.execute(sa.insert(organisation), rows)


def _ids(tx: Reader) -> list[int]:
    found = sa.select(organisation.c.id).where(organisation.c.name.like("Organisation %"))
    return list(tx.execute(found.order_by(organisation.c.id)).scalars())


def _copy(tx: Writer, assessment_id: int, cycle_id: int) -> None:
    """Let some in the cycle have handed in just what an assessment has."""
    given = {
        "cycle_id": sa.literal(cycle_id),
        "state": sa.literal("submitted"),
        "organisation_name": organisation.c.name,
        "total": sa.null(),  # its results are still to be stored
    }
    own = [each for each in assessment.c if each.name not in {"id", "organisation_id", *given}]
    copies = (
        sa.select(organisation.c.id, *given.values(), *own)
        .join_from(assessment, organisation, sa.true())
        .where(assessment.c.id == assessment_id, organisation.c.id.in_(_ids(tx)[:COMPARED]))
    )
    columns = ["organisation_id", *given, *(each.name for each in own)]
    tx.execute(sa.insert(assessment).from_select(columns, copies))
    other = assessment.alias("other")
    said = [each for each in response.c if each.name != "assessment_id"]
    answers = (
        sa.select(other.c.id, *said)
        .join_from(response, other, other.c.cycle_id == cycle_id)
        .where(response.c.assessment_id == assessment_id)
    )
    columns = ["assessment_id", *(each.name for each in said)]
    tx.execute(sa.insert(response).from_select(columns, answers))


def _pages(app: Litestar) -> Iterator[str]:
    """Yield the path of everything that can be read."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            declared = handler.opt.get("access") in {"signed in", "asks", "public"}
            if isinstance(route, HTTPRoute) and declared and "GET" in handler.http_methods:
                yield route.path


async def test_whatever_is_looked_at(world: World) -> None:
    wanted = [path for path in _pages(world.app) if path not in STREAMS and "static" not in path]
    for path in wanted:
        names = defaultdict(lambda: "1", world.ids)
        names["code"] = "zona-integritas" if "questionnaires" in path else names["part"]
        who = "alice" if "/assessments/" in path else "ministry@Agency"
        await world.ask(who, "GET", re.sub(r":\w+}", "}", path).format_map(names))
    cycle, last = f"/cycles/{world.ids['cycle_id']}", world.ids["last"]
    board = await world.ask("ministry@Agency", "GET", f"{cycle}/board?organisation={last}")
    await world.ask("evaluator@Agency", "GET", f"/assessments/{world.ids['copied']}/check/PPA1")
    whole = "tier=0&by=kind"
    views = [
        await world.ask("ministry@Agency", "GET", f"{root}{cycle}/views/{view}?{whole}")
        for view in VIEWS
        for root in ("", "/api/v1")
    ]
    taken = f"{cycle}/views/heatmap/file?{whole}&form=zip"
    package = await world.ask("ministry@Agency", "GET", taken)

    assert len(wanted) > 50
    assert f"{COMPARED} organisations are compared" in board.text
    assert {one.status_code for one in views} == {200}
    assert package.status_code == 303


async def test_whatever_is_done_with_much(world: World) -> None:
    path, agency, code = _own(world), "Agency", world.ids["indicator"]
    chain = "".join(f"New {n},unit,{f'New {n - 1}' if n else agency}\n" for n in range(8000))
    listed = f"name,kind,parent\n{chain}".encode()
    folk = "".join(f"login{n},Person {n},respondent,{agency}\n" for n in range(3500))
    people = f"login,name,role,organisation\n{folk}".encode()
    days = {f"{end}.{stage}": day for stage in ("self", "external") for end, day in _DAYS.items()}
    everybody = {f"organisation.{n}": "on" for n in range(10, ORGANISATIONS)}
    cycle = {"name": "x", "questionnaire": "zona-integritas@2021.90", **days, **everybody}

    async def does(path: str, who: str = "ministry@Agency", **sent: Any) -> httpx.Response:
        return await world.ask(who, "POST", path, **sent)

    seen = await does("/organisations/preview", files={"file": ("a.csv", listed)})
    csv = {"Content-Type": "text/csv"}
    told = await does("/api/v1/organisations/import", content=listed, headers=csv)
    taken = await does("/organisations/import", data=_hidden(seen))
    met = await does("/people/preview", files={"file": ("p.csv", people)})
    invited = await does("/people/import", data=_hidden(met))
    planned = await does("/cycles", data=cycle)
    newer = ZONA.read_bytes().replace(b"2021.90", b"2099.1")
    other = {"file": ("z.yaml", newer.replace(b"weight: 5", b"weight: 6"))}
    drafted = await does("/questionnaires/preview", files=other)
    sent = {"file": "z.yaml", "content": base64.b64encode(newer).decode()}
    published = await does("/questionnaires", data=sent)
    answer = {"choice": world.ids["option"], "revision": "1"}
    tried = await does(f"{path}/what-if", "alice", data={f"choice.{code}": world.ids["option"]})
    saved = await does(f"{path}/responses/{code}", "alice", data=answer)
    opened = await does(f"{planned.headers['Location']}/opening")
    handed_in = await does(f"{path}/steps", "alice", data={"step": "submit"})
    place = f"{path}/parts/{world.ids['part']}/presence"
    present = await does(place, "alice", data={f"revision.{code}": "0"})
    hard = {"present": PASSWORD, "password": "4@8({[<369&#!1|0$5+7%2" * 3}  # to judge
    await does("/profile/password", "alice", data=hard)

    assert len(told.json()["changes"]) == ORGANISATIONS
    done = (taken, invited, planned, published, opened, handed_in)
    assert {one.status_code for one in done} == {303}
    assert "2099.1" in drafted.text
    assert {one.status_code for one in (tried, saved, present)} <= {200, 303, 409}


def _own(world: World) -> str:
    return f"/assessments/{world.ids['assessment_id']}"


def _hidden(page: httpx.Response) -> dict[str, str]:
    found = re.findall('type="hidden" name="(rows|list|seen)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}
