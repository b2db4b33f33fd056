"""How soon the service is there, and what it holds: on its own, after work of every kind.

As it is installed to run: what only the tests bring, and litestar takes where it finds it, is left out.
"""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct

from tests.browser.serving import Service, prepared

_STARTS = 5
_ROUNDS = 60
_WITHOUT = "import sys; sys.modules.update(dict.fromkeys(['pydantic', 'pydantic_core', 'attrs']))"
_SERVE = f"{_WITHOUT}; from survey_service.cli import main; main(['serve', '--migrate'])"
_NOTHING = (
    f"{_WITHOUT}; import runpy; runpy.run_module('tests.benchmarks.nothing', None, '__main__')"
)
_COMMAND = f"{_WITHOUT}; from survey_service.cli import main; main(sys.argv[1:])"


class Started(Struct, frozen=True):
    """Seconds until the first answered `/ready`, best of a few, and megabytes: then, after work, idle."""

    seconds: float
    fresh: float
    worked: float
    idle: float


def started(folder: Path) -> Started:
    """Start the service, with the check of its database; let people of every role work in it."""
    service = prepared(folder)
    times = []
    for _ in range(_STARTS - 1):
        with _running(service) as (_, seconds):
            times.append(seconds)
    with _running(service) as (process, seconds):
        fresh = _held(process)
        _work(service)
        worked = _held(process)
        end = time.monotonic() + 150  # workers that have nothing to do end meanwhile
        while time.monotonic() < end and _held(process) > 0.8 * worked:
            time.sleep(5)
        return Started(min([*times, seconds]), fresh, worked, _held(process))


def nothing(folder: Path) -> float:
    """Return the seconds in which a service that does nothing starts, best of a few."""
    service = prepared(folder)
    times = []
    for _ in range(_STARTS):
        with _running(service, _NOTHING) as (_, seconds):
            times.append(seconds)
    return min(times)


def commands() -> dict[str, float]:
    """Return the milliseconds of CPU of commands that need no database, best of a few."""
    root = Path(__file__).parents[2]
    file = str(root / "questionnaires" / "spbe" / "2018.5.yaml")
    return {
        " ".join(Path(one).name for one in arguments): min(_cpu(*arguments) for _ in range(_STARTS))
        for arguments in (("--help",), ("questionnaire", "check", file))
    }


def _cpu(*arguments: str) -> float:
    before = os.times()
    command = [sys.executable, "-c", _COMMAND, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    taken = after.children_user + after.children_system
    return (taken - before.children_user - before.children_system) * 1000


@contextmanager
def _running(service: Service, program: str = _SERVE) -> Iterator[tuple[int, float]]:
    begun = time.perf_counter()
    port = service.address.rpartition(":")[2]
    command = [sys.executable, "-c", program, *([port] if program == _NOTHING else [])]
    with subprocess.Popen(command, env=service.environment, stdout=subprocess.DEVNULL) as process:
        try:
            while not _answers(f"{service.address}/ready"):
                time.sleep(0.01)
            yield process.pid, time.perf_counter() - begun
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url):
        return True
    return False


def _work(service: Service) -> None:
    """Look at pages and boards, fetch tables and reports, as an hour brings it."""
    team, ministry, administrator = (
        _Person(service, login) for login in ("demo", "demo-ministry", "demo-administrator")
    )
    for number in range(_ROUNDS):
        team.look("/", f"/assessments/1/parts/C{number % 4 + 1}", "/assessments/1/result")
        ministry.look("/cycles/1/board", "/assessments", "/organisations", "/people", "/cycles")
        form = ("csv", "xlsx")[number % 2]
        ministry.look(f"/cycles/1/tables/index?form={form}")
        one = number % 9 + 1
        administrator.look(f"/assessments/{one}/trail", "/api/v1/openapi.json", "/questionnaires")
        if number % 5 == 0:
            administrator.look(f"/assessments/{one}/report.pdf?lang={('id', 'en')[number % 2]}")


class _Person:
    """Somebody who is signed in."""

    def __init__(self, service: Service, login: str) -> None:
        self._line = HTTPConnection(service.address.removeprefix("http://"), timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": service.address}
        body = urlencode({"login": login, "password": service.password})
        self._line.request("POST", "/sign-in", body, form)
        answer = self._line.getresponse()
        answer.read()
        self._cookie = answer.headers["set-cookie"].partition(";")[0]

    def look(self, *paths: str) -> None:
        for path in paths:
            self._line.request("GET", path, headers={"Cookie": self._cookie})
            answer = self._line.getresponse()
            answer.read()
            assert answer.status < 400, (path, answer.status)


def _held(pid: int) -> float:
    """Return the megabytes that a process and its children hold; what they share counts once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert found is not None
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(found[1]) / 1000 + sum(_held(int(child)) for child in listed)
