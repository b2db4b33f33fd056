"""Organisations: a tree of which nothing is ever removed."""

import sqlalchemy as sa

from survey_service.characters import normal
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Ancestor, Organisation
from survey_service.conduct.organisations import Listed, Organised, Standing
from survey_service.errors import NotFoundError
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

_ORGANISED = sa.select(*(organisation.c[field] for field in Organised.__struct_fields__))
HIGHEST = 2**31 - 1  # ids beyond what a column holds are of nothing


def possible(id_: int | None) -> int | None:
    """Return an id if a column can hold it, else one that is of nothing; None for none."""
    return id_ if id_ is None or 0 < id_ <= HIGHEST else 0


def below(organisation_id: sa.ColumnElement[int]) -> sa.Select[tuple[int]]:
    """Return the ids of an organisation and of all below it, as a part of a query."""
    tree = sa.select(organisation.c.id).where(organisation.c.id == organisation_id)
    found = tree.cte("below", recursive=True)
    children = sa.select(organisation.c.id).where(organisation.c.parent_id == found.c.id)
    return sa.select(found.union(children).c.id)


def above(organisation_id: sa.ColumnElement[int], *, nested: bool = False) -> sa.Select[tuple[int]]:
    """Return the ids of an organisation and of all above it, as a part of a query.

    Args:
        organisation_id: Of which one.
        nested: Whether that is a column of the query around it, another one in each row.
    """
    own = sa.select(organisation.c.id, organisation.c.parent_id)
    first = own.where(organisation.c.id == organisation_id).correlate_except(organisation)
    found = first.cte("above", recursive=True, nesting=nested)
    parents = own.where(organisation.c.id == found.c.parent_id)
    return sa.select(found.union(parents).c.id)


def is_below(tx: Reader, organisation_id: int, top: int) -> bool:
    """Whether an organisation is another one, or lies below it."""
    return tx.execute(_IS_BELOW, {"one": organisation_id, "top": top}).first() is not None


def visible(tx: Reader, organisation_id: int) -> set[int]:
    """Return the ids of an organisation and of all below it."""
    seen = below(sa.literal(organisation_id, sa.Integer))
    return {row.id for row in tx.execute(seen)}


_IS_BELOW = sa.select(organisation.c.id).where(
    organisation.c.id == sa.bindparam("top"),
    organisation.c.id.in_(above(sa.bindparam("one", type_=sa.Integer))),
)


def identity(tx: Reader, name: str) -> int | None:
    """Return the id of an organisation that is called so, the first of several; None if none is."""
    called = sa.select(organisation.c.id).where(organisation.c.normal == normal(name))
    return tx.execute(called.order_by(organisation.c.id).limit(1)).scalar()


def called(tx: Reader, name: str) -> list[int]:
    """Return the ids of the organisations that are called so."""
    found = tx.execute(sa.select(organisation.c.id).where(organisation.c.normal == normal(name)))
    return list(found.scalars())


def child(tx: Reader, name: str, parent_id: int | None) -> int | None:
    """Return the id of the organisation that is called so below another one, or at the top."""
    called = sa.select(organisation.c.id).where(organisation.c.normal == normal(name))
    below_it = called.where(organisation.c.parent_id.is_not_distinct_from(parent_id))
    return tx.execute(below_it.order_by(organisation.c.id).limit(1)).scalar()


def organised(tx: Reader, organisation_id: int) -> Organised:
    """Return the organisation of an id; there is one."""
    return Organised(*tx.execute(_ORGANISED.where(organisation.c.id == organisation_id)).one())


def insert(tx: Writer, listed: Listed, parent_id: int | None) -> int:
    """Add an organisation and return its id."""
    added = sa.insert(organisation).values(_values(listed, parent_id))
    return int(tx.execute(added.returning(organisation.c.id)).scalar_one())


def update(tx: Writer, organisation_id: int, listed: Listed, parent_id: int | None) -> None:
    """Change an organisation."""
    known = sa.update(organisation).where(organisation.c.id == organisation_id)
    tx.execute(known.values(_values(listed, parent_id)))


def _values(listed: Listed, parent_id: int | None) -> dict[str, object]:
    return {
        "name": listed.name,
        "normal": normal(listed.name),
        "kind": listed.kind,
        "attributes": listed.attributes,
        "parent_id": parent_id,
        "active": listed.active,
    }


_CHAIN = sa.select(
    organisation.c.id,
    organisation.c.name,
    organisation.c.kind,
    organisation.c.attributes,
    organisation.c.active,
    organisation.c.parent_id,
).where(organisation.c.id.in_(above(sa.bindparam("organisation", type_=sa.Integer))))


def fetch(tx: Reader, organisation_id: int) -> Organisation:
    """Return the organisation as it is now, with those above it."""
    chain = {row.id: row for row in tx.execute(_CHAIN, {"organisation": organisation_id})}
    own = chain[organisation_id]
    ancestors, at = [], chain.get(own.parent_id)
    while at is not None:
        ancestors.append(Ancestor(at.id, at.name))
        at = chain.get(at.parent_id)
    return Organisation(own.id, own.name, own.kind, own.attributes, own.active, tuple(ancestors))


def standings(tx: Reader, *, below_id: int | None = None) -> dict[int, Standing]:
    """Return every organisation, or those at and below one, by id, as a list has them."""
    query = _LISTED.add_columns(organisation.c.parent_id, organisation.c.id)
    if below_id is not None:
        query = query.where(organisation.c.id.in_(below(sa.literal(below_id, sa.Integer))))
    return {
        id_: Standing(Listed(*said), parent_id)
        for *said, parent_id, id_ in tx.execute(query.order_by(organisation.c.id))
    }


def listed(tx: Reader, organisation_id: int) -> Listed | None:
    """Return an organisation as a list has it; None if there is none."""
    row = tx.execute(_LISTED.where(organisation.c.id == organisation_id)).first()
    return None if row is None else Listed(*row)


def parents(tx: Reader) -> dict[int, int | None]:
    """Return the whole tree: the id of what each organisation stands below; None at the top."""
    rows = tx.execute(sa.select(organisation.c.id, organisation.c.parent_id))
    return {row.id: row.parent_id for row in rows}


def view(tx: Reader, organisation_id: int, *, visible_to: Actor) -> Organised:
    """Return an organisation that the actor may know of.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    one = sa.and_(organisation.c.id == organisation_id, _seen_by(visible_to))
    row = tx.execute(_ORGANISED.where(one)).first() if 0 < organisation_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(organisation=organisation_id)
    return Organised(*row)


def list_all(
    tx: Reader, actor: Actor, *, kind: str | None, after: int, limit: int
) -> list[Organised]:
    """Return up to `limit` organisations that the actor may know of, with ids above `after`.

    Args:
        tx: A snapshot.
        actor: Sees their own and those below it.
        kind: Just those of this kind; None for all.
        after: The id of the last one known.
        limit: How many at the most.
    """
    query = _ORGANISED.where(_seen_by(actor), organisation.c.id > after)
    if kind is not None:
        query = query.where(organisation.c.kind == kind)
    return [Organised(*row) for row in tx.execute(query.order_by(organisation.c.id).limit(limit))]


def require_second_factor(tx: Writer, organisation_id: int, *, required: bool) -> None:
    """Record whether an organisation's people must have a second factor."""
    one = sa.update(organisation).where(organisation.c.id == organisation_id)
    tx.execute(one.values(second_factor=required))


def _seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    return organisation.c.id.in_(below(sa.literal(actor.organisation_id, sa.Integer)))
