"""Adding people and organisations from the command line."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.i18n import NOTHING
from survey_service.store import organisations
from survey_service.store.database import connect

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


@pytest.mark.parametrize(
    ("was", "becomes"), [("Budi", "Bu\ndi"), ("Kota Contoh", "Kota\r\nContoh")]
)
def test_a_name_of_two_lines_is_refused(was: str, becomes: str) -> None:
    result = run("user", "add", "budi", *(becomes if one == was else one for one in BUDI))

    assert result.exit_code == 1
    assert "is not a name: write one line" in result.stderr


def test_an_attribute_without_a_value_is_wrong_usage() -> None:
    assert run("user", "add", "budi", *BUDI, "--attribute", "population").exit_code == 2


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
    assert "2 organisations imported" in taken.stdout
    assert again.stdout == '{"changes":[],"misfits":[],"similar":[]}\n'


def test_a_row_that_cannot_be_taken_is_told_with_its_line(installation: Path) -> None:
    path = installation / "agencies.csv"
    path.write_text("name,kind\nKota Contoh,village\n")

    result = run("organisation", "import", str(path), "--apply")

    assert result.exit_code == 1
    assert f"{path}:2: the kind of Kota Contoh is not known" in result.stderr


def test_a_list_changes_what_it_says_and_each_field_is_told_before_and_after(
    installation: Path,
) -> None:
    path = installation / "agencies.csv"
    path.write_text("Nama;Jenis;Aktif;population\nKabupaten Lembah;kabupaten;tidak;120000\n")
    run("organisation", "import", str(path), "--apply")
    path.write_text("Daftar kode\n\nname,kind,kode\nKABUPATEN  LEMBAH,city,0012\n")

    shown = run("organisation", "import", str(path))
    run("organisation", "import", str(path), "--apply")
    again = run("organisation", "import", str(path))

    assert shown.stdout.splitlines() == [
        "~ Kabupaten Lembah (city) < -",
        "    Kind: regency → city",
        f"    kode: {NOTHING} → 0012",
        "1 organisation would change; --apply does it",
    ]
    assert again.stdout.splitlines() == ["0 organisations would change; --apply does it"]


def test_what_resembles_what_is_there_is_added_only_when_that_is_said(installation: Path) -> None:
    path = installation / "agencies.csv"
    path.write_text("name,kind\nKabupaten Lembah,regency\n")
    run("organisation", "import", str(path), "--apply")
    path.write_text("name,kind\n\nKab. Lembah,regency\n")

    asked = run("organisation", "import", str(path), "--apply")
    said = run("organisation", "import", str(path), "--apply", "--another")

    assert asked.exit_code == 1
    assert f"{path}:3: Kab. Lembah resembles Kabupaten Lembah" in asked.stderr
    assert said.stdout.splitlines()[-1] == "1 organisation imported"


def test_a_number_in_a_list_is_read_as_one_says(installation: Path) -> None:
    path = installation / "agencies.csv"
    path.write_text("name;kind;staff\nKota;city;1.850\n")

    refused = run("organisation", "import", str(path))
    read = run("organisation", "import", str(path), "--numbers", "thousands", "--json")

    assert refused.exit_code == 1
    assert f"{path}:2: staff: 1.850 may mean 1850 or 1.85" in refused.stderr
    assert json.loads(read.stdout)["changes"][0]["after"]["attributes"] == {"staff": 1850}
