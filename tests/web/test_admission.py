"""What comes beyond the places is refused at once: looking first, saving last."""

import asyncio
from typing import Any

import pytest
from litestar.types import Receive, Scope, Send

from survey_service.settings import Settings
from survey_service.web.admission import Admission, kind_of, visitor_of

LOOK = ("GET", "/assessments")
WRITE = ("POST", "/assessments")
SAVE = ("POST", "/assessments/1/responses/A")
REPORT = ("GET", "/assessments/1/report.pdf")
EXPORT = ("GET", "/exports/2026/file")
RELEASED = ("GET", "/releases/1/release.zip")
BODY = b"choice=3"


class Held:
    """An application that works on what it is given until it is let go."""

    def __init__(self) -> None:
        self.go, self.begun = asyncio.Event(), 0

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        self.begun += 1
        await self.go.wait()
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _scope(method: str, path: str, **headers: str) -> Any:
    headers = {"accept_language": "en"} | headers
    client = (headers.pop("client"), 50_000) if "client" in headers else None
    named = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": named,
        "client": client,
    }


async def _ask(
    admission: Admission, where: tuple[str, str], *pieces: bytes, **headers: str
) -> dict[str, Any]:
    """Send a request whose body comes in pieces, the last of which is empty; return its answer."""
    answer: dict[str, Any] = {}
    coming = [*pieces, b""]

    async def receive() -> Any:
        piece = coming.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(coming)}

    async def send(message: Any) -> None:
        answer.update(message)
        answer["headers"] = dict(answer["headers"])

    await admission(_scope(*where, **headers), receive, send)
    return answer


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def admission(held: Held, settings: Settings) -> Admission:
    return Admission(held, 8)


@pytest.fixture
def database(tmp_path: Any) -> str:
    return str(tmp_path / "unused.db")


async def _taken(
    held: Held, admission: Admission, where: tuple[str, str], count: int, **headers: str
) -> list[Any]:
    tasks = [asyncio.create_task(_ask(admission, where, **headers)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def test_looking_is_refused_first_and_saving_last(held: Held, admission: Admission) -> None:
    looking = await _taken(held, admission, LOOK, 4)
    refused = [await _ask(admission, LOOK)]
    writing = await _taken(held, admission, WRITE, 2)
    refused.append(await _ask(admission, WRITE))
    saving = await _taken(held, admission, SAVE, 2)
    refused.append(await _ask(admission, SAVE, hx_request="true"))
    refused.append(await _ask(admission, ("PUT", "/api/v1/assessments/1/responses/A")))
    beside = await _taken(held, admission, REPORT, 8)
    beside += await _taken(held, admission, EXPORT, 4)
    refused += [await _ask(admission, where) for where in (REPORT, EXPORT)]
    free = await _taken(held, admission, ("GET", "/health"), 20)

    held.go.set()
    served = await asyncio.gather(*looking, *writing, *saving, *beside, *free)
    again = await _ask(admission, LOOK)

    assert {answer["status"] for answer in refused} == {503}
    assert all(1 <= int(answer["headers"][b"retry-after"]) <= 4 for answer in refused)
    assert b"Too many people" in refused[0]["body"]
    assert b"refresh" in refused[0]["headers"]
    assert b"refresh" not in refused[1]["headers"]  # a form is not sent again by itself
    assert refused[2]["body"].startswith(b'<p class="problem">')
    assert b'"title":"overloaded"' in refused[3]["body"]
    assert refused[3]["headers"][b"content-type"] == b"application/problem+json"
    assert {answer["status"] for answer in [*served, again]} == {200}


async def test_strangers_take_no_place_of_people_at_work_and_one_not_those_of_all(
    held: Held, settings: Settings
) -> None:
    admission = Admission(held, 16)  # four of them public, two of those for one address
    one = await _taken(held, admission, RELEASED, 2, client="203.0.113.7")
    crowding = await _ask(admission, RELEASED, client="203.0.113.7")
    others = await _taken(held, admission, RELEASED, 2, client="2001:db8:0:1::5")
    neighbour = await _ask(admission, RELEASED, client="2001:db8:0:1::6")
    beyond = await _ask(admission, ("GET", "/verify/CODE"), client="198.51.100.1")
    working = await _taken(held, admission, LOOK, 5, client="203.0.113.7")
    working += await _taken(held, admission, ("GET", "/releases"), 3, client="203.0.113.7")

    held.go.set()
    served = await asyncio.gather(*one, *others, *working)
    again = await _ask(admission, RELEASED, client="203.0.113.7")

    assert [crowding["status"], neighbour["status"], beyond["status"]] == [429, 429, 503]
    assert b"one visitor may at once" in crowding["body"]
    assert 1 <= int(crowding["headers"][b"retry-after"]) <= 4
    assert {answer["status"] for answer in [*served, again]} == {200}


@pytest.mark.parametrize(
    ("client", "visitor"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:0:1::5", "20010db800000001"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("/run/survey.sock", "/run/survey.sock"),
    ],
)
def test_visitors_are_told_apart_by_address(client: str, visitor: str) -> None:
    assert visitor_of(_scope(*RELEASED, client=client)) == visitor
    assert visitor_of(_scope(*RELEASED)) == "-"


async def test_a_body_that_is_on_its_way_takes_no_place(held: Held, admission: Admission) -> None:
    held.go.set()
    arriving, waiting = asyncio.Event(), []

    async def dribble() -> Any:
        await arriving.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        waiting.append(message)

    scopes = [_scope(*SAVE) for _ in range(50)]
    tasks = [asyncio.create_task(admission(scope, dribble, send)) for scope in scopes]
    await asyncio.sleep(0)
    meanwhile = await _ask(admission, SAVE, BODY)
    arriving.set()
    await asyncio.gather(*tasks)

    assert meanwhile["status"] == 200
    assert {one["status"] for one in waiting if "status" in one} == {200}


def _dribbling(until: asyncio.Event) -> Receive:
    """Return what receives much of a body, and then nothing until its sender leaves."""
    pieces = [b"x" * 900_000]

    async def receive() -> Any:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": True}
        await until.wait()
        return {"type": "http.disconnect"}

    return receive


async def test_bodies_on_their_way_are_bounded_together(held: Held, admission: Admission) -> None:
    arriving = asyncio.Event()

    async def send(message: Any) -> None:
        raise AssertionError(message)

    tasks = [
        asyncio.create_task(admission(_scope(*SAVE), _dribbling(arriving), send)) for _ in range(72)
    ]
    await asyncio.sleep(0)
    refused = await _ask(admission, SAVE, BODY)
    arriving.set()
    await asyncio.gather(*tasks)
    held.go.set()
    served = await _ask(admission, SAVE, BODY)

    assert (refused["status"], served["status"]) == (503, 200)


@pytest.mark.parametrize(
    ("method", "path", "headers", "kind"),
    [
        ("GET", "/static/0123/app.css", {}, "free"),
        ("GET", "/metrics", {}, "free"),
        ("GET", "/metrics\n", {}, "read"),
        ("GET", "/ready", {}, "ready"),
        ("HEAD", "/assessments/1", {}, "read"),
        ("POST", "/assessments/1/parts/merit/presence", {}, "read"),
        ("POST", "/assessments/1/what-if", {}, "read"),
        ("POST", "/assessments/1/roadmap", {}, "read"),
        ("GET", "/api/v1/assessments/1/report", {}, "made"),
        ("GET", "/cycles/1/tables/index", {}, "made"),
        ("GET", "/cycles/1/views/heatmap/file", {}, "made"),
        ("GET", "/api/v1/cycles/1/views/robustness", {}, "made"),
        ("GET", "/cycles/1/views/claimants", {}, "made"),
        ("GET", "/cycles/1/views/heatmap", {}, "read"),
        ("GET", "/exports/2026/file", {}, "download"),
        ("GET", "/api/v1/exports/2026/file", {}, "download"),
        ("GET", "/exports/file", {}, "read"),
        ("GET", "/jobs/1/file", {}, "download"),
        ("GET", "/assessments/1/bundle", {}, "download"),
        ("GET", "/jobs/1/events", {}, "stream"),
        ("GET", "/releases", {}, "read"),
        ("GET", "/releases/3", {}, "read"),
        ("GET", "/releases/3/release.zip", {}, "public"),
        ("GET", "/releases/3/draft-en.pdf", {}, "public"),
        ("GET", "/cycles/1/releases/3/draft-en.pdf", {}, "made"),
        ("GET", "/api/v1/cycles/1/releases/3/files/draft-id.pdf", {}, "made"),
        ("GET", "/cycles/1/releases/3/report-id.pdf", {}, "read"),
        ("GET", "/verify", {}, "public"),
        ("GET", "/verify/ABCDE-FGHIJ-KLMNO", {}, "public"),
        ("GET", "/verifying", {}, "read"),
        ("GET", "/cycles/1/releases", {}, "read"),
        ("GET", "/releasesx", {}, "read"),
        ("POST", "/sign-in", {}, "write"),
        ("POST", "/assessments/1/responses/A/evidence", {"content_type": "multipart/x"}, "file"),
        ("POST", "/people/preview", {"content_length": "2000000"}, "file"),
        ("POST", "/people/preview", {"content_length": "x"}, "file"),
        ("PUT", "/api/v1/assessments/1/responses/A", {}, "save"),
        ("POST", "/api/v1/assessments/1/responses", {}, "save"),
        ("POST", "/assessments/1/stages/internal/responses/A", {}, "save"),
    ],
)
def test_what_a_request_is_for(method: str, path: str, headers: dict[str, str], kind: str) -> None:
    assert kind_of(_scope(method, path, **headers)) == kind
