"""Checking the audit trail from the command line, and finding what raw SQL has bent."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.samples import TINY


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "survey.db"
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.setenv("SURVEY_DATABASE", str(path))
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "files"))
    run("migrate")
    run("questionnaire", "publish", str(TINY / "two_dimensions.yaml"), str(TINY / "kinds.yaml"))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _attack(database: Path, statement: str) -> None:
    with sqlite3.connect(database) as raw:
        raw.execute("drop trigger audit_no_update")
        raw.execute("drop trigger audit_no_delete")
        raw.execute(statement)
    raw.close()


def test_a_whole_trail_is_said_to_be_whole(database: Path) -> None:
    head = run("audit", "head").stdout.strip()

    result = run("audit", "verify", "--head", head)

    assert (result.exit_code, result.stdout) == (0, "The audit trail is whole.\n")
    assert head.startswith("2:")


def test_a_changed_entry_is_named(database: Path) -> None:
    _attack(database, "update audit set about = 'other@1' where number = 1")

    result = run("audit", "verify")

    assert result.exit_code == 1
    assert "Audit entry 1 was changed." in result.stderr
    assert json.loads(run("audit", "verify", "--json").stdout) == [
        {"number": 1, "reason": "changed"}
    ]


def test_a_trail_whose_end_was_cut_off_is_found_by_a_kept_head(database: Path) -> None:
    head = run("audit", "head").stdout.strip()
    _attack(database, "delete from audit where number = 2")

    assert run("audit", "verify").exit_code == 0
    assert "Audit entry 2 was removed." in run("audit", "verify", "--head", head).stderr


def test_a_head_that_is_none_is_wrong_usage(database: Path) -> None:
    assert run("audit", "verify", "--head", "yesterday").exit_code == 2
