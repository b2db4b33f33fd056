"""What the checker finds in the rules of the format, each from a file that is right but for it."""

from pathlib import Path

import pytest

from survey_service import i18n
from survey_service.library import documents, questionnaires
from survey_service.library.questionnaires import Located
from survey_service.maturity.checking.rules import crosswalks_to
from tests.samples import ENDLESS, LIBRARY, TINY

GRADE = "grades: [{{code: a, name: {{id: a, en: a}}, from: {}, gates: [{{{}}}]}}]\nnodes:"
AMONG_ALL = ENDLESS.replace(ENDLESS.partition(".")[0], "(answers)").replace("a + b + c > 0", "true")
ALWAYS = 'answers.A == "yes" || answers.A == "no"'


@pytest.mark.parametrize(
    ("name", "was", "becomes", "finding", "key"),
    [
        # weights
        ("points", "weight: 180", "weight: 170", "weights_sum", "nodes[1].indicators[0].weight"),
        ("organisations", "city: 60", "city: 50", "weights_sum", "nodes[0].indicators[0].weight"),
        ("organisations", "{city: 60}", "{village: 60}", "unknown_kind",
         "nodes[0].indicators[1].by_kind.village"),
        ("bonus", "weight: 40, number: {}", "number: {}", "weight_missing",
         "nodes[0].indicators[1].code"),
        ("bonus", "weight: 20", "weight: -20", "negative_weight", "nodes[0].indicators[2].weight"),
        # what hangs on nothing, and codes
        ("units", "code: five", "code: six", "unknown_ladder", "nodes[0].indicators[0].ladder"),
        ("combining", "lookup: pairs", "lookup: triples", "unknown_lookup", "nodes[5].lookup"),
        ("combining", "combine: lookup\n    lookup: pairs", "combine: mean", "unused", "lookups[0].code"),
        ("bands", "bands: fine", "bands: coarse", "unknown_bands", "tiers[0].bands"),
        ("bands", "indicator_bands: fine", "indicator_bands: none", "unknown_bands",
         "indicator_bands"),
        ("organisations", "code: ministry,", "code: city,", "code_reused", "kinds[1].code"),
        ("answers", "code: team", "code: plan", "code_reused",
         "nodes[0].indicators[9].checklist[1].code"),
        # answers
        ("answers", "          zero: lowest\n", "", "ratio_zero", "nodes[0].indicators[6].ratio"),
        ("answers", "zero: lowest", "zero: lowest\n          cap: 2", "ratio_cap",
         "nodes[0].indicators[6].ratio.cap"),
        ("answers", "part: [done]", "part: [finished]", "unknown_input",
         "nodes[0].indicators[6].ratio.part[0]"),
        ("answers", "value: 4, criteria", "value: 11, criteria", "level_beyond",
         "ladders[0].levels[1].value"),
        ("answers", "value: 4, criteria", "value: 1, criteria", "level_order",
         "ladders[0].levels[1].value"),
        ("answers", "value: 4, criteria", "criteria", "level_value", "ladders[0].levels[1]"),
        ("answers", "criteria: [{id: Belum ada., en: Nothing.}]", "criteria: []", "level_criteria",
         "ladders[0].levels[0]"),
        ("answers", "{value: 1, criteria: [{id: Belum ada., en: Nothing.}]}", "{value: 1}",
         "level_criteria", "ladders[0].levels[0]"),
        ("answers", "text: {lines: 5}", "text: {lines: 5}, units: {combine: mean}", "units_kind",
         "nodes[0].indicators[10].units"),
        ("answers", "lowest: 20", "lowest: 60", "number_ends", "nodes[0].indicators[2].number"),
        ("answers", "is: 30", "is: 31", "band_beyond",
         "nodes[0].indicators[4].number.bands[2].is"),
        ("answers", "value: 4}", "value: 5}", "option_beyond",
         "nodes[0].indicators[5].options[0].value"),
        ("answers", "weight: 3}", "weight: 0}", "item_weight",
         "nodes[0].indicators[9].checklist[0].weight"),
        ("answers", "text: {lines: 5}", "text: {lines: 5}, progress: partial", "progress",
         "nodes[0].indicators[10].progress"),
        ("external", "fallback: 2", "fallback: 7", "fallback_beyond",
         "nodes[0].indicators[1].external.fallback"),
        # bands
        ("bands", "from: 1, below: 3", "from: 2, below: 3", "grade_hole", "grades[0].from"),
        ("bands", "from: 1, below: 3", "above: 1, below: 3", "grade_end", "grades[0].above"),
        ("bands", "below: 3}", "below: 2.9}", "band_hole", "grades[1].from"),
        ("bands", "below: 3}", "to: 3}", "band_overlap", "grades[1].from"),
        ("bands", "below: 3}", "below: 3.1}", "band_overlap", "grades[1].from"),
        ("bands", "from: 1, to: 2", "from: 1, below: 2", "band_hole",
         "bands[0].grades[1].above"),
        ("bands", "from: 4}", "from: 2}", "grade_order", "bands[0].grades[2].from"),
        ("bands", "from: 4}", "from: 6}", "grade_beyond", "bands[0].grades[2].from"),
        ("bands", "from: 4}", "from: 4, gates: [{node: A, at_least: 2}]}", "band_gates",
         "bands[0].grades[2].gates"),
        ("answers", "from: 8", "from: 5", "grade_order", "nodes[0].indicators[4].number.bands[2].from"),
        ("conversions", "above: 7", "above: 3", "grade_order", "nodes[0].convert.bands[2].above"),
        # gates
        ("gates", "at_least: 20", "at_least: 41", "gate_never", "grades[1].gates[0].at_least"),
        ("gates", "above: 10", "above: 20", "gate_never", "grades[1].gates[2].above"),
        ("gates", "percent: 40", "percent: 101", "gate_never", "grades[1].gates[1].percent"),
        ("gates", "at_least: 20", "at_least: 0", "gate_always", "grades[1].gates[0].at_least"),
        ("gates", "percent: 40", "percent: 40, at_least: 30", "gate_percent",
         "grades[1].gates[1].at_least"),
        ("gates", ", at_least: 20", "", "gate_minimum", "grades[1].gates[0]"),
        ("gates", "node: results", "node: nothing", "unknown_node", "grades[1].gates[0].node"),
        ("gates", "        reason: {id: Opini harus WTP., en: The opinion must be unqualified.}\n",
         "", "gate_reason", "grades[1].gates[3]"),
        ("conversions", "nodes:", GRADE.format("0", "node: means, above: 4"), "gate_never", "grades[0].gates[0].above"),
        ("conditions", "nodes:", GRADE.format("1", "node: main, at_least: 1"), "gate_always", "grades[0].gates[0].at_least"),
        # conditions
        ("answers", "code: words,", "code: words, when: answers.climb > 5,", "condition_never",
         "nodes[0].indicators[10].when"),
        ("answers", "code: words,", "code: words, when: '\"desk\" in answers.list',", "condition_never",
         "nodes[0].indicators[10].when"),
        ("conditions", 'answers.A == "yes"', "answers.A ==", "condition",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', '"yes"', "condition", "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', 'answers.Q == "yes"', "condition_unknown",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', "answers.C == 3", "condition_later",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', "\"answers['B'] > 1\"", "condition_later",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', 'answers.A == "perhaps"', "condition_never",
         "nodes[0].indicators[1].when"),
        ("conditions", "answers.B >= 3.0", "answers.B > 5.0", "condition_never",
         "nodes[0].indicators[2].when"),
        ("conditions", '== "city"', '== "village"', "condition_never", "nodes[1].when"),
        ("conditions", 'answers.A == "yes"', ALWAYS, "condition_always",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', f"'{ENDLESS}'", "condition_endless",
         "nodes[0].indicators[1].when"),
        ("conditions", 'answers.A == "yes"', f"'answers.A == \"yes\" && {ENDLESS}'",
         "condition_endless", "nodes[0].indicators[1].when"),
        ("answers", "code: words,", f"code: words, when: '{AMONG_ALL}',", "condition_endless",
         "nodes[0].indicators[10].when"),
        ("gates", 'answers.opinion == "WTP"', 'answers.opinion == "TW"', "condition_never",
         "grades[1].gates[3].require"),
        ("adjustments", 'answers.case == "yes"', "answers.case > 3", "condition_never",
         "adjustments[0].when"),
        # tables, adjustments, bonus
        ("combining", "D C: D+", "C D: D+", "lookup_order", "lookups[0].rows.C D"),
        ("combining", "D C: D+", "D C: E", "lookup_letter", "lookups[0].rows.D C"),
        ("combining", "    lookup: pairs\n", "", "lookup_missing", "nodes[5].code"),
        ("combining", "combine: none", "combine: lookup", "lookup_missing", "combine"),
        ("adjustments", "times: plan", "times: plan, at_most: 3", "adjustment_one",
         "adjustments[3]"),
        ("adjustments", "times: plan", "times: nothing", "unknown_node", "adjustments[3].times"),
        ("adjustments", "on: [risk]", "on: [peril]", "unknown_node", "adjustments[1].on[0]"),
        ("adjustments", "times: plan", "times: work", "adjustment_later", "adjustments[3].times"),
        ("bonus", "name: {id: Semua, en: All}", "name: {id: Semua, en: All}\n    combine: minimum",
         "bonus_without_mean", "nodes[0].combine"),
        ("points", "points: true", "points: true\ncombine: minimum", "bonus_without_mean", "combine"),
        ("combining", "D C: D+, ", "", "lookup_rows", "lookups[0].rows"),
        # means of values above nothing, flat means, shares
        ("placed", "scale: {lowest: -3", "combine: geometric\nscale: {lowest: -3", "mean_of_negatives",
         "combine"),
        ("harmonic", "lowest: 0", "lowest: -1", "mean_of_negatives", "nodes[0].combine"),
        ("flat", "combine: flat", "combine: flat\npoints: true", "flat_points", "combine"),
        ("flat", "en: Long}", "en: Long}\n    weight: 3", "flat_weight", "combine"),
        ("flat", "nodes:",
         "adjustments: [{on: [inner], at_most: 2, reason: {id: a, en: b}}]\nnodes:",
         "flat_adjusted", "combine"),
        ("flat", "en: Long}", "en: Long}\n    bonus: true\n    weight: 3", "bonus_without_mean",
         "combine"),
        ("least_share", "least_share: 0.6", "least_share: 1.1", "share_beyond", "least_share"),
        ("least_share", "least_share: 0.3", "least_share: -0.3", "share_beyond",
         "nodes[1].least_share"),
        # what does not apply and counts
        ("absent", "value: 2.5" , "value: 12.5", "absent_beyond",
         "nodes[0].indicators[1].not_applicable_value"),
        ("absent", ", not_applicable_value: 2.5", "", "absent_value",
         "nodes[0].indicators[1].not_applicable"),
        ("absent", "not_applicable: value, not_applicable_value: 2.5",
         "not_applicable: lowest, not_applicable_value: 2.5", "absent_value",
         "nodes[0].indicators[1].not_applicable"),
        # targets, and numbers placed among others
        ("target", "target: 7", "target: 23", "target_beyond", "nodes[0].indicators[0].number.target"),
        ("target", "target: 10", "highest: 9, target: 10", "target_beyond",
         "nodes[0].indicators[1].number.target"),
        ("target", "target: 7", "target: 7, inverted: true", "target_beside",
         "nodes[0].indicators[0].number.target"),
        ("placed", "over: population, by: rank}", "by: rank}", "number_by",
         "nodes[0].indicators[2].number.by"),
        ("placed", "by: rank}", "by: rank, lowest: 2}", "number_by",
         "nodes[0].indicators[2].number.by"),
        ("placed", "deviations: 2", "deviations: 0", "number_deviations",
         "nodes[0].indicators[1].number.deviations"),
        # bands once more
        ("bands", "code: high,", "code: low,", "code_reused", "grades[1].code"),
        ("bands", "from: 4}", "from: 4, to: 4.9}", "band_short", "bands[0].grades[2].to"),
        ("bands", "from: 4}", "from: 4, below: 5}", "band_short", "bands[0].grades[2].below"),
        ("bands", "from: 1, to: 2", "from: 2, to: 2", "grade_single", "bands[0].grades[0].from"),
        ("gates", "node: results, at_least: 20", "node: results, at_least: 20, percent: 40.1",
         "gate_percent", "grades[1].gates[0].at_least"),
        # crosswalks
        ("crosswalk_new", 'new: "2"', 'new: "9"', "crosswalk_nothing",
         "crosswalks[0].continues[1].new"),
        ("crosswalk_new", 'new: "2"', 'new: "1"', "code_reused",
         "crosswalks[0].continues[1].new"),
        ("crosswalk_new", 'old: ["1", "2"]', 'old: ["1", "2"], equal: true', "crosswalk_equal",
         "crosswalks[0].continues[0].equal"),
        ("crosswalk_new", "", "", "crosswalk_unread", "crosswalks[0].questionnaire"),
        # texts
        ("units", "en: One.", 'en: " "', "blank", "ladders[0].levels[0].criteria[0].en"),
        ("units", "{id: Satu., en: One.}", "{id: It is all there., en: It is all there.}",
         "untranslated", "ladders[0].levels[0].criteria[0]"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_stands(
    name: str, was: str, becomes: str, finding: str, key: str
) -> None:
    right = (TINY / f"{name}.yaml").read_text()
    assert was in right

    found = _findings(right.replace(was, becomes, 1))

    assert (finding, key) in [(one.finding.code, one.key) for one in found]
    for language in i18n.LANGUAGES:
        for one in found:
            code = f"finding.{one.finding.code}"
            assert i18n.translate(code, language, **one.finding.details) != code


@pytest.mark.parametrize("path", sorted(TINY.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_tiny_questionnaires_have_no_mistake(path: Path) -> None:
    found = questionnaires.findings(documents.read_file(path))

    assert [one for one in found if one.finding.severity == "error"] == []


def test_a_crosswalk_to_an_indicator_that_the_earlier_version_lacks_is_found(
    tmp_path: Path,
) -> None:
    earlier, later = tmp_path / "old" / "1.yaml", tmp_path / "new" / "1.yaml"
    for path, name in ((earlier, "crosswalk_old"), (later, "crosswalk_new")):
        path.parent.mkdir()
        path.write_text((TINY / f"{name}.yaml").read_text().replace('old: ["3"]', 'old: ["8"]'))

    (found,) = questionnaires.findings(documents.read_file(later))

    assert (found.finding.code, found.line) == ("crosswalk_nothing", 9)
    assert found.finding.details == {"reference": "8"}


def test_grades_may_start_where_the_lowest_answers_end() -> None:
    """The merit system counts 100 to 400 points: nobody can have fewer, so that nothing is missing."""
    text = (LIBRARY / "merit" / "2018.40.yaml").read_text()
    assert "from: 0\n" in text

    right = _findings(text.replace("from: 0\n", "from: 100\n"))
    hole = _findings(text.replace("from: 0\n", "from: 101\n"))

    assert right == []
    assert [one.finding.code for one in hole] == ["grade_hole"]
    assert hole[0].finding.details["lowest"] == "100"


def test_a_bonus_to_nothing_is_an_error() -> None:
    text = (TINY / "bonus.yaml").read_text().replace("number: {}}", "number: {}, bonus: true}")

    found = _findings(text.replace("nodes:", GRADE.format("1", "node: all, at_least: 2")))

    assert ("bonus_only", "nodes[0].code") in [(one.finding.code, one.key) for one in found]


def test_weights_of_nothing_are_right_under_what_weighs_nothing() -> None:
    text = (TINY / "adjustments.yaml").read_text()

    assert (
        _findings(text.replace("name: {id: Perkara, en: Case}", "name: {id: A, en: A}, weight: 0"))
        == []
    )


def test_a_crosswalk_is_checked_against_the_version_it_names_alone() -> None:
    text = (TINY / "crosswalk_new.yaml").read_text()
    other = text.replace(
        "nodes:", "  - {questionnaire: other@2, continues: [{new: '3', old: ['77']}]}\nnodes:"
    )
    new, old = (
        questionnaires.load(documents.read(content.encode(), "q.yaml"))
        for content in (other, (TINY / "crosswalk_old.yaml").read_text())
    )

    assert list(crosswalks_to(new, old)) == []


def test_a_minimum_that_is_printed_rounded_is_told_with_what_is_asked_for() -> None:
    """Zona integritas prints 2.6 for 75 per cent of 3.5, which are 2.625."""
    found = questionnaires.findings(
        documents.read_file(LIBRARY / "zona-integritas" / "2021.90.yaml")
    )

    assert {one.finding.code for one in found} == {"gate_rounded"}
    assert found[0].finding.details == {
        "node": "PPB", "percent": "75", "minimum": "2.6", "rule": "2.625",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lower", "higher", "found"),
    [
        ("{node: A, at_least: 3}", "{node: A, at_least: 2}", [("3", "2")]),
        ("{node: A, above: 3}", "{node: A, at_least: 3}", [("3", "3")]),
        ("{node: A, at_least: 3}", "{node: A, above: 3}", []),
        ("{node: A, at_least: 2}, {node: A, at_least: 4}", "{every: top, at_least: 2}, {node: A, at_least: 3}",
         [("4", "3")]),
        ("{node: A, at_least: 3}", "{node: B, at_least: 4}", []),
        ("{node: A, at_least: 3}", "{node: A, at_least: 2, when: answers.B > 2.0}", []),
        ("{node: nowhere, at_least: 3}", "{node: nowhere, at_least: 2}", []),
    ],
)  # fmt: skip
def test_a_gate_that_is_harder_for_a_lower_grade_is_found(
    lower: str, higher: str, found: list[tuple[str, str]]
) -> None:
    grade = "  - {{code: {0}, name: {{id: a, en: a}}, from: {1}, gates: [{2}]}}\n"
    grades = grade.format("high", 4, higher).replace("  -", "\n  -", 1) + grade.format(
        "low", 1, lower
    )
    text = (TINY / "rounding.yaml").read_text()
    tiers = "tiers: [{code: top, name: {id: a, en: a}}]\n"

    told = _findings(text.replace("nodes:", f"{tiers}grades:{grades}nodes:", 1))

    harder = [one for one in told if one.finding.code == "gate_harder"]
    details = [one.finding.details for one in harder]
    assert [(each["minimum"], each["other"]) for each in details] == found
    assert {each["grade"] for each in details} <= {"high"}


def test_bands_printed_to_the_declared_digits_have_no_hole() -> None:
    text = (TINY / "bands.yaml").read_text()
    printed = text.replace("below: 3}", "to: 2.99}")
    rounded = printed.replace("nodes:", "rounding: {at: [index], digits: 2}\nnodes:", 1)
    elsewhere = rounded.replace("at: [index]", "at: [nodes]")

    assert "band_hole" in [one.finding.code for one in _findings(printed)]
    assert "band_hole" not in [one.finding.code for one in _findings(rounded)]
    assert "band_hole" in [one.finding.code for one in _findings(elsewhere)]


def test_a_condition_over_too_much_to_try_is_not_judged() -> None:
    many = " && ".join(f'organisation.a{n} == "x{n}"' for n in range(9))
    text = (TINY / "conditions.yaml").read_text()

    found = _findings(text.replace('answers.A == "yes"', many))

    assert [one for one in found if one.finding.code.startswith("condition")] == []


def test_a_condition_over_numbers_of_a_ratio_is_not_judged() -> None:
    text = (TINY / "answers.yaml").read_text()
    with_condition = text.replace("checklist:", "when: answers.done.open > 3.0\n        checklist:")

    assert _findings(with_condition) == []


def test_sentences_that_are_the_same_in_both_languages_are_one_finding() -> None:
    text = (TINY / "units.yaml").read_text()
    same = "{id: It is all there., en: It is all there.}"

    found = _findings(
        text.replace("{id: Satu., en: One.}", same).replace("{id: Dua., en: Two.}", same)
    )

    (one,) = [one for one in found if one.finding.code.startswith("untranslated")]
    assert one.finding.code == "untranslated_many"
    assert one.finding.details == {"text": "It is all there.", "count": "2"}


def test_what_is_found_alone_is_found_beside_what_is_broken() -> None:
    text = (TINY / "units.yaml").read_text()
    broken = text.replace("code: five", "code: six").replace("en: One.", 'en: " "')

    found = {one.finding.code for one in _findings(broken)}

    assert found >= {"unknown_ladder", "unused", "blank"}


def _findings(text: str) -> list[Located]:
    return questionnaires.findings(documents.read(text.encode(), "q.yaml"))
