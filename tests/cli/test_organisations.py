"""Lists of organisations that are taken in from the command line, shown and undone there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    _run("migrate")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _import(file: str, rows: str) -> None:
    Path(file).write_text(f"name,kind\n{rows}\n")
    assert _run("organisation", "import", file, "--apply").exit_code == 0


def test_a_list_is_chosen_by_its_number_and_undone() -> None:
    _import("first.csv", "Kota Satu,city")
    _import("second.csv", "Kota Dua,city")
    listed = json.loads(_run("organisation", "undo", "--list", "--json").stdout)
    numbers = {one["file"]: str(one["number"]) for one in listed}

    shown = _run("organisation", "undo", numbers["first.csv"])
    done = _run("organisation", "undo", numbers["first.csv"], "--apply")
    again = _run("organisation", "undo", numbers["first.csv"])
    left = _run("organisation", "undo", "--list")

    assert [one["file"] for one in listed] == ["second.csv", "first.csv"]
    assert "Active: yes → no" in shown.stdout
    assert "would change" in shown.stdout
    assert "1 organisation changed back" in done.stdout
    assert again.exit_code == 1
    assert "can no longer be undone" in again.stderr
    assert "second.csv" in left.stdout
    assert "first.csv" not in left.stdout


def test_that_there_is_no_list_to_undo_is_said() -> None:
    listed = _run("organisation", "undo", "--list")
    refused = _run("organisation", "undo")

    assert "is left to undo" in listed.stdout
    assert (refused.exit_code, refused.stderr) == (1, listed.stdout)


def test_a_list_over_which_another_lies_is_refused_by_what_was_changed() -> None:
    _import("first.csv", "Kota Satu,city")
    _import("second.csv", "Kota Satu,regency")
    oldest = json.loads(_run("organisation", "undo", "--list", "--json").stdout)[-1]["number"]

    refused = _run("organisation", "undo", str(oldest), "--apply")

    assert refused.exit_code == 1
    assert "“Kota Satu” was changed after this list was imported" in refused.stderr
