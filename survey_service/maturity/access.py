"""Who may do what: one table of roles and actions.

What a person may not even know of is kept from them by the queries themselves, in `store`.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from survey_service.errors import ForbiddenError

Role = Literal["coordinator", "auditor"]
Action = Literal["open", "save", "submit", "withdraw", "read", "issue"]
Scope = Literal["read", "write"]

ALLOWED: Mapping[Role, frozenset[Action]] = {
    "coordinator": frozenset({"open", "save", "submit", "withdraw", "read", "issue"}),
    "auditor": frozenset({"read", "issue"}),
}


class Actor(Struct, frozen=True):
    """The person behind a request, and the organisation whose assessments they see.

    `login` and `address`, where the request came from, are for the record. With the `scope` read
    nothing can be changed, whatever the role includes.
    """

    id: int
    name: str
    role: Role
    organisation_id: int
    login: str
    scope: Scope = "write"
    address: str = ""


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's role includes the action, on what they can see, and their scope does."""
    return action in ALLOWED[actor.role] and (actor.scope == "write" or action == "read")


def require(actor: Actor, action: Action) -> None:
    """Raise `ForbiddenError` unless the actor may."""
    if not may(actor, action):
        raise ForbiddenError(role=actor.role, action=action)
