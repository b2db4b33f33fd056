"""What pages cost the server that people look at most, beside a handler that does nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from tests.browser.serving import prepared, wait
from tests.samples import LIBRARY, load

_SECONDS = 3.0
_CLIENTS = 8
GOALS = {
    "/health": "a quarter of 1.4 ms",
    "first page": "0.55 of 5.9 ms",
    "fill-in page": "0.55 of 7.0 ms",
    "result page": "0.55 of 15.4 ms",
    "result page, zona-integritas": "0.2 of 108 ms",
    "score, 304": "at least 0.4",
    "report, unchanged": "at most 20 ms",
}
"""What each should take: the milliseconds are those of a hop for each statement, with the empty handler
at 0.26 ms on the same machine."""

_HZ = os.sysconf("SC_CLK_TCK")


class Cost(Struct, frozen=True):
    """Of one request: the server's CPU in milliseconds, and how many of them it answers a second."""

    what: str
    cpu: float
    rate: float


def costs(folder: Path) -> Iterator[Cost]:
    """Yield what requests cost, the empty handler's first; each is made by one client, in a row."""
    with _serving(folder) as (server, reader):
        zona = reader.answer_all(load(LIBRARY / "zona-integritas" / "2021.90.yaml"))
        for what, path, known in (
            ("empty handler", "/empty", False),
            ("/health", "/health", False),
            ("first page", "/", False),
            ("fill-in page", "/assessments/1/parts/C2", False),
            ("result page", "/assessments/1/result", False),
            ("result page, zona-integritas", f"/assessments/{zona}/result", False),
            ("score", "/api/v1/assessments/1/score", False),
            ("score, 304", "/api/v1/assessments/1/score", True),
            ("report, unchanged", "/assessments/1/report.pdf", False),
            ("report, 304", "/assessments/1/report.pdf", True),
        ):
            yield _cost(what, server, reader, path, known=known)


def downloads(folder: Path) -> tuple[float, float]:
    """Return how many papers a second eight people fetch again, and the same file as a static one."""
    with _serving(folder) as (_, reader):
        reader.first("/assessments/1/report.pdf")
        (kept,) = (folder / "files" / "reports").glob("*.pdf")
        return _together(reader, "/assessments/1/report.pdf"), _together(
            reader, f"/papers/{kept.name}"
        )


def _together(reader: "_Reader", path: str) -> float:
    """Return how many requests a second are answered to eight who ask at once."""
    together = [reader.another() for _ in range(_CLIENTS)]  # to sign in takes its time
    until = time.perf_counter() + _SECONDS

    def ask(one: "_Reader") -> int:
        count = 0
        while time.perf_counter() < until:
            one.get(path)
            count += 1
        return count

    with ThreadPoolExecutor(_CLIENTS) as pool:
        return sum(pool.map(ask, together)) / _SECONDS


def _cost(what: str, server: int, reader: "_Reader", path: str, *, known: bool) -> Cost:
    tag = reader.first(path)
    count, cpu, begin = 0, _cpu(server), time.perf_counter()
    while (took := time.perf_counter() - begin) < _SECONDS:
        reader.get(path, tag if known else "")
        count += 1
    return Cost(what, (_cpu(server) - cpu) * 1000 / count, count / took)


def _cpu(process: int) -> float:
    """Return the seconds of CPU that a process has used, its children aside."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _HZ


class _Reader:
    """Somebody who is signed in as the demo's coordinator, on one connection."""

    def __init__(self, address: str, password: str) -> None:
        self._address, self._password = address, password
        self._connection = HTTPConnection(address.removeprefix("http://"))
        self._headers: dict[str, str] = {}
        opened = self._send("POST", "/api/v1/sessions", {"login": "demo", "password": password})
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def another(self) -> "_Reader":
        """Return the same person on a connection of their own."""
        return _Reader(self._address, self._password)

    def answer_all(self, questionnaire: Questionnaire) -> int:
        """Open an assessment, answer what is asked, each as low as can be; return its id."""
        opened = {"questionnaire": questionnaire.reference}
        id_ = int(self._send("POST", "/api/v1/assessments", opened)["id"])
        for code, answer in lowest(questionnaire).items():
            path = f"/api/v1/assessments/{id_}/responses/{code}"
            self._send("PUT", path, answer, {"If-None-Match": "*"})
        return id_

    def first(self, path: str) -> str:
        """Return the tag of what is answered, once it is there: a report may have to be made first."""
        while True:
            self._connection.request("GET", path, headers=self._headers)
            answer = self._connection.getresponse()
            answer.read()
            if answer.status == 200:
                return answer.getheader("ETag") or ""
            assert answer.status == 303, (path, answer.status)

    def get(self, path: str, known: str = "") -> str:
        """Return the tag of what is answered; nothing is, where that is the `known` one."""
        headers = {**self._headers, **({"If-None-Match": known} if known else {})}
        self._connection.request("GET", path, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        assert answer.status == (304 if known else 200), (path, answer.status)
        return answer.getheader("ETag") or ""

    def _send(
        self, method: str, path: str, body: object, headers: Mapping[str, str] = {}
    ) -> dict[str, Any]:
        sent = {**self._headers, "Content-Type": "application/json", **headers}
        self._connection.request(method, path, msgspec.json.encode(body), sent)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, (path, answer.status, content)
        found: dict[str, Any] = msgspec.json.decode(content)
        return found


def lowest(questionnaire: Questionnaire) -> dict[str, Answer]:
    """Return answers to what is asked, each as low as can be."""
    found: dict[str, Answer] = {}
    for code, indicator in questionnaire.indicators.items():
        if indicator.answer_type == "option":
            worths = questionnaire.answer_values[code]
            found[code] = Answer(option=str(min(worths, key=worths.__getitem__)))
        elif indicator.ratio is not None:
            found[code] = Answer(values={one.code: Decimal(5) for one in indicator.ratio.inputs})
        else:
            found[code] = Answer(value=Decimal(3))
    return found


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[int, "_Reader"]]:
    """Serve the demo country with the empty handler; yield the server's process, and a reader."""
    service = prepared(folder)
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.benchmarks.http:app"]
    options = ["--port", service.environment["SURVEY_PORT"], "--no-access-log"]
    quiet = [*options, "--log-level", "warning"]
    with subprocess.Popen([*command, *quiet], env=service.environment) as server:
        try:
            wait(f"{service.address}/health")
            yield server.pid, _Reader(service.address, service.password)
        finally:
            server.terminate()
