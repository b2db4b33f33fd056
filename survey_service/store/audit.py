"""The audit trail's rows: added and read, never changed; triggers in the database see to it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.life import STAGES
from survey_service.conduct.trail import Entry, Event, Numbered, Place, Recorded
from survey_service.conduct.trail_search import ACTIONS, EVERYTHING, Sought
from survey_service.store.database import Reader, Writer
from survey_service.store.log import ENTRY
from survey_service.store.organisations import below
from survey_service.store.tables import assessment, person
from survey_service.store.tables.log import entry, leaf, whereabouts

_SAID = ("at", "actor", "name", "address", *Event.__struct_fields__)
_ADD = sa.insert(entry).inline()
# Entries about one assessment follow one another: the one that has the next id is committed before
# another one can have its own. Else a page of them, or the newest, could pass one over for good.
_HELD = (
    sa.select(assessment.c.id)
    .where(assessment.c.id == sa.bindparam("assessment", type_=sa.Integer))
    .with_for_update(key_share=True)
    .cte("held")
)
_ADD_IN_LINE = _ADD.from_select(
    [*_SAID, "assessment_id"],
    sa.select(*(sa.bindparam(f"said_{one}", type_=entry.c[one].type) for one in _SAID), _HELD.c.id),
)
_NUMBERED = sa.select(leaf.c.number, *ENTRY).outerjoin_from(entry, leaf)
_TOGETHER = 1000  # entries read at a time when all of them are walked


class Doer(Struct, frozen=True):
    """Somebody who did something: their sign-in name, and what they are called now."""

    login: str
    name: str


class By(Struct, frozen=True):
    """Who did something, and from where: their sign-in name, and what they are called just now."""

    actor: str
    name: str | None
    address: str


def add(tx: Writer, event: Event, who: By, at: dt.datetime, assessment_id: int | None) -> None:
    """Add an entry; one about an assessment belongs to its trail."""
    said = {"at": at, **structs.asdict(who), **structs.asdict(event)}
    if assessment_id is None or tx.dialect.name == "sqlite":  # which has one writer
        tx.execute(_ADD, {**said, "assessment_id": assessment_id})
        return
    named = {f"said_{name}": value for name, value in said.items()}
    if tx.execute(_ADD_IN_LINE, {**named, "assessment": assessment_id}).rowcount != 1:
        raise LookupError(assessment_id)


def entries(tx: Reader) -> Iterator[Numbered]:
    """Yield every entry in the order in which they were numbered, then those that still wait."""
    order = (leaf.c.number.is_(None), leaf.c.number, entry.c.id)
    query = _NUMBERED.order_by(*order).execution_options(yield_per=_TOGETHER)
    for row in tx.execute(query):
        yield Numbered(row[0], Entry(*row[1:]))


def chained(tx: Reader) -> Iterator[Entry]:
    """Yield the entries from before the log, in their order."""
    query = sa.select(*ENTRY).where(entry.c.digest.is_not(None)).order_by(entry.c.id)
    for row in tx.execute(query.execution_options(yield_per=_TOGETHER)):
        yield Entry(*row)


def of_assessment(
    tx: Reader,
    actor: Actor,
    assessment_id: int,
    kept_back: Sequence[str],
    sought: Sought = EVERYTHING,
    *,
    after: int,
    limit: int,
) -> list[Recorded]:
    """Return up to `limit` entries that are sought about an assessment, oldest first, with ids above `after`.

    Entries about what begins with one of `kept_back` are left out, and the actor is not told from where
    somebody acted whom they may not know.
    """
    query = _NUMBERED.add_columns(
        person.c.name, _is_placed(actor), whereabouts.c.address, whereabouts.c.salt
    )
    query = query.outerjoin(person, person.c.login == entry.c.actor)
    query = query.outerjoin(whereabouts, whereabouts.c.digest == entry.c.address)
    wanted = query.where(_about(assessment_id, kept_back), *_sought(sought), entry.c.id > after)
    rows = tx.execute(wanted.order_by(entry.c.id).limit(limit))
    return [
        Numbered(number, Entry(*said)).told(
            called, None if salt is None else Place(address, salt), placed=placed
        )
        for number, *said, called, placed, address, salt in rows
    ]


def doers(tx: Reader, assessment_id: int, kept_back: Sequence[str]) -> list[Doer]:
    """Return who did something to an assessment, by what they are called; `kept_back` as above."""
    called = sa.func.coalesce(person.c.name, entry.c.actor)
    query = sa.select(entry.c.actor, called).outerjoin_from(
        entry, person, person.c.login == entry.c.actor
    )
    query = query.where(_about(assessment_id, kept_back)).distinct()
    return sorted((Doer(*row) for row in tx.execute(query)), key=lambda one: one.name.casefold())


def _sought(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what is true of the entries that are sought."""
    if sought.actor is not None:
        yield entry.c.actor == sought.actor
    if sought.indicator is not None:
        yield _on(sought.indicator)
    if sought.below is not None:
        under = entry.c.about.startswith(f"{sought.below}/", autoescape=True)
        yield sa.or_(entry.c.about == sought.below, under)
    if sought.kind is not None:
        yield sa.or_(*(entry.c.action.startswith(one) for one in ACTIONS[sought.kind]))
        if sought.kind in {"answers", "scores"}:
            scored = sa.or_(
                *(entry.c.about.like(f"assessments/%/{one}/responses/%") for one in STAGES)
            )
            yield scored if sought.kind == "scores" else ~scored
    if sought.since is not None:
        yield entry.c.at >= sought.since
    if sought.until is not None:
        yield entry.c.at < sought.until


def _on(code: str) -> sa.ColumnElement[bool]:
    """Return what is true of entries on an indicator; of a remark what it says tells on which it is."""
    about = entry.c.about
    named = f'"indicator":"{code}"'
    said = (part.contains(named, autoescape=True) for part in (entry.c.before, entry.c.after))
    return sa.or_(
        about.endswith(f"/{code}", autoescape=True),
        about.contains(f"/{code}/", autoescape=True),
        sa.and_(entry.c.action.startswith("remark."), sa.or_(*said)),
    )


def keep_place(tx: Writer, place: Place) -> None:
    """Keep from where something was done, for those who may know it."""
    tx.execute(sa.insert(whereabouts).values(digest=place.digest, **structs.asdict(place)))


def is_placed(tx: Reader, actor: Actor, login: str) -> bool:
    """Whether an actor may know from where somebody acted: they belong to what the actor sees."""
    query = sa.select(_is_placed(actor)).where(person.c.login == login)
    return tx.execute(query).scalar() is not False


def _is_placed(actor: Actor) -> sa.ColumnElement[bool]:
    """Return what is true of people whom an actor may know, and of nobody at all."""
    seen = person.c.organisation_id.in_(below(sa.literal(actor.organisation_id, sa.Integer)))
    return sa.func.coalesce(seen, sa.true())


def newest(tx: Reader, assessment_id: int, kept_back: Sequence[str]) -> int:
    """Return the id of the newest entry about an assessment, 0 for none; `kept_back` as above."""
    given = {f"kept_back_{at}": prefix for at, prefix in enumerate(kept_back)}
    query = _newest(len(kept_back))
    return tx.execute(query, {"assessment": assessment_id, **given}).scalar() or 0


@lru_cache
def _newest(kept_back: int) -> sa.Select[Any]:
    """Return the query for the newest entry; built once, since pages ask it every few seconds."""
    others = (
        ~entry.c.about.startswith(sa.bindparam(f"kept_back_{at}", type_=sa.Text))
        for at in range(kept_back)
    )
    query = sa.select(entry.c.id).where(
        entry.c.assessment_id == sa.bindparam("assessment"), *others
    )
    return query.order_by(entry.c.id.desc()).limit(1)


def _about(assessment_id: int, kept_back: Sequence[str]) -> sa.ColumnElement[bool]:
    others = (~entry.c.about.startswith(prefix) for prefix in kept_back)
    return sa.and_(entry.c.assessment_id == assessment_id, *others)
