"""The real command, `survey-service serve`, in a process of its own, and a real Chromium."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

CHROMIUM = "/usr/bin/chromium"
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Service(Struct, frozen=True):
    """Where the service answers, and the demo's password."""

    address: str
    password: str


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
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
    found = re.search(r"password: (\S+)", _run(environment, "seed"))
    assert found is not None
    command = [sys.executable, "-m", "survey_service", "serve"]
    with subprocess.Popen(command, env=environment, cwd=folder) as running:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield Service(address, found.group(1))
        running.terminate()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    assert Path(CHROMIUM).exists(), "apt-get install chromium"
    return {"executable_path": CHROMIUM, "args": _QUIET}


def _run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "survey_service", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def _wait(address: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/health").close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)
