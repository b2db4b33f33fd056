"""Whether anything was recorded since a moment that could change what a paper on an assessment says."""

from collections.abc import Collection

import sqlalchemy as sa

from survey_service.store.database import Reader
from survey_service.store.tables import assessment
from survey_service.store.tables.log import entry, leaf, pending

_CHANGES_NONE = (  # how actions begin that change nothing on any paper
    "calendar.", "evidence.download", "job.", "log.", "notices.", "password.", "report.",
    "second_factor.", "secret.", "session.", "token.", "webhook.",
)  # fmt: skip
_NEW = sa.union_all(
    sa.select(leaf.c.entry_id).where(leaf.c.number > sa.bindparam("since", type_=sa.BigInteger)),
    sa.select(pending.c.entry_id),
)
_OWN = assessment.c.organisation_id.in_(sa.bindparam("organisations", expanding=True))
_PEERS = sa.and_(  # whose results come about by steps, and change with nothing else
    assessment.c.cycle_id == sa.bindparam("cycle", type_=sa.Integer),
    entry.c.action.startswith("assessment."),
)
_CONCERNING = (
    sa.select(entry.c.id)
    .outerjoin_from(entry, assessment, assessment.c.id == entry.c.assessment_id)
    .where(
        entry.c.id.in_(_NEW),
        *(~entry.c.action.startswith(begin) for begin in _CHANGES_NONE),
        sa.or_(entry.c.assessment_id.is_(None), _OWN, _PEERS),
    )
    .limit(1)
)


def is_changed(
    tx: Reader, since: int, organisations: Collection[int], cycle_id: int | None
) -> bool:
    """Whether entries after number `since`, or that have none yet, may change a paper.

    Args:
        tx: A snapshot.
        since: How many entries the log had.
        organisations: Whose assessments the paper tells of.
        cycle_id: Of those whose results it compares them with; None for none.
    """
    given = {"since": since, "organisations": list(organisations), "cycle": cycle_id}
    return tx.execute(_CONCERNING, given).first() is not None
