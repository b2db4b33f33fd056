"""What reads the old sheets of a ministry, for those who belong to it or stand below it."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import above, possible
from survey_service.store.tables.workbooks import workbook_mapping


class KeptMapping(Struct, frozen=True):
    """A mapping as it is kept: whose it is, what it is called and reads, and its text, YAML."""

    id: int
    organisation_id: int
    name: str
    questionnaire: str
    content: str
    author: str
    at: dt.datetime


_KEPT = sa.select(*(workbook_mapping.c[field] for field in KeptMapping.__struct_fields__)).where(
    workbook_mapping.c.removed_at.is_(None)
)


def visible(tx: Reader, actor: Actor) -> list[KeptMapping]:
    """Return the mappings of an actor's organisation and of those above it, by name."""
    theirs = above(sa.literal(actor.organisation_id, sa.Integer))
    query = _KEPT.where(workbook_mapping.c.organisation_id.in_(theirs))
    ordered = query.order_by(workbook_mapping.c.name, workbook_mapping.c.id)
    return [KeptMapping(*row) for row in tx.execute(ordered)]


def find(tx: Reader, actor: Actor, mapping_id: int) -> KeptMapping | None:
    """Return a mapping of the actor's organisation or of one above it; None where there is none."""
    theirs = above(sa.literal(actor.organisation_id, sa.Integer))
    one = sa.and_(
        workbook_mapping.c.id == possible(mapping_id),
        workbook_mapping.c.organisation_id.in_(theirs),
    )
    row = tx.execute(_KEPT.where(one)).first()
    return None if row is None else KeptMapping(*row)


def called(tx: Reader, organisation_id: int, name: str) -> KeptMapping | None:
    """Return what an organisation keeps under a name; None where it keeps nothing."""
    one = sa.and_(
        workbook_mapping.c.organisation_id == organisation_id, workbook_mapping.c.name == name
    )
    row = tx.execute(_KEPT.where(one)).first()
    return None if row is None else KeptMapping(*row)


def add(tx: Writer, made: KeptMapping) -> KeptMapping:
    """Keep a mapping, and return it with its id."""
    values = structs.asdict(made)
    del values["id"]
    added = sa.insert(workbook_mapping).values(values).returning(workbook_mapping.c.id)
    return structs.replace(made, id=tx.execute(added).scalar_one())


def save(tx: Writer, changed: KeptMapping) -> None:
    """Keep a mapping as it is by now."""
    one = sa.update(workbook_mapping).where(workbook_mapping.c.id == changed.id)
    tx.execute(one.values(structs.asdict(changed)))


def remove(tx: Writer, mapping_id: int, at: dt.datetime) -> None:
    """Take a mapping out of use."""
    one = sa.update(workbook_mapping).where(workbook_mapping.c.id == mapping_id)
    tx.execute(one.values(removed_at=at))
