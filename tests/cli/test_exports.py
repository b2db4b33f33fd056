"""All results as Parquet from the command line."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from survey_service import clock
from survey_service.cli import exports, main
from survey_service.cli.service import with_store, writing
from survey_service.operations.questionnaires import publish
from survey_service.store import jobs
from survey_service.store.database import Writer
from survey_service.store.tables.jobs import job
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


def _run_cycles(*names: str) -> None:
    writing(publish, (TINY / "two_dimensions.yaml").read_bytes(), "two_dimensions.yaml")
    country = with_store(settle)
    for name in names:
        writing(run_cycle, country, name, {"Kabupaten 1": 2, "Kabupaten 2": 4})


def test_export_says_where_it_wrote_what_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    _run_cycles("Cycle 2026")

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


def _cancel(tx: Writer) -> None:
    """Cancel what is being done, as somebody does who sees it among the jobs."""
    (running,) = tx.execute(sa.select(job.c.id).where(job.c.state == "running")).scalars()
    jobs.cancel(tx, running, clock.now())


def test_an_export_that_somebody_cancels_does_not_pass_for_the_one_it_was_to_replace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _run_cycles("Cycle 2025", "Cycle 2026")
    run("export", "all")
    others = ThreadPoolExecutor()

    def cancelling(_: str, __: str) -> None:
        others.submit(writing, _cancel).result()

    monkeypatch.setattr(exports, "_tell", cancelling)  # between the first cycle and the second
    cancelled = run("export", "all", "--replace")

    assert cancelled.exit_code == 1
    assert cancelled.stdout == ""
    assert cancelled.stderr.strip() == "This is no longer possible: it is cancelled."
