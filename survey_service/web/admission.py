"""How much is under way at once: beyond it a request is refused at once instead of waiting.

Where everything is let in, everybody waits for everybody: pages take half a minute and in the end
nothing is served. So requests that are being worked on are counted, and what comes beyond is told to
come again, without a look at the database. What people would miss least is refused first: what is
looked at has half of the places, what is written three quarters, and saves have them all. What takes
long has places of its own, so that it keeps nobody else out: files; reports and tables, which wait
for a job, and views that are long arithmetic, which wait for one another; downloads of exports and of
whole collections, up to gigabytes, which last as long as a line is slow; and streams of events, which
cost next to nothing and last. So have downloads of releases and looks at codes, which anybody has
without a sign-in: with them strangers take no place of people at work, and one of them, by address,
not those of all strangers, however much is downloaded and however slowly. Other pages that need no
sign-in, as the list of releases and the help, are looked at like all others: people at work look at them
too, many of them from one address.

A request takes its place when all of it has arrived: one that dribbles keeps none from others.
"""

import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from typing import Any, Literal

from litestar import Request
from litestar.datastructures import Headers
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from survey_service.analysis.publications import DRAFTS
from survey_service.errors import SurveyError
from survey_service.errors.installation import CrowdingError, OverloadedError
from survey_service.errors.requests import CutOffError
from survey_service.operations.national_analyses import BELOW, LONG
from survey_service.web import problems

Kind = Literal[
    "free", "ready", "made", "download", "stream", "public", "file", "read", "write", "save"
]

_BY_PATH: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("free", re.compile(r"^/(health\Z|metrics\Z|static/)")),
    ("ready", re.compile(r"^/ready\Z")),
    ("public", re.compile(r"^/releases/\d+/[^/]+\Z|^/verify(/|\Z)")),
    ("made", re.compile(rf"/({'|'.join(map(re.escape, DRAFTS.values()))})\Z")),
    ("made", re.compile(r"/report(\.pdf)?\Z|/tables/[^/]+\Z|/views/[^/]+/file\Z")),
    ("made", re.compile(rf"/views/({'|'.join((*LONG, *BELOW))})\Z")),
    ("download", re.compile(r"/exports/[^/]+/file\Z|/jobs/[^/]+/file\Z|/bundle\Z")),
    ("stream", re.compile(r"/events\Z")),
)
_LOOKING = re.compile(r"/presence\Z|/what-if\Z|/roadmap\Z")  # sent by POST, and lost without harm
_SAVE = re.compile(r"/responses(/[^/]+)?\Z")
_GATHERED = 64 * problems.BODY_LIMIT  # bytes of bodies that are on their way at once

_SHARES: dict[Kind, tuple[int, int]] = {"read": (1, 2), "write": (3, 4), "save": (1, 1)}
"""Of the places that all share, those that a kind may fill."""

_APART: dict[Kind, tuple[int, int]] = {
    "ready": (1, 16),
    "made": (1, 1),
    "download": (1, 2),
    "stream": (8, 1),
    "public": (1, 4),
    "file": (1, 4),
}
"""Places that a kind has to itself, in parts of those that the others share."""

_EACH = 2  # as many visitors at the least share the public places
_NETWORK = 64  # bits of an address of version 6: whoever has one has all that begin so
_AGAIN = (1, 2, 3, 4)  # seconds: so that those who are refused together do not come back together


class Admission:
    """Lets requests in as long as there are places.

    Args:
        app: What serves them.
        places: How many are under way at the most, not counting what has its own.
    """

    def __init__(self, app: ASGIApp, places: int) -> None:
        self._app = app
        self._limits = {
            kind: max(1, places * part // whole)
            for kind, (part, whole) in (_SHARES | _APART).items()
        }
        self._taken: Counter[str] = Counter()
        self._visits: Counter[str] = Counter()  # public requests under way, by where they come from
        self._gathered = 0  # bytes of bodies that are not whole yet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""
        kind = kind_of(scope)
        if kind == "free":
            await self._app(scope, receive, send)
            return
        visitor = visitor_of(scope) if kind == "public" else ""
        if (error := self._refusal(kind, visitor)) is not None:
            await _refuse(scope, receive, send, error)
            return
        arriving = _Arriving(receive)
        if kind != "file" and not await self._gather(arriving):
            return
        if (error := self._refusal(kind, visitor)) is not None:
            await _refuse(scope, receive, send, error)
            return
        with self._place(kind, visitor):
            await self._app(scope, arriving, send)

    def _refusal(self, kind: Kind, visitor: str) -> SurveyError | None:
        """Return why a request has no place; None where it has one."""
        seconds = random.choice(_AGAIN)  # noqa: S311 - spreads them in time
        pool = kind if kind in _APART else "shared"
        if visitor and self._visits[visitor] >= max(1, self._limits["public"] // _EACH):
            return CrowdingError(seconds=seconds)
        if self._taken[pool] >= self._limits[kind] or self._gathered > _GATHERED:
            return OverloadedError(seconds=seconds)
        return None

    @contextmanager
    def _place(self, kind: Kind, visitor: str) -> Iterator[None]:
        pool = kind if kind in _APART else "shared"
        self._taken[pool] += 1
        self._visits[visitor] += 1
        try:
            yield
        finally:
            self._taken[pool] -= 1
            self._visits -= Counter([visitor])  # which drops who is gone

    async def _gather(self, arriving: "_Arriving") -> bool:
        """Wait for all of the body, up to what any handler takes; False if its sender left."""
        held = 0
        try:
            while not arriving.whole and held <= problems.BODY_LIMIT:
                size = await arriving.hold()
                held += size
                self._gathered += size
        except CutOffError:
            return False
        finally:
            self._gathered -= held
        return True


class _Arriving:
    """A request's body as it arrives; what was held back is told first."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._held: deque[HTTPReceiveMessage] = deque()
        self.whole = False

    async def hold(self) -> int:
        """Wait for the next piece and hold it back; return its size in bytes."""
        message = await self._next()
        self._held.append(message)
        return len(message["body"]) if message["type"] == "http.request" else 0

    async def __call__(self) -> HTTPReceiveMessage:
        """Return the next piece, as the application asks for it.

        Raises:
            CutOffError: The client left before its body was whole: no fault of ours.
        """
        return self._held.popleft() if self._held else await self._next()

    async def _next(self) -> HTTPReceiveMessage:
        message: Any = await self._receive()
        if message["type"] == "http.disconnect":
            if not self.whole:
                raise CutOffError
        elif not message.get("more_body", False):
            self.whole = True
        received: HTTPReceiveMessage = message
        return received


def kind_of(scope: Scope) -> Kind:
    """Return what a request is for, as far as it matters who has to wait."""
    path, method = scope["path"], scope["method"]  # type: ignore[typeddict-item] # HTTP alone
    for kind, pattern in _BY_PATH:
        if pattern.search(path):
            return kind
    if method in {"GET", "HEAD", "OPTIONS"} or _LOOKING.search(path):
        return "read"
    headers = Headers.from_scope(scope)
    if _is_file(headers):
        return "file"
    return "save" if _SAVE.search(path) else "write"


def _is_file(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    large = not length.isdecimal() or int(length) > problems.BODY_LIMIT
    return large or headers.get("content-type", "").startswith("multipart/")


def visitor_of(scope: Scope) -> str:
    """Return where a request comes from: an address, or what all of a network of version 6 begin with."""
    client = scope.get("client")
    if client is None:
        return "-"
    try:
        address = ip_address(client[0])
    except ValueError:
        return client[0]
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else f"{int(address) >> (128 - _NETWORK):x}"
    return str(address)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: SurveyError) -> None:
    status, headers, content = problems.refusal(Request(scope, receive, send), error)
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": content, "more_body": False})
