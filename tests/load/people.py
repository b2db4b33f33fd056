"""What people do: sign in, open, answer, upload, hand in; look at a board; fetch reports and tables."""

import asyncio
import random
import re
import time
from collections.abc import Callable

from msgspec import Struct

from tests.files import PDF
from tests.load.country import Place
from tests.load.line import BROKEN, Answer, Line, Tally
from tests.samples import PASSWORD

PULSE = 4.0  # seconds: how often the fill-in page asks who else is there
REFRESHED = 3.0  # seconds: how often the page of a job comes again
COMING = 20.0  # seconds in which all of them sign in
THINKING = 6.0  # seconds between two answers of a person, in the mean
_REVISION = re.compile(rb'name="revision" value="(\d+)"')
_CHANCE = random.Random(12)  # the same load each time


class Load:
    """The port of the service, what came of requests, and the notes of saves that were confirmed."""

    def __init__(self, port: int) -> None:
        self.port, self.tally = port, Tally()
        self.confirmed: set[str] = set()
        self.saving: list[float] = []  # seconds from the first try to the confirmation
        self.settled: list[float] = []  # seconds of saves at which nobody was still signing in
        self.begin = self.end = 0.0

    def line(self, cookie: str = "") -> Line:
        return Line(self.port, self.tally, cookie)

    @property
    def goes_on(self) -> bool:
        return time.perf_counter() < self.end


class Part(Struct, frozen=True):
    """Which part of which assessment somebody answers, and its questions."""

    assessment: int
    code: str
    indicators: list[str]


async def patiently(ask: Callable[[], "asyncio.Future[Answer]"]) -> Answer:
    """Ask until there is an answer other than to come again, as browsers and the fill-in page do."""
    while True:
        answer = await ask()
        if answer.status not in {503, BROKEN}:
            return answer
        await asyncio.sleep(float(answer.headers.get("retry-after", 5)))


async def sign_in(load: Load, login: str, password: str = PASSWORD) -> Line:
    line = load.line()
    answer = await patiently(
        lambda: asyncio.ensure_future(
            line.post("sign in", "/sign-in", login=login, password=password)
        )
    )
    assert answer.status == 303, (login, answer)
    line.cookie = answer.headers["set-cookie"].partition("session=")[2].partition(";")[0]
    return line


async def answering(load: Load, login: str, part: Part) -> str:
    """Answer a part until the load ends; return the cookie of the session."""
    await asyncio.sleep(_CHANCE.uniform(0, COMING))
    line = await sign_in(load, login)
    await _open(line, "/")
    path = f"/assessments/{part.assessment}"
    await _open(line, f"{path}/parts/{part.code}")
    watching = asyncio.create_task(_watch(load, line.cookie, part))
    seen = dict.fromkeys(part.indicators, 1)
    await _upload(line, f"{path}/responses/{part.indicators[0]}/evidence", login)
    number = 0
    while load.goes_on:
        await asyncio.sleep(_CHANCE.expovariate(1 / THINKING))
        code = part.indicators[number % len(part.indicators)]
        number += 1
        seen[code] = await save(
            load, line, f"{path}/responses/{code}", f"{login} {number}", seen[code]
        )
    await watching
    line.close()
    return line.cookie


async def hand_in(load: Load, cookie: str, assessment: int) -> None:
    line, path = load.line(cookie), f"/assessments/{assessment}/steps"
    await patiently(lambda: asyncio.ensure_future(line.post("hand in", path, step="submit")))
    line.close()


async def save(load: Load, line: Line, path: str, note: str, revision: int) -> int:
    """Save an answer, again and again where it is refused; return the revision it has then."""
    begun = time.perf_counter()
    fields = {"choice": _CHANCE.randint(1, 5), "note": note, "revision": revision}
    answer = await patiently(lambda: asyncio.ensure_future(line.post("save", path, **fields)))
    if answer.status == 200:
        load.confirmed.add(note)
        load.saving.append(time.perf_counter() - begun)
        if begun - load.begin > COMING + 5:
            load.settled.append(answer.seconds)
    found = _REVISION.findall(answer.content)
    return int(found[-1]) if found else revision


async def _open(line: Line, path: str) -> None:
    await patiently(lambda: asyncio.ensure_future(line.get("open", path)))


async def _upload(line: Line, path: str, login: str) -> None:
    content = PDF + f"\n% {login}\n%%EOF\n".encode()
    name = 'Content-Disposition: form-data; name="file"; filename="sk.pdf"'
    body = f"--x\r\n{name}\r\nContent-Type: application/pdf\r\n\r\n".encode()
    body += content + b"\r\n--x--\r\n"
    type_ = "multipart/form-data; boundary=x"
    await patiently(lambda: asyncio.ensure_future(line.ask("upload", "POST", path, body, type_)))


async def _watch(load: Load, cookie: str, part: Part) -> None:
    """Ask who else is there, as an open page does."""
    line = load.line(cookie)
    path = f"/assessments/{part.assessment}/parts/{part.code}/presence"
    while load.goes_on:
        await line.post("presence", path, pulse="-")
        await asyncio.sleep(PULSE)
    line.close()


async def looking(load: Load, kind: str, login: str, password: str, *paths: str) -> None:
    """Look at pages, or fetch what they offer, one after the other until the load ends."""
    line = await sign_in(load, login, password)
    number = 0
    while load.goes_on:
        answer = await line.get(kind, paths[number % len(paths)])
        if answer.status == 303:  # it is being made: watched on its page, and fetched then
            await _made(load, line, answer.headers["location"])
            continue
        number += 1
        await asyncio.sleep(1)
    line.close()


async def _made(load: Load, line: Line, progress: str) -> None:
    """Watch the page of a job until it is done, as it is without script."""
    while load.goes_on:
        page = await line.get("progress", progress)
        if page.status == 200 and b'http-equiv="refresh"' not in page.content:
            return
        await asyncio.sleep(REFRESHED)


def spread(places: list[Place], parts: list[tuple[str, list[str]]]) -> list[tuple[str, Part]]:
    """Return who answers what: each of a team another part."""
    return [
        (login, Part(place.assessment, *parts[member % len(parts)]))
        for place in places
        for member, login in enumerate(place.logins)
    ]
