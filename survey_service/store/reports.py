"""Reports that were handed out, by the SHA-256 of their files."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.life import State
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import below
from survey_service.store.tables import assessment, report


class HandedOut(Struct, frozen=True):
    """A report as it was first handed out: of which assessment, in which state then, to whom, and when.

    `size` is in bytes.
    """

    digest: str
    assessment_id: int
    language: str
    state: State
    size: int
    author: str
    at: dt.datetime


_REPORT = tuple(report.c[field] for field in HandedOut.__struct_fields__)


def keep(tx: Writer, made: HandedOut) -> None:
    """Record a report, unless the same one is known."""
    one = sa.and_(report.c.digest == made.digest, report.c.assessment_id == made.assessment_id)
    if tx.execute(sa.select(report.c.digest).where(one)).first() is None:
        tx.execute(sa.insert(report).values(structs.asdict(made)))


def handed_out(tx: Reader, actor: Actor, digest: str) -> list[HandedOut]:
    """Return the reports with a digest on assessments that the actor may see."""
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    query = sa.select(*_REPORT).join_from(report, assessment)
    wanted = sa.and_(report.c.digest == digest, assessment.c.organisation_id.in_(seen))
    return [HandedOut(*row) for row in tx.execute(query.where(wanted))]
