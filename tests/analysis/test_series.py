"""An organisation over many cycles."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.analysis.series import (
    Line,
    Point,
    Split,
    Stretch,
    changed,
    lines,
    official,
    split,
    way,
)
from survey_service.conduct.successions import Succession
from tests.samples import tiny

SHARES = st.fractions(0, 1)


def point(year: int, index: str | None = "3", of: int = 1, asked: str = "spbe@2020") -> Point:
    return Point(of, dt.date(year, 12, 31), asked, None if index is None else Decimal(index))


def test_the_line_breaks_where_the_method_or_the_organisation_is_another_one() -> None:
    points = [
        point(2021),
        point(2020),
        point(2022, asked="spbe@2022"),
        point(2023, asked="pemdi@2026"),
        point(2024, asked="pemdi@2026", of=2),
    ]

    found = official(points)

    assert [(len(one.points), one.breaks) for one in found] == [
        (2, ()),
        (1, ("version",)),
        (1, ("instrument",)),
        (1, ("organisation",)),
    ]
    assert found[0].points[0] == points[1]


def test_a_year_without_an_index_is_a_gap_and_no_break() -> None:
    found = official([point(2020, None), point(2021), point(2022, None), point(2023), point(2024)])

    assert found == (Stretch((point(2021),), ()), Stretch((point(2023), point(2024)), ()))


def test_an_organisation_without_any_result_has_no_series() -> None:
    assert official([]) == ()


def test_predecessors_keep_their_own_series_up_to_the_day() -> None:
    merger = dt.date(2022, 1, 1)
    successions = [
        Succession("merge", merger, 2, "Two", 1, "One"),
        Succession("merge", merger, 3, "Three", 1, "One"),
        Succession("rename", dt.date(2020, 6, 1), 4, "Four", 3, "Three"),
        Succession("split", dt.date(2023, 1, 1), 1, "One", 9, "Nine"),
    ]
    points = [
        point(2019, of=4),
        point(2021, of=2),
        point(2022, of=2),
        point(2021, of=3),
        point(2022),
    ]

    found = lines(1, points, successions)

    assert found == [
        Line(1, (Stretch((point(2022),), ()),)),
        Line(2, (Stretch((point(2021, of=2),), ()),), merger, "merge", 1),
        Line(3, (Stretch((point(2021, of=3),), ()),), merger, "merge", 1),
        Line(4, (Stretch((point(2019, of=4),), ()),), dt.date(2020, 6, 1), "rename", 3),
    ]


def test_whom_two_ways_lead_to_is_told_once() -> None:
    day = dt.date(2022, 1, 1)
    successions = [
        Succession("split", day, 3, "Three", 2, "Two"),
        Succession("merge", day, 2, "Two", 1, "One"),
        Succession("merge", day, 3, "Three", 1, "One"),
    ]

    assert [one.organisation_id for one in lines(1, [], successions)] == [1, 2, 3]


def test_a_change_is_performance_and_method() -> None:
    then, now = Fraction(1, 2), Fraction(7, 10)

    found = split(then, now, after_old=Fraction(3, 5))

    assert found == Split(Fraction(1, 5), Fraction(1, 10), Fraction(1, 10), both_ways=False)
    assert split(then, now) is None


@given(SHARES, SHARES, SHARES, SHARES)
def test_the_parts_of_a_change_are_exactly_the_change(
    then: Fraction, now: Fraction, now_old: Fraction, then_new: Fraction
) -> None:
    for known in (
        {"after_old": now_old},
        {"before_new": then_new},
        {"after_old": now_old, "before_new": then_new},
    ):
        found = split(then, now, **known)
        assert found is not None
        assert found.performance + found.method == found.change == now - then
        assert found.both_ways == (len(known) == 2)


def test_with_both_years_under_both_methods_the_two_ways_to_go_count_alike() -> None:
    found = split(Fraction(0), Fraction(1), after_old=Fraction(1, 2), before_new=Fraction(1, 4))

    assert found is not None
    assert found.performance == Fraction(5, 8)  # of 1/2 and 3/4


@pytest.mark.parametrize(("index", "reached"), [("1", 0), ("3", Fraction(1, 2)), ("5", 1)])
def test_indices_compare_by_the_way_that_they_are_up_their_scale(
    index: str, reached: Fraction
) -> None:
    assert way(tiny("crosswalk_new"), Decimal(index)) == reached


def test_indices_of_two_scales_are_split_by_the_way_up_each() -> None:
    old, new = tiny("crosswalk_old"), tiny("crosswalk_new")  # 0 to 5, and 1 to 5

    found = changed((old, Decimal("2.5")), (new, Decimal(4)), before_under_new=Decimal(2))

    # from 1/2 to 3/4; the new method makes 1/4 of the 1/2
    assert found == Split(Fraction(1, 4), Fraction(1, 2), Fraction(-1, 4), both_ways=False)
    later = changed((old, Decimal("2.5")), (new, Decimal(4)), after_under_old=Decimal(3))
    assert later == Split(Fraction(1, 4), Fraction(1, 10), Fraction(3, 20), both_ways=False)
