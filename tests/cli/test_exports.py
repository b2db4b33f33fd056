"""All results as Parquet from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.cli.service import with_store, writing
from survey_service.operations.questionnaires import publish
from tests.country import settle
from tests.cycles import run_cycle
from tests.samples import TINY


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.setenv("SURVEY_DATABASE", str(tmp_path / "survey.db"))
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "files"))
    run("migrate")


def test_export_says_where_it_wrote_what_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    writing(publish, (TINY / "two_dimensions.yaml").read_bytes(), "two_dimensions.yaml")
    country = with_store(settle)
    writing(run_cycle, country, "Cycle 2026", {"Kabupaten 1": 2, "Kabupaten 2": 4})

    written = run("export", "all")
    again = run("export", "all")
    replaced = run("export", "all", "--replace")

    folder = tmp_path / "files" / "national" / "all" / "two-dimensions-1"
    assert written.exit_code == 0, written.output
    assert written.stdout == f"{folder}: cycles: 1, rows: 2, 0.0 MB\n"
    assert written.stderr == "Cycle 2026 is written\n"
    assert sorted(path.name for path in folder.rglob("*.parquet")) == [
        "columns.parquet",
        "cycles.parquet",
        "part-00000.parquet",
    ]
    assert again.exit_code == 1
    assert "There is an export called all already" in again.stderr
    assert replaced.exit_code == 0


def test_export_without_a_cycle_or_under_a_name_that_is_none_says_so() -> None:
    nothing = run("export", "all")
    elsewhere = run("export", "../all")

    assert nothing.exit_code == 1
    assert nothing.stderr.strip() == "No cycle has been opened yet, so there are no results."
    assert elsewhere.exit_code == 2
