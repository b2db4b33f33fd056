"""Long work beside the rest: reports that many ask for, and lists that are taken in while people save."""

import asyncio
import statistics
import time
from pathlib import Path

import httpx
from msgspec import Struct

from survey_service.conduct.organisations import Listed
from survey_service.operations import organisations
from survey_service.store import organisations as stored
from survey_service.store.database import SQLite
from survey_service.store.schema import migrate
from tests.browser.serving import Service, serving
from tests.lists import entries
from tests.working import until

ASKING = 20
OTHERS = 8  # reports that one person asks for while another waits for one
ORGANISATIONS = 8000
_SAVERS = 8
_REPORT = "/api/v1/assessments/{}/report?lang=id"


class Reports(Struct, frozen=True):
    """Seconds: one report alone; the same one for twenty; and another person's beside eight."""

    one: float
    twenty: float
    waiting: float


class Import(Struct, frozen=True):
    """Of 8,000 organisations, each below the one before: seconds of the preview and of the whole.

    The longest transaction is in milliseconds, and so is the time in which 99 of 100 saves were
    answered, alone and while the list was taken in.
    """

    preview: float
    whole: float
    longest: float
    alone: float
    beside: float


def reports(folder: Path) -> Reports:
    """Measure the command `survey-service serve`."""
    with serving(folder) as service:
        return asyncio.run(_reports(service))


def importing(folder: Path) -> Import:
    """Measure the command `survey-service serve`; and the longest transaction in this process."""
    folder.mkdir()
    longest = asyncio.run(_longest(folder / "longest.db"))
    with serving(folder / "service") as service:
        return asyncio.run(_import(service, longest))


class _Person:
    """Somebody who is signed in, and answers one question over and over."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.path, self.seen = "", 0

    async def open(self) -> "_Person":
        """Open an assessment of the flagship."""
        given = {"questionnaire": "asn-maturity@2026.1"}
        opened = (await self._client.post("/api/v1/assessments", json=given)).raise_for_status()
        self.path = f"/api/v1/assessments/{opened.json()['id']}"
        return self

    async def save(self) -> float:
        """Save an answer that differs; return the seconds it took."""
        begun = time.perf_counter()
        body = {"level": self.seen % 5 + 1, "note": f"save {self.seen}"}
        headers = {"If-Match": f'"{self.seen}"'}
        saved = await self._client.put(f"{self.path}/responses/M1.1", json=body, headers=headers)
        self.seen = saved.raise_for_status().json()["revision"]
        return time.perf_counter() - begun

    async def report(self) -> float:
        """Wait for the report; return the seconds it took."""
        begun = time.perf_counter()
        while (await self._client.get(f"{self.path}/report?lang=id")).status_code != httpx.codes.OK:
            pass
        return time.perf_counter() - begun


async def _client(service: Service, login: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None)
    client = httpx.AsyncClient(base_url=service.address, timeout=600, limits=limits)
    given = {"login": login, "password": service.password}
    token = (await client.post("/api/v1/sessions", json=given)).raise_for_status().json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def _reports(service: Service) -> Reports:
    demo = await _client(service, "demo")
    other = await _client(service, "demo-evaluator")
    person = await _Person(demo).open()
    await person.report()  # the first one starts what makes them
    await person.save()
    one = await person.report()
    await person.save()
    begun = time.perf_counter()
    await asyncio.gather(*(person.report() for _ in range(ASKING)))
    twenty = time.perf_counter() - begun
    many = [await _Person(demo).open() for _ in range(OTHERS)]
    for each in many:
        await each.save()
    asked = [asyncio.create_task(each.report()) for each in many]
    await asyncio.sleep(1)
    beside = _Person(other)
    await person.save()
    beside.path = person.path
    waiting = await beside.report()
    await asyncio.gather(*asked)
    return Reports(one, twenty, waiting)


async def _longest(path: Path) -> float:
    await migrate(str(path))
    db = SQLite(str(path))
    plan = await db.read(organisations.preview, None, entries(*_chain(None)))
    took, done = [], 0
    while done < len(plan.changes):
        begun = time.perf_counter()
        done += await db.write(organisations.apply, None, plan.changes, done)
        took.append(time.perf_counter() - begun)
    assert len(await db.read(stored.standings)) == ORGANISATIONS
    await db.close()
    return max(took) * 1000


def _chain(top: str | None) -> list[Listed]:
    return [
        Listed(f"Unit {n}", "unit", f"Unit {n - 1}" if n else top) for n in range(ORGANISATIONS)
    ]


async def _import(service: Service, longest: float) -> Import:
    ministry, demo = await _client(service, "demo-ministry"), await _client(service, "demo")
    savers = [await _Person(demo).open() for _ in range(_SAVERS)]
    top = (await ministry.get("/api/v1/organisations")).json()["items"][0]["name"]
    rows = "".join(f"{one.name},unit,{one.parent}\n" for one in _chain(top))
    csv, path = f"name,kind,parent\n{rows}".encode(), "/api/v1/organisations/import"
    headers = {"Content-Type": "text/csv"}
    alone = await _saving(savers, asyncio.create_task(asyncio.sleep(5)))
    begun = time.perf_counter()
    (await ministry.post(path, content=csv, headers=headers)).raise_for_status()
    preview = time.perf_counter() - begun
    begun = time.perf_counter()
    taking = asyncio.create_task(_taken_in(ministry, path, csv, headers))
    beside = await _saving(savers, taking)
    return Import(preview, time.perf_counter() - begun, longest, alone, beside)


async def _taken_in(
    client: httpx.AsyncClient, path: str, csv: bytes, headers: dict[str, str]
) -> None:
    """Have a list taken in, and wait until it is."""
    answer = await client.post(f"{path}?apply=true", content=csv, headers=headers)
    job = answer.headers.get("Location")
    if job is not None:
        await until(lambda: _is_done(client, job))


async def _is_done(client: httpx.AsyncClient, job: str) -> bool:
    state: str = (await client.get(job)).json()["state"]
    return state == "done"


async def _saving(savers: list[_Person], meanwhile: asyncio.Task[None]) -> float:
    """Let everybody save, one after the other each; return the milliseconds of 99 in 100."""
    took: list[float] = []

    async def keep_saving(person: _Person) -> None:
        while not meanwhile.done():
            took.append(await person.save())

    await asyncio.gather(*map(keep_saving, savers))
    return statistics.quantiles(took, n=100)[-1] * 1000
