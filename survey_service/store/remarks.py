"""Remarks on assessments."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.remarks import Kind, Remark
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import remark

_REMARK = tuple(remark.c[field] for field in Remark.__struct_fields__)
_OLDEST_FIRST = (
    sa.select(*_REMARK)
    .where(
        remark.c.assessment_id == sa.bindparam("assessment"), remark.c.id > sa.bindparam("after")
    )
    .order_by(remark.c.id)
)


def remarks(
    tx: Reader, assessment_id: int, *, after: int = 0, limit: int | None = None
) -> list[Remark]:
    """Return up to `limit` remarks on an assessment, oldest first, with ids above `after`."""
    query = _OLDEST_FIRST if limit is None else _OLDEST_FIRST.limit(limit)
    rows = tx.execute(query, {"assessment": assessment_id, "after": after})
    return [Remark(*row) for row in rows]


def fetch(tx: Reader, assessment_id: int, remark_id: int) -> Remark | None:
    """Return one remark on an assessment; None if there is no such one."""
    one = sa.and_(remark.c.assessment_id == assessment_id, remark.c.id == remark_id)
    row = tx.execute(sa.select(*_REMARK).where(one)).first()
    return Remark(*row) if row else None


def add(tx: Writer, assessment_id: int, made: Remark) -> Remark:
    """Add a remark and return it with its id."""
    values = structs.asdict(made)
    del values["id"]
    added = sa.insert(remark).values(assessment_id=assessment_id, **values).returning(remark.c.id)
    return structs.replace(made, id=tx.execute(added).scalar_one())


def save(tx: Writer, resolved: Remark) -> None:
    """Record how a remark was resolved."""
    values = {
        "answer": resolved.answer,
        "resolved_by": resolved.resolved_by,
        "resolved_at": resolved.resolved_at,
    }
    tx.execute(sa.update(remark).where(remark.c.id == resolved.id).values(values))


def count_open(tx: Reader, assessment_id: int, kind: Kind) -> int:
    """Return how many remarks of a kind on an assessment nobody has resolved."""
    one = sa.and_(
        remark.c.assessment_id == assessment_id,
        remark.c.kind == kind,
        remark.c.resolved_at.is_(None),
    )
    return tx.execute(sa.select(sa.func.count()).select_from(remark).where(one)).scalar_one()
