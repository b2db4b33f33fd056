"""Every finding, each from a questionnaire that is right but for one line."""

import pytest

from survey_service.errors.questionnaires import CheckFailedError
from survey_service.library import documents, questionnaires
from tests.samples import TINY

RIGHT = (TINY / "two_dimensions.yaml").read_text()
LEVEL = "      - criteria: [{id: Lima., en: Five.}]\n"


@pytest.mark.parametrize(
    ("was", "becomes", "finding", "key"),
    [
        ("weight: 60", "weight: -60", "negative_weight", "nodes[0].weight"),
        ("    weight: 60\n", "", "weight_missing", "nodes[0].code"),
        ("weight: 60", "weight: 50", "weights_sum", "nodes[0].weight"),
        ("every: dimension", "every: aspect", "unknown_tier", "grades[1].gates[0].every"),
        ("every: dimension", "node: nowhere", "unknown_node", "grades[1].gates[0].node"),
        ("every: dimension, ", "", "gate_target", "grades[1].gates[0]"),
        ("at_least: 2.0", "at_least: 7", "gate_never", "grades[1].gates[0].at_least"),
        ("from: 3.0", "from: 1", "grade_order", "grades[1].from"),
        ("from: 3.0", "from: 6", "grade_beyond", "grades[1].from"),
        ("from: 1}", "from: 2}", "grade_hole", "grades[0].from"),
        ("from: 3.0", "from: 3.0\n    above: 3", "grade_bound", "grades[1]"),
        ("weight: 1, ladder: five", "weight: 1", "one_kind", "nodes[0].indicators[0].code"),
        ("weight: 1, ladder: five", "weight: 1, ladder: ten", "unknown_ladder",
         "nodes[0].indicators[0].ladder"),
        ("code: B", "code: A", "code_reused", "nodes[0].indicators[1].code"),
        (LEVEL, "", "level_count", "ladders[0].levels"),
        ("[{id: Satu., en: One.}]\n",
         "[{id: Satu., en: One.}]\n        step: {do: {id: a, en: b}, who: team, effort: 1}\n",
         "step_to_lowest", "ladders[0].levels[0].step"),
        ("who: team, effort: 1", "who: nobody, effort: 1", "unknown_actor",
         "ladders[0].levels[1].step.who"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_where_it_stands(
    was: str, becomes: str, finding: str, key: str
) -> None:
    assert was in RIGHT

    found = _findings(RIGHT.replace(was, becomes, 1))

    assert (finding, key) in [(one.finding.code, one.key) for one in found]


def test_weights_that_are_all_zero_are_an_error() -> None:
    zero = RIGHT.replace("weight: 60", "weight: 0").replace("weight: 40", "weight: 0.0")

    assert _findings(zero)[0].finding.code == "weights_zero"
    with pytest.raises(CheckFailedError):
        questionnaires.load(documents.read(zero.encode(), "zero.yaml"))


def test_levels_on_a_scale_that_starts_between_numbers_are_an_error() -> None:
    between = RIGHT.replace("tiers:", "scale: {lowest: 0.5, highest: 4.5}\ntiers:", 1)

    assert "level_numbers" in [one.finding.code for one in _findings(between)]


def test_a_tree_deeper_than_its_tiers_is_an_error() -> None:
    topic = "  - {code: topic, name: {id: Topik, en: Topic}}\n"
    shallow = (TINY / "three_tiers.yaml").read_text().replace(topic, "")

    found = [(one.finding.code, one.key) for one in _findings(shallow)]
    assert found == [
        ("too_deep", "nodes[0].nodes[0].nodes[0].code"),
        ("too_deep", "nodes[0].nodes[0].nodes[1].code"),
    ]


def test_a_node_with_nothing_below_it_is_an_error() -> None:
    empty = RIGHT + "  - {code: empty, name: {id: Kosong, en: Empty}, weight: 0}\n"

    assert "empty_node" in [one.finding.code for one in _findings(empty)]


def test_a_node_with_nodes_and_indicators_is_an_error() -> None:
    both = RIGHT + (
        "    nodes: [{code: X, name: {id: X, en: X}, indicators: "
        "[{code: Y, name: {id: Y, en: Y}, ladder: five}]}]\n"
    )

    assert "mixed_children" in [one.finding.code for one in _findings(both)]


def test_criteria_that_two_indicators_share_are_warned_of() -> None:
    own = (TINY / "three_tiers.yaml").read_text().replace("Penuh.", "Ada.")

    (found,) = _findings(own)

    assert (found.finding.severity, found.finding.code) == ("warning", "criteria_shared")


def test_absolute_weights_add_up_to_their_parents() -> None:
    absolute = RIGHT.replace("weight: 1,", "weight: 15,").replace("weight: 3,", "weight: 45,")

    assert _findings(absolute) == []


def _findings(text: str) -> list[questionnaires.Located]:
    return questionnaires.findings(documents.read(text.encode(), "q.yaml"))
