"""Organisations as rows of a list, and by name as they stand in the store."""

from survey_service.conduct.organisation_lists import Entry
from survey_service.conduct.organisations import Listed
from survey_service.store import organisations
from survey_service.store.database import Database


def entries(*rows: Listed, first_line: int = 2) -> list[Entry]:
    """Return rows that say all of some organisations."""
    return [
        Entry(line, one.name, one.kind, one.parent, one.attributes, one.active)
        for line, one in enumerate(rows, start=first_line)
    ]


async def by_name(db: Database) -> dict[str, Listed]:
    found = await db.read(organisations.standings)
    return {one.listed.name: one.listed for one in found.values()}
