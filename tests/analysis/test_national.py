"""What a country comes to, in whole numbers."""

from msgspec import structs

from survey_service.analysis.columns import Packed, columns
from survey_service.analysis.national import (
    BINS,
    Claimed,
    Counted,
    Histogram,
    Moved,
    Reached,
    bounds,
    figures,
    ranked,
    spread,
    steps,
)
from survey_service.analysis.selection import PERCENT, Selection, whole
from survey_service.maturity.cards import NOTHING
from tests.analysis.national_samples import ASKED, member, packed
from tests.samples import tiny

KINDS = {1: "city", 2: "regency", 3: "regency", 4: "regency"}


def _cycle(results: dict[int, Packed]) -> Selection:
    members = [member(id_, kind=KINDS[id_]) for id_ in results]
    return whole(ASKED, columns(ASKED, members, {"final": results}))


def _index(*units: int) -> Packed:
    (unit,) = units
    return packed(unit, unit, NOTHING, indicators=(5_000_000, 1_000_000))


def test_a_cycle_is_told_by_group_in_whole_numbers() -> None:
    found = figures(_cycle({1: _index(1_000_001), 2: _index(5_000_000), 3: _index(2_000_000)}))

    assert found.states == {"final": 3}
    assert found.compared == 3
    by_group = {(one.group, one.code): one for one in found.spreads}
    regency = by_group["regency", ""]
    assert (regency.count, regency.total, regency.mean) == (2, 7_000_000, 3_500_000)
    assert (regency.quantiles[0], regency.quantiles[50]) == (2_000_000, 2_000_000)
    assert by_group["city", "oversight"] == spread("city", "oversight", 0, 1, 0, {})
    assert by_group["city", "oversight"].mean is None
    assert [one.group for one in found.histograms] == ["city", "regency"]
    assert found.histograms[0] == Histogram("city", (1, *[0] * (BINS - 1)))
    assert found.histograms[1].counts[5] == found.histograms[1].counts[-1] == 1
    assert [one.code for one in found.indicators] == ["A", "B"]  # the others nobody answered
    assert found.indicators[0] == Reached("A", 3, 3 * PERCENT, (0, 0, 0, 0, 3))
    assert (found.indicators[0].percent, found.indicators[1].percent) == (100.0, 0.0)
    assert found.coverage == [Counted("city", "final", 1), Counted("regency", "final", 2)]
    assert [(one.group, one.count) for one in found.grades] == [("city", 1), ("regency", 2)]
    assert found.movement is None


def test_claims_are_compared_with_what_was_found_of_those_that_were_checked() -> None:
    own = {1: _index(4_000_000), 2: _index(3_000_000), 3: _index(2_000_000)}
    found = {1: _index(2_000_000), 2: _index(4_000_000)}  # nobody checked the third
    members = [
        structs.replace(
            member(id_, kind=KINDS[id_]), state="final" if id_ in found else "submitted"
        )
        for id_ in own
    ]

    told = figures(whole(ASKED, columns(ASKED, members, {"self": own, "final": found})))

    assert (told.compared, told.checked) == (3, 2)
    claims = {one.code: one for one in told.claims}
    assert next(iter(claims)) == ""
    assert claims[""] == Claimed("", 2, 1, 1, PERCENT // 2 - PERCENT // 4)  # of four levels
    assert claims[""].percent == 12.5
    assert claims["A"] == Claimed("A", 2, 0, 0, 0)
    assert claims["C"].percent == 0.0  # nobody answered it


def test_who_moved_is_counted_and_the_furthest_are_named() -> None:
    before = _cycle({1: _index(2_000_000), 2: _index(3_000_000), 3: _index(1_000_000)})
    after = _cycle({1: _index(4_000_000), 2: _index(2_000_000), 4: _index(1_000_000)})

    found = figures(after, "", before).movement

    assert found is not None
    assert (found.rose, found.same, found.fell, found.joined, found.left) == (1, 0, 1, 1, 1)
    assert found.change == 1_000_000
    assert found.first == found.last
    assert found.first[0] == Moved(11, "Agency 1", 2_000_000, 4_000_000, 2_000_000, 2, 1)
    assert found.first[1].change == -1_000_000


def test_an_empty_cycle_comes_to_nothing() -> None:
    found = figures(_cycle({}), "kind", _cycle({}))

    assert (found.states, found.compared) == ({}, 0)
    assert (list(found.spreads), list(found.histograms), list(found.indicators)) == ([], [], [])
    assert found.movement is not None
    assert found.movement.first == ()


def test_indicators_alike_stand_in_the_order_of_the_questionnaire() -> None:
    some = [Reached("B", 2, 10, ()), Reached("A", 4, 20, ()), Reached("C", 1, 9, ())]

    assert [one.code for one in ranked(some, ("A", "B", "C"))] == ["C", "A", "B"]


def test_a_span_is_parted_between_levels_where_there_are_some() -> None:
    assert steps(ASKED) == 4
    assert bounds(4)[1:] == [PERCENT // 4, PERCENT // 2, 3 * PERCENT // 4, PERCENT]
    assert steps(tiny("points")) == 4
