"""Saves over HTTP, against a handler that does nothing on the same server."""

import asyncio
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from litestar import Litestar, get, put
from litestar.static_files import create_static_files_router
from msgspec import Struct

from survey_service import clock
from survey_service.app import create_app
from survey_service.operations import sessions
from survey_service.settings import from_environment
from survey_service.store import sessions as stored
from survey_service.store.database import Writer, connect
from survey_service.store.schema import migrate
from survey_service.web.access import PUBLIC
from tests.benchmarks.store import CLIENTS, prepare

PORT = 8765
SECONDS = 5.0
CODES = ("M1.1", "M1.2", "M1.3", "M1.4")
_TOKEN = "benchmark"

TEAM, TEAM_SECONDS = 8, 60.0


class Measured(Struct, frozen=True):
    """Requests a second: saves, empty ones, and the saves of a team in one assessment.

    `lost` counts the team's saves that were confirmed and are no revision.
    """

    saves: float
    empty: float
    team: float
    lost: int


Request = Callable[[int, int], bytes]
"""Make the n-th request of a client."""


@put("/empty", opt=PUBLIC)
async def empty() -> dict[str, int]:
    """Do nothing."""
    return {"revision": 1}


@get("/empty", opt=PUBLIC)
async def empty_page() -> dict[str, int]:
    """Do nothing."""
    return {"revision": 1}


def app() -> Litestar:
    """Return the service with the empty handler added, and papers as files that anybody may fetch."""
    built = create_app(from_environment())
    built.register(empty)
    built.register(empty_page)
    papers = Path(from_environment().files) / "reports"
    papers.mkdir(parents=True, exist_ok=True)
    built.register(create_static_files_router("/papers", [papers], opt=PUBLIC))
    return built


class Saving:
    """A server of its own in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._database = str(folder / "survey.db")

    def measure(self) -> Measured:
        """Return requests a second, and what became of a team's saves."""
        asyncio.run(self._prepare())
        environment = {**os.environ, "SURVEY_DATABASE": self._database}  # noqa: TID251 - the child's
        command = [sys.executable, "-m", "uvicorn", "--factory", "tests.benchmarks.http:app"]
        options = ["--port", str(PORT), "--log-level", "warning", "--no-access-log"]
        with subprocess.Popen([*command, *options], env=environment) as server:
            try:
                return asyncio.run(_measure())
            finally:
                server.terminate()

    async def _prepare(self) -> None:
        await migrate(self._database)
        db = connect(self._database)
        await db.write(prepare_saving)
        await db.close()


def prepare_saving(tx: Writer) -> None:
    """Add an assessment for each client, and a session of whoever answers them."""
    alice, _ = prepare(tx)
    now = clock.now()
    stored.add(tx, sessions.digest(_TOKEN), alice.id, now, now + dt.timedelta(hours=1))


async def _measure() -> Measured:
    await wait()
    await rate(empty_request, 1.0)
    before = await rate(empty_request, SECONDS / 2)
    saves = await rate(save_request, SECONDS)
    after = await rate(empty_request, SECONDS / 2)
    team, lost = await _team()
    return Measured(saves, (before + after) / 2, team, lost)


async def _team() -> tuple[float, int]:
    """Return the saves a second of eight people in one assessment, and how many were lost.

    They answer the same questions, so that they collide; whoever is late saves once more, on the
    revision that the refusal tells.
    """
    end = time.perf_counter() + TEAM_SECONDS
    before = await _revisions()
    confirmed = sum(await asyncio.gather(*(_member(number, end) for number in range(TEAM))))
    kept = await _revisions() - before
    return confirmed / TEAM_SECONDS, confirmed - kept


async def _member(member: int, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    seen = dict.fromkeys(CODES, 0)
    confirmed = number = 0
    while time.perf_counter() < end:
        number += 1
        code = CODES[(number + member) % len(CODES)]
        body = b'{"level": %d, "note": "member %d, %d"}' % (number % 5 + 1, member, number)
        writer.write(_put(0, code, seen[code], body))
        head, content = await _answer(reader)
        if head.startswith(b"HTTP/1.1 200"):
            seen[code] = int(msgspec.json.decode(content)["revision"])
            confirmed += 1
        else:
            assert head.startswith(b"HTTP/1.1 409"), head
            seen[code] = int(msgspec.json.decode(content)["current"]["revision"])
    writer.close()
    return confirmed


async def _revisions() -> int:
    """Return how many revisions the questions of the team's assessment have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    count = 0
    for code in CODES:
        path = f"/api/v1/assessments/1/responses/{code}/revisions"
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_TOKEN}\r\n\r\n"
        writer.write(head.encode())
        _, content = await _answer(reader)
        count += len(msgspec.json.decode(content)["items"])
    writer.close()
    return count


def empty_request(_: int, __: int) -> bytes:
    """Return a request for nothing."""
    return b"PUT /empty HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


def save_request(client: int, number: int) -> bytes:
    """Return the n-th save of a client, in an assessment of its own."""
    code, revision = CODES[number % len(CODES)], number // len(CODES)
    body = b'{"level": %d, "note": "note %d"}' % (number % 5 + 1, number)
    return _put(client, code, revision, body)


def _put(client: int, code: str, revision: int, body: bytes) -> bytes:
    head = (
        f"PUT /api/v1/assessments/{client + 1}/responses/{code} HTTP/1.1\r\nHost: localhost\r\n"
        f'Authorization: Bearer {_TOKEN}\r\nIf-Match: "{revision}"\r\n'
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def rate(request: Request, seconds: float) -> float:
    """Return how many requests a second 32 connections get answered, one after the other each."""
    end = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_client(number, request, end) for number in range(CLIENTS)))
    return sum(counts) / seconds


async def _client(client: int, request: Request, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    number = 0
    while time.perf_counter() < end:
        writer.write(request(client, number))
        head, _ = await _answer(reader)
        assert head.startswith(b"HTTP/1.1 200"), head
        number += 1
    writer.close()
    return number


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return the head and the content of an answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return head, await reader.readexactly(int(length))


async def wait() -> None:
    """Wait until the server answers."""
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            writer.close()
            return
    raise TimeoutError
