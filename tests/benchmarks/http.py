"""Saves over HTTP, against a handler that does nothing on the same server."""

import asyncio
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from litestar import Litestar, put

from survey_service import clock
from survey_service.app import create_app
from survey_service.operations import sessions
from survey_service.settings import from_environment
from survey_service.store import sessions as stored
from survey_service.store.database import Writer, connect
from survey_service.store.schema import migrate
from survey_service.web.visits import PUBLIC
from tests.benchmarks.store import CLIENTS, prepare

PORT = 8765
SECONDS = 5.0
_CODES = ("M1.1", "M1.2", "M1.3", "M1.4")
_TOKEN = "benchmark"

Request = Callable[[int, int], bytes]
"""Make the n-th request of a client."""


@put("/empty", opt=PUBLIC)
async def empty() -> dict[str, int]:
    """Do nothing."""
    return {"revision": 1}


def app() -> Litestar:
    """Return the service with the empty handler added."""
    built = create_app(from_environment())
    built.register(empty)
    return built


class Saving:
    """A server of its own in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._database = str(folder / "survey.db")

    def measure(self) -> tuple[float, float]:
        """Return requests a second: saves, and empty ones."""
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
        await db.write(_prepare)
        await db.close()


def _prepare(tx: Writer) -> None:
    alice, _ = prepare(tx)
    now = clock.now()
    stored.add(tx, sessions.digest(_TOKEN), alice.id, now, now + dt.timedelta(hours=1))


async def _measure() -> tuple[float, float]:
    await _wait()
    await _rate(_empty, 1.0)
    return await _rate(_save, SECONDS), await _rate(_empty, SECONDS)


def _empty(_: int, __: int) -> bytes:
    return b"PUT /empty HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


def _save(client: int, number: int) -> bytes:
    code, revision = _CODES[number % len(_CODES)], number // len(_CODES)
    body = b'{"level": %d, "note": "note %d"}' % (number % 5 + 1, number)
    head = (
        f"PUT /api/v1/assessments/{client + 1}/responses/{code} HTTP/1.1\r\nHost: localhost\r\n"
        f'Authorization: Bearer {_TOKEN}\r\nIf-Match: "{revision}"\r\n'
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _rate(request: Request, seconds: float) -> float:
    """Return how many requests a second 32 connections get answered, one after the other each."""
    end = time.perf_counter() + seconds
    counts = await asyncio.gather(*(_client(number, request, end) for number in range(CLIENTS)))
    return sum(counts) / seconds


async def _client(client: int, request: Request, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    number = 0
    while time.perf_counter() < end:
        writer.write(request(client, number))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        number += 1
    writer.close()
    return number


async def _wait() -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORT)
        except OSError:
            await asyncio.sleep(0.2)
        else:
            writer.close()
            return
    raise TimeoutError
