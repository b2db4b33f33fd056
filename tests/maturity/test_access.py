import pytest

from survey_service.errors import ForbiddenError
from survey_service.maturity.access import Action, Actor, Role, may, require

ACTIONS: tuple[Action, ...] = ("open", "save", "submit", "withdraw", "read")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_coordinator_may_do_everything_with_their_assessments(action: Action) -> None:
    require(_person("coordinator"), action)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_auditor_may_only_read(action: Action) -> None:
    auditor = _person("auditor")

    assert may(auditor, action) is (action == "read")
    if action != "read":
        with pytest.raises(ForbiddenError):
            require(auditor, action)


def _person(role: Role) -> Actor:
    return Actor(1, "alice", role, 1, "alice")
