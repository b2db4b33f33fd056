"""Lists of people, previewed."""

import pytest
from msgspec import structs

from survey_service.conduct.access import Role
from survey_service.conduct.people import ListedPerson, admission

PLACES = {"agency": [2], "health office": [3, 4], "b / health office": [4]}
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
        (ListedPerson("x", "x", "respondent", "Health office"), "which_organisation"),
        (ListedPerson("x", "x", "respondent", "Agency", "no mail"), "no_email"),
    ],
)
def test_where_a_row_is_wrong_nobody_is_invited(row: ListedPerson, reason: str) -> None:
    plan = admission([ROW, structs.replace(row, line=7)], set(), PLACES, GIVEN)

    assert plan.invited == ()
    assert [(one.line, one.reason) for one in plan.misfits] == [(7, reason)]


def test_one_of_several_organisations_is_known_by_its_parent_and_names_as_they_look() -> None:
    rows = [
        ListedPerson("a", "A", "respondent", "B / Health Office"),
        ListedPerson("b", "B", "respondent", "AGENCY\u200b"),
    ]

    assert [one.organisation_id for one in admission(rows, set(), PLACES, GIVEN).invited] == [4, 2]


def test_a_misfit_names_the_value_that_is_wrong() -> None:
    (misfit,) = admission([ListedPerson("x", "X", "king", "Agency")], set(), PLACES, GIVEN).misfits

    assert (misfit.name, misfit.value) == ("x", "king")
