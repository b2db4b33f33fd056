"""What was claimed against what was found, and whom to check first, in words and as tables."""

from collections.abc import Collection
from decimal import Decimal

import numpy as np

from survey_service.analysis.check_order import Reason
from survey_service.analysis.claims import claims as compared
from survey_service.reports.national.check_order import Shown, check_order, in_words, waiting
from survey_service.reports.national.claims import claims, judged
from survey_service.reports.national.view import Asked
from tests.national import cycle, five


def _shown(
    rows: int = 3,
    evidence: Collection[tuple[int, str]] = (),
    fresh: Collection[tuple[int, str]] = (),
) -> Shown:
    """Return what answers are supported by: rows with codes that have some, and that have some new."""
    flags = [
        np.array(
            [[(row, code) in said for code in "ABCDE"] for row in range(rows)], np.bool_
        ).reshape(rows, 5)
        for said in (evidence, fresh)
    ]
    return Shown(*flags)


def test_claims_are_compared_overall_part_by_part_and_by_organisation() -> None:
    claimed = [five(4, 4, 4, 4, 4), five(3, 3, 3, 3, 3)]
    found = [five(1, 3, 4, 4, 4), five(3, 3, 3, 3, 4)]

    parts, each = claims(cycle(claimed, found), Asked(), "en")

    rows = {row[0]: row for row in parts.rows}
    # ten answers, of levels 1 to 5: 3 and 1 levels too high, 1 too low: (75 + 25 - 25) / 10
    assert rows["all answers"][2:6] == [10, 2, 1, Decimal("7.5")]
    assert rows["all answers"][9] == Decimal("70.0")
    assert rows["all answers"][8] == "fewer than 20 checked: nothing is said"
    # the index: 4 against 3.1, and 3 against 0.6*3+0.4*10/3 = 3.1333: (22.5 - 3.3) / 2
    assert rows["index"][2:6] == [2, 1, 1, Decimal("9.6")]
    assert rows["index"][9:] == [None] * 4  # means are hardly ever the same
    assert rows["A"][1:6] == ["A", 2, 1, 0, Decimal("37.5")]
    assert [row[0] for row in each.rows] == ["Agency 1", "Agency 2"]
    assert [row[5] for row in each.rows] == [Decimal("20.0"), Decimal("-5.0")]
    assert each.links == [1, 2]
    assert "2 organisations 10 answers were checked: 2 had been claimed too high, 1 too low" in (
        parts.words
    )


def test_many_claims_too_high_are_flagged_and_a_page_of_them_goes_on() -> None:
    claimed, found = [five(4, 4, 4, 4, 4)] * 5, [five(3, 3, 3, 3, 4)] * 5

    parts, each = claims(cycle(claimed, found), Asked(start=3, limit=5), "en")

    assert parts.rows[0][8] == "claimed too high, beyond chance"
    assert each.count == 5
    assert [row[0] for row in each.rows] == ["Agency 4", "Agency 5"]


def test_where_nobody_was_checked_there_is_nothing_to_compare() -> None:
    waiting = cycle([five(4, 4, 4, 4, 4)], state="submitted")

    for selection in (waiting, cycle([])):
        parts, each = claims(selection, Asked(), "en")
        assert (parts.count, each.count) == (0, 0)
        assert parts.words == each.words == "Nobody of this selection has been checked yet."


def test_what_is_said_of_claims_follows_from_their_flag() -> None:
    low = compared(np.array([1] * 19 + [2]), np.array([3] * 20))
    same = compared(np.array([3] * 20), np.array([3] * 20))

    assert judged(low, "en") == "claimed too low, beyond chance"
    assert judged(same, "en") == "no difference beyond chance"


def test_the_queue_begins_with_who_gives_most_to_look_at() -> None:
    now = cycle(
        [five(1, 1, 1, 2, 1), five(5, 4, 1, 1, 2), five(4, 1, 2, 1, 1)], state="external_evaluation"
    )
    before = cycle([five(1, 1, 1, 2, 1), five(1, 1, 1, 1, 2)])
    shown = _shown(evidence={(1, "B"), (2, "A")}, fresh={(2, "A")})

    found = check_order(waiting(now), before, shown, Asked(), "en")

    # Agency 2 rose by four levels in A, which shows nothing, and by three in B, which shows what it
    # showed before; Agency 3 was not there before
    assert [(row[0], row[1], row[4]) for row in found.rows] == [
        ("Agency 2", 1, 2), ("Agency 1", 2, 0), ("Agency 3", 3, 0),
    ]  # fmt: skip
    assert found.rows[0][5] == (
        "rose by half the scale or more with nothing new to show: A, B; high without evidence: A"
    )
    assert found.rows[1][5] == "nothing stands out"
    assert "no verdict" in found.words


def test_only_those_who_wait_are_in_the_queue_and_a_page_of_it_goes_on() -> None:
    handed_in = cycle([five(5, 5, 5, 5, 5)] * 3, state="submitted")
    done = cycle([five(5, 5, 5, 5, 5)] * 3)

    second = check_order(waiting(handed_in), None, _shown(), Asked(start=1, limit=1), "en")
    none = check_order(waiting(done), None, _shown(0), Asked(), "en")

    assert [row[:2] for row in second.rows] == [["Agency 2", 2]]
    assert second.count == 3
    assert none.count == 0
    assert none.words == "Nobody of this selection waits to be checked."


def test_reasons_are_told_in_words() -> None:
    many = tuple(f"I{number}" for number in range(20))

    assert in_words(Reason("uniform", (), 91.7), "en") == "91 % of the answers are the same"
    assert "far above" in in_words(Reason("far_from_peers", (), 4.0), "en")
    assert "far below" in in_words(Reason("far_from_peers", (), -4.0), "en")
    assert in_words(Reason("no_evidence", many, 20), "en").endswith("I11 …")
