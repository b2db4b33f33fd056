"""Evidence: what is attached to which indicator, and the files that there are."""

import datetime as dt

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.evidence import LEAST, Evidence, Kept, Space
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import assessment, evidence, file
from survey_service.store.tables.actions import action, action_evidence

EVIDENCE = sa.select(
    evidence.c.id,
    evidence.c.indicator,
    evidence.c.name,
    evidence.c.digest,
    file.c.media_type,
    file.c.size,
    evidence.c.url,
    evidence.c.effective,
    evidence.c.author,
    evidence.c.at,
    evidence.c.removed_by,
    evidence.c.removed_at,
).outerjoin_from(evidence, file)
_ROW = {"id", "media_type", "size"}  # fields that are no columns to write


def attached(tx: Reader, assessment_id: int, *, indicator: str | None = None) -> list[Evidence]:
    """Return the evidence of an assessment, or of one indicator, oldest first; removed ones too."""
    wanted = evidence.c.assessment_id == assessment_id
    if indicator is not None:
        wanted = sa.and_(wanted, evidence.c.indicator == indicator)
    return [Evidence(*row) for row in tx.execute(EVIDENCE.where(wanted).order_by(evidence.c.id))]


def fetch(tx: Reader, assessment_id: int, evidence_id: int) -> Evidence | None:
    """Return one piece of evidence of an assessment; None if there is no such one."""
    one = sa.and_(evidence.c.assessment_id == assessment_id, evidence.c.id == evidence_id)
    row = tx.execute(EVIDENCE.where(one)).first()
    return Evidence(*row) if row else None


def add(tx: Writer, assessment_id: int, made: Evidence) -> Evidence:
    """Attach a piece of evidence, and return it with its id."""
    values = {name: each for name, each in structs.asdict(made).items() if name not in _ROW}
    added = sa.insert(evidence).values(assessment_id=assessment_id, **values)
    return structs.replace(made, id=tx.execute(added.returning(evidence.c.id)).scalar_one())


def save(tx: Writer, changed: Evidence) -> None:
    """Record whether a piece of evidence is taken away."""
    values = {"removed_by": changed.removed_by, "removed_at": changed.removed_at}
    tx.execute(sa.update(evidence).where(evidence.c.id == changed.id).values(values))


def keep(tx: Writer, kept: Kept, at: dt.datetime) -> None:
    """Record that a file is kept, unless it is known."""
    known = tx.execute(sa.select(file.c.digest).where(file.c.digest == kept.digest)).first()
    if known is None:
        tx.execute(sa.insert(file).values(**structs.asdict(kept), kept_at=at))


def kept(tx: Reader) -> dict[str, Kept]:
    """Return every file that is kept, by its digest."""
    rows = tx.execute(sa.select(file.c.digest, file.c.media_type, file.c.size))
    return {row.digest: Kept(*row) for row in rows}


def is_kept(tx: Reader, digest: str) -> bool:
    """Whether a file of a digest is kept."""
    return tx.execute(sa.select(sa.exists().where(file.c.digest == digest))).scalar_one()


def space(tx: Reader, assessment_id: int, organisation_id: int, but: str = "") -> Space:
    """Return what the files of an assessment and its actions take, and those of its organisation, each once.

    Args:
        tx: A snapshot.
        assessment_id: Of the assessment.
        organisation_id: Of the organisation.
        but: The digest of a file that does not count.
    """
    every = sa.select(assessment.c.id)
    within = (
        every.where(assessment.c.id == assessment_id),
        every.where(assessment.c.organisation_id == organisation_id),
    )
    sums = (_sum(one, but) for one in within)
    return Space(*map(int, tx.execute(sa.select(*sums)).one()))


def _sum(within: sa.Select[tuple[int]], but: str) -> sa.ScalarSelect[int]:
    answers = sa.select(evidence.c.digest).where(evidence.c.assessment_id.in_(within))
    actions = sa.select(action_evidence.c.digest).join_from(action_evidence, action)
    actions = actions.where(action.c.assessment_id.in_(within), action_evidence.c.digest != but)
    digests = answers.where(evidence.c.digest != but).union(actions)
    counted = sa.case((file.c.size < LEAST, LEAST), else_=file.c.size)
    query = sa.select(sa.func.coalesce(sa.func.sum(counted), 0)).where(file.c.digest.in_(digests))
    return query.scalar_subquery()
