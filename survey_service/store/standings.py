"""Where organisations stand in a cycle, all of them in two statements.

In two, because PostgreSQL, where it knows no figures of a table yet, joins the two as if each had one
row, and takes a minute for what takes a third of a second.
"""

from typing import Any

import sqlalchemy as sa
from msgspec import structs

from survey_service.analysis.standings import Standing
from survey_service.conduct.access import Actor
from survey_service.conduct.names import in_order
from survey_service.store.database import Reader
from survey_service.store.organisations import below
from survey_service.store.results import standing_stage
from survey_service.store.tables import (
    GOING_ON,
    assessment,
    cycle,
    organisation,
    participant,
    result,
)

_stands, _own = result.alias("stands"), result.alias("own")
_STANDS = sa.and_(_stands.c.assessment_id == assessment.c.id, _stands.c.stage == standing_stage())
_SEEN = below(sa.bindparam("seen_from", type_=sa.Integer))
_TAKING_PART = (
    sa.select(
        organisation.c.id,
        organisation.c.name,
        organisation.c.kind,
        participant.c.withdrawn_because,
    )
    .join_from(participant, organisation)
    .where(participant.c.cycle_id == sa.bindparam("cycle"), organisation.c.id.in_(_SEEN))
)
_BEGUN = (
    sa.select(
        assessment.c.organisation_id,
        assessment.c.organisation_name,
        assessment.c.organisation_kind,
        assessment.c.id,
        assessment.c.state,
        assessment.c.answered,
        sa.func.coalesce(assessment.c.total, 0),
        _stands.c.index,
        _own.c.index,
        _stands.c.grade,
        # one that went on on another version has other columns
        sa.case((assessment.c.digest == cycle.c.digest, _stands.c.nodes)),
        sa.null(),  # withdrawn: known of those who take part
        assessment.c.to_confirm,
    )
    .join_from(assessment, cycle, cycle.c.id == assessment.c.cycle_id)
    .outerjoin(_stands, _STANDS)
    .outerjoin(_own, sa.and_(_own.c.assessment_id == assessment.c.id, _own.c.stage == "self"))
    .where(
        assessment.c.cycle_id == sa.bindparam("cycle"),
        GOING_ON,
        assessment.c.organisation_id.in_(_SEEN),
    )
)


def standings(tx: Reader, actor: Actor, cycle_id: int) -> list[Standing]:
    """Return where the participants of a cycle stand that the actor sees, by name."""
    return of_all(tx, actor.organisation_id, cycle_id)


def of_all(tx: Reader, owner: int, cycle_id: int) -> list[Standing]:
    """Return where all participants of a cycle stand, whom its `owner` sees.

    For figures that tell of none of them alone, whoever reads them.
    """
    return sorted(
        _standings(tx, owner, cycle_id, _TAKING_PART, _BEGUN), key=lambda one: in_order(one.name)
    )


def standing_of(tx: Reader, actor: Actor, cycle_id: int, organisation_id: int) -> Standing | None:
    """Return where one participant stands; None where the actor sees none of this id."""
    taking_part = _TAKING_PART.where(participant.c.organisation_id == organisation_id)
    begun = _BEGUN.where(assessment.c.organisation_id == organisation_id)
    return next(iter(_standings(tx, actor.organisation_id, cycle_id, taking_part, begun)), None)


def _standings(
    tx: Reader,
    seen_from: int,
    cycle_id: int,
    taking_part: sa.Select[Any],
    begun: sa.Select[Any],
) -> list[Standing]:
    """Return those who take part, each as its assessment knows it where there is one."""
    wanted = {"cycle": cycle_id, "seen_from": seen_from}
    assessed = {row[0]: Standing(*row) for row in tx.execute(begun, wanted)}
    found = []
    for id_, name, kind, withdrawn in tx.execute(taking_part, wanted):
        one = assessed.get(id_) or Standing(id_, name, kind)
        found.append(one if withdrawn is None else structs.replace(one, withdrawn=withdrawn))
    return found
