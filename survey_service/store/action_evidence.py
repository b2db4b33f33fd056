"""What shows that actions are done: files and links, as evidence is."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.evidence import Evidence
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import file
from survey_service.store.tables.actions import action, action_evidence

EVIDENCE = (
    sa.select(
        action_evidence.c.id,
        action.c.indicator,
        action_evidence.c.name,
        action_evidence.c.digest,
        file.c.media_type,
        file.c.size,
        action_evidence.c.url,
        action_evidence.c.effective,
        action_evidence.c.author,
        action_evidence.c.at,
        action_evidence.c.removed_by,
        action_evidence.c.removed_at,
    )
    .join_from(action_evidence, action)
    .outerjoin(file)
)
_ROW = {"id", "indicator", "media_type", "size"}  # fields that are no columns to write


def attached(tx: Reader, action_id: int) -> list[Evidence]:
    """Return what is attached to an action, oldest first; removed ones too."""
    query = EVIDENCE.where(action_evidence.c.action_id == action_id)
    return [Evidence(*row) for row in tx.execute(query.order_by(action_evidence.c.id))]


def add(tx: Writer, action_id: int, made: Evidence) -> Evidence:
    """Attach a piece of evidence to an action, and return it with its id."""
    values = {name: each for name, each in structs.asdict(made).items() if name not in _ROW}
    added = sa.insert(action_evidence).values(action_id=action_id, **values)
    return structs.replace(made, id=tx.execute(added.returning(action_evidence.c.id)).scalar_one())


def save(tx: Writer, changed: Evidence) -> None:
    """Record whether a piece of evidence is taken away."""
    values = {"removed_by": changed.removed_by, "removed_at": changed.removed_at}
    tx.execute(sa.update(action_evidence).where(action_evidence.c.id == changed.id).values(values))
