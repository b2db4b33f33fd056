"""The board of a cycle: every participant that the reader sees, scored as they may see it."""

from msgspec import Struct

from survey_service.analysis.standings import Standing
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment, Response
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import Stage, standing
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import cycles as planned
from survey_service.operations import questionnaires
from survey_service.operations.assessments import Sheet
from survey_service.operations.cycles import Planned
from survey_service.operations.organisations import all_seen
from survey_service.store import assessments, cycles, responses
from survey_service.store.assessments import Wanted
from survey_service.store.database import Reader

_MOST = 10_000  # participants of a cycle


class Board(Struct, frozen=True):
    """A cycle, what it asks, and where its participants stand, by name."""

    cycle: Cycle
    questionnaire: Questionnaire
    standings: list[Standing]


class Overview(Struct, frozen=True):
    """A cycle as its reader follows it: where everybody stands, and what the reader may do about it.

    `mine` is the id of their own organisation's assessment in it, None while there is none.
    """

    cycle: Planned
    standings: list[Standing]
    mine: int | None
    may_begin: bool
    may_plan: bool


def overview(tx: Reader, actor: Actor, cycle_id: int) -> Overview:
    """Return a cycle as an actor follows it.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    cycle = planned.view(tx, actor, cycle_id)
    mine = assessments.in_cycle(tx, cycle_id, actor.organisation_id)
    takes_part = cycle.state == "open" and actor.organisation_id in cycle.participants
    return Overview(
        cycle,
        board(tx, actor, cycle_id).standings,
        mine,
        may_begin=takes_part and mine is None and may(actor, "open"),
        may_plan=may(actor, "plan", owner=cycle.organisation_id),
    )


def board(tx: Reader, actor: Actor, cycle_id: int) -> Board:
    """Return the board of a cycle, as far as the actor sees those who take part.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    require(actor, "read")
    cycle = cycles.fetch(tx, cycle_id, visible_to=actor)
    published = questionnaires.find(tx, cycle.questionnaire, cycle.version)
    questionnaire = questionnaires.decoded(tx, cycle.digest or published.digest)
    taking_part = set(cycles.participants(tx, cycle_id))
    found = assessments.newest(tx, actor, before=None, limit=_MOST, wanted=Wanted(cycle=cycle_id))
    opened = {one.organisation.id: one for one in found if one.superseded_by is None}
    given = responses.of_cycle(tx, cycle_id)
    standings = [
        _standing(actor, questionnaire, opened[one.id], given.get(opened[one.id].id, {}))
        if one.id in opened
        else Standing(one.id, one.name, one.kind)
        for one in all_seen(tx, actor)
        if one.id in taking_part
    ]
    return Board(cycle, questionnaire, sorted(standings, key=lambda one: one.name))


def _standing(
    actor: Actor,
    questionnaire: Questionnaire,
    assessment: Assessment,
    given: dict[Stage, dict[str, Response]],
) -> Standing:
    organisation, seen = assessment.organisation, actor.sees(assessment.state)
    asked = questionnaire.for_kind(organisation.kind)
    by_stage = {stage: given.get(stage, {}) for stage in seen}
    sheet = Sheet(assessment, asked, by_stage, standing(assessment.state))
    own = Sheet(assessment, asked, by_stage, "self").running
    card = own if sheet.standing == sheet.responses else sheet.running
    return Standing(
        organisation.id,
        organisation.name,
        organisation.kind,
        assessment.id,
        assessment.state,
        own.answered,
        own.total,
        card.index,
        own.index,
        card.grade.code if card.grade else None,
        {node.code: card.nodes[node.code].index for node in asked.nodes},
    )
