"""The secret links by which calendar programs read somebody's last days."""

import sqlalchemy as sa

from survey_service.store.database import Reader, Writer
from survey_service.store.tables.notices import calendar_link


def save(tx: Writer, person_id: int, token: str) -> None:
    """Keep the digest of somebody's link; the one before holds no longer."""
    known = sa.update(calendar_link).where(calendar_link.c.person_id == person_id)
    if tx.execute(known.values(token=token)).rowcount == 0:
        tx.execute(sa.insert(calendar_link).values(person_id=person_id, token=token))


def remove(tx: Writer, person_id: int) -> None:
    """End somebody's link."""
    tx.execute(sa.delete(calendar_link).where(calendar_link.c.person_id == person_id))


def has_link(tx: Reader, person_id: int) -> bool:
    """Whether somebody has a link."""
    one = sa.select(calendar_link.c.person_id).where(calendar_link.c.person_id == person_id)
    return tx.execute(one).first() is not None


def owner(tx: Reader, token: str) -> int | None:
    """Return the id of the person whose link has a digest; None where it is nobody's."""
    one = sa.select(calendar_link.c.person_id).where(calendar_link.c.token == token)
    return tx.execute(one).scalar()
