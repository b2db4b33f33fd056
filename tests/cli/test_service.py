"""Setting up, filling and looking after an installation from the command line."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.browser.serving import wait
from tests.samples import TINY


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.setenv("SURVEY_DATABASE", str(tmp_path / "data" / "survey.db"))
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "data" / "files"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_nothing_runs_on_a_database_that_is_not_migrated() -> None:
    for command in (("seed",), ("serve",), ("questionnaire", "publish", str(TINY / "x.yaml"))):
        result = run(*command)
        assert result.exit_code == 1
        assert "survey-service migrate" in result.stderr or "cannot be read" in result.stderr


def test_seeding_prints_a_sign_in() -> None:
    assert run("migrate").stdout == "0013\n"

    result = run("seed")

    assert result.exit_code == 0
    assert result.stdout.startswith("demo sign-in: demo  password: ")


def test_publishing_names_version_and_digest_and_refuses_a_change(tmp_path: Path) -> None:
    run("migrate")
    path = tmp_path / "two.yaml"
    path.write_text((TINY / "two_dimensions.yaml").read_text())

    published = run("questionnaire", "publish", str(path))
    path.write_text(path.read_text().replace("Merit", "Merits"))
    changed = run("questionnaire", "publish", str(path))

    assert published.stdout.startswith("two-dimensions@1  ")
    assert changed.exit_code == 1
    assert "A published version never changes" in changed.stderr


def test_doctor_says_what_is_missing_and_how_to_get_it() -> None:
    before = run("doctor")
    run("migrate")
    after = run("doctor")

    assert before.exit_code == 1
    assert "NO  database" in before.stdout
    assert "survey-service migrate" in before.stdout
    assert after.exit_code == 0, after.stdout
    found = json.loads(run("doctor", "--json").stdout)
    assert all(one["well"] for one in found)


def test_two_processes_do_not_write_to_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_WORKERS", "2")

    served, examined = run("serve"), run("doctor")

    assert served.exit_code == 1
    assert "SURVEY_WORKERS=2: expected 1, or SURVEY_DATABASE=postgresql://" in served.stderr
    assert "NO  SQLite" in examined.stdout


def test_doctor_tells_of_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", "postgresql://nobody@127.0.0.1:9/none")

    result = run("doctor")

    assert result.exit_code == 1
    assert "mend SURVEY_DATABASE" in result.stdout


def test_the_service_starts_answers_and_stops(installation: Path) -> None:
    run("migrate")
    with _serving() as (service, address):
        assert wait(f"{address}/health") == b'{"status":"ok"}'
        service.send_signal(signal.SIGTERM)
        output, _ = service.communicate(timeout=20)

    assert address in output


def test_a_killed_service_has_lost_no_save_that_it_confirmed(installation: Path) -> None:
    run("migrate")
    password = run("seed").stdout.splitlines()[0].split()[-1]
    confirmed = 0
    with _serving() as (service, address):
        wait(f"{address}/health")
        who = _send("POST", f"{address}/api/v1/sessions", login="demo", password=password)
        threading.Timer(1.5, service.kill).start()
        with suppress(OSError, HTTPException):
            while True:
                _save(address, str(who["token"]), confirmed + 1)
                confirmed += 1

    with sqlite3.connect(installation / "data" / "survey.db") as database:
        query = "select count(*), max(revision) from revision where assessment_id = 1 and indicator = 'M1.1'"
        count, newest = database.execute(query).fetchone()
    assert confirmed > 10
    assert count == newest  # no revision is missing on the way
    assert newest - 1 in {confirmed, confirmed + 1}  # the last one may not have been confirmed


def _save(address: str, token: str, revision: int) -> None:
    _send(
        "PUT",
        f"{address}/api/v1/assessments/1/responses/M1.1",
        headers={"Authorization": f"Bearer {token}", "If-Match": f'"{revision}"'},
        level=revision % 5 + 1,
        note=f"save {revision}",
    )


def _send(
    method: str, url: str, headers: dict[str, str] | None = None, **body: object
) -> dict[str, object]:
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=5) as answer:
        found: dict[str, object] = json.loads(answer.read())
        return found


@contextmanager
def _serving() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SURVEY_PORT": str(port)}  # noqa: TID251 - for the child
    command = [sys.executable, "-m", "survey_service", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as service:
        try:
            yield service, f"http://127.0.0.1:{port}"
        finally:
            service.kill()
