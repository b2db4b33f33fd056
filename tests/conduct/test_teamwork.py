from survey_service.conduct.teamwork import Assignment, assignees
from tests.samples import tiny

TWO = tiny("two_dimensions")


def test_a_part_is_whose_it_is_or_whose_the_nearest_above_is() -> None:
    merit, single = Assignment("merit", 1, "alice"), Assignment("A", 2, "dina")

    found = assignees(TWO, {"merit": merit, "A": single})

    below = {leaf.code for leaf in TWO.all_nodes["merit"].leaves()}
    assert found == {code: single if code == "A" else merit for code in below}
    assert assignees(TWO, {}) == {}
