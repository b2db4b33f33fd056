"""The way to a grade from the command line, with no database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.samples import FLAGSHIP, TINY, load

GATES = str(TINY / "gates.yaml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["roadmap", *arguments])


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")


def written(tmp_path: Path, reference: str, responses: dict[str, Any], kind: str = "") -> str:
    path = tmp_path / "responses.json"
    organisation = {"name": "Agency", "kind": kind}
    said = {"questionnaire": reference, "organisation": organisation, "responses": responses}
    path.write_text(json.dumps(said))
    return str(path)


@pytest.fixture
def flagship(tmp_path: Path) -> str:
    answers = {code: {"level": 2} for code in load(FLAGSHIP).indicators}
    return written(tmp_path, "asn-maturity@2026.1", answers)


def test_roadmap_prints_the_contract_and_score_agrees(flagship: str, tmp_path: Path) -> None:
    result = run("asn-maturity@2026.1", flagship, "--target", "managed", "--json")

    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert list(found) == [
        "target", "reached", "effort", "index", "steps", "curve", "blocked", "proven",
    ]  # fmt: skip
    assert (found["target"], found["reached"], found["proven"]) == ("managed", True, True)
    assert found["blocked"] == []
    assert set(found["steps"][0]) == {"indicator", "before", "after", "effort", "who", "year"}
    assert found["effort"] == sum(step["effort"] for step in found["steps"])
    assert found["curve"][0][0] == 0
    assert isinstance(found["curve"][0][1], str)
    answers = json.loads(Path(flagship).read_text())["responses"]
    for step in found["steps"]:
        assert step["before"] == answers[step["indicator"]]
        answers[step["indicator"]] = step["after"]
    after = written(tmp_path, "asn-maturity@2026.1", answers)
    scored = CliRunner().invoke(main, ["score", "asn-maturity@2026.1", after, "--json"])
    assert json.loads(scored.stdout)["grade"] == "managed"
    assert json.loads(scored.stdout)["index"] == found["index"]


def test_several_years_keep_to_the_budget(flagship: str) -> None:
    options = ["--target", "managed", "--years", "3", "--budget", "20", "--budget", "hr=10"]

    result = run("asn-maturity@2026.1", flagship, *options, "--json")

    steps = json.loads(result.stdout)["steps"]
    assert {step["year"] for step in steps} <= {1, 2, 3}
    for who, most in (("hr", 10), ("lead", 20)):
        for year in (1, 2, 3):
            taken = [one for one in steps if (one["who"], one["year"]) == (who, year)]
            assert sum(one["effort"] for one in taken) <= most
    assert result.stdout == run("asn-maturity@2026.1", flagship, *options, "--json").stdout


def test_people_read_the_steps_and_what_does_not_fit(flagship: str) -> None:
    options = ("asn-maturity@2026.1", flagship, "--target", "managed")

    steps = run(*options).stdout
    short = run(*options, "--budget", "1").stdout

    assert "Managed is reached" in steps
    assert " 2 → 3 " in steps
    assert "Managed cannot be reached like this" in short
    assert "which does not fit into the years." in short


def test_a_number_that_blocks_is_named_with_what_it_needs(tmp_path: Path) -> None:
    answers = {
        "A": {"value": 100}, "B": {"value": 100}, "C": {"value": 20},
        "opinion": {"option": "WDP"}, "sakip": {"value": 40},
    }  # fmt: skip
    responses = written(tmp_path, "gates@1", answers, "ministry")

    blocked = json.loads(run(GATES, responses, "--target", "clean", "--json").stdout)
    aims = tmp_path / "wishes.yaml"
    aims.write_text("targets: {C: {value: 60}, sakip: {value: 61}}\nefforts: {C: 2}\n")
    planned = run(GATES, responses, "--target", "clean", "--wishes", str(aims), "--json")

    assert [(one["indicator"], one["needs"]) for one in blocked["blocked"]] == [
        ("C", {"value": "50"}),
        ("sakip", {"value": "60.01"}),
    ]
    assert blocked["blocked"][0]["reason"].startswith("Clean needs “C” at 50 or better")
    assert json.loads(planned.stdout)["effort"] == 2 + 5 + 5  # C, the opinion, and SAKIP


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--target", "best"), 1, "none of the grades none, clean"),
        (("--target", "clean", "--years", "0"), 2, "--years"),
        (("--target", "clean", "--budget", "x"), 2, "N or ACTOR=N"),
        (("--target", "clean", "--budget", "=4"), 2, "N or ACTOR=N"),
        ((), 2, "--target"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    result = run(GATES, written(tmp_path, "gates@1", {}, "city"), *arguments)

    assert result.exit_code == code
    assert said in result.stderr


def test_wishes_are_read_strictly(tmp_path: Path) -> None:
    wishes = tmp_path / "wishes.yaml"
    wishes.write_text("fixed: {}\nexclude: [A]\n")

    result = run(
        GATES,
        written(tmp_path, "gates@1", {}, "city"),
        "--target",
        "clean",
        "--wishes",
        str(wishes),
    )

    assert result.exit_code == 1
    assert "wishes.yaml:" in result.stderr


def test_a_search_that_is_not_proven_says_so(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    codes = [f"A{at}" for at in range(6)]
    indicators = "\n".join(
        f"      - {{code: {code}, name: {{id: X, en: X}}, ladder: five}}" for code in codes
    )
    condition = " && ".join(f"answers.{code} >= 3" for code in codes)
    levels = ", ".join("{criteria: [{id: K, en: C}]}" for _ in range(5))
    path.write_text(
        "code: many\nversion: '1'\nname: {id: X, en: X}\n"
        f"ladders: [{{code: five, levels: [{levels}]}}]\n"
        f"grades: [{{code: high, name: {{id: H, en: H}}, from: 1, gates: [{{require: '{condition}',"
        " reason: {id: X, en: X}}]}]\n"
        f"nodes:\n  - code: N\n    name: {{id: X, en: X}}\n    indicators:\n{indicators}\n"
    )
    responses = written(tmp_path, "many@1", {code: {"level": 1} for code in codes})

    result = run(str(path), responses, "--target", "high")

    assert result.exit_code == 0, result.stderr
    assert "not all could be tried" in result.stdout


def test_a_plan_is_told_with_the_digits_that_the_questionnaire_declares(tmp_path: Path) -> None:
    path = tmp_path / "rounded.yaml"
    text = (TINY / "rounding.yaml").read_text()
    path.write_text(text.replace("digits: 2", "digits: 3"))
    responses = written(tmp_path, "rounding@1", {"A": {"value": 3}, "C": {"value": 2}})

    result = run(str(path), responses, "--target", "1.5")

    assert result.stdout.startswith("rounding@1  2.000  1.500 is reached")
