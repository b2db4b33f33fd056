"""Lists of people, previewed."""

import pytest

from survey_service.conduct.access import Role
from survey_service.conduct.people import ListedPerson, admission

PLACES = {"Agency": 2}
GIVEN: tuple[Role, ...] = ("respondent",)
ROW = ListedPerson("dewi", "Dewi", "respondent", "Agency", "dewi@example.go.id")


def test_who_is_new_is_invited_and_who_is_known_stays() -> None:
    known = ListedPerson("alice", "somebody else", "nothing", "nowhere")

    plan = admission([ROW, known], {"alice"}, PLACES, GIVEN)

    assert [(one.login, one.organisation_id, one.email) for one in plan.invited] == [
        ("dewi", 2, "dewi@example.go.id")
    ]
    assert plan.known == ("alice",)
    assert plan.misfits == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ListedPerson("a b", "x", "respondent", "Agency"), "no_login"),
        (ListedPerson("dewi", "x", "respondent", "Agency"), "login_twice"),
        (ListedPerson("x", "", "respondent", "Agency"), "bad_name"),
        (ListedPerson("x", "A\r\nB", "respondent", "Agency"), "bad_name"),
        (ListedPerson("x", "x", "king", "Agency"), "no_role"),
        (ListedPerson("x", "x", "ministry", "Agency"), "not_to_give"),
        (ListedPerson("x", "x", "respondent", "Elsewhere"), "no_organisation"),
        (ListedPerson("x", "x", "respondent", "Agency", "no mail"), "no_email"),
    ],
)
def test_where_a_row_is_wrong_nobody_is_invited(row: ListedPerson, reason: str) -> None:
    plan = admission([ROW, row], set(), PLACES, GIVEN)

    assert plan.invited == ()
    assert [(one.line, one.reason) for one in plan.misfits] == [(3, reason)]
