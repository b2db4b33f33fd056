"""Small groups, and whoever tries to reckon them from what is told."""

from collections.abc import Sequence
from itertools import chain, combinations
from random import Random

import numpy as np
import pytest

from survey_service.analysis import disclosure
from survey_service.analysis.cuts import least_cut
from survey_service.analysis.disclosure import small_set
from survey_service.analysis.suppression import (
    REST,
    Grouping,
    Member,
    blocks,
    told,
)


def grouped(**sizes: int) -> dict[Member, str]:
    """Return so many members of each group, numbered through."""
    labels = [group for group, size in sizes.items() for _ in range(size)]
    return numbered(labels)


def numbered(labels: Sequence[str]) -> dict[Member, str]:
    return {(number, ""): label for number, label in enumerate(labels)}


def attacked(seen: Sequence[Grouping], fewest: int) -> set[Member] | None:
    """Return members of whom somebody who knows every published sum can work out something.

    Tries all sets of fewer than `fewest` members whose values are alike told: what can be reckoned is
    what the rows of the equations span, and a set is told of if some combination touches it alone.
    """
    members = sorted({member for one in seen for member in one})
    rows = [
        [float(one.get(member) == block) for member in members]
        for one in seen
        for block in sorted(set(one.values()))
    ]
    if not rows:
        return None
    matrix = np.array(rows)
    alike: dict[tuple[float, ...], list[int]] = {}
    for place, column in enumerate(matrix.T):
        alike.setdefault(tuple(column), []).append(place)
    small = [places for column, places in alike.items() if len(places) < fewest and any(column)]
    for size in range(1, fewest):
        for several in combinations(small, size):
            if (count := sum(map(len, several))) < fewest:
                outside = np.delete(matrix, list(chain(*several)), axis=1)
                # a combination that vanishes outside and not inside
                if np.linalg.matrix_rank(outside) < np.linalg.matrix_rank(matrix):
                    assert count
                    return {members[place] for places in several for place in places}
    return None


def test_a_small_group_is_not_told_and_neither_is_one_that_would_give_it_away() -> None:
    kinds = grouped(ministry=3, city=8, regency=20)

    found = told([kinds])

    # the whole less cities and regencies were the ministries, so that cities are not told either
    assert found.whole
    assert found.groups == (frozenset({"regency"}),)


def test_small_groups_that_are_enough_together_hide_one_another() -> None:
    assert told([grouped(a=3, b=2, c=9)]).groups == (frozenset({"c"}),)


def test_large_groups_are_all_told() -> None:
    assert told([grouped(a=5, b=6)]).groups == (frozenset({"a", "b"}),)


@pytest.mark.parametrize("members", [0, 1, 4])
def test_of_too_few_not_even_the_whole_is_told(members: int) -> None:
    found = told([grouped(a=members)])

    assert (found.whole, found.groups) == (False, (frozenset(),))


def test_a_thousand_groups_of_one_are_told_as_a_whole_alone() -> None:
    found = told([numbered([str(number) for number in range(1000)])])

    assert (found.whole, found.groups) == (True, (frozenset(),))


def test_who_has_no_group_is_in_the_rest() -> None:
    kinds, regions = grouped(city=20), grouped(west=12)  # of the others no region is known

    assert told([kinds, regions]).groups == (frozenset({"city"}), frozenset({"west"}))
    assert told([kinds, grouped(west=17)]).groups == (frozenset({"city"}), frozenset())


def test_how_few_are_too_few_is_for_the_ministry_to_say() -> None:
    assert told([grouped(a=3, b=3)], fewest=3).groups == (frozenset({"a", "b"}),)


def test_one_grouping_does_not_give_away_what_another_hides() -> None:
    # all of the west but two are cities: cities less the west were those two others
    kinds = numbered(["city"] * 10 + ["regency"] * 10)
    regions = numbered(["west"] * 8 + ["east"] * 12)
    assert attacked([kinds, regions], 5) == {(8, ""), (9, "")}

    found = told([kinds, regions])

    seen = [
        blocks(one, groups, whole=True)
        for one, groups in zip((kinds, regions), found.groups, strict=True)
    ]
    assert attacked(seen, 5) is None


def test_a_correction_of_one_result_cannot_be_read_off_two_releases() -> None:
    kinds = grouped(city=8, regency=9)
    before = blocks(kinds, frozenset({"city", "regency"}), whole=True)
    corrected = {
        (0, "corrected") if member == (0, "") else member: kind for member, kind in kinds.items()
    }

    found = told([corrected], [before])

    # the whole and the cities changed by what one city changed; the regencies are what they were
    assert not found.whole
    assert found.groups == (frozenset({"regency"}),)


def test_who_joined_is_told_of_once_they_are_enough() -> None:
    before = blocks(grouped(city=8), frozenset({"city"}), whole=True)

    assert not told([grouped(city=12)], [before]).whole
    assert told([grouped(city=13)], [before]).groups == (frozenset({"city"}),)


def test_what_was_told_of_fewer_than_may_be_told_now_is_past() -> None:
    before = blocks(grouped(city=3, regency=9), frozenset({"city", "regency"}), whole=True)
    kinds = {member: kind for member, kind in grouped(city=3, regency=9).items() if kind != "city"}

    assert told([kinds], [before]).groups == (frozenset({"regency"}),)
    assert not told([grouped(city=3, regency=9)], [before]).whole


def test_who_changed_groups_between_releases_takes_a_group_out() -> None:
    kinds = grouped(city=10, regency=10, ministry=10)
    before = blocks(kinds, frozenset({"city", "regency", "ministry"}), whole=True)
    moved = {**kinds, (0, ""): "regency", (1, ""): "regency"}

    found = told([moved], [before])

    assert found.whole
    assert found.groups == (frozenset({"ministry"}),)


@pytest.mark.parametrize("seed", range(24))
def test_an_attack_on_generated_countries_gets_nothing(seed: int) -> None:
    """Two groupings of a country, and the release before in which some had other results."""
    fewest = (2, 3, 5)[seed % 3]
    draw = Random(seed)
    members = [
        (number, "" if draw.random() < 0.9 else "corrected")
        for number in range(draw.randint(0, 40))
    ]
    kinds = {member: draw.choice("abcd") for member in members}
    regions = {member: draw.choice("uvwxyz") for member in members}
    earlier_kinds = {
        (number, ""): kinds[number, result] if draw.random() < 0.9 else draw.choice("abcd")
        for number, result in members
        if draw.random() < 0.95
    }
    first = told([earlier_kinds], fewest=fewest)
    before = blocks(earlier_kinds, first.groups[0], whole=first.whole)

    found = told([kinds, regions], [before], fewest)

    by_kind, by_region = (
        blocks(one, groups, whole=found.whole)
        for one, groups in zip((kinds, regions), found.groups, strict=True)
    )
    assert attacked((by_kind, by_region, before), fewest) is None


def test_points_that_hang_together_by_enough_are_not_parted() -> None:
    square = {
        "a": {"b": 2, "d": 2},
        "b": {"a": 2, "c": 1},
        "c": {"b": 1, "d": 2},
        "d": {"a": 2, "c": 2},
    }

    assert least_cut(square, 3) is None
    assert least_cut(square, 4) in (frozenset("c"), frozenset("abd"))


def test_parts_that_do_not_hang_together_are_looked_at_each_for_itself() -> None:
    apart = {"a": {"b": 9}, "b": {"a": 9}, "c": {"d": 1}, "d": {"c": 1}, "alone": {}}

    assert least_cut(apart, 2) in (frozenset("c"), frozenset("d"))
    assert least_cut({"alone": {}}, 2) is None
    assert REST == ""


def test_three_groupings_together_tell_of_nobody_either() -> None:
    """Of each pair nothing can be got out; of all three at once the first member's value could."""
    tables = [numbered(labels) for labels in ("aabbab", "babaab", "abbabb")]
    pairs = combinations(tables, 2)
    assert [attacked(pair, 2) for pair in pairs] == [None] * 3
    assert attacked(tables, 2) == {(0, "")}

    found = told(tables, fewest=2)

    seen = [
        blocks(one, groups, whole=True) for one, groups in zip(tables, found.groups, strict=True)
    ]
    assert attacked(seen, 2) is None
    assert any(found.groups)


def test_a_whole_country_is_not_searched_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    many = numbered([str(number) for number in range(600)])
    assert small_set([many], 2) is None  # too many blocks to solve
    few = [numbered("aaaabbbb"), numbered("xxyyxxyy")]
    monkeypatch.setattr(disclosure, "_TRIED", 0)

    assert small_set(few, 4) is None  # of three columns none is tried any more
    assert small_set(few, 5) == frozenset((number, "") for number in range(4))  # of two columns
