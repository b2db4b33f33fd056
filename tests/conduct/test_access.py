"""The access table, told once more the other way round: role by role, what each may do where."""

import pytest

from survey_service.conduct.access import ACTIONS, ROLES, Action, Actor, Role, may, require
from survey_service.conduct.life import Stage
from survey_service.errors import ForbiddenError

OWN, BELOW = 1, 2
EVERYBODY: set[tuple[Action, str]] = {
    ("read", "own"), ("read", "below"), ("issue", "own"), ("issue", "below"), ("ask", "own"), ("ask", "below"),
}  # fmt: skip
ONLY: dict[Role, str] = {
    "respondent": "answer.self attach.self ready comment improve",
    "coordinator": "answer.self attach.self ready comment improve open discard assign move object submit.self "
    "take_over.self withdraw",
    "inspector": "begin.internal answer.internal return.internal pass_on.internal comment "
    "+begin.internal +answer.internal +return.internal +pass_on.internal +comment",
    "evaluator": "+begin.external +answer.external +return.external +announce.external "
    "+finalise.external +comment +settle",
    "ministry": "+reopen +move_in_cycle +take_over.final plan +plan publish export organise "
    "+organise admit +admit",
    "auditor": "",
    "administrator": "organise +organise admit +admit",
}  # `+` on what is below one's own organisation


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_just_what_the_table_grants(role: Role) -> None:
    told = {*ONLY[role].split()}
    stages: tuple[Stage | None, ...] = (None, "self", "internal", "external", "final")

    found = {
        f"{'+' if owner == BELOW else ''}{action}{f'.{stage}' if stage else ''}"
        for action in ACTIONS
        for owner in (OWN, BELOW)
        for stage in stages
        if may(_person(role), action, owner=owner, stage=stage)
        and (action, "own" if owner == OWN else "below") not in EVERYBODY
    }

    whichever = {one.split(".")[0] for one in told}
    assert found == told | whichever


def test_with_a_token_for_reading_nothing_is_changed() -> None:
    reader = Actor(1, "alice", "coordinator", OWN, "alice", scope="read")

    assert [action for action in ACTIONS if may(reader, action)] == ["read"]


def test_what_a_role_does_not_include_is_refused_by_name() -> None:
    with pytest.raises(ForbiddenError) as refused:
        require(_person("auditor"), "open")

    assert refused.value.details == {"role": "auditor", "action": "open"}


def test_remarks_are_for_the_team_for_those_who_check_or_for_all() -> None:
    seen = {role: _person(role).audiences(OWN) for role in ROLES}

    assert seen.pop("coordinator") == seen.pop("respondent") == ("all", "team")
    assert seen.pop("inspector") == ("all", "internal")
    assert seen.pop("evaluator") == seen.pop("ministry") == ("all", "internal", "external")
    assert set(seen.values()) == {("all",)}
    assert _person("coordinator").audiences(BELOW) == ("all",)


def test_scores_at_work_are_seen_by_those_who_give_them_and_those_above() -> None:
    sees = {role: _person(role).sees("external_evaluation") for role in ROLES}
    reviewing = {role: _person(role).sees("internal_review") for role in ROLES}

    assert {role for role in ROLES if "external" in sees[role]} == {"evaluator", "ministry"}
    assert {role for role in ROLES if "internal" in reviewing[role]} == {
        "inspector",
        "evaluator",
        "ministry",
    }
    assert all("internal" in each for each in sees.values())
    assert _person("respondent").sees("final") == ("self", "internal", "external")


def test_only_a_ministry_makes_evaluators() -> None:
    assert "evaluator" in _person("ministry").admits
    assert "evaluator" not in _person("administrator").admits
    assert _person("coordinator").admits == ()


def test_an_administrator_at_the_top_can_set_a_service_up_alone() -> None:
    first = Actor(1, "alice", "administrator", OWN, "alice", at_top=True)
    reading = Actor(1, "alice", "administrator", OWN, "alice", scope="read", at_top=True)
    auditor = Actor(1, "alice", "auditor", OWN, "alice", at_top=True)

    assert first.admits == ROLES
    assert may(first, "publish")
    assert not may(first, "plan")
    assert not may(reading, "publish")
    assert (auditor.admits, may(auditor, "publish")) == ((), False)


def _person(role: Role) -> Actor:
    return Actor(1, "alice", role, OWN, "alice")
