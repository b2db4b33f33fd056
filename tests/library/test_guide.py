"""Every example of the guide for authors is right, and is worth what the guide says."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_service.analysis.structures import Branch, Column, Structure
from survey_service.cli import main
from survey_service.library import documents, mistakes, questionnaires, responses, structures
from survey_service.maturity.answers import LARGEST
from survey_service.maturity.checking import lookups, rules
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import carried_over
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator, Node
from tests.samples import LIBRARY, given, numbers

GUIDE = (LIBRARY / "README.md").read_text()
BLOCKS = re.findall(r"^```(yaml|json|result|output)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
FILES = [text for kind, text in BLOCKS if kind == "yaml"]
KEYS = {field for of in (Questionnaire, Node, Indicator) for field in of.__struct_fields__}


def _load(text: str) -> Questionnaire:
    return questionnaires.load(documents.read(text.encode(), "README.md"))


def _worked() -> list[tuple[str, str, str]]:
    """Return each example with its answers and its results."""
    kinds = [kind for kind, _ in BLOCKS]
    return [
        (BLOCKS[at][1], BLOCKS[at + 1][1], BLOCKS[at + 2][1])
        for at in range(len(BLOCKS) - 2)
        if kinds[at : at + 3] == ["yaml", "json", "result"]
    ]


@pytest.mark.parametrize("text", FILES, ids=lambda text: text.split()[1])
def test_an_example_has_no_mistake(text: str) -> None:
    found = questionnaires.findings(documents.read(text.encode(), "README.md"))

    told = {"ninth": ["crosswalk_unread"], "deductions": ["weights_sum"]}  # as the guide says
    assert [one.finding.code for one in found] == told.get(text.split()[1], [])


def test_the_first_example_has_five_lines() -> None:
    assert len(FILES[0].splitlines()) == 5


@pytest.mark.parametrize(
    ("text", "answers", "results"), _worked(), ids=lambda text: text.split()[1]
)
def test_an_example_is_worth_what_the_guide_says(text: str, answers: str, results: str) -> None:
    questionnaire = _load(text)
    given_ = responses.load(documents.read(answers.encode(), "answers.json"), questionnaire)

    card = score(questionnaire, given_.responses, profile=given_.organisation.profile)

    for line in results.splitlines():
        assert _said(card, line) == line


def _said(card: Card, line: str) -> str:
    """Return what a card says in place of a line of results."""
    what, *rest = line.split()
    if what == "grade":
        return f"grade {card.grade.code if card.grade else '-'}"
    if what == "refused":
        return "\n".join(f"refused {one.grade.code} {one.node}" for one in card.refused)
    if rest[0] == "grade":
        return f"{what} grade {card.nodes[what].grade}"
    index = card.index if what == "index" else card.nodes[what].index
    return f"{what} {index}"


def test_all_worked_examples_are_run() -> None:
    assert len(_worked()) == sum(kind == "result" for kind, _ in BLOCKS) == 17


def test_the_crosswalk_of_the_guide_carries_over() -> None:
    second, ninth = (
        _load(next(t for t in FILES if f"code: {code}" in t)) for code in ("second", "ninth")
    )

    assert carried_over(second, ninth, given(M1={"level": 3})) == numbers(standards=3)


def test_the_guide_names_every_key_of_the_format() -> None:
    plain = {"code", "name", "text", "nodes", "indicators"}

    assert [key for key in sorted(KEYS - plain) if not re.search(rf"\b{key}\b", GUIDE)] == []


def test_what_programs_read_is_what_is_printed(tmp_path: Path) -> None:
    (printed,) = (text for kind, text in BLOCKS if kind == "output")
    text, answers = next(
        (text, answers) for text, answers, _ in _worked() if "code: fourth" in text
    )
    (tmp_path / "q.yaml").write_text(text)
    (tmp_path / "r.json").write_text(answers)

    result = CliRunner().invoke(
        main, ["score", str(tmp_path / "q.yaml"), str(tmp_path / "r.json"), "--json"]
    )

    assert json.loads(result.stdout) == json.loads(printed)
    fields = {*json.loads(printed), *json.loads(printed)["nodes"]["E1"], "organisation", "grade"}
    assert [field for field in fields if f"`{field}`" not in GUIDE.replace("nodes.….", "")] == []


def test_the_limits_of_the_guide_are_those_that_hold() -> None:
    stated = GUIDE[GUIDE.index("## 15. Limits") :].replace(",", "")

    for limit in (
        documents.LARGEST, documents.MOST, documents.DEEPEST, mistakes.MOST, lookups.TRIED,
        rules.TRIED,
    ):  # fmt: skip
        assert re.search(rf"\b{limit}\b", stated), limit
    assert LARGEST == 10**15


STRUCTURES = re.findall(r"^```structure\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_structure_of_a_composite_in_the_guide_is_sound_and_every_key_is_explained() -> None:
    made = structures.load(documents.read(STRUCTURES[0].encode(), "README.md"))

    assert list(made.branches) == ["capacity", "results", "index"]
    assert made.branches["results"][1] == "harmonic"
    explained = GUIDE[GUIDE.index("## 12.") : GUIDE.index("## 13.")]
    keys = {field for of in (Structure, Branch, Column) for field in of.__struct_fields__}
    assert [key for key in sorted(keys) if f"`{key}`" not in explained] == []


def test_the_composite_of_the_guide_is_worth_what_it_says(tmp_path: Path) -> None:
    figures, ranking = (
        re.search(rf"^```{kind}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
        for kind in ("csv", "ranking")
    )
    assert figures is not None
    assert ranking is not None
    (tmp_path / "f.csv").write_text(figures[1])
    (tmp_path / "s.yaml").write_text(STRUCTURES[1])

    result = CliRunner().invoke(
        main,
        ["analyse", str(tmp_path / "f.csv"), "--structure", str(tmp_path / "s.yaml"), "--json"],
    )

    index = json.loads(result.stdout)["composite"]
    assert [f"{unit} {float(value):.4f}" for unit, value in index.items()] == ranking[
        1
    ].splitlines()
