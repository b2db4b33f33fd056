"""Remarks on assessments, seen by those whom they are for."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.remarks import Audience, Kind, Remark
from survey_service.store.database import Reader, Writer
from survey_service.store.tables.review import remark

_REMARK = tuple(remark.c[field] for field in Remark.__struct_fields__)
_OLDEST_FIRST = (
    sa.select(*_REMARK)
    .where(
        remark.c.assessment_id == sa.bindparam("assessment"),
        remark.c.id > sa.bindparam("after"),
        remark.c.audience.in_(sa.bindparam("audiences", expanding=True)),
    )
    .order_by(remark.c.id)
)


def remarks(
    tx: Reader,
    assessment_id: int,
    audiences: Sequence[Audience],
    *,
    after: int = 0,
    limit: int | None = None,
) -> list[Remark]:
    """Return up to `limit` remarks for some audiences, oldest first, with ids above `after`."""
    query = _OLDEST_FIRST if limit is None else _OLDEST_FIRST.limit(limit)
    named = {"assessment": assessment_id, "after": after, "audiences": list(audiences)}
    rows = tx.execute(query, named)
    return [Remark(*row) for row in rows]


def fetch(
    tx: Reader, assessment_id: int, remark_id: int, audiences: Sequence[Audience]
) -> Remark | None:
    """Return one remark on an assessment; None if there is no such one for these audiences."""
    one = sa.and_(
        remark.c.assessment_id == assessment_id,
        remark.c.id == remark_id,
        remark.c.audience.in_(audiences),
    )
    row = tx.execute(sa.select(*_REMARK).where(one)).first()
    return Remark(*row) if row else None


def add(tx: Writer, assessment_id: int, made: Remark) -> Remark:
    """Add a remark and return it with its id."""
    values = structs.asdict(made)
    del values["id"]
    added = sa.insert(remark).values(assessment_id=assessment_id, **values).returning(remark.c.id)
    return structs.replace(made, id=tx.execute(added).scalar_one())


def save(tx: Writer, resolved: Remark) -> None:
    """Record how a remark was resolved, and who sees it."""
    values = {
        "audience": resolved.audience,
        "outcome": resolved.outcome,
        "answer": resolved.answer,
        "resolved_by": resolved.resolved_by,
        "resolved_at": resolved.resolved_at,
    }
    tx.execute(sa.update(remark).where(remark.c.id == resolved.id).values(values))


def remove(tx: Writer, remark_id: int) -> None:
    """Remove a remark; the trail tells what it was."""
    tx.execute(sa.delete(remark).where(remark.c.id == remark_id))


def count_open(tx: Reader, assessment_id: int, kind: Kind) -> int:
    """Return how many remarks of a kind, for all, on an assessment nobody has resolved."""
    one = sa.and_(
        remark.c.assessment_id == assessment_id,
        remark.c.kind == kind,
        remark.c.audience == "all",
        remark.c.resolved_at.is_(None),
    )
    return tx.execute(sa.select(sa.func.count()).select_from(remark).where(one)).scalar_one()
