"""Results as one table: whose row it is, which one stands, and what is missing."""

import numpy as np

from survey_service.analysis.columns import Columns, columns
from survey_service.analysis.result_rows import FIXED, attribute_column, numbers, rows
from survey_service.maturity.cards import NOTHING
from tests.analysis.national_samples import ASKED, member, packed
from tests.samples import tiny


def _table(of: Columns, *attributes: str) -> list[dict[str, object]]:
    known = map(attribute_column, attributes)
    names = [*FIXED, *known, *(one.name for one in numbers(ASKED))]
    cells = [list(column) for column in rows(of, attributes)]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def test_every_assessment_has_a_row_for_each_stage_and_one_of_them_stands() -> None:
    members = [
        member(1, attributes={"region": "North", "large": True}),
        member(2, state="external_evaluation", kind="city"),
    ]
    own = packed(3_000_000, 3_000_000, 3_000_000)
    checked = packed(2_000_000, 2_500_000, NOTHING, grade=None)
    found = columns(ASKED, members, {"self": {1: own, 2: own}, "final": {1: checked}})

    table = _table(found, "region", "large")

    assert [(row["assessment"], row["stage"], row["stands"]) for row in table] == [
        (1, "self", False),
        (1, "final", True),
        (2, "self", False),
        (2, None, True),  # the stage that it has closed left no result
    ]
    assert [row["compared"] for row in table] == [False, True, False, False]
    assert [row["index"] for row in table] == [3_000_000, 2_000_000, 3_000_000, None]
    assert [row["index.oversight"] for row in table] == [3_000_000, None, 3_000_000, None]
    assert [row["grade"] for row in table] == ["fair", None, "fair", None]
    assert [(row["attribute.region"], row["attribute.large"]) for row in table[1:3]] == [
        ("North", "true"),
        (None, None),
    ]
    assert {row["value.A"] for row in table} == {None}


def test_who_has_not_handed_in_and_who_is_withdrawn_is_counted_and_not_compared() -> None:
    members = [member(1, state="draft"), member(2, withdrawn="merged")]
    result = packed(4_000_000, 4_000_000, 4_000_000)

    table = _table(columns(ASKED, members, {"final": {2: result}}))

    told = [(row["state"], row["stage"], row["withdrawn"], row["compared"]) for row in table]
    assert told == [("draft", None, False, False), ("final", "final", True, False)]


def test_a_column_in_which_nothing_is_missing_is_an_array() -> None:
    found = columns(ASKED, [member(1)], {"final": {1: packed(4_000_000, NOTHING, 1_000_000)}})

    cells = dict(zip([*FIXED, *(one.name for one in numbers(ASKED))], rows(found, ()), strict=True))

    assert isinstance(cells["index"], np.ndarray)
    assert cells["index.merit"] == [None]


def test_no_assessments_are_no_rows() -> None:
    assert {len(column) for column in rows(columns(ASKED, [], {}), ["region"])} == {0}


def test_numbers_say_whose_they_are_what_stands_above_and_where_they_lie() -> None:
    found = {one.name: one for one in numbers(tiny("three_tiers"))}

    whole, *others = found.values()
    assert (whole.code, whole.parent, whole.tier) == ("", "", "index")
    assert [one.parent for one in others if one.tier == "node"].count("") > 0
    assert all(one.parent in {other.code for other in others} for one in others if one.parent)
    assert (whole.lowest, whole.highest) == (0, 2_000_000)
    assert {one.tier for one in others} == {"node", "indicator"}
