"""Who may do what: one table of roles, actions, stages and relations to the organisation.

What a person may not even know of is kept from them by the queries themselves, in `store`: they see
what belongs to their organisation and to those below it. On what they see, this table decides.
"""

from collections.abc import Iterator
from itertools import product
from typing import Literal, get_args

from msgspec import Struct

from survey_service.conduct.life import Stage, State, hidden
from survey_service.conduct.remarks import Audience
from survey_service.errors import ForbiddenError

Role = Literal[
    "respondent",
    "coordinator",
    "inspector",
    "evaluator",
    "ministry",
    "auditor",
    "administrator",
]
ROLES: tuple[Role, ...] = get_args(Role)
Action = Literal[
    "read",
    "issue",
    "ask",
    "open",
    "discard",
    "move",
    "move_in_cycle",
    "take_over",
    "answer",
    "attach",
    "ready",
    "comment",
    "assign",
    "improve",
    "submit",
    "withdraw",
    "begin",
    "return",
    "pass_on",
    "announce",
    "object",
    "settle",
    "finalise",
    "reopen",
    "plan",
    "publish",
    "export",
    "organise",
    "admit",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
Relation = Literal["own", "below"]
TokenScope = Literal["read", "write"]
Scope = TokenScope | Literal["enrol"]
"""What a session or token may do: with `enrol` only set up the second factor that is missing."""

_TEAM: tuple[Role, ...] = ("respondent", "coordinator")
_OWN: tuple[Relation, ...] = ("own",)
_BELOW: tuple[Relation, ...] = ("below",)
_SEEN: tuple[Relation, ...] = ("own", "below")


class Grant(Struct, frozen=True):
    """Roles that may take actions, on what is `own` or `below`, at a stage where it matters."""

    roles: tuple[Role, ...]
    actions: tuple[Action, ...]
    where: tuple[Relation, ...]
    stage: Stage | None = None


TABLE: tuple[Grant, ...] = (
    Grant(ROLES, ("read", "issue", "ask"), _SEEN),
    # the agency's team
    Grant(_TEAM, ("answer", "attach"), _OWN, "self"),
    Grant(_TEAM, ("ready", "comment", "improve"), _OWN),
    Grant(("coordinator",), ("open", "discard", "assign", "move", "object"), _OWN),
    Grant(("coordinator",), ("submit", "take_over"), _OWN, "self"),
    Grant(("coordinator",), ("withdraw",), _OWN),
    # its inspectorate
    Grant(("inspector",), ("begin", "answer", "return", "pass_on"), _SEEN, "internal"),
    Grant(("inspector",), ("comment",), _SEEN),
    # the ministry that evaluates those below it, and never itself
    Grant(
        ("evaluator",), ("begin", "answer", "return", "announce", "finalise"), _BELOW, "external"
    ),
    Grant(("evaluator",), ("comment", "settle"), _BELOW),
    Grant(("ministry",), ("reopen", "move_in_cycle"), _BELOW),
    Grant(("ministry",), ("take_over",), _BELOW, "final"),
    Grant(("ministry",), ("plan",), _SEEN),
    Grant(("ministry",), ("publish", "export"), _OWN),
    Grant(("ministry", "administrator"), ("organise", "admit"), _SEEN),
)

_OVERSEEN: dict[Role, frozenset[Stage]] = {
    "inspector": frozenset({"internal"}),
    "evaluator": frozenset({"internal", "external"}),
    "ministry": frozenset({"internal", "external"}),
}
_ADMITS: dict[Role, tuple[Role, ...]] = {
    "ministry": ROLES,
    "administrator": ("respondent", "coordinator", "inspector", "auditor", "administrator"),
}
_SETTING_UP: frozenset[Action] = frozenset({"publish"})
"""What else an administrator at the top of the tree may: a new service has nobody but them."""

_STAGES: tuple[Stage, ...] = ("self", "internal", "external")
_CHECKING: tuple[Literal["internal", "external"], ...] = ("internal", "external")


class Actor(Struct, frozen=True):
    """The person behind a request, and the organisation at or below which they see things.

    `login` and `address`, where the request came from, are for the record. With the `scope` read
    nothing can be changed, whatever the role includes. `at_top` says whether no organisation stands
    above theirs.
    """

    id: int
    name: str
    role: Role
    organisation_id: int
    login: str
    scope: Scope = "write"
    address: str = ""
    at_top: bool = False

    def sees(self, state: State) -> tuple[Stage, ...]:
        """Return the stages whose scores the actor may see while an assessment is in a state."""
        kept_back = hidden(state) - _OVERSEEN.get(self.role, frozenset())
        return tuple(stage for stage in _STAGES if stage not in kept_back)

    def is_team(self, owner: int) -> bool:
        """Whether the actor is one of those who answer for the organisation `owner`."""
        return self.role in _TEAM and self.organisation_id == owner

    def audiences(self, owner: int) -> tuple[Audience, ...]:
        """Return whose remarks the actor sees on an assessment of the organisation `owner`."""
        overseen = _OVERSEEN.get(self.role, frozenset())
        team: tuple[Audience, ...] = ("team",) if self.is_team(owner) else ()
        checking = tuple(stage for stage in _CHECKING if stage in overseen)
        return ("all", *team, *checking)

    @property
    def evaluates(self) -> bool:
        """Whether what the actor does to assessments is seen by those whom they stand above."""
        return self.role in {"evaluator", "ministry"}

    @property
    def sets_up(self) -> bool:
        """Whether it is an administrator with nobody above them, as the first one of a service is."""
        return self.role == "administrator" and self.at_top

    @property
    def admits(self) -> tuple[Role, ...]:
        """The roles that the actor may give to people."""
        return ROLES if self.sets_up else _ADMITS.get(self.role, ())


def may(
    actor: Actor, action: Action, *, owner: int | None = None, stage: Stage | None = None
) -> bool:
    """Whether the actor may, on what they can see.

    Args:
        actor: Their role must include the action, and their scope anything but reading.
        action: What they are about to do.
        owner: The organisation whose it is; None for the actor's own affairs.
        stage: Whose score it is about, for the actions that are of a stage; None for whichever.
    """
    relation: Relation = "own" if owner in {None, actor.organisation_id} else "below"
    granted = (actor.role, action, relation, stage) in _GRANTED
    granted = granted or (actor.sets_up and action in _SETTING_UP)
    return granted and (action == "read" or actor.scope == "write")


def require(
    actor: Actor, action: Action, *, owner: int | None = None, stage: Stage | None = None
) -> None:
    """Raise `ForbiddenError` unless the actor may."""
    if not may(actor, action, owner=owner, stage=stage):
        raise ForbiddenError(role=actor.role, action=action)


def _expanded() -> Iterator[tuple[Role, Action, Relation, Stage | None]]:
    for grant in TABLE:
        for role, action, relation in product(grant.roles, grant.actions, grant.where):
            yield from ((role, action, relation, stage) for stage in (grant.stage, None))


_GRANTED = frozenset(_expanded())
