"""The real command, `survey-service serve`, in a process of its own."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct, structs

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [  # Chromium as root, and without the calls home that its console would tell of
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Service(Struct, frozen=True):
    """Where the service answers, the demo's password, its commands' environment, and its process."""

    address: str
    password: str
    environment: dict[str, str]
    pid: int = 0

    def add(self, login: str, role: str, organisation: str, kind: str) -> str:
        """Add a person by the command that administrators have; return their password."""
        where = ["--organisation", organisation, "--kind", kind]
        said = _run(self.environment, "user", "add", login, "--name", login, "--role", role, *where)
        return said.rpartition("password: ")[2].strip()


@contextmanager
def serving(folder: Path, *, demo: bool = True) -> Iterator[Service]:
    """Migrate, seed where a `demo` is wanted, and serve in a folder; stop at the end."""
    service = prepared(folder) if demo else migrated(folder)
    command = [sys.executable, "-m", "survey_service", "serve"]
    with subprocess.Popen(command, env=service.environment, cwd=folder) as running:
        try:
            wait(f"{service.address}/health")
            yield structs.replace(service, pid=running.pid)
        finally:
            running.terminate()


def prepared(folder: Path) -> Service:
    """Migrate and seed in a folder; return the service as it can be started."""
    service = migrated(folder)
    found = re.search(r"password: (\S+)", _run(service.environment, "seed"))
    assert found is not None
    return structs.replace(service, password=found.group(1))


def migrated(folder: Path) -> Service:
    """Migrate in a folder, where nobody is known yet; return the service as it can be started."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,  # noqa: TID251 - for the child
        "SURVEY_DATABASE": str(folder / "survey.db"),
        "SURVEY_FILES": str(folder / "files"),
        "SURVEY_PORT": str(port),
    }
    _run(environment, "migrate")
    return Service(f"http://127.0.0.1:{port}", "", environment)


def wait(url: str) -> bytes:
    """Return the first answer that a server which is starting gives."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(url) as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "survey_service", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout
