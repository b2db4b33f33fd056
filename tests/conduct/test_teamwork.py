from survey_service.conduct.teamwork import Assignment, Leaver, assignees, leavers
from tests.samples import tiny

TWO = tiny("two_dimensions")


def test_a_part_is_whose_it_is_or_whose_the_nearest_above_is() -> None:
    merit, single = Assignment("merit", 1, "alice"), Assignment("A", 2, "dina")

    found = assignees(TWO, {"merit": merit, "A": single})

    below = {leaf.code for leaf in TWO.all_nodes["merit"].leaves()}
    assert found == {code: single if code == "A" else merit for code in below}
    assert assignees(TWO, {}) == {}


def test_what_is_left_by_those_who_left_is_told_by_person() -> None:
    found = [
        Assignment("B", 2, "dina", left=True),
        Assignment("C", 1, "eko", left=True),
        Assignment("A", 2, "dina", left=True),
        Assignment("D", 3, "alice"),
    ]

    assert leavers(found) == [Leaver(2, "dina", ("A", "B")), Leaver(1, "eko", ("C",))]
