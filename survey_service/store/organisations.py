"""Organisations: a tree of which nothing is ever removed."""

import sqlalchemy as sa

from survey_service.maturity.assessment import Organisation
from survey_service.maturity.conditions import Attribute
from survey_service.maturity.organisations import Listed
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import organisation

_above = organisation.alias("above")
_LISTED = sa.select(
    organisation.c.name,
    organisation.c.kind,
    _above.c.name,
    organisation.c.attributes,
    organisation.c.active,
).outerjoin_from(organisation, _above, organisation.c.parent_id == _above.c.id)


def below(organisation_id: sa.ColumnElement[int]) -> sa.Select[tuple[int]]:
    """Return the ids of an organisation and of all below it, as a part of a query."""
    tree = sa.select(organisation.c.id).where(organisation.c.id == organisation_id)
    found = tree.cte("below", recursive=True)
    children = sa.select(organisation.c.id).where(organisation.c.parent_id == found.c.id)
    return sa.select(found.union(children).c.id)


def visible(tx: Reader, organisation_id: int) -> set[int]:
    """Return the ids of an organisation and of all below it."""
    seen = below(sa.literal(organisation_id, sa.Integer))
    return {row.id for row in tx.execute(seen)}


def add(tx: Writer, name: str, kind: str, attributes: dict[str, Attribute] | None = None) -> int:
    """Return the id of the organisation, added now or there already."""
    found = identity(tx, name)
    if found is None:
        found = insert(tx, Listed(name, kind, attributes=attributes or {}), None)
    return found


def identity(tx: Reader, name: str) -> int | None:
    """Return the id of the organisation with a name; None if there is none."""
    found = tx.execute(sa.select(organisation.c.id).where(organisation.c.name == name))
    return found.scalar()


def insert(tx: Writer, listed: Listed, parent_id: int | None) -> int:
    """Add an organisation and return its id."""
    added = sa.insert(organisation).values(_values(listed, parent_id))
    return int(tx.execute(added.returning(organisation.c.id)).scalar_one())


def update(tx: Writer, listed: Listed, parent_id: int | None) -> None:
    """Change the organisation of that name."""
    known = sa.update(organisation).where(organisation.c.name == listed.name)
    tx.execute(known.values(_values(listed, parent_id)))


def _values(listed: Listed, parent_id: int | None) -> dict[str, object]:
    return {
        "name": listed.name,
        "kind": listed.kind,
        "attributes": listed.attributes,
        "parent_id": parent_id,
        "active": listed.active,
    }


def fetch(tx: Reader, organisation_id: int) -> Organisation:
    """Return the organisation."""
    columns = (organisation.c[field] for field in Organisation.__struct_fields__)
    row = tx.execute(sa.select(*columns).where(organisation.c.id == organisation_id)).one()
    return Organisation(*row)


def listed(tx: Reader) -> dict[str, Listed]:
    """Return every organisation by name, as a list has them."""
    found = (
        Listed(name, kind, parent, attributes, active)
        for name, kind, parent, attributes, active in tx.execute(_LISTED)
    )
    return {one.name: one for one in found}
