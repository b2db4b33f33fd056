"""Whom to check first, and why."""

import numpy as np

from survey_service.analysis.check_order import Answers, Queued, Reason, queue
from survey_service.maturity.cards import NOTHING

CODES = tuple(f"i{number}" for number in range(10))
EVEN = [1, 2, 3, 2, 1, 2, 3, 2, 1, 2]


def answers(*rows: list[int], **other: object) -> Answers:
    claimed = np.array(rows, np.int32)
    flags = np.ones(claimed.shape, np.bool_)
    said = {"before": claimed, "evidence": flags, "fresh": flags} | other
    return Answers(CODES, claimed, **said)  # type: ignore[arg-type] # arrays, each of its kind


def of(given: Answers, index: list[int] | None = None) -> list[Queued]:
    rows = len(given.claimed)
    units = np.array(index or [2] * rows)
    return list(queue(given, units, ["city"] * rows, 2, 4, np.arange(rows)))


def test_who_gives_no_reason_comes_last_and_keeps_the_order() -> None:
    assert of(answers(EVEN, EVEN)) == [Queued(0, ()), Queued(1, ())]


def test_a_jump_with_nothing_new_to_show_is_a_reason() -> None:
    before = np.array([EVEN, EVEN], np.int32)
    before[:, 2] = 1
    before[:, 3] = NOTHING  # was not asked then
    fresh = np.ones(before.shape, np.bool_)
    fresh[1] = False

    found = of(answers(EVEN, EVEN, before=before, fresh=fresh))

    assert found == [Queued(1, (Reason("jump", ("i2",), 2.0),)), Queued(0, ())]


def test_high_levels_without_evidence_are_a_reason() -> None:
    high = [5, *EVEN[1:]]
    evidence = np.zeros((2, 10), np.bool_)

    found = of(answers(EVEN, high, evidence=evidence))

    assert found[0] == Queued(1, (Reason("no_evidence", ("i0",), 1.0),))


def test_who_is_not_in_the_queue_is_a_peer_alone() -> None:
    index = np.array([100, 101, 102, 103, 104, 105, 106, 107, 108, 150])

    found = list(queue(answers(EVEN), index, ["city"] * 10, 2, 4, np.array([9])))

    assert [(one.place, one.reasons[0].why) for one in found] == [(9, "far_from_peers")]


def test_an_index_far_from_its_peers_is_a_reason_where_they_are_enough() -> None:
    index = [100, 101, 102, 103, 104, 105, 106, 107, 108, 150, NOTHING]

    found = of(answers(*[EVEN] * 11), index)

    assert found[0].place == 9
    assert found[0].reasons[0].why == "far_from_peers"
    assert found[0].reasons[0].figure > 3.5
    assert all(not one.reasons for one in of(answers(*[EVEN] * 9), index[2:11]))
    assert all(not one.reasons for one in of(answers(*[EVEN] * 10), [5] * 9 + [9]))


def test_of_peers_that_have_no_index_nobody_is_far() -> None:
    assert of(answers(EVEN), [NOTHING]) == [Queued(0, ())]


def test_answers_that_are_all_the_same_are_a_reason_unless_they_are_few() -> None:
    uniform, few = [3] * 9 + [2], [3] * 9 + [NOTHING]

    found = of(answers(EVEN, uniform, few))

    assert [one.place for one in found] == [1, 0, 2]
    assert found[0].reasons == (Reason("uniform", (), 90.0),)


def test_more_reasons_come_first_then_more_answers_to_look_at() -> None:
    evidence = np.zeros((3, 10), np.bool_)
    one_high, two_high, all_high = [4, *EVEN[1:]], [4, 4, *EVEN[2:]], [4] * 10

    found = of(answers(one_high, two_high, all_high, evidence=evidence))

    assert [one.place for one in found] == [2, 1, 0]
    assert [reason.why for reason in found[0].reasons] == ["no_evidence", "uniform"]
