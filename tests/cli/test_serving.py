"""The real service as processes: one on a file, several on a server, none left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import Struct

from survey_service.cli import main
from tests.browser.serving import wait
from tests.processes import left_of_session, of_session
from tests.samples import PASSWORD, TINY


class Running(Struct, frozen=True):
    """A service that runs: its first process, its port, and where it answers."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serve(database: str, folder: Path, *options: str, **settings: str) -> Iterator[Running]:
    """Serve in a session of its own, so that all its processes can be found, and ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,  # noqa: TID251 - for the child
        "SURVEY_DATABASE": database,
        "SURVEY_FILES": str(folder / "files"),
        "SURVEY_QUESTIONNAIRES": str(TINY),
        "SURVEY_LANGUAGE": "en",
        "SURVEY_PORT": str(port),
        **settings,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "survey_service", "serve", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Running(process, port)
        finally:
            for left in of_session(process.pid):
                os.kill(left, signal.SIGKILL)


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("signalled", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_first_process_ends_them_all(
    database: str, tmp_path: Path, signalled: signal.Signals
) -> None:
    workers = "2" if database.startswith("postgresql") else "1"
    with serve(database, tmp_path, SURVEY_WORKERS=workers) as running:
        wait(f"{running.address}/health")

        running.process.send_signal(signalled)

        running.process.wait(20)
        assert left_of_session(running.process.pid) == []
        assert _is_free(running.port)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_all_workers_are_counted_whichever_is_asked(database: str, tmp_path: Path) -> None:
    with serve(database, tmp_path, SURVEY_WORKERS="2") as running:
        for _ in range(40):
            wait(f"{running.address}/health")

        told = {wait(f"{running.address}/metrics").decode() for _ in range(6)}

    counted = {
        int(float(found[1]))
        for text in told
        if (found := re.search(r'survey_answers_total{method="GET",status="200"} (\S+)', text))
    }
    assert min(counted) >= 40  # each further answer counts as well


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_second_service_on_one_file_is_refused(database: str, tmp_path: Path) -> None:
    with serve(database, tmp_path) as first:
        wait(f"{first.address}/health")

        with serve(database, tmp_path) as second:
            _, said = second.process.communicate(timeout=20)

        assert second.process.returncode == 1
        assert f"{database} is already served" in said
        assert wait(f"{first.address}/health") == b'{"status":"ok"}'


def test_a_new_database_is_made_by_the_service_where_it_is_told_to(tmp_path: Path) -> None:
    with serve(str(tmp_path / "new" / "survey.db"), tmp_path, "--migrate") as running:
        ready = wait(f"{running.address}/ready")

    assert ready == b'{"status":"ok"}'


def _send(url: str, headers: dict[str, str], **body: object) -> dict[str, object]:
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST")
    for name, value in {"Content-Type": "application/json", **headers}.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=5) as answer:
        found: dict[str, object] = json.loads(answer.read())
        return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_killed_upload_leaves_is_found_and_mended(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", database)
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "files"))
    with serve(database, tmp_path) as running:
        wait(f"{running.address}/health")
        api = f"{running.address}/api/v1"
        who = _send(f"{api}/sessions", {}, login="alice", password=PASSWORD)
        headers = {"Authorization": f"Bearer {who['token']}"}
        opened = _send(f"{api}/assessments", headers, questionnaire="two-dimensions@1")
        with socket.create_connection(("127.0.0.1", running.port)) as half:
            path = f"/api/v1/assessments/{opened['id']}/responses/A/evidence/files?name=a.pdf"
            half.sendall(
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/pdf\r\n"
                f"Authorization: Bearer {who['token']}\r\nContent-Length: 3000000\r\n\r\n%PDF-".encode()
            )
            half.sendall(bytes(2_000_000))  # what is smaller is let in once it is whole
            for _ in range(400):
                if _files(tmp_path):
                    break
                time.sleep(0.05)
            running.process.kill()
            running.process.wait(20)
    left = _files(tmp_path)

    found, mended = (CliRunner().invoke(main, ("doctor", *option)) for option in ((), ("--mend",)))

    assert len(left) == 1
    assert "cut_off" in found.stdout
    assert "cut_off" not in mended.stdout
    assert _files(tmp_path) == []


def _files(folder: Path) -> list[Path]:
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_listens_everywhere_says_that_it_answers_this_machine_alone(
    database: str, tmp_path: Path
) -> None:
    everywhere = "0.0.0.0"
    with serve(database, tmp_path, SURVEY_HOST=everywhere) as running:
        assert running.process.stdout is not None
        said = running.process.stdout.readline()
        here = wait(f"{running.address}/health")
        foreign = urllib.request.Request(f"{running.address}/health", headers={"Host": "x.example"})
        with pytest.raises(urllib.error.HTTPError) as elsewhere:
            urllib.request.urlopen(foreign, timeout=5)
        elsewhere.value.close()

    assert said.startswith(f"http://localhost:{running.port}  answers localhost alone")
    assert here == b'{"status":"ok"}'
    assert elsewhere.value.code == 421
    assert Path(f"{database}-secret").stat().st_mode & 0o777 == 0o600
