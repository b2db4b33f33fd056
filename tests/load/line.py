"""A line to the service: HTTP over a connection that is kept, and what came of each request."""

import asyncio
import time
from collections import Counter, defaultdict
from urllib.parse import urlencode

from msgspec import Struct

FORM = "application/x-www-form-urlencoded"
BROKEN = 0  # the status of a request that got no answer


class Answer(Struct, frozen=True):
    """A status, headers by lower-case name, content, and how long it took in seconds.

    Headers that are sent twice, as cookies are, stand in lines of their own.
    """

    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float


class Tally:
    """What came of requests: statuses, and seconds of those that were served, by kind."""

    def __init__(self) -> None:
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.refused: list[float] = []

    def add(self, kind: str, answer: Answer) -> None:
        self.statuses[kind][answer.status] += 1
        if answer.status == 503:
            self.refused.append(answer.seconds)
        elif answer.status < 400 and answer.status != BROKEN:
            self.seconds[kind].append(answer.seconds)

    @property
    def wrong(self) -> int:
        """How many answers say that something is wrong with us, or know nobody who had signed in."""
        return sum(
            count
            for statuses in self.statuses.values()
            for status, count in statuses.items()
            if (status >= 500 and status != 503) or status == 401
        )


class Line:
    """A browser's line: one request at a time, with the cookie of the session."""

    def __init__(self, port: int, tally: Tally, cookie: str = "") -> None:
        self._port, self._tally, self.cookie = port, tally, cookie
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, kind: str, path: str) -> Answer:
        return await self.ask(kind, "GET", path)

    async def post(self, kind: str, path: str, **fields: object) -> Answer:
        return await self.ask(kind, "POST", path, urlencode(fields).encode(), FORM)

    async def ask(
        self, kind: str, method: str, path: str, body: bytes = b"", type_: str = ""
    ) -> Answer:
        """Send a request; return its answer, with status `BROKEN` where there is none."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: id\r\n"
        head += f"Cookie: session={self.cookie}\r\n" if self.cookie else ""
        head += "HX-Request: true\r\n" if kind in {"save", "presence"} else ""
        head += f"Content-Type: {type_}\r\nContent-Length: {len(body)}\r\n" if body else ""
        begun = time.perf_counter()
        answer = await self._exchange(head.encode() + b"\r\n" + body, begun)
        if answer is None:  # the server ended the connection while it idled
            answer = await self._exchange(head.encode() + b"\r\n" + body, begun)
        if answer is None:
            answer = Answer(BROKEN, {}, b"", time.perf_counter() - begun)
        self._tally.add(kind, answer)
        return answer

    async def _exchange(self, request: bytes, begun: float) -> Answer | None:
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            status, headers, content = await asyncio.wait_for(_read(reader), 60)
        except (OSError, EOFError):
            self.close()
            return None
        if headers.get("connection") == "close":
            self.close()
        return Answer(status, headers, content, time.perf_counter() - begun)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


async def _read(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(": ")
        before = headers.get(name.lower())
        headers[name.lower()] = value if before is None else f"{before}\n{value}"
    content = b""
    if headers.get("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            content += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        content = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(lines[0].split()[1]), headers, content
