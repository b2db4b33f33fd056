"""Recovery codes, kept as hashes: each serves once where a code of the second factor is asked for."""

from collections.abc import Sequence

import sqlalchemy as sa

from survey_service.store.database import Reader, Writer
from survey_service.store.tables.accounts import recovery_code


def recovery_codes(tx: Reader, person_id: int) -> dict[int, str]:
    """Return the hashes of those of a person's codes that were not used, by number."""
    query = sa.select(recovery_code.c.number, recovery_code.c.hash)
    rows = tx.execute(query.where(recovery_code.c.person_id == person_id))
    return {row.number: row.hash for row in rows}


def keep_recovery_codes(tx: Writer, person_id: int, hashes: Sequence[str]) -> None:
    """Keep a person's codes, instead of all that they had; none takes them away."""
    tx.execute(sa.delete(recovery_code).where(recovery_code.c.person_id == person_id))
    rows = [
        {"person_id": person_id, "number": number, "hash": kept}
        for number, kept in enumerate(hashes, start=1)
    ]
    if rows:
        tx.execute(sa.insert(recovery_code), rows)


def spend_recovery_code(tx: Writer, person_id: int, kept: str) -> bool:
    """Let a code be used no more; return whether it could be used until now."""
    one = sa.and_(recovery_code.c.person_id == person_id, recovery_code.c.hash == kept)
    return tx.execute(sa.delete(recovery_code).where(one)).rowcount > 0
