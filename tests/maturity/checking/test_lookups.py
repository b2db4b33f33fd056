"""Rows that a table lacks: every combination that answers can come to, and no other."""

import pytest

from survey_service.library import documents, questionnaires
from tests.samples import TINY

TEXT = """
code: looked-up
version: "1"
name: {id: Tabel, en: Table}
scale: {lowest: 1, highest: 3}
combine: minimum
plus: 1
choices:
  - code: letters
    options:
      - {code: C, text: {id: Kurang, en: Poor}, value: 1}
      - {code: B, text: {id: Cukup, en: Fair}, value: 2}
      - {code: A, text: {id: Baik, en: Good}, value: 3}
lookups: [{code: t, letters: letters, rows: {ROWS}}]
nodes:
  - code: one
    name: {id: Satu, en: One}
    combine: lookup
    lookup: t
    CHILDREN
"""
PAIR = """indicators:
      - {code: X, name: {id: X, en: X}, choice: letters}
      - {code: Y, name: {id: Y, en: Y}, choice: letters}
      - {code: T, name: {id: T, en: T}, text: {}}"""
FULL = "C C: C, C B: C, C A: B, B B: B, B A: B, A A: A"
TRIPLE = """indicators:
      - {code: X, name: {id: X, en: X}, choice: letters, not_applicable: forbidden}
      - {code: Y, name: {id: Y, en: Y}, choice: letters, not_applicable: forbidden}
      - code: Z
        name: {id: Z, en: Z}
        not_applicable: NA
        options:
          - {code: "1", text: {id: Satu, en: One}, value: 1}
          - {code: "2", text: {id: Dua, en: Two}, value: 2}"""
THREES = "C C C: C, C C B: C, C C A: B, C B B: B, C B A: B, C A A: B, B B B: B, B B A: B, B A A: A"
NODES = """nodes:
      - code: W
        name: {id: W, en: W}
        combine: RULE
        indicators:
          - {code: X, name: {id: X, en: X}, choice: letters}
          - {code: Y, name: {id: Y, en: Y}, choice: letters}
      - code: V
        name: {id: V, en: V}
        combine: weakest_link
        indicators: [{code: Z, name: {id: Z, en: Z}, choice: letters}]"""


def _rows(children: str, rows: str) -> list[str]:
    """Return the rows that are told to be missing; none where nothing is."""
    text = TEXT.replace("CHILDREN", children).replace("ROWS", rows)
    found = questionnaires.findings(documents.read(text.encode(), "q.yaml"))
    return [one.finding.details["rows"] for one in found if one.finding.code == "lookup_rows"]


def test_a_row_that_two_answers_can_come_to_must_be_there() -> None:
    assert _rows(PAIR, FULL) == []
    assert _rows(PAIR, FULL.replace("B A: B, ", "")) == ["B A"]


def test_rows_for_fewer_must_be_there_where_one_may_not_apply() -> None:
    assert _rows(TRIPLE.replace("NA", "forbidden"), THREES) == []
    assert _rows(TRIPLE.replace("NA", "lowest"), THREES) == []
    assert _rows(TRIPLE.replace("NA", "reweight"), f"{FULL}, {THREES}") == []
    assert _rows(TRIPLE.replace("NA", "reweight"), THREES) == ["C C, C B, C A, B B, B A"]


def test_a_value_without_a_letter_has_no_row() -> None:
    half = TRIPLE.replace("NA", "forbidden").replace("value: 2}", "value: 2.5}")

    (missing,) = _rows(half, THREES)

    assert "(2.5)" in missing


def test_a_part_that_is_asked_on_a_condition_may_be_missing() -> None:
    asked = TRIPLE.replace("NA", "forbidden").replace(
        "code: Z\n", "code: Z\n        when: answers.X != 'A'\n"
    )

    assert _rows(asked, THREES) == ["C C, C B, C A, B B, B A"]


def test_what_the_weakest_link_can_be_is_known() -> None:
    assert _rows(NODES.replace("RULE", "weakest_link"), FULL) == []
    assert _rows(NODES.replace("RULE", "weakest_link"), FULL.replace("C C: C, ", "")) == ["C C"]


@pytest.mark.parametrize("children", [
    NODES.replace("RULE", "mean"),
    PAIR.replace("choice: letters}", "number: {}}"),
    PAIR.replace("choice: letters}", "choice: letters, units: {combine: mean}}"),
    "indicators: [" + ", ".join(
        f"{{code: X{n}, name: {{id: X, en: X}}, options: ["
        + ", ".join(f"{{code: o{k}, text: {{id: o, en: o}}, value: {1 + (k + n) / 32}}}" for k in range(16))
        + "]}" for n in range(8)
    ) + "]",
])  # fmt: skip
def test_what_cannot_be_told_is_not_judged(children: str) -> None:
    assert _rows(children, "C C: C") == []


def test_of_rounded_values_it_is_not_told() -> None:
    text = (TINY / "combining.yaml").read_text().replace("D C: D+, ", "")
    rounded = text.replace("nodes:", "rounding: {at: [indicators], digits: 0}\nnodes:", 1)

    found = questionnaires.findings(documents.read(rounded.encode(), "q.yaml"))

    assert "lookup_rows" not in [one.finding.code for one in found]
