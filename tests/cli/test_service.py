"""Setting up, filling and looking after an installation from the command line."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.store.schema import newest
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


def commands(group: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every command below a group, by its words."""
    if not isinstance(group, click.Group):
        return [path]
    below = (commands(command, (*path, name)) for name, command in group.commands.items())
    return [found for each in below for found in each]


def test_nothing_runs_on_a_database_that_is_not_migrated() -> None:
    for command in (("seed",), ("serve",), ("questionnaire", "publish", str(TINY / "x.yaml"))):
        result = run(*command)
        assert result.exit_code == 1
        assert "survey-service migrate" in result.stderr or "cannot be read" in result.stderr


USING = [
    ("migrate",),
    ("seed",),
    ("serve",),
    ("work",),
    ("reseal",),
    ("backup", "all.tar.gz"),
    ("restore", "newer.tar.gz"),
    ("questionnaire", "publish", str(TINY / "two_dimensions.yaml")),
    ("organisation", "import", "agencies.csv"),
    ("organisation", "import", "agencies.csv", "--apply"),
    ("organisation", "undo"),
    (
        "user",
        "add",
        "x",
        "--name",
        "x",
        "--role",
        "auditor",
        "--organisation",
        "x",
        "--kind",
        "city",
    ),
    ("audit", "verify"),
    ("audit", "verify", "--deep"),
    ("audit", "checkpoint"),
    ("audit", "prove", "1"),
    ("audit", "key"),
    ("audit", "attempts"),
    ("release", "1", "-o", "released"),
    ("export", "all"),
]
"""Every command that uses the database, but `doctor`, which tells of it among other things."""


FILES_ALONE = {
    "questionnaire list", "questionnaire check", "questionnaire diff", "questionnaire schema",
    "questionnaire workbook", "questionnaire read", "workbook write", "workbook read",
    "score", "report", "verify", "demo-certificate", "roadmap", "analyse", "doctor",
    "check-release",
}  # fmt: skip


def _named(command: tuple[str, ...]) -> str:
    """Return the words of a command that is called with some arguments."""
    known = {" ".join(path) for path in commands(main, ())}
    return next(" ".join(command[:n]) for n in (1, 2) if " ".join(command[:n]) in known)


def test_a_database_of_a_newer_program_is_refused_in_words_by_every_command(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installation)
    (installation / "agencies.csv").write_text("name,kind\nKota Contoh,city\n")
    run("migrate")
    path = installation / "data" / "survey.db"
    with sqlite3.connect(path) as raw:
        raw.execute("update alembic_version set version_num = '9999'")
    raw.close()
    with tarfile.open("newer.tar.gz", "w:gz") as archive:
        archive.add(path, "survey.db")
    before = _dump(path)

    for command in USING:
        if command[0] == "restore":
            monkeypatch.setenv("SURVEY_DATABASE", str(installation / "elsewhere.db"))
        result = run(*command)
        monkeypatch.setenv("SURVEY_DATABASE", str(path))

        assert result.exit_code == 1, (command, result.output)
        newer = "is at revision 9999, of a newer program"
        if command[0] == "restore":
            newer = "another version of this program (revision 9999)"
        assert newer in result.stderr, command
    using = {" ".join(path) for path in commands(main, ())} - FILES_ALONE
    assert using == {_named(command) for command in USING}
    examined = run("doctor")
    assert "install the newer program" in examined.stdout
    assert _dump(path) == before
    assert not (installation / "elsewhere.db").exists()


def _dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as raw:
        found = list(raw.iterdump())
    raw.close()
    return found


def test_seeding_prints_a_sign_in() -> None:
    assert run("migrate").stdout == f"{newest()}\n"

    result = run("seed")

    assert result.exit_code == 0
    assert result.stdout.startswith("demo sign-in: demo  password: ")


def test_arithmetic_of_a_command_keeps_to_one_core() -> None:
    counting = (
        "from survey_service.cli import main\n"
        "main(['questionnaire', 'schema'], standalone_mode=False)\n"
        "import numpy\n"
        "numpy.ones((500, 500)) @ numpy.ones((500, 500))\n"
        "import os; print(len(os.listdir('/proc/self/task')))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", counting], check=True, capture_output=True, text=True
    )

    assert done.stdout.splitlines()[-1] == "1"


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


def test_doctor_takes_back_what_an_earlier_version_let_others_read(installation: Path) -> None:
    run("migrate")
    database, files = installation / "data" / "survey.db", installation / "data" / "files"
    files.mkdir(exist_ok=True)
    database.chmod(0o644)
    files.chmod(0o755)

    before, mended = run("doctor"), run("doctor", "--mend")

    assert before.stdout.count("NO  private") == 2
    assert mended.exit_code == 0, mended.stdout
    assert (database.stat().st_mode & 0o777, files.stat().st_mode & 0o777) == (0o600, 0o700)


def test_doctor_names_what_somebody_damaged_and_how_to_mend_it(tmp_path: Path) -> None:
    run("migrate")
    run("seed")
    database = sqlite3.connect(tmp_path / "data" / "survey.db")
    with database:
        database.execute(
            "update organisation set attributes = '{\"population\": null}' where id = 1"
        )
        database.execute("update questionnaire set name = '{' where code = 'gtmi'")
    database.close()

    found = run("doctor")
    library = Path(__file__).parents[2] / "questionnaires"
    run("questionnaire", "publish", str(next(library.glob("gtmi/*.yaml"))))
    mended = run("doctor")

    assert found.exit_code == 1
    assert "organisation id=1: attributes" in found.stdout
    assert "write the attributes anew" in found.stdout
    assert "questionnaire code=gtmi" in found.stdout
    assert "gtmi" not in mended.stdout


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


def test_doctor_scores_every_result_anew_and_names_what_differs(installation: Path) -> None:
    run("migrate")
    run("seed")
    well = run("doctor", "--recompute")
    _edit(installation, "update assessment set answered = 0 where state = 'final'")
    _edit(installation, "update response set answer = '{\"level\":1}' where indicator = 'M1.1'")

    found = run("doctor", "--recompute")
    mended = run("doctor", "--recompute", "--mend")
    left = json.loads(run("doctor", "--recompute", "--json").stdout)

    assert well.exit_code == 0, well.stdout
    assert "ok  results: ok" in well.stdout
    assert found.exit_code == mended.exit_code == 1
    assert "NO  results: assessment 2, final: M1.1 " in found.stdout
    assert "NO  results: assessment 2: progress 0/49 → 49/49" in found.stdout
    assert "ok  results: assessment 2: progress 0/49 → 49/49" in mended.stdout
    wrong = [one["found"] for one in left if not one["well"]]
    assert wrong
    assert not any("progress" in one for one in wrong)


def test_the_service_does_not_start_before_results_are_there(installation: Path) -> None:
    run("migrate")
    run("seed")
    _edit(installation, "update assessment set total = null")

    served, examined, migrated = run("serve"), run("doctor"), run("migrate")

    assert served.exit_code == 1
    assert "run survey-service migrate" in served.stderr
    assert "NO  database: Assessments from before" in examined.stdout
    assert migrated.stderr.startswith("results: ")
    assert run("doctor").exit_code == 0


def _edit(installation: Path, statement: str) -> None:
    with sqlite3.connect(installation / "data" / "survey.db") as connection:
        connection.execute(statement)
