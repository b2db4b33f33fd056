"""Connections that cost us and bring nothing, cut off by the server itself.

The server that we run on ends a connection only when it idles between two requests. Whoever opens one
and says nothing, dribbles, sends without end or does not read the answer would keep it for ever, and
what it holds. Here every part of an exchange has a time, or a pace at the least.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_CLOSE = b"content-length: 0\r\nconnection: close\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n" + _CLOSE
_SLOW = b"HTTP/1.1 408 Request Timeout\r\n" + _CLOSE
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\n" + _CLOSE


class Connection(HttpToolsProtocol):
    """A connection every part of which has an end.

    How many may be open is what the server calls its limit of concurrency.
    """

    head_seconds = 10.0  # for the whole head of a request, from its first byte or the connecting
    head_bytes = 65_536  # browsers send one or two thousand
    body_seconds = 10.0  # after which it is looked how much of a body came, again and again
    body_pace = 1_000  # bytes a second at the least; a bad mobile line has ten times as much
    rest_bytes = 30_000_000  # that may still come of a request that is answered: a file, so that who sends it reads why
    pipelined = 16  # requests that wait behind the one that is served
    reading_seconds = 30.0  # in which an answer that waits for its reader moves on, or is given up

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._in_body = False
        self._head = self._body = self._rest = 0  # bytes

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as there
        super().connection_made(transport)
        if self._most is not None and len(self.connections) > self._most:
            self._end(_BUSY)
            return
        self._expect_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        for timer in self._timers.values():
            timer.cancel()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if not self._in_body:
            self._head += len(data)
            if "head" not in self._timers:
                self._expect_head()
        super().data_received(data)
        if not self._in_body and self._head > self.head_bytes:
            self._end(_LARGE)
        elif len(self.pipeline) > self.pipelined or self._rest > self.rest_bytes:
            self._end()

    @override
    def on_headers_complete(self) -> None:
        self._stop("head")
        self._in_body, self._head, self._body, self._rest = True, 0, 0, 0
        super().on_headers_complete()
        self._start("body", self.body_seconds, lambda: self._require_pace(0))

    @override
    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        if self.cycle.response_complete:
            self._rest += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._stop("body")
        self._in_body = False
        super().on_message_complete()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._give_up_later()

    @override
    def timeout_keep_alive_handler(self) -> None:
        if self._in_body:  # of a request that is answered already: the pace decides
            return
        self._end()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        self._give_up_later()

    @override
    def resume_writing(self) -> None:
        self._stop("reading")
        super().resume_writing()

    def _expect_head(self) -> None:
        self._start("head", self.head_seconds, self._require_head)

    def _require_head(self) -> None:
        if not getattr(self.cycle, "response_complete", True):
            self._expect_head()  # part of the next one came; this one is still being answered
            return
        self._end(_SLOW if self._head else b"")

    def _require_pace(self, before: int) -> None:
        waits_for_us = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if not waits_for_us and self._body - before < self.body_pace * self.body_seconds:
            self._end(b"" if self.cycle.response_started else _SLOW)
            return
        now = self._body
        self._start("body", self.body_seconds, lambda: self._require_pace(now))

    def _end(self, answer: bytes = b"") -> None:
        """Close the connection, after an answer; do not wait for ever that it is read."""
        if self.transport.is_closing():
            return
        if answer:
            self.transport.write(answer)
        self._give_up_later()
        self.transport.close()

    def _give_up_later(self) -> None:
        self._start("reading", self.reading_seconds, self.transport.abort)

    def _start(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        self._stop(name)
        self._timers[name] = self.loop.call_later(seconds, then)

    def _stop(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
