"""Adding people, and keeping a copy of everything, from the command line."""

import asyncio
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.store import organisations
from survey_service.store.database import connect
from tests.samples import TINY

BUDI = (
    "--name",
    "Budi",
    "--role",
    "coordinator",
    "--organisation",
    "Kota Contoh",
    "--kind",
    "city",
)


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    _use(tmp_path / "first", monkeypatch)
    run("migrate")
    return tmp_path


def _use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", str(folder / "survey.db"))
    monkeypatch.setenv("SURVEY_FILES", str(folder / "files"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def _organisation(folder: Path) -> tuple[str, dict[str, object]]:
    async def read() -> tuple[str, dict[str, object]]:
        db = connect(str(folder / "survey.db"))
        try:
            found = await db.read(organisations.fetch, 1)
        finally:
            await db.close()
        return found.kind, dict(found.attributes)

    return asyncio.run(read())


def test_a_person_is_added_with_a_password_shown_once(installation: Path) -> None:
    attributes = ("--attribute", "population=120000", "--attribute", "island=Jawa")

    added = run("user", "add", "budi", *BUDI, *attributes)
    again = run("user", "add", "budi", *BUDI)

    assert added.exit_code == 0
    assert added.stdout.startswith("sign-in: budi  password: ")
    assert again.stdout != added.stdout
    assert _organisation(installation / "first") == (
        "city",
        {"population": 120000, "island": "Jawa"},
    )
    assert run("audit", "verify", "--deep").exit_code == 0


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [("coordinator", "king", "coordinator, inspector"), ("city", "village", "ministry, body")],
)
def test_an_unknown_role_or_kind_is_told_with_those_there_are(
    was: str, becomes: str, words: str
) -> None:
    result = run("user", "add", "budi", *(becomes if one == was else one for one in BUDI))

    assert result.exit_code == 1
    assert words in result.stderr


def test_an_attribute_without_a_value_is_wrong_usage() -> None:
    assert run("user", "add", "budi", *BUDI, "--attribute", "population").exit_code == 2


def test_a_backup_brings_everything_back(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("questionnaire", "publish", str(TINY / "two_dimensions.yaml"))
    (installation / "first" / "files" / "reports").mkdir(parents=True)
    (installation / "first" / "files" / "reports" / "a.pdf").write_bytes(b"%PDF")
    head = run("audit", "checkpoint").stdout

    saved = run("backup", str(installation / "all.tar.gz"))
    _use(installation / "second", monkeypatch)
    restored = run("restore", str(installation / "all.tar.gz"))

    assert (saved.exit_code, restored.exit_code) == (0, 0)
    assert run("audit", "checkpoint").stdout == head
    assert (installation / "second" / "files" / "reports" / "a.pdf").read_bytes() == b"%PDF"


def test_nothing_is_overwritten(installation: Path) -> None:
    archive = installation / "all.tar.gz"
    run("backup", str(archive))

    again, over = run("backup", str(archive)), run("restore", str(archive))

    assert (again.exit_code, over.exit_code) == (1, 1)
    assert "nothing is overwritten" in again.stderr
    assert "nothing is overwritten" in over.stderr


def test_without_a_database_there_is_nothing_to_back_up(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _use(installation / "none", monkeypatch)

    assert "there is no database here" in run("backup", str(installation / "x.tar.gz")).stderr


@pytest.mark.parametrize("content", [b"", b"not an archive", None])
def test_what_is_no_backup_is_refused_and_leaves_nothing(
    installation: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    archive = installation / "bad.tar.gz"
    if content is None:
        inside = installation / "inside"
        inside.write_text("x")
        with tarfile.open(archive, "w:gz") as opened:
            opened.add(inside, "survey.db")
            opened.add(inside, "files/../../escaped")
    else:
        archive.write_bytes(content)
    _use(installation / "second", monkeypatch)

    result = run("restore", str(archive))

    assert result.exit_code == 1
    assert "no whole backup" in result.stderr
    assert not (installation / "second" / "survey.db").exists()
    assert not (installation / "escaped").exists()


def test_a_server_is_backed_up_with_its_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_DATABASE", "postgresql://nobody@127.0.0.1:9/none")

    assert "pg_dump" in run("backup", "x.tar.gz").stderr


def test_a_list_of_organisations_is_shown_before_it_is_taken_in(installation: Path) -> None:
    path = installation / "agencies.csv"
    path.write_text(
        "name;kind;parent;population\nKota Contoh;city;Provinsi;120000\nProvinsi;province;;\n"
    )

    shown = run("organisation", "import", str(path))
    taken = run("organisation", "import", str(path), "--apply")
    again = run("organisation", "import", str(path), "--json")

    assert shown.stdout.splitlines() == [
        "+ Provinsi (province) < -",
        "+ Kota Contoh (city) < Provinsi",
        "2 organisations would change; --apply does it",
    ]
    assert "2 organisations taken in" in taken.stdout
    assert again.stdout == '{"changes":[],"misfits":[]}\n'


def test_a_row_that_cannot_be_taken_is_told_with_its_line(installation: Path) -> None:
    path = installation / "agencies.csv"
    path.write_text("name,kind\nKota Contoh,village\n")

    result = run("organisation", "import", str(path), "--apply")

    assert result.exit_code == 1
    assert f"{path}:2: the kind of Kota Contoh is not known" in result.stderr
