"""The board of a cycle: where every participant that the reader sees stands, as it was stored."""

from collections.abc import Mapping

from msgspec import Struct

from survey_service.analysis.standings import Standing, Standings, side_by_side
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.notices import Reminder
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import cycles as planned
from survey_service.operations.cycles import Planned
from survey_service.store import assessments, cycles, reminders, standings
from survey_service.store.database import Reader


class Board(Struct, frozen=True):
    """A cycle, what it asks, and where its participants stand, by name."""

    cycle: Cycle
    questionnaire: Questionnaire
    standings: Standings


class Overview(Struct, frozen=True):
    """A cycle as its reader follows it: where everybody stands, and what the reader may do about it.

    `mine` is the id of their own organisation's assessment in it, None while there is none. `reminded`
    has, for those who may plan, the last reminder to each that was reminded of not having begun.
    """

    cycle: Planned
    questionnaire: Questionnaire
    standings: list[Standing]
    mine: int | None
    may_begin: bool
    may_plan: bool
    reminded: Mapping[int, Reminder] = {}


def overview(tx: Reader, actor: Actor, cycle_id: int) -> Overview:
    """Return a cycle as an actor follows it.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    cycle = planned.view(tx, actor, cycle_id)
    mine = assessments.in_cycle(tx, cycle_id, actor.organisation_id)
    takes_part = cycle.state == "open" and cycles.takes_part(tx, cycle_id, actor.organisation_id)
    may_plan = may(actor, "plan", owner=cycle.organisation_id)
    return Overview(
        cycle,
        planned.asked(tx, cycle),
        standings.standings(tx, actor, cycle_id),
        mine,
        may_begin=takes_part and mine is None and may(actor, "open"),
        may_plan=may_plan,
        reminded=reminders.latest(tx, cycle_id) if may_plan else {},
    )


def board(tx: Reader, actor: Actor, cycle_id: int) -> Board:
    """Return the board of a cycle, as far as the actor sees those who take part.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    require(actor, "read")
    cycle = cycles.fetch(tx, cycle_id, visible_to=actor)
    questionnaire = planned.asked(tx, cycle)
    found = standings.standings(tx, actor, cycle_id)
    return Board(cycle, questionnaire, side_by_side(questionnaire, found))
