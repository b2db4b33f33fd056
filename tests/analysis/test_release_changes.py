"""What a correction tells otherwise: organisations and groups that came or left, and figures."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from survey_service.analysis.publications import code_of
from survey_service.analysis.release_changes import changes
from survey_service.analysis.releases import Change, Release, Row, figures
from tests.analysis.test_releases import ASKED, numbered


def release(rows: Sequence[Row], *, named: bool = True) -> Release:
    told = tuple(figures(ASKED, rows))
    return Release("Cycle", ASKED, "", b"", len(rows), tuple(rows) if named else None, told)


def test_equal_releases_differ_in_nothing() -> None:
    rows = numbered(["1", "2", "3"])

    assert changes(release(rows), release(rows)) == ()


def test_who_came_who_left_and_what_changed_is_told_with_both_values() -> None:
    one, two, three = numbered(["1", "2", "3"])
    corrected = structs.replace(
        two, index=Decimal("2.5"), nodes={"merit": None, "oversight": None}, worth={"A": Decimal(4)}
    )

    found = changes(release([one, two]), release([corrected, three]))

    assert [told for told in found if told.table == "organisations"] == [
        Change("changed", "organisations", "2", "", "index", "2", "2.5"),
        Change("changed", "organisations", "2", "merit", "index", "2", ""),
        Change("changed", "organisations", "2", "A", "value", "", "4"),
        Change("joined", "organisations", "3"),
        Change("left", "organisations", "1"),
    ]
    assert Change("changed", "groups", "kind=city", "", "mean", "1.5", "2.75") in found
    assert Change("changed", "groups", "", "", "p75", "2", "3") in found


def test_a_name_a_kind_and_a_grade_are_figures_too() -> None:
    (one,) = numbered(["1"])
    other = structs.replace(one, name="other", kind="regency", grade="good")

    found = changes(release([one]), release([other]))

    told = [(each.figure, each.before, each.after) for each in found if each.what == "changed"]
    assert told == [("name", "1", "other"), ("kind", "city", "regency"), ("grade", "", "good")]
    groups = [(each.what, each.of) for each in found if each.table == "groups"]
    assert groups == [("joined", "kind=regency"), ("left", "kind=city")]


def test_of_organisations_nothing_is_told_unless_both_releases_name_them() -> None:
    rows = numbered(["1", "2"])

    found = changes(release(rows), release(rows[:1], named=False))

    assert {one.table for one in found} == {"groups"}


def test_each_release_has_a_code_of_its_own() -> None:
    assert code_of("digest", 1) != code_of("digest", 2)
    assert code_of("digest", 1) == "-".join(code_of("digest", 1).split("-"))
    assert [len(part) for part in code_of("digest", 1).split("-")] == [5, 5, 5]
