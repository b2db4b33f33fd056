"""The audit trail from the command line: whole or not, its head, its proofs, its key."""

import json
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.conduct.checkpoints import Checkpoint, key_in, new_key, opened, signed
from tests.samples import ROOT, TINY

WHOLE = "The audit trail is whole.\n"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "survey.db"
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.setenv("SURVEY_DATABASE", str(path))
    monkeypatch.setenv("SURVEY_FILES", str(tmp_path / "files"))
    run("migrate")
    run("audit", "key")
    run("questionnaire", "publish", str(TINY / "two_dimensions.yaml"), str(TINY / "kinds.yaml"))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _attack(database: Path, *statements: str) -> None:
    with sqlite3.connect(database) as raw:
        for table in ("entry", "leaf"):
            raw.execute(f"drop trigger {table}_no_update")
            raw.execute(f"drop trigger {table}_no_delete")
        for statement in statements:
            raw.execute(statement)
    raw.close()


def _kept(folder: Path, note: str | None = None) -> str:
    path = folder / "kept.txt"
    path.write_text(run("audit", "checkpoint").stdout if note is None else note)
    return str(path)


def test_a_whole_trail_is_said_to_be_whole(database: Path, tmp_path: Path) -> None:
    kept = _kept(tmp_path)
    run("questionnaire", "publish", str(TINY / "answers.yaml"))

    result = run("audit", "verify", "--checkpoint", kept, "--checkpoint", _kept(tmp_path))

    assert (result.exit_code, result.stdout) == (0, WHOLE)
    assert run("audit", "verify", "--deep").stdout == (
        "The audit trail is whole, and accounts for what stands in the database.\n"
    )


def test_a_changed_entry_is_named(database: Path) -> None:
    _attack(database, "update entry set about = 'other@1' where id = 2")

    result = run("audit", "verify")

    assert result.exit_code == 1
    assert "Audit entry 2 was changed." in result.stderr
    assert json.loads(run("audit", "verify", "--json").stdout) == [
        {"reason": "changed", "number": 2}
    ]


def test_an_end_that_was_cut_off_is_found_by_a_kept_checkpoint(
    database: Path, tmp_path: Path
) -> None:
    kept = _kept(tmp_path)
    _attack(database, "delete from leaf where number = 3", "delete from entry where id = 3")

    assert run("audit", "verify").exit_code == 0
    shorter = run("audit", "verify", "--checkpoint", kept)
    assert shorter.exit_code == 1
    assert "shorter than the kept checkpoint of size 3" in shorter.stderr


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("hello", "this is no checkpoint"),
        ("\udcff", "this is no checkpoint"),
        ("other", "the checkpoint is of the log other.example/log"),
        ("forged", "the signature of 127.0.0.1/audit/"),
    ],
)
def test_a_checkpoint_that_is_none_of_ours_is_refused_in_words(
    database: Path, tmp_path: Path, note: str, words: str
) -> None:
    key = key_in(run("audit", "key").stdout.strip())
    assert key is not None
    notes = {
        "other": signed(Checkpoint("other.example/log", 1, bytes(32)), new_key()),
        "forged": signed(Checkpoint(key.name, 1, bytes(32)), new_key()),
    }
    path = tmp_path / "kept.txt"
    path.write_bytes(notes.get(note, note).encode(errors="surrogateescape"))

    result = run("audit", "verify", "--checkpoint", str(path))

    assert result.exit_code == 1
    assert f"{path}: {words}" in result.stderr


def test_a_checkpoint_that_is_not_there_is_told(database: Path) -> None:
    result = run("audit", "verify", "--checkpoint", "nowhere.txt")

    assert result.exit_code == 1
    assert "nowhere.txt: the file cannot be read" in result.stderr


def test_the_head_is_a_note_that_the_key_has_signed(database: Path) -> None:
    key = key_in(run("audit", "key").stdout.strip())
    assert key is not None

    head = opened(run("audit", "checkpoint").stdout, key)

    assert (head.origin, head.size) == (key.name, 3)
    assert re.fullmatch(r"127\.0\.0\.1/audit/[0-9a-f]{8}", head.origin)


def test_the_name_of_the_log_stays_when_the_address_changes(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("audit", "key").stdout

    monkeypatch.setenv("SURVEY_PUBLIC", "https://survey.example")

    assert run("audit", "key").stdout == before


def test_a_proof_is_in_the_format_that_others_read(database: Path) -> None:
    lines = run("audit", "prove", "2").stdout.split("\n")

    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert json.loads(b64decode(lines[1].removeprefix("extra ")))["about"] == "two-dimensions@1"
    assert lines[2] == "index 1"
    assert [len(b64decode(line)) for line in lines[3:5]] == [32, 32]
    assert "\n".join(lines[6:]) == run("audit", "checkpoint").stdout


@pytest.mark.parametrize("number", ["0", "4", "-1", str(2**70)])
def test_a_proof_of_what_is_not_there_is_refused_in_words(database: Path, number: str) -> None:
    result = run("audit", "prove", "--", number)

    assert result.exit_code == 1
    assert f"The log has no entry {number}." in result.stderr


def test_a_number_that_is_none_is_wrong_usage(database: Path) -> None:
    assert run("audit", "prove", "first").exit_code == 2


def test_a_key_whose_secret_is_gone_is_told_and_comes_back_with_it(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("audit", "checkpoint").stdout

    monkeypatch.setenv("SURVEY_SECRET", "n" * 32)
    gone = run("audit", "checkpoint")
    made = Path(f"{database}-secret").read_text().strip()
    monkeypatch.setenv("SURVEY_SECRET", f"{'n' * 32},{made}")
    resealed = run("reseal")
    monkeypatch.setenv("SURVEY_SECRET", "n" * 32)

    assert gone.exit_code == 1
    assert "survey-service reseal" in gone.stderr
    assert resealed.stdout == "1\n"
    assert run("audit", "checkpoint").stdout.split("\n")[0] == before.split("\n")[0]
    assert run("audit", "key").exit_code == 0


def _script() -> str:
    """Return the script for auditors that the README prints."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (script,) = (block for block in blocks if "checkpoint" in block)
    return str(script)


def _checked(folder: Path, proof: str, key: str) -> subprocess.CompletedProcess[str]:
    (folder / "check.py").write_text(_script())
    (folder / "proof.json").write_text(proof)
    command = [sys.executable, "-I", "check.py", "proof.json", key]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_stranger_checks_a_proof_with_the_script_of_the_readme(
    database: Path, tmp_path: Path
) -> None:
    run("questionnaire", "publish", str(TINY / "answers.yaml"), str(TINY / "units.yaml"))
    key = run("audit", "key").stdout.strip()

    for number in range(1, 6):
        proof = run("audit", "prove", str(number), "--json").stdout
        found = _checked(tmp_path, proof, key)
        assert found.returncode == 0, found.stderr
        assert f"entry {number} of 5 in 127.0.0.1/audit/" in found.stdout

    assert len(_script().splitlines()) <= 45


@pytest.mark.parametrize("what", ["leaf", "index", "size", "hashes", "checkpoint", "key"])
def test_the_script_of_the_readme_refuses_what_was_changed(
    database: Path, tmp_path: Path, what: str
) -> None:
    proof = json.loads(run("audit", "prove", "2", "--json").stdout)
    key = run("audit", "key").stdout.strip()
    if what == "leaf":
        proof["leaf"] = proof["leaf"].replace("two-dimensions", "one-dimension")
    elif what in {"index", "size"}:
        proof[what] += 1
    elif what == "hashes":
        proof["hashes"] = proof["hashes"][:-1]
    elif what == "checkpoint":
        head = Checkpoint("127.0.0.1/audit/0", 3, bytes(32))
        proof["checkpoint"] = signed(head, new_key())
    else:
        key = key.partition("+")[0] + "+00000000+" + "A" * 44

    found = _checked(tmp_path, json.dumps(proof), key)

    assert found.returncode == 1
    assert "NOT" in found.stderr


def test_what_strangers_tried_is_listed(database: Path) -> None:
    with sqlite3.connect(database) as raw:
        raw.execute(
            "insert into tally values ('2026-01-01', 'session.refuse', '10.0.0.1', 7, "
            "'2026-01-01 10:00:00.000000')"
        )
    raw.close()

    assert run("audit", "attempts").stdout == "2026-01-01        7  session.refuse      10.0.0.1\n"
    assert json.loads(run("audit", "attempts", "--json").stdout)[0]["count"] == 7
