"""Where organisations stand in a cycle, all of them in one statement."""

import sqlalchemy as sa

from survey_service.analysis.standings import Standing
from survey_service.conduct.access import Actor
from survey_service.store.database import Reader
from survey_service.store.organisations import below
from survey_service.store.results import standing_stage
from survey_service.store.tables import assessment, cycle, organisation, participant, result

_stands, _own = result.alias("stands"), result.alias("own")
_HERE = sa.and_(
    assessment.c.organisation_id == participant.c.organisation_id,
    assessment.c.cycle_id == participant.c.cycle_id,
    assessment.c.superseded_by.is_(None),
)
_STANDS = sa.and_(_stands.c.assessment_id == assessment.c.id, _stands.c.stage == standing_stage())
_STANDINGS = (
    sa.select(
        organisation.c.id,
        sa.func.coalesce(assessment.c.organisation_name, organisation.c.name),
        sa.func.coalesce(assessment.c.organisation_kind, organisation.c.kind),
        assessment.c.id,
        assessment.c.state,
        sa.func.coalesce(assessment.c.answered, 0),
        sa.func.coalesce(assessment.c.total, 0),
        _stands.c.index,
        _own.c.index,
        _stands.c.grade,
        # one that went on on another version has other columns
        sa.case((assessment.c.digest == cycle.c.digest, _stands.c.nodes)),
        participant.c.withdrawn_because,
    )
    .join_from(participant, organisation)
    .join(cycle, cycle.c.id == participant.c.cycle_id)
    .outerjoin(assessment, _HERE)
    .outerjoin(_stands, _STANDS)
    .outerjoin(_own, sa.and_(_own.c.assessment_id == assessment.c.id, _own.c.stage == "self"))
    .where(
        participant.c.cycle_id == sa.bindparam("cycle"),
        organisation.c.id.in_(below(sa.bindparam("seen_from", type_=sa.Integer))),
    )
)


def standings(tx: Reader, actor: Actor, cycle_id: int) -> list[Standing]:
    """Return where the participants of a cycle stand that the actor sees, by name."""
    found = [Standing(*row) for row in tx.execute(_STANDINGS, _of(cycle_id, actor))]
    return sorted(found, key=lambda one: one.name)


def standing_of(tx: Reader, actor: Actor, cycle_id: int, organisation_id: int) -> Standing | None:
    """Return where one participant stands; None where the actor sees none of this id."""
    one = _STANDINGS.where(participant.c.organisation_id == organisation_id)
    row = tx.execute(one, _of(cycle_id, actor)).first()
    return Standing(*row) if row else None


def _of(cycle_id: int, actor: Actor) -> dict[str, int]:
    return {"cycle": cycle_id, "seen_from": actor.organisation_id}
