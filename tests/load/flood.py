"""Far more than can be served: everybody at once, without a thought; most come again when told to."""

import asyncio
import time

from msgspec import Struct

from tests.load.country import Place
from tests.load.people import Load, save

CLIENTS = 2_000
SAVERS = 3  # one in so many saves; the others look at pages
IMPATIENT = 4  # one in so many comes again after a blink, whatever the answer says
BLINK = 0.2  # seconds


class Client(Struct, frozen=True):
    """Whose session it is, which page it looks at, and the answer it saves with its revision."""

    number: int
    cookie: str
    page: str
    answer: str
    revision: int


async def flood(load: Load, clients: list[Client]) -> None:
    await asyncio.gather(*(_one(load, client) for client in clients))


async def _one(load: Load, client: Client) -> None:
    line, revision, number = load.line(client.cookie), client.revision, 0
    while load.goes_on:
        number += 1
        if client.number % SAVERS == 0:
            note = f"flood {client.number} {number}"
            revision = await save(load, line, client.answer, note, revision)
            continue
        answer = await line.get("open", client.page)
        if answer.status != 200:
            pause = BLINK if client.number % IMPATIENT == 0 else 5.0
            await asyncio.sleep(min(pause, float(answer.headers.get("retry-after", 5))))
    line.close()


def clients(
    places: list[Place],
    cookies: dict[int, str],
    indicators: list[str],
    newest: dict[tuple[int, str], int],
) -> list[Client]:
    """Return clients, each of which saves another answer."""
    pairs = [(place, code) for code in indicators for place in places]
    found = []
    for number in range(CLIENTS):
        place, code = pairs[number % len(pairs)]
        path = f"/assessments/{place.assessment}"
        found.append(
            Client(
                number,
                cookies[place.assessment],
                f"{path}/parts/{code}",
                f"{path}/responses/{code}",
                newest[place.assessment, code],
            )
        )
    return found


async def recovered(load: Load, client: Client) -> float:
    """Return after how many seconds a page is served in less than 300 ms again."""
    begun = time.perf_counter()
    line = load.line(client.cookie)
    while time.perf_counter() - begun < 60:
        answer = await line.get("recovery", client.page)
        if answer.status == 200 and answer.seconds < 0.3:
            break
        await asyncio.sleep(0.1)
    line.close()
    return time.perf_counter() - begun
