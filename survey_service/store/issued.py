"""What reports claim: kept once for each short code, as entries of the log."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import STEPS
from survey_service.conduct.trail import Entry
from survey_service.store.assessments import EVERY, assessment_of
from survey_service.store.database import Reader, Writer
from survey_service.store.log import ENTRY
from survey_service.store.tables import assessment
from survey_service.store.tables.log import entry, leaf
from survey_service.store.tables.reports import issued, issued_release

_STEPS = tuple(f"assessment.{name}" for name in ("open", *STEPS, "take_over"))


class Issued(Struct, frozen=True):
    """Where the log has a claim, and the step that it reports, by the ids of their entries.

    `claim` is the claim's digest: the same one is kept once.
    """

    claim: str
    code: str
    assessment_id: int
    entry_id: int
    step_id: int | None


class IssuedRelease(Struct, frozen=True):
    """The same of a release of a cycle that nobody published."""

    claim: str
    code: str
    cycle_id: int
    entry_id: int


_ISSUED = tuple(issued.c[field] for field in Issued.__struct_fields__)
_RELEASE = sa.select(*(issued_release.c[field] for field in IssuedRelease.__struct_fields__))
_BY_CODE = sa.select(*_ISSUED).where(issued.c.code == sa.bindparam("code"))


def of_claim(tx: Reader, claim: str) -> Issued | None:
    """Return where the log has the claim with a digest; None if it has not."""
    row = tx.execute(sa.select(*_ISSUED).where(issued.c.claim == claim)).first()
    return Issued(*row) if row else None


def with_code(tx: Reader, code: str) -> Issued | None:
    """Return what was issued last under a code; None if nothing was."""
    newest_first = _BY_CODE.order_by(issued.c.entry_id.desc()).limit(1)
    row = tx.execute(newest_first, {"code": code}).first()
    return Issued(*row) if row else None


def add(tx: Writer, made: Issued) -> None:
    """Keep where the log has a claim."""
    tx.execute(sa.insert(issued).values(structs.asdict(made)))


def release_of_claim(tx: Reader, claim: str) -> IssuedRelease | None:
    """Return where the log has the claim of a release that nobody published; None if it has not."""
    row = tx.execute(_RELEASE.where(issued_release.c.claim == claim)).first()
    return IssuedRelease(*row) if row else None


def release_with_code(tx: Reader, code: str) -> IssuedRelease | None:
    """Return the release that was issued last under a code without being published; else None."""
    newest_first = _RELEASE.order_by(issued_release.c.entry_id.desc()).limit(1)
    row = tx.execute(newest_first.where(issued_release.c.code == code)).first()
    return IssuedRelease(*row) if row else None


def releases_of(tx: Reader, cycle_id: int) -> list[IssuedRelease]:
    """Return what was issued of a cycle without being published, newest first."""
    own = _RELEASE.where(issued_release.c.cycle_id == cycle_id)
    return [
        IssuedRelease(*row) for row in tx.execute(own.order_by(issued_release.c.entry_id.desc()))
    ]


def add_release(tx: Writer, made: IssuedRelease) -> None:
    """Keep where the log has the claim of a release that nobody published."""
    tx.execute(sa.insert(issued_release).values(structs.asdict(made)))


def newest_about(tx: Reader, action: str, about: str, after: str) -> int:
    """Return the id of the newest entry that says just this; one was just added."""
    said = {entry.c.action: action, entry.c.about: about, entry.c.after: after}
    wanted = sa.and_(*(column == value for column, value in said.items()))
    query = sa.select(entry.c.id).where(wanted).order_by(entry.c.id.desc()).limit(1)
    return int(tx.execute(query).scalar_one())


def newest_step(tx: Reader, assessment_id: int) -> Entry | None:
    """Return the entry of the last step of an assessment, its opening being the first; else None."""
    steps = sa.and_(entry.c.assessment_id == assessment_id, entry.c.action.in_(_STEPS))
    row = tx.execute(sa.select(*ENTRY).where(steps).order_by(entry.c.id.desc()).limit(1)).first()
    return Entry(*row) if row else None


def entry_of(tx: Reader, entry_id: int) -> Entry:
    """Return the entry of the log that has a claim."""
    return Entry(*tx.execute(sa.select(*ENTRY).where(entry.c.id == entry_id)).one())


def newest(tx: Reader, assessment_id: int) -> Issued:
    """Return what was issued last on an assessment on which something was."""
    own = sa.select(*_ISSUED).where(issued.c.assessment_id == assessment_id)
    return Issued(*tx.execute(own.order_by(issued.c.entry_id.desc()).limit(1)).one())


def numbers(tx: Reader, ids: Sequence[int]) -> dict[int, int]:
    """Return the numbers that entries have in the log, by their ids; some may not have one yet."""
    query = sa.select(leaf.c.entry_id, leaf.c.number).where(leaf.c.entry_id.in_(ids))
    return {row.entry_id: row.number for row in tx.execute(query)}


def assessment_now(tx: Reader, assessment_id: int) -> tuple[Assessment, bool]:
    """Return an assessment on which something was issued, and whether it was thrown away since."""
    query = EVERY.add_columns(assessment.c.discarded_at).where(assessment.c.id == assessment_id)
    *row, discarded_at = tx.execute(query).one()
    return assessment_of(row), discarded_at is not None
