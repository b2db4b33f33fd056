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


def may(actor: Actor, action: Action, *, owner: int | None = None) -> bool:
    """Whether the actor may, on what they can see.

    Args:
        actor: Their role must include the action, and their scope anything but reading.
        action: What they are about to do.
        owner: The organisation whose it is: what is below one's own is read and not changed.
    """
    if action == "read":
        return action in ALLOWED[actor.role]
    own = owner is None or owner == actor.organisation_id
    return own and actor.scope == "write" and action in ALLOWED[actor.role]


def require(actor: Actor, action: Action, *, owner: int | None = None) -> None:
    """Raise `ForbiddenError` unless the actor may."""
    if not may(actor, action, owner=owner):
        raise ForbiddenError(role=actor.role, action=action)
