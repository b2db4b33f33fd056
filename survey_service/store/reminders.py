"""Reminders to those who had not begun: added and read, never changed."""

import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.notices import Reminder
from survey_service.store.database import Reader, Writer
from survey_service.store.tables.notices import reminder

_REMINDER = tuple(reminder.c[field] for field in Reminder.__struct_fields__)


def add(tx: Writer, cycle_id: int, made: Reminder) -> None:
    """Keep a reminder."""
    tx.execute(sa.insert(reminder).values(cycle_id=cycle_id, **structs.asdict(made)))


def latest(tx: Reader, cycle_id: int) -> dict[int, Reminder]:
    """Return the last reminder to each participant of a cycle that was reminded, by its id."""
    query = sa.select(*_REMINDER).where(reminder.c.cycle_id == cycle_id).order_by(reminder.c.at)
    return {row.organisation_id: Reminder(*row) for row in tx.execute(query)}
