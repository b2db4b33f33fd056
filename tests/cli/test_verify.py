"""`survey-service verify`: five results in words, and an exit code that programs can go by."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.operations.test_verifying import the_claim
from tests.proofs import KEY, growth, issued, kept


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "report.pdf"
    file.write_bytes(issued())
    return file


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def test_a_proven_report_is_told_in_words_and_ends_with_0(file: Path, tmp_path: Path) -> None:
    key, head, grown = (tmp_path / name for name in ("key", "head", "grown"))
    key.write_text(KEY.line)
    head.write_text(kept(3, the_claim()))
    shown = growth(3, 7, the_claim())
    grown.write_text(json.dumps({"old": 3, "size": 7, "hashes": shown.hashes, "checkpoint": ""}))

    found = _run(file, "--key", key, "--checkpoint", head, "--consistency", grown, "--lang", "id")
    typed = _run(file, "--key", KEY.line)

    assert typed.exit_code == 0, typed.output
    assert found.exit_code == 0, found.output
    assert "3. Indeks" in found.output
    assert "indeksnya 4.00 (4/1)" in found.output
    assert "Log ini adalah log yang titik periksanya, berukuran 3, Anda simpan." in found.output
    assert found.output.endswith("dengan kunci yang Anda berikan.\n")


def test_without_a_key_it_ends_with_1_and_says_why(file: Path) -> None:
    found = _run(file, "--lang", "en", "--json")
    told = _run(file, "--lang", "en")

    assert found.exit_code == told.exit_code == 1
    assert json.loads(found.stdout)["proven"] is False
    assert "Not proven" in told.stderr


def test_what_is_no_report_ends_with_1_and_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"GIF89a")

    found = _run(file)

    assert found.exit_code == 1
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1


def test_a_demo_certificate_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "demo.p12"

    made = CliRunner().invoke(main, ["demo-certificate", str(file)])

    assert made.exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
