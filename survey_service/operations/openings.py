"""What opening a cycle would do, and what is odd, before anybody opens it."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Cycle
from survey_service.errors.review import WrongStateError
from survey_service.operations import questionnaires
from survey_service.operations.cycles import plannable
from survey_service.store import standings
from survey_service.store.database import Reader


class Concern(Struct, frozen=True):
    """Something that whoever opens a cycle should know, and how many organisations it is about."""

    oddity: Literal["nobody", "kind_unasked", "window_over", "window_later"]
    count: int = 0


class Prospect(Struct, frozen=True):
    """A cycle before it is opened, and how many take part as far as the planner sees."""

    cycle: Cycle
    participants: int
    concerns: list[Concern]


def of_cycle(tx: Reader, actor: Actor, cycle_id: int) -> Prospect:
    """Return what opening a cycle would do.

    Raises:
        NotFoundError: There is none, or none for this actor.
        ForbiddenError: The actor may not open it.
        WrongStateError: It is open.
    """
    cycle = plannable(tx, actor, cycle_id)
    if cycle.state == "open":
        raise WrongStateError(state=cycle.state, step="open")
    return Prospect(cycle, len(cycle.participants), list(_concerns(tx, actor, cycle)))


def _concerns(tx: Reader, actor: Actor, cycle: Cycle) -> Iterator[Concern]:
    rows = standings.standings(tx, actor, cycle.id)
    if not rows:
        yield Concern("nobody")
    published = questionnaires.find(tx, cycle.questionnaire, cycle.version)
    asked = questionnaires.decoded(tx, published.digest)
    if unasked := sum(not asked.knows(one.kind) for one in rows):
        yield Concern("kind_unasked", unasked)
    window = cycle.calendar.windows.get("self")
    today = clock.now().astimezone(cycle.calendar.zone).date()
    if window is not None and today > window.closes:
        yield Concern("window_over")
    elif window is not None and today < window.opens:
        yield Concern("window_later")
