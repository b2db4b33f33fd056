"""`survey-service workbook` and the workbooks of questionnaires: files alone, no database."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from survey_service.library import documents
from survey_service.maturity.instrument import Questionnaire
from tests.answer_books import rows_of, saved, sheets, typed
from tests.library.test_mapped_workbooks import DOWN, LKE, workbook
from tests.samples import FLAGSHIP, TINY

RESPONSES = """
questionnaire: answers@1
organisation: {name: Kabupaten Contoh, kind: regency, attributes: {people: 4200}}
responses:
  climb: {checked: ["2.1"]}
  own: {value: 20.5}
  done: {values: {open: 2, done: 1}}
  words: {text: "=1+2"}
stages: {internal: {climb: {level: 1}}}
"""
ANSWERS = str(TINY / "answers.yaml")


def run(*arguments: str) -> Result:
    return CliRunner(env={"SURVEY_LANGUAGE": "en"}).invoke(main, arguments)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "r.yaml").write_text(RESPONSES)
    target = tmp_path / "a.xlsx"
    result = run("workbook", "write", ANSWERS, str(tmp_path / "r.yaml"), "-o", str(target))
    assert result.exit_code == 0, result.output
    return target


def read(source: Path, *more: str) -> Result:
    target = source.with_suffix(".json")
    return run(
        "workbook", "read", str(source), "-o", str(target), "--questionnaire", ANSWERS, *more
    )


def test_what_is_written_and_read_is_the_same_file_of_responses(written: Path) -> None:
    assert read(written).exit_code == 0

    expected = documents.read(RESPONSES.encode(), "r.yaml").values
    found = msgspec.json.decode(written.with_suffix(".json").read_bytes())
    assert found["responses"]["own"] == {"value": "20.5"}
    assert isinstance(expected, dict)
    for key in ("questionnaire", "organisation", "stages"):
        assert found[key] == expected[key]
    assert found["responses"].keys() == expected["responses"].keys()


def test_an_old_sheet_is_read_by_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(DOWN)
    (tmp_path / "wrong.yaml").write_text(DOWN.replace("E}", "Z}"))
    (tmp_path / "bad.xlsx").write_bytes(workbook(LKE=LKE))
    (tmp_path / "lke.xlsx").write_bytes(workbook(LKE=[row for row in LKE if row[0] != 4]))
    more = ["-o", str(tmp_path / "r.json"), "--questionnaire", str(TINY / "two_dimensions.yaml")]

    def by(file: str, mapping: str) -> Result:
        return run(
            "workbook", "read", str(tmp_path / file), "--mapping", str(tmp_path / mapping), *more
        )

    refused, wrong, done = (
        by("bad.xlsx", "mapping.yaml"),
        by("lke.xlsx", "wrong.yaml"),
        by("lke.xlsx", "mapping.yaml"),
    )

    assert (refused.exit_code, wrong.exit_code, done.exit_code) == (1, 1, 0)
    assert "LKE, 6 (D6): D:" in refused.stderr
    assert "wrong.yaml:9:" in wrong.stderr
    assert "LKE, 6: This row belongs to no indicator" in done.stderr
    assert "Nothing was found for: D, E" in done.stderr
    assert msgspec.json.decode((tmp_path / "r.json").read_bytes())["responses"] == {
        "A": {"level": 3},
        "B": {"level": 2},
    }


def test_what_was_typed_is_in_the_file(written: Path) -> None:
    written.write_bytes(typed(written.read_bytes(), {"#climb": {"answer": 3}}))

    assert read(written).exit_code == 0

    found = msgspec.json.decode(written.with_suffix(".json").read_bytes())
    assert found["responses"]["climb"] == {"level": 3}


def test_without_responses_everything_is_empty(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"

    result = run("workbook", "write", "asn-maturity@2026.1", "-o", str(target), "--lang", "en")
    back = run("workbook", "read", str(target), "-o", str(tmp_path / "a.json"))

    assert (result.exit_code, back.exit_code) == (0, 0), back.output
    assert msgspec.json.decode((tmp_path / "a.json").read_bytes())["responses"] == {}


def test_what_cannot_be_read_is_told_with_sheet_and_row_and_nothing_is_written(
    written: Path,
) -> None:
    change = {"#climb": {"answer": "tinggi"}, "#done#open": {"answer": "1.850"}}
    written.write_bytes(typed(written.read_bytes(), change))

    result = read(written)

    assert result.exit_code == 1
    assert "1 All, 6: climb: " in result.stderr or "1 Semua, 6: climb: " in result.stderr
    assert "done: " in result.stderr
    assert not written.with_suffix(".json").exists()


def test_a_number_that_could_be_two_is_read_as_one_says(written: Path) -> None:
    written.write_bytes(typed(written.read_bytes(), {"#done#open": {"answer": "1.850"}}))

    assert read(written, "--numbers", "whole").exit_code == 0

    found = msgspec.json.decode(written.with_suffix(".json").read_bytes())
    assert found["responses"]["done"]["values"]["open"] == "1850"


def test_what_is_left_out_is_told(written: Path) -> None:
    found = sheets(written.read_bytes())
    rows_of(found, lambda rows: rows.append((90, ["", "", "", "", "", "jumlah"])))
    rows_of(found, lambda rows: rows.remove(next(one for one in rows if "#own" in one[1])))
    double = next(row for _, row in found[1].rows if "#climb" in row)
    rows_of(found, lambda rows: rows.append((91, [*double[:5], 3, *double[6:]])))
    written.write_bytes(saved(found))

    result = read(written)

    assert result.exit_code == 0, result.stderr
    assert "jumlah" in result.stderr
    assert "The rows of own are gone" in result.stderr
    assert "climb have two rows" in result.stderr


def test_a_workbook_of_another_questionnaire_is_refused(written: Path) -> None:
    other = str(TINY / "units.yaml")

    result = run("workbook", "read", str(written), "-o", "x.json", "--questionnaire", other)

    assert result.exit_code == 1
    assert "another questionnaire" in result.stderr


def test_a_questionnaire_goes_through_a_workbook(tmp_path: Path) -> None:
    book, back = tmp_path / "q.xlsx", tmp_path / "q.yaml"

    assert run("questionnaire", "workbook", "asn-maturity@2026.1", "-o", str(book)).exit_code == 0
    result = run("questionnaire", "read", str(book), "-o", str(back))

    assert result.exit_code == 0, result.output
    here, there = (documents.read_file(path).decode(Questionnaire) for path in (back, FLAGSHIP))
    assert here == there


def test_what_is_wrong_in_a_questionnaire_is_told_by_the_cell(tmp_path: Path) -> None:
    book, back = tmp_path / "q.xlsx", tmp_path / "q.yaml"
    run("questionnaire", "workbook", str(TINY / "two_dimensions.yaml"), "-o", str(book))
    found = sheets(book.read_bytes())
    indicators = next(one for one in found if one.name == "indicators")
    code = indicators.rows[0][1].index("code")
    indicators.rows[1][1][code] = "B"
    book.write_bytes(saved(found))

    result = run("questionnaire", "read", str(book), "-o", str(back))

    assert result.exit_code == 1
    assert f"{book}:" in result.stderr
    assert "indicators!" in result.stderr
