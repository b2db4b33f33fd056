"""Whoever keeps a connection without using it is cut off, and nobody else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from survey_service.store.database import Database
from survey_service.web.connections import _LARGE, Connection
from tests.country import Client, settle

HEAD = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HEAD + b"Content-Length: 4\r\n\r\nbody"
LARGE = 20_000_000  # bytes, more than the buffers between us take


class Quick(Connection):
    """A connection with little patience."""

    head_seconds = 0.4
    body_seconds = 0.4
    reading_seconds = 0.6
    rest_bytes = 100_000


class App:
    """An application that counts, and does what the path says."""

    def __init__(self) -> None:
        self.whole = self.cut = 0
        self.ended = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._serve(scope["path"], receive, send)
        finally:
            self.ended.set()

    async def _serve(self, path: str, receive: Any, send: Any) -> None:
        size = 0
        while path != "/at-once":
            message = await receive()
            if message["type"] == "http.disconnect":
                self.cut += 1
                return
            size += len(message["body"])
            if not message["more_body"]:
                break
        content = b"x" * LARGE if path == "/large" else b"%d" % size
        length = [(b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        for start in range(0, len(content), 100_000):
            piece = content[start : start + 100_000]
            more = start + 100_000 < len(content)
            await send({"type": "http.response.body", "body": piece, "more_body": more})
        self.whole += 1


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def port(app: App) -> AsyncIterator[int]:
    """Serve on a port of its own."""
    config = uvicorn.Config(
        app,
        http=Quick,
        port=0,
        lifespan="off",
        log_level="critical",
        limit_concurrency=20,
        ws="none",
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await serving


async def _sent(port: int, *pieces: bytes, every: float = 0.0) -> bytes:
    """Return all that comes until the server closes, on a connection that sends in pieces."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(_read(reader))
    with suppress(ConnectionError):  # it was closed meanwhile
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)
    said = await reading
    writer.close()
    return said


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes, however it ends."""
    said = b""
    with suppress(ConnectionError):
        while piece := await reader.read(100_000):
            said += piece
    return said


async def test_a_request_is_served_and_its_connection_kept_for_the_next(
    app: App, port: int
) -> None:
    said = await _sent(port, WHOLE, WHOLE, WHOLE, every=0.1)

    assert said.count(b"HTTP/1.1 200") == 3
    assert app.whole == 3


async def test_who_says_nothing_is_cut_off(port: int) -> None:
    assert await _sent(port) == b""


async def test_who_dribbles_a_head_is_cut_off(app: App, port: int) -> None:
    pieces = [HEAD, *(b"X-A: b\r\n" for _ in range(1000))]

    said = await _sent(port, *pieces, every=0.05)

    assert said.startswith(b"HTTP/1.1 408")
    assert app.whole == 0


async def test_who_dribbles_a_second_head_is_cut_off(app: App, port: int) -> None:
    pieces = [WHOLE, *(HEAD[n : n + 1] for n in range(len(HEAD)))]

    said = await _sent(port, *pieces, every=0.05)

    assert said.count(b"HTTP/1.1 200") == 1
    assert b"HTTP/1.1 408" in said


async def test_a_head_without_end_is_refused(port: int) -> None:
    said = await _sent(port, HEAD, *(b"X-A: " + b"b" * 9000 + b"\r\n" for _ in range(100)))

    assert said in {b"", _LARGE}  # what is not read yet when we close can cost the answer


async def test_who_dribbles_a_body_is_cut_off(app: App, port: int) -> None:
    pieces = [HEAD + b"Content-Length: 100000\r\n\r\n", *(b"x" for _ in range(1000))]

    said = await _sent(port, *pieces, every=0.05)
    await app.ended.wait()

    assert said.startswith(b"HTTP/1.1 408")
    assert (app.whole, app.cut) == (0, 1)


async def test_a_slow_line_that_goes_on_is_served(app: App, port: int) -> None:
    pieces = [HEAD + b"Content-Length: 4000\r\n\r\n", *(b"x" * 100 for _ in range(40))]

    said = await _sent(port, *pieces, every=0.05)

    assert said.startswith(b"HTTP/1.1 200")
    assert app.whole == 1


async def test_who_sends_without_end_what_is_answered_already_is_cut_off(
    app: App, port: int
) -> None:
    head = b"POST /at-once HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [head, *(b"2710\r\n" + b"x" * 10_000 + b"\r\n" for _ in range(10_000))]

    said = await asyncio.wait_for(_left(port, pieces), 20)

    assert said is True
    assert app.whole == 1


async def _left(port: int, pieces: list[bytes]) -> bool:
    """Whether the server closes before all is sent."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
    except ConnectionError:
        return True
    finally:
        writer.close()
    return False


async def test_requests_that_pile_up_behind_one_are_not_kept(app: App, port: int) -> None:
    large = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"

    said = await _sent(port, large + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)

    assert said.count(b"HTTP/1.1 200") < 20


async def test_who_does_not_read_the_answer_is_cut_off(app: App, port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")

    await app.ended.wait()
    said = await _read(reader)
    writer.close()

    assert 0 < len(said) < LARGE


async def test_more_connections_than_there_may_be_are_told_to_come_again(port: int) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]

    said = await _sent(port)

    assert said.startswith(b"HTTP/1.1 503")
    assert b"retry-after" in said
    for _, writer in opened:
        writer.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/assessments", "application/json"),
        ("/assessments/1/responses/A/evidence", "multipart/form-data; boundary=x"),
        ("/api/v1/assessments/1/responses/A/evidence/files", "application/pdf"),
        ("/sign-in", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_client_that_leaves_in_the_middle_is_no_error_of_ours(
    client: Client, db: Database, caplog: pytest.LogCaptureFixture, path: str, kind: str
) -> None:
    await settle(db)
    opening = {"questionnaire": "two-dimensions@1"}
    as_alice = {"Authorization": "Bearer alice"}
    await client.post("/api/v1/assessments", json=opening, headers=as_alice)
    pieces = [{"type": "http.request", "body": b"--x\r\n", "more_body": True}]
    sent: list[Any] = []

    async def receive() -> Any:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"host", b"127.0.0.1"), (b"content-type", kind.encode()), (b"content-length", b"9999"),
        (b"authorization", b"Bearer alice"),
    ]  # fmt: skip
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"name=a.pdf", "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "scheme": "http", "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    with caplog.at_level(logging.INFO, "survey_service"):
        await client.app(scope, receive, send)

    assert [one["status"] for one in sent if "status" in one] in ([], [400])
    assert caplog.text == ""
