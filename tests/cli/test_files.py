"""Questionnaires, scores and reports from the command line, with no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.pdfs import conforming, read
from tests.samples import SPBE, TINY, denpasar

TWO = str(TINY / "two_dimensions.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")


@pytest.fixture
def responses(tmp_path: Path) -> Path:
    path = tmp_path / "responses.yaml"
    path.write_text(
        "questionnaire: two-dimensions@1\n"
        "organisation: {name: Agency, kind: city}\n"
        "responses:\n"
        "  A: {level: 5}\n"
        "  B: {level: 5}\n"
        "  C: {level: 1}\n"
        "  D: {not_applicable: no such unit}\n"
    )
    return path


_SERVICE = {"asyncio", "sqlalchemy", "litestar", "numpy", "jinja2", "weasyprint", "cryptography"}


@pytest.mark.parametrize(
    ("arguments", "others"),
    [
        (["--help"], {"msgspec", "yaml", "cel_expr_python"}),
        (["questionnaire", "check", str(SPBE)], {"babel"}),
        (["score", TWO, "RESPONSES"], set()),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_imports_nothing_that_it_does_not_need(
    arguments: list[str], others: set[str], responses: Path
) -> None:
    given = [str(responses) if one == "RESPONSES" else one for one in arguments]
    program = (
        "import sys; from survey_service.cli import main; "
        f"main({given!r}, standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert (_SERVICE | others) & set(done.stderr.split()) == set()


def test_score_prints_the_contract(responses: Path) -> None:
    result = run("score", TWO, str(responses), "--json")

    assert result.exit_code == 0
    scored = json.loads(result.stdout)
    assert set(scored) == {"questionnaire", "index", "grade", "refused", "complete", "nodes"}
    assert scored["index"] == "3.4"  # (60*5 + 40*1) / 100
    assert scored["grade"] == "fair"
    assert scored["refused"][0]["grade"] == "good"
    assert scored["complete"] is False
    assert scored["nodes"]["oversight"] == {
        "index": "1",
        "weight": "40",
        "answered": 1,
        "total": 2,
    }


def test_the_final_stage_counts_what_is_unanswered(responses: Path) -> None:
    result = run("score", TWO, str(responses), "--stage", "final", "--json")

    assert json.loads(result.stdout)["nodes"]["oversight"]["index"] == "1"
    assert json.loads(result.stdout)["index"] == "3.4"  # E counts as 1, as C does


def test_score_for_people_names_nodes_and_what_is_refused(responses: Path) -> None:
    output = run("score", TWO, str(responses)).stdout

    assert "two-dimensions@1  3.40  Fair" in output
    assert "! Oversight is at 1.00, and the minimum is 2.00." in output


def _lines(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def _line(name: str, kind: str = "", **responses: object) -> str:
    organisation = {"name": name, "kind": kind}
    given = {"questionnaire": "two-dimensions@1", "organisation": organisation}
    return json.dumps(given | {"responses": responses})


def test_json_lines_are_scored_one_by_one(tmp_path: Path) -> None:
    first = _line("First", A={"level": 3}, B={"level": 3}, C={"level": 3})
    path = _lines(tmp_path, first, "", _line("Second", A={"level": 5}))

    result = run("score", TWO, str(path), "--json")

    assert result.exit_code == 0
    scored = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["organisation"], one["index"]) for one in scored] == [
        ("First", "3"),
        ("Second", "5"),
    ]
    assert scored[0]["nodes"]["merit"] == {"index": "3", "weight": "60", "answered": 2, "total": 2}
    assert "First" in run("score", TWO, str(path)).stdout
    assert "3.00  Good" in run("score", TWO, str(path)).stdout


def test_a_line_that_cannot_be_used_is_told_and_the_others_are_scored(tmp_path: Path) -> None:
    path = _lines(
        tmp_path,
        _line("Good", A={"level": 3}),
        _line("Wrong level", A={"level": 9}),
        "{",
        _line("Wrong kind", A={"option": "x"}),
        _line("Wrong type", A={"level": "3"}),
        '{"questionnaire": "other@1", "responses": {}}',
        _line("Good again", A={"level": 4}, C={"level": 1}),
    )

    result = run("score", TWO, str(path))

    assert result.exit_code == 1
    assert [line.split("  ")[0] for line in result.stdout.splitlines()] == ["Good", "Good again"]
    told = result.stderr.splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        [f"{path}:2", "responses.A"],
        [f"{path}:3", "-"],
        [f"{path}:4", "responses.A"],
        [f"{path}:5", "responses.A.level"],
        [f"{path}:6", "questionnaire"],
    ]


def test_lines_are_measured_against_one_another(tmp_path: Path) -> None:
    given = [
        json.dumps({"questionnaire": "population@1", "organisation": {"name": name},
                    "responses": {"more": {"value": value}}})
        for name, value in (("low", 10), ("middle", 15), ("high", 30))
    ]  # fmt: skip

    result = run("score", str(TINY / "population.yaml"), str(_lines(tmp_path, *given)), "--json")

    indices = [json.loads(line)["index"] for line in result.stdout.splitlines()]
    assert indices == ["0", "0.25", "1"]  # (15 - 10) / (30 - 10)


def test_one_organisation_alone_is_told_what_it_cannot_be_measured_against(tmp_path: Path) -> None:
    alone = tmp_path / "r.json"
    responses = {"more": {"value": 20}, "less": {"value": 5}}
    alone.write_text(json.dumps({"questionnaire": "population@1", "responses": responses}))

    said = run("score", str(TINY / "population.yaml"), str(alone))
    told = run("score", str(TINY / "population.yaml"), str(alone), "--json")

    assert "without a value in one assessment alone: more" in said.stderr
    assert json.loads(told.stdout)["unmeasured"] == ["more", "less"]


def test_a_refused_line_leaves_nothing_that_was_measured_without_it(tmp_path: Path) -> None:
    given = [
        json.dumps({"questionnaire": "population@1", "organisation": {"name": name},
                    "responses": {"more": {"value": value}, "target": {"value": 120}}})
        for name, value in (("low", 10), ("wrong", "1.234"), ("high", 30))
    ]  # fmt: skip
    path = _lines(tmp_path, *given)

    for more in ((), ("--json",)):
        result = run("score", str(TINY / "population.yaml"), str(path), *more)

        assert (result.exit_code, result.stdout) == (1, "")
        assert f"{path}:2: responses.more" in result.stderr
        assert f"Rows of {path} were refused (1)." in result.stderr


def test_lines_of_kinds_that_are_asked_differently(tmp_path: Path) -> None:
    given = [
        json.dumps({"questionnaire": "organisations@1", "organisation": {"name": kind, "kind": kind},
                    "responses": responses})
        for kind, responses in (
            ("city", {"A": {"value": 5}, "B": {"value": 5}}),
            ("ministry", {"B": {"value": 5}}),
            ("village", {}),
        )
    ]  # fmt: skip

    result = run("score", str(TINY / "organisations.yaml"), str(_lines(tmp_path, *given)))

    assert result.stdout.split() == ["city", "5.00", "–"]  # noqa: RUF001
    assert ":2: responses.B: " in result.stderr
    assert ":3: organisation: " in result.stderr


def test_stages_stand_beside_one_another(tmp_path: Path) -> None:
    path = tmp_path / "stages.yaml"
    path.write_text(
        "questionnaire: two-dimensions@1\n"
        "responses: {A: {level: 5}, C: {level: 5}}\n"
        "stages:\n"
        "  internal: {A: {level: 4}}\n"
        "  external: {C: {level: 2}}\n"
    )

    output = run("score", TWO, str(path), "--stage", "external").stdout
    indices = {
        stage: json.loads(run("score", TWO, str(path), "--stage", stage, "--json").stdout)["index"]
        for stage in ("self", "internal", "external", "final")
    }

    # 0.6*5 + 0.4*5; 0.6*4 + 0.4*5; 0.6*4 + 0.4*2; unanswered as 1: 0.6*(4 + 3)/4 + 0.4*(2+1+1)/3
    assert indices["self"] == "5"
    assert indices["internal"] == "4.4"
    assert indices["external"] == "3.2"
    assert indices["final"] == "1.583333333333333333333333333"
    assert "     self  internal  external" in output
    assert "     5.00      4.40      3.20" in output


def test_a_stage_with_an_answer_that_does_not_fit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "stages.yaml"
    path.write_text(
        "questionnaire: two-dimensions@1\nresponses: {}\nstages:\n  internal:\n    A: {level: 9}\n"
    )

    assert f"{path}:5: stages.internal.A: " in run("score", TWO, str(path)).stderr


def test_what_adjusted_an_index_is_told(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "questionnaire: adjustments@1\nresponses: {case: {option: 'yes'}, integrity: {value: 4}}\n"
    )

    output = run("score", str(TINY / "adjustments.yaml"), str(path)).stdout

    assert "~ integrity 4.00 → 2.00: There is a case." in output


def test_a_published_result_comes_out_of_the_command(tmp_path: Path) -> None:
    levels = {code: {"level": one.level} for code, one in denpasar("external_level").items()}
    path = tmp_path / "denpasar.json"
    path.write_text(json.dumps({"questionnaire": "spbe@2018.5", "responses": levels}))

    result = run("score", "spbe@2018.5", str(path), "--json")

    assert json.loads(result.stdout)["index"] == "2.64"


def test_a_wrong_answer_is_told_with_file_line_and_key(responses: Path) -> None:
    responses.write_text(responses.read_text().replace("level: 1", "level: 7"))

    result = run("score", TWO, str(responses))

    assert result.exit_code == 1
    assert (
        f"{responses}:6: responses.C: Indicator C has no level 7; choose 1 to 5." in result.stderr
    )


def test_a_zero_weight_is_refused_by_every_command(responses: Path, tmp_path: Path) -> None:
    zero = tmp_path / "zero.yaml"
    text = (
        Path(TWO).read_text().replace("weight: 60", "weight: 0").replace("weight: 40", "weight: 0")
    )
    zero.write_text(text)

    for arguments in (("score", str(zero), str(responses)), ("questionnaire", "check", str(zero))):
        result = run(*arguments)
        assert result.exit_code == 1
        assert (
            f"{zero}:31: nodes[0].weight: error: all weights under two-dimensions are zero"
            in result.stderr
        )


@pytest.mark.parametrize("reference", ["nothing@1", "two_dimensions@9", "missing.yaml"])
def test_an_unknown_questionnaire_is_refused(responses: Path, reference: str) -> None:
    result = run("score", reference, str(responses))

    assert result.exit_code == 1
    assert reference in result.stderr


def test_wrong_usage_is_two() -> None:
    assert run("score").exit_code == 2
    assert run("nothing").exit_code == 2


def test_an_unknown_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_PROT", "1")

    result = run("questionnaire", "list")

    assert result.exit_code == 1
    assert "SURVEY_PROT" in result.stderr


def test_the_library_is_listed_for_people_and_programs() -> None:
    assert "asn-maturity@2026.1" in run("questionnaire", "list").stdout
    listed = json.loads(run("questionnaire", "list", "--json").stdout)
    assert {"questionnaire", "name", "digest"} == set(listed[0])


def test_check_is_silent_about_what_is_right_and_goes_on_after_what_is_not(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: x\n")

    result = run("questionnaire", "check", str(SPBE), str(broken))

    assert result.exit_code == 1
    assert f"{SPBE}: ok" in result.stdout
    assert f"{broken}:1: version: error: this key is required" in result.stderr
    assert f"{broken}:1: nodes: error: this key is required" in result.stderr


def test_check_tells_all_mistakes_as_json_as_well(tmp_path: Path) -> None:
    broken, torn = tmp_path / "broken.yaml", tmp_path / "torn.yaml"
    broken.write_text("code: a b\nversion: 1\n")
    torn.write_text("code: [\n")

    result = run("questionnaire", "check", str(broken), str(torn), "--json")

    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [(one["key"], one["finding"]["code"]) for one in found] == [
        ("code", "pattern"),
        ("version", "type"),
        ("name", "missing"),
        ("nodes", "missing"),
        ("-", "syntax"),
    ]


def test_check_holds_crosswalks_against_the_library(tmp_path: Path) -> None:
    away = tmp_path / "draft.yaml"
    text = (TINY / "crosswalk_new.yaml").read_text()
    away.write_text(text.replace("old@1", "spbe@2018.5").replace('old: ["3"]', 'old: ["none"]'))

    result = run("questionnaire", "check", str(away))

    assert "the crosswalk points to the indicator none, which does not exist" in result.stderr


def test_check_tells_warnings_and_lets_them_pass() -> None:
    result = run("questionnaire", "check", TWO)

    assert result.exit_code == 0
    assert "warning: the weights under merit add up to 4, not 100 / 60" in result.stdout
    found = json.loads(run("questionnaire", "check", TWO, "--json").stdout)
    assert found[0]["key"] == "nodes[0].indicators[0].weight"


def test_diff_tells_what_changed_between_two_versions() -> None:
    told = run("questionnaire", "diff", "asn-maturity@2025.1", "asn-maturity@2026.1")
    same = run("questionnaire", "diff", TWO, TWO, "--json")

    assert "+ D3 Outcome for the public: satisfaction and trust: added" in told.stdout
    assert "% merit Merit system and competence: share of the index from 40 to 35" in told.stdout
    assert "Comparable: 100 percent of the index of asn-maturity@2025.1" in told.stdout
    assert json.loads(same.stdout) == {"changes": [], "comparable": ["100.0000", "100.0000"]}
    assert "Nothing that is asked differs" in run("questionnaire", "diff", TWO, TWO).stdout


def test_the_schema_is_a_json_schema() -> None:
    schema = json.loads(run("questionnaire", "schema").stdout)

    assert schema["$ref"] == "#/$defs/Questionnaire"


@pytest.mark.parametrize("language", ["id", "en"])
def test_report_writes_a_pdf(responses: Path, tmp_path: Path, language: str) -> None:
    output = tmp_path / "report.pdf"

    result = run("report", TWO, str(responses), "-o", str(output), "--lang", language)

    assert result.exit_code == 0
    assert conforming(output.read_bytes())


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'weasyprint', 'sqlalchemy', 'litestar', 'babel', 'msgspec', 'yaml'}"
    program = (
        "import sys; from click.testing import CliRunner; from survey_service.cli import main; "
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0; "
        f"print({heavy} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"


def test_diff_names_what_was_removed_as_it_was_called() -> None:
    """Both instruments count their indicators from 1: the codes alone would mix them up."""
    output = run("questionnaire", "diff", "spbe@2020.59", "pemdi@2026.8").stdout

    assert "- 21 Applying SPBE risk management: removed" in output
    assert "- 1 " not in output
    old, new = (str(TINY / f"crosswalk_{name}.yaml") for name in ("old", "new"))
    assert "- all All: removed" in run("questionnaire", "diff", old, new).stdout


def test_report_takes_templates_of_a_folder_and_tells_what_is_wrong_with_one(
    responses: Path, tmp_path: Path
) -> None:
    output, folder = tmp_path / "summary.pdf", tmp_path / "templates"
    folder.mkdir()
    (folder / "letterhead.html").write_text("Dinas {{ report.organisation }}")
    arguments = ["report", TWO, str(responses), "-o", str(output), "--lang", "en"]
    arguments += ["--paper", "summary", "--template", str(folder)]

    done = run(*arguments)
    written = output.read_bytes()
    (folder / "letterhead.html").write_text("one\n{% if %}")
    refused = run(*arguments)

    assert done.exit_code == 0
    assert "Dinas" in read(written).pages[0].extract_text()
    assert refused.exit_code == 1
    assert "letterhead.html, line 2" in refused.output
    assert output.read_bytes() == written


def test_report_sets_the_stages_that_a_file_knows_side_by_side(tmp_path: Path) -> None:
    given, output = tmp_path / "stages.yaml", tmp_path / "report.pdf"
    given.write_text(
        "questionnaire: two-dimensions@1\n"
        "responses: {A: {level: 4}, B: {level: 4}}\n"
        "stages: {external: {A: {level: 2}}}\n"
    )

    run("report", TWO, str(given), "-o", str(output), "--lang", "en")

    text = " ".join(page.extract_text() for page in read(output.read_bytes()).pages)
    assert "external" in text
    assert "Scores that differ between stages" in " ".join(text.split())


def test_an_index_is_printed_as_it_is_graded(tmp_path: Path) -> None:
    answers = {"P1": {"value": 80}, "P2": {"value": 80}, "P3": {"value": 79.99}}
    path = tmp_path / "responses.json"
    path.write_text(json.dumps({"questionnaire": "showing@1", "responses": answers}))
    lines = tmp_path / "responses.jsonl"
    lines.write_text(f"{path.read_text()}\n" * 2)

    one, many = (run("score", str(TINY / "showing.yaml"), str(each)) for each in (path, lines))

    assert (
        one.stdout.splitlines()[0] == "showing@1  79.997  Good"
    )  # not 80.00: Very good is from 80
    assert "79.997  Good" in many.stdout
