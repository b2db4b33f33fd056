"""Open data from the command line: written, recomputed, and found out where somebody changed it."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.cli.service import reading, with_store, writing
from survey_service.conduct.checkpoints import new_key, public_key
from survey_service.operations import issued, responses, steps
from survey_service.operations.questionnaires import publish
from survey_service.operations.steps import Taking
from survey_service.store.database import Reader, Writer
from tests.country import Country, settle
from tests.cycles import run_cycle
from tests.packages import described
from tests.pdfs import read
from tests.samples import TINY

LEVELS = {f"Kabupaten {number}": 1 + number % 5 for number in range(7)}


def run(*arguments: str | Path) -> Result:
    """Run a command; releases without their reports, which take seconds and have tests of their own."""
    bare = ("--no-report",) if arguments[0] == "release" and "--report" not in arguments else ()
    return CliRunner().invoke(main, [str(one) for one in (*arguments, *bare)])


def _installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")
    monkeypatch.setenv("SURVEY_DATABASE", str(folder / "survey.db"))
    monkeypatch.setenv("SURVEY_FILES", str(folder / "files"))


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Country:
    _installed(tmp_path, monkeypatch)
    return _settled()


def _settled() -> Country:
    run("migrate")
    writing(publish, (TINY / "two_dimensions.yaml").read_bytes(), "two_dimensions.yaml")
    return with_store(settle)


def finalised(tx: Writer, country: Country, levels: dict[str, int] = LEVELS) -> None:
    """Run a cycle in which what all but the last one handed in becomes final."""
    evaluator = country.people["evaluator@Agency"]
    *final, _ = run_cycle(tx, country, "Cycle 2026", {**levels, "Late": 3}).values()
    for one in final:
        steps.take(tx, evaluator, one, Taking("begin"))
        responses.accept_rest(tx, evaluator, one, "external")
        steps.take(tx, evaluator, one, Taking("finalise"))


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def sealed_again(folder: Path) -> None:
    """Write the digests of what is there now, as somebody would who changed it."""
    there = sorted(one for one in folder.iterdir() if one.name != "digests.txt")
    lines = (f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in there)
    (folder / "digests.txt").write_text("".join(lines))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the database and a release of what is final in it."""
    folder = tmp_path_factory.mktemp("original")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _installed(folder, monkeypatch)
        writing(finalised, _settled())
        assert run("release", "Cycle 2026", "-o", folder / "one").exit_code == 0
    return folder


@pytest.fixture
def released(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    _installed(tmp_path, monkeypatch)
    return tmp_path / "one"


def test_a_release_recomputes_and_equal_results_are_equal_bytes(
    released: Path, tmp_path: Path
) -> None:
    again = run("release", "1", "-o", tmp_path / "two")
    checked = run("check-release", released)

    assert again.stdout == f"{tmp_path / 'two'}: organisations 7, figures of groups 6\n"
    assert contents(released) == contents(tmp_path / "two")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout == ("Every figure recomputes: organisations 7, figures of groups 6.\n")


def test_a_release_is_described_in_both_languages_as_a_data_package(released: Path) -> None:
    package = json.loads((released / "datapackage.json").read_text())

    assert package["titles"] == {"id": "Hasil Cycle 2026", "en": "Results of Cycle 2026"}
    tables = described({path.name: path.read_bytes() for path in released.iterdir()})
    assert all(tables.values())
    assert set(tables) == {
        f"{name}{form}"
        for name in ("organisations", "indicators", "groups")
        for form in ("", "-parquet")
    }
    merit = package["resources"][0]["schema"]["fields"][8]
    assert (merit["name"], merit["unit"]) == ("index.merit", "1 … 5")
    readme = (released / "README.md").read_text()
    assert "# Hasil Cycle 2026" in readme
    assert "# Results of Cycle 2026" in readme


def test_a_release_says_under_what_it_may_be_used(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "licenses" not in json.loads((released / "datapackage.json").read_text())
    for value, told in (("CC-BY-4.0", "name"), ("https://example.go.id/lisensi", "path")):
        folder = tmp_path / told
        monkeypatch.setenv("SURVEY_RELEASE_LICENCE", value)

        run("release", "Cycle 2026", "-o", folder)
        checked = run("check-release", folder)

        package = json.loads((folder / "datapackage.json").read_text())
        assert package["licenses"] == [{told: value}]
        assert f"may be used under {value}." in (folder / "README.md").read_text()
        assert checked.exit_code == 0


def _edit(name: str, before: str, after: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_bytes().decode()
        assert before in text
        (folder / name).write_bytes(text.replace(before, after, 1).encode())

    return edit


def _turn(path: Path) -> None:
    """Turn the bytes that describe a file of Parquet, and leave its ends."""
    content = path.read_bytes()
    path.write_bytes(content[:-60] + bytes(one ^ 255 for one in content[-60:-8]) + content[-8:])


def _other_mean(path: Path) -> None:
    table = pq.read_table(path)
    mean = pa.array([9.0, *table["mean"].to_pylist()[1:]])
    pq.write_table(table.set_column(table.column_names.index("mean"), "mean", mean), path)


CHANGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an index": (
        _edit("organisations.csv", "{},2,fair", "{},4,fair"),
        "organisations.csv: Kabupaten 1 index: says 4, is 2",
    ),
    "a grade": (
        _edit("organisations.csv", "{},2,fair", "{},2,good"),
        "organisations.csv: Kabupaten 1 grade: says good, is fair",
    ),
    "an answer": (
        _edit("indicators.csv", '""level"":1', '""level"":5'),
        "indicators.csv: Kabupaten 0 A: says 1, is 5",
    ),
    "a mean of a group": (
        _edit("groups.csv", "kind,regency,,7,", "kind,regency,,7,1"),
        "groups.csv: kind regency mean: says 12.571428, is 2.571428",
    ),
    "a group that nobody is in": (
        _edit("groups.csv", "kind,regency,,7,", "kind,city,,7,"),
        "groups.csv: kind city: says 7, is -",
    ),
    "a group that is too small": (
        _edit("groups.csv", "kind,regency,,7,", "kind,regency,,3,"),
        "groups.csv: kind regency: says 3, is ≥ 5",
    ),
    "a group told of twice": (
        _edit("groups.csv", "kind,regency,merit,", "kind,regency,,"),
        "groups.csv: kind regency: says 2, is 1",
    ),
    "a figure in Parquet alone": (
        lambda folder: _other_mean(folder / "groups.parquet"),
        "groups.parquet: 1 mean: says 9.0, is 2.571428",
    ),
    "a row of Parquet less": (
        lambda folder: pq.write_table(
            pq.read_table(folder / "groups.parquet").slice(0, 5), folder / "groups.parquet"
        ),
        "groups.parquet: rows: says 5, is 6",
    ),
    "how many there are": (
        _edit("datapackage.json", '"organisations": 7', '"organisations": 8'),
        "datapackage.json: organisations: says 8, is 7",
    ),
    "the questionnaire": (
        _edit("questionnaire.yaml", "weight: 60", "weight: 61"),
        "datapackage.json: questionnaireDigest: says",
    ),
}


@pytest.mark.parametrize("changed", CHANGED)
def test_whatever_is_changed_in_a_release_is_named(released: Path, changed: str) -> None:
    edit, named = CHANGED[changed]
    edit(released)
    at_first = run("check-release", released)
    sealed_again(released)

    checked = run("check-release", released)

    assert ": SHA-256: says " in at_first.stderr
    assert (checked.exit_code, checked.stdout) == (1, "")
    assert named in checked.stderr
    assert "SHA-256" not in checked.stderr
    found = json.loads(run("check-release", released, "--json").stdout)["differences"]
    assert len(found) == len(checked.stderr.splitlines())


NONE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no number": (_edit("organisations.csv", "{},2,", "{},nan,"), "organisations.csv, line 3"),
    "no such level": (_edit("indicators.csv", '""level"":1', '""level"":9'), "indicators.csv"),
    "a row too short": (_edit("groups.csv", "kind,regency,,7,", "kind,"), "groups.csv, line"),
    "an organisation twice": (
        _edit("organisations.csv", "\r\n10,", "\r\n9,"),
        "organisations.csv, line",
    ),
    "an answer of nobody": (_edit("indicators.csv", "\r\n", "\r\n9999,A,,\r\n"), "line 2"),
    "no package": (_edit("datapackage.json", "{", "["), "datapackage.json, line 1"),
    "no digests": (_edit("digests.txt", "  ", " "), "digests.txt, line 1"),
    "not UTF-8": (
        lambda folder: (folder / "groups.csv").write_bytes(b"\xff"),
        "groups.csv, line 1",
    ),
    "no Parquet": (
        lambda folder: (folder / "groups.parquet").write_bytes(b"PAR1"),
        "groups.parquet, line 1",
    ),
    "bytes in the middle of Parquet": (
        lambda folder: _turn(folder / "groups.parquet"),
        "groups.parquet",
    ),
    "a file less": (lambda folder: (folder / "groups.csv").unlink(), "groups.csv"),
}


@pytest.mark.parametrize("what", NONE)
def test_what_is_no_release_is_said_with_where(released: Path, what: str) -> None:
    edit, where = NONE[what]
    edit(released)

    checked = run("check-release", released)

    assert (checked.exit_code, checked.stdout) == (1, "")
    assert where in checked.stderr


def test_an_anonymous_release_has_groups_alone_and_says_what_cannot_be_recomputed(
    released: Path, tmp_path: Path
) -> None:
    run("release", "Cycle 2026", "-o", tmp_path / "two", "--anonymous")

    checked = run("check-release", tmp_path / "two")

    there = {one.name for one in (tmp_path / "two").iterdir()}
    assert there == {one.name for one in released.iterdir()} - {
        "organisations.csv",
        "organisations.parquet",
        "indicators.csv",
        "indicators.parquet",
    }
    assert not any(b"Kabupaten" in one for one in contents(tmp_path / "two").values())
    assert checked.exit_code == 0
    assert "cannot be recomputed: this release does not have its 7 organisations" in checked.stdout


def test_what_was_told_is_kept_so_that_a_correction_cannot_be_subtracted(
    country: Country, tmp_path: Path
) -> None:
    writing(finalised, country)
    told = tmp_path / "told.json"
    groups = tmp_path / "one" / "groups.csv"
    run("release", "1", "-o", tmp_path / "one", "--told", told)
    kept = told.read_bytes()
    again = run("release", "1", "-o", tmp_path / "two", "--told", told)
    assert (again.exit_code, told.read_bytes()) == (0, kept)
    writing(_reopen, country)

    corrected = run("release", "1", "-o", tmp_path / "three", "--told", told)

    assert corrected.exit_code == 0
    assert len(groups.read_text().splitlines()) > 1
    assert len((tmp_path / "three" / "groups.csv").read_text().splitlines()) == 1


def _reopen(tx: Writer, country: Country) -> None:
    """Let one of those that were final be so no longer."""
    steps.take(tx, country.people["ministry@Agency"], 1, Taking("reopen", reason="An error."))


def test_what_cannot_be_released_is_said(country: Country, tmp_path: Path) -> None:
    writing(run_cycle, country, "Cycle 2026", {"Kabupaten 1": 3})
    (tmp_path / "told.json").write_text("{")

    nothing = run("release", "1", "-o", tmp_path / "one")
    unknown = run("release", "Cycle 1900", "-o", tmp_path / "one")
    taken = run("release", "1", "-o", tmp_path)
    no_memory = run("release", "1", "-o", tmp_path / "one", "--told", tmp_path / "told.json")

    assert [one.exit_code for one in (nothing, unknown, taken, no_memory)] == [1, 1, 1, 1]
    assert "Nothing in the cycle “Cycle 2026” is final yet" in nothing.stderr
    assert "a release is never written over" in taken.stderr
    assert "told.json, line 1" in no_memory.stderr
    assert not (tmp_path / "one").exists()


def _zipped(folder: Path, path: Path, *further: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (*contents(folder).items(), *further):
            archive.writestr(name, content)
    return path


def test_a_release_is_checked_as_it_was_downloaded(released: Path, tmp_path: Path) -> None:
    whole = run("check-release", _zipped(released, tmp_path / "whole.zip"))
    key = run("check-release", released, "--key", _key_file(tmp_path))

    assert whole.stdout == "Every figure recomputes: organisations 7, figures of groups 6.\n"
    assert "statement.json: key: says -, is survey.example" in key.stderr


def _key_file(folder: Path) -> Path:
    path = folder / "key.txt"
    path.write_text(public_key("survey.example/audit", new_key()).line)
    return path


ARCHIVES: dict[str, Callable[[Path, Path], object]] = {
    "no archive": lambda _, path: path.write_bytes(b"PK"),
    "a file elsewhere": lambda folder, path: _zipped(folder, path, ("../elsewhere.txt", b"x")),
    "a folder": lambda folder, path: _zipped(folder, path, ("below/x.txt", b"x")),
    "too many files": lambda folder, path: _zipped(
        folder, path, *((f"{number}.txt", b"") for number in range(64))
    ),
}


@pytest.mark.parametrize("what", ARCHIVES)
def test_what_is_no_archive_of_a_release_is_said(released: Path, tmp_path: Path, what: str) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "release.zip"
    ARCHIVES[what](released, path)

    checked = run("check-release", path)

    assert (checked.exit_code, checked.stdout) == (1, "")
    assert "release.zip" in checked.stderr
    assert not (tmp_path / "elsewhere.txt").exists()


def test_the_national_report_lies_beside_the_data_in_both_languages(
    released: Path, tmp_path: Path
) -> None:
    done = run("release", "1", "-o", tmp_path / "two", "--report")
    run("release", "1", "-o", tmp_path / "three", "--report")

    for language, title in (("id", "Laporan nasional"), ("en", "National report")):
        content = (tmp_path / "two" / f"report-{language}.pdf").read_bytes()
        pages = [page.extract_text() for page in read(content).pages]
        assert title.upper() in pages[0].upper()
        assert "Kabupaten 4" in pages[-1]
    code = re.findall("[A-Z2-7]{5}-[A-Z2-7]{5}-[A-Z2-7]{5}", done.stdout)[0]
    assert (
        f"The reports have the code {code}: they are in the log, and not published." in done.stdout
    )
    assert contents(tmp_path / "two") == contents(tmp_path / "three")
    (tmp_path / "key.txt").write_text(run("audit", "key").stdout)
    checked = run("check-release", tmp_path / "two", "--key", tmp_path / "key.txt")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "Its statement is signed with the key that you gave" in checked.stdout


def test_a_report_that_nobody_published_proves_itself_and_says_that_it_is_not_published(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = tmp_path / "seal.p12"
    run("demo-certificate", seal)
    monkeypatch.setenv("SURVEY_SEAL", str(seal))
    run("release", "1", "-o", tmp_path / "two", "--report")
    (tmp_path / "key.txt").write_text(run("audit", "key").stdout)

    report = tmp_path / "two" / "report-en.pdf"
    verdict = run("verify", report, "--key", tmp_path / "key.txt", "--json")

    found = json.loads(verdict.stdout)
    reasons = {one["reason"] for each in found["checks"] for one in each["found"]}
    assert (verdict.exit_code, found["proven"]) == (0, True)
    assert {"signed", "sealed", "unchanged", "attachment_unchanged", "shown", "in_log"} <= reasons
    pages = [page.extract_text() for page in read(report.read_bytes()).pages]
    assert found["code"] in pages[0].replace(" ", "")
    assert all("NOT PUBLISHED" in page.upper() for page in pages)
    assert "it is none of the publications of Country" in " ".join(pages[1].split())
    assert reading(issued.standing, found["code"]).reason == "unpublished"
    entry = reading(_written)
    assert (entry[0], json.loads(entry[1])["code"]) == ("cycles/1/releases", found["code"])


def _written(tx: Reader) -> tuple[str, str]:
    """Return what the trail says of a release that was written."""
    query = sa.text("select about, after from entry where action = 'release.write' and actor = '-'")
    about, after = tx.execute(query).one()
    return about, after


def test_a_report_beside_a_release_that_is_not_its_own_is_named(
    released: Path, tmp_path: Path
) -> None:
    run("release", "1", "-o", tmp_path / "two", "--report")
    run("release", "1", "-o", tmp_path / "three", "--report", "--anonymous")
    shutil.copy(tmp_path / "three" / "report-id.pdf", tmp_path / "two" / "report-id.pdf")
    changed = (tmp_path / "two" / "report-en.pdf").read_bytes()
    (tmp_path / "two" / "report-en.pdf").write_bytes(changed + b" ")
    shutil.copy(tmp_path / "two" / "digests.txt", tmp_path / "one" / "report-en.pdf")

    checked, none = run("check-release", tmp_path / "two"), run("check-release", tmp_path / "one")

    assert (checked.exit_code, none.exit_code) == (1, 1)
    assert "report-id.pdf: digests: says" in checked.stderr
    assert "report-en.pdf: statement: says appended" in checked.stderr
    assert "report-en.pdf: signature: says -, is Ed25519" in none.stderr


def test_where_the_log_has_no_key_that_opens_nothing_is_written_and_it_is_said(
    released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("release", "1", "-o", tmp_path / "two", "--report")
    monkeypatch.setenv("SURVEY_SECRET", "another secret than the one before, and long")

    refused = run("release", "1", "-o", tmp_path / "three", "--report")
    bare = run("release", "1", "-o", tmp_path / "four")

    assert (refused.exit_code, bare.exit_code) == (1, 0)
    assert "The log's key is missing, or the secret in use does not open it" in refused.stderr
    assert not (tmp_path / "three").exists()
