"""The service under load: `make load`.

Three hundred people at once on the real command, while one report after the other renders and one
table after the other is fetched; then two thousand at once, who are refused. The clients have a
process of their own on the same machine. Nothing is asserted about time; lost saves and answers that
say that something is wrong with the service end it with 1.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from msgspec import structs

from tests.browser.serving import Service, prepared, wait
from tests.load import country, people
from tests.load.country import AGENCIES, TEAM, Place
from tests.load.flood import CLIENTS, Client, clients, flood, recovered
from tests.load.people import Load

SECONDS, FLOODED = 60, 15
_HANDS_IN = 20  # agencies that hand in at the end; the others go on


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        service = prepared(Path(name) / "service")
        places = country.fill(service.environment["SURVEY_DATABASE"])
        command = [sys.executable, "-m", "survey_service", "serve"]
        with subprocess.Popen(command, env=service.environment) as server:
            try:
                wait(f"{service.address}/health")
                service = structs.replace(service, pid=server.pid)
                failed = asyncio.run(_run(service, places))
            finally:
                server.terminate()
    sys.exit(1 if failed else 0)


async def _run(service: Service, places: list[Place]) -> bool:
    port = int(service.environment["SURVEY_PORT"])
    many = Load(port)
    cookies = await _many(many, service, places)
    lost = _tell(f"{AGENCIES * TEAM} people at once", many, service)
    newest = country.revisions(service.environment["SURVEY_DATABASE"])
    indicators = [code for _, codes in country.parts() for code in codes]
    flooding = clients(places[_HANDS_IN:], cookies, indicators, newest)
    all_ = Load(port)
    seen, seconds = await _flood(all_, flooding)
    lost += _tell(f"{CLIENTS} at once", all_, service)
    for kind, times in sorted(seen.items()):
        print(f"  seen from outside: {kind:12} {_times(times)}")
    print(f"  a page in less than 300 ms again after {seconds:.1f} s, goal: 5 s")
    return bool(lost + many.tally.wrong + all_.tally.wrong)


async def _many(load: Load, service: Service, places: list[Place]) -> dict[int, str]:
    """Let everybody work; return a cookie by assessment."""
    load.begin = time.perf_counter()
    load.end = load.begin + SECONDS
    everybody = people.spread(places, country.parts())
    beside = [
        asyncio.create_task(
            people.looking(load, kind, login, service.password, *paths)
        )
        for kind, login, paths in (
            ("board", "demo-ministry", ["/cycles/1/board"]),
            ("table", "demo-evaluator", ["/cycles/1/tables/index?form=xlsx"]),
            ("report", "demo-administrator", [f"/assessments/{n}/report.pdf?lang={lang}" for n in range(1, 10) for lang in ("id", "en")]),
        )
    ]  # fmt: skip
    found = await asyncio.gather(
        *(people.answering(load, login, part) for login, part in everybody)
    )
    cookies = {  # the coordinator's is the first
        part.assessment: cookie
        for (_, part), cookie in reversed(list(zip(everybody, found, strict=True)))
    }
    closing = [place.assessment for place in places[:_HANDS_IN]]
    await asyncio.gather(*(people.hand_in(load, cookies[one], one) for one in closing))
    await asyncio.gather(*beside)
    return cookies


async def _flood(load: Load, flooding: list[Client]) -> tuple[dict[str, list[float]], float]:
    """Let all of them come; return what somebody sees meanwhile, and how long it takes after it."""
    one, port = flooding[1], str(load.port)
    command = [sys.executable, "-m", "tests.load.probe", port, one.cookie, one.page, str(FLOODED)]
    probe = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    load.end = time.perf_counter() + FLOODED
    await flood(load, flooding)
    said, _ = await probe.communicate()
    return json.loads(said), await recovered(load, one)


def _tell(what: str, load: Load, service: Service) -> int:
    """Print what came of a load; return how many confirmed saves are not there."""
    kept = country.notes(service.environment["SURVEY_DATABASE"])
    lost = len(load.confirmed - kept)
    shared = (
        f"{os.cpu_count()} cores shared with them, load of the machine {os.getloadavg()[0]:.1f}"
    )
    print(f"{what}, {shared}")
    for kind, statuses in sorted(load.tally.statuses.items()):
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        print(f"  {kind:10} {counts:40} served {_times(load.tally.seconds[kind])}")
    print(f"  refused {_times(load.tally.refused)}, goal: 100 ms")
    print(f"  saves after all had signed in {_times(load.settled)}, goal: p99 300 ms")
    print(f"  saves with what was refused {_times(load.saving)}")
    own, *started = _held(service.pid)
    print(f"  memory of the service {own:.0f} MB, of what it started {sum(started):.0f} MB")
    print(f"  saves confirmed {len(load.confirmed)}, lost {lost}; wrong {load.tally.wrong}")
    sys.stdout.flush()
    return lost


def _held(pid: int) -> list[float]:
    """Return the megabytes of a process and of all that it started; what they share is parted among them."""
    process = Path(f"/proc/{pid}")
    told = (process / "smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in told if line.startswith("Pss:"))
    children = [one.read_text().split() for one in (process / "task").glob("*/children")]
    return [own / 1024, *(one for some in children for child in some for one in _held(int(child)))]


def _times(seconds: list[float]) -> str:
    if not seconds:
        return "-"
    ordered = sorted(seconds)
    p50, p99 = (ordered[int(len(ordered) * part)] * 1000 for part in (0.5, 0.99))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms"


if __name__ == "__main__":
    main()
