"""Attempts to sign in, as long as they matter to throttling; and how many of what there were.

What was typed is known by a keyed digest alone: people type their passwords where names belong.
"""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.throttling import KNOWN_FOR, WINDOW, Failures
from survey_service.store.database import Reader, Writer
from survey_service.store.tables.accounts import attempt, familiar
from survey_service.store.tables.log import tally

ELSEWHERE = "*"
"""The address of a tally that stands for all those beyond the ones that are told apart."""

_TOLD_APART = 1000  # addresses, on one day for one action
TOLD_FOR = dt.timedelta(days=90)


class Tally(Struct, frozen=True):
    """How often something was tried on a day (UTC) from an address, and when last."""

    day: dt.date
    action: str
    address: str
    count: int
    last_at: dt.datetime


class Reserved(Struct, frozen=True):
    """An attempt that is under way: on the account of whose name's digest, and from where.

    `places` are those whose failures on the account count with it, the first of them its own.
    """

    id: int
    login: str
    places: tuple[str, ...]
    known: bool


def failures(tx: Reader, reserved: Reserved, now: dt.datetime) -> Failures:
    """Return what is known of an account and a place, but for the attempt that is reserved."""
    recent = sa.and_(attempt.c.at > now - WINDOW, attempt.c.id != reserved.id)
    theirs, here = attempt.c.login == reserved.login, attempt.c.address.in_(reserved.places)
    conditions = (sa.and_(theirs, here), attempt.c.address == reserved.places[0], theirs)
    query = sa.select(sa.func.count()).select_from(attempt)
    counts = [tx.execute(query.where(recent, which)).scalar_one() for which in conditions]
    return Failures(counts[0], counts[1], counts[2], known=reserved.known)


def reserve(
    tx: Writer, login: str, places: tuple[str, ...], at: dt.datetime, *, known: bool
) -> Reserved:
    """Keep an attempt as failed before it is looked at.

    Args:
        tx: Is to be committed before failures are counted: of those who try at once, each then
            counts all who came before it.
        login: The digest of the name that was typed.
        places: From where it came, and what else counts as the same place.
        at: When.
        known: Whether somebody signed in to the account from there before.
    """
    values = {"login": login, "address": places[0], "at": at}
    added = tx.execute(sa.insert(attempt).values(values).returning(attempt.c.id)).scalar_one()
    return Reserved(added, login, places, known)


def release(tx: Writer, reserved: Reserved) -> None:
    """Forget an attempt: it did not fail, or was not looked at."""
    tx.execute(sa.delete(attempt).where(attempt.c.id == reserved.id))


def refuse(tx: Writer, action: str, address: str, at: dt.datetime) -> None:
    """Count an attempt that failed, and forget those that matter no longer."""
    tx.execute(sa.delete(attempt).where(attempt.c.at <= at - WINDOW))
    count(tx, action, address, at)


def is_familiar(tx: Reader, person_id: int, address: str, now: dt.datetime) -> bool:
    """Whether somebody signed in from an address of late."""
    theirs = sa.and_(familiar.c.person_id == person_id, familiar.c.address == address)
    known = sa.select(familiar.c.at).where(theirs, familiar.c.at > now - KNOWN_FOR)
    return tx.execute(known).first() is not None


def remove(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget up to `limit` attempts that failed by a moment, and return how many were forgotten."""
    old = sa.select(attempt.c.id).where(attempt.c.at <= by).limit(limit)
    return tx.execute(sa.delete(attempt).where(attempt.c.id.in_(old))).rowcount


def remove_familiar(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget up to `limit` addresses from which nobody signed in since, and return how many."""
    which = sa.tuple_(familiar.c.person_id, familiar.c.address)
    columns = (familiar.c.person_id, familiar.c.address)
    old = sa.select(*columns).where(familiar.c.at <= by).limit(limit)
    return tx.execute(sa.delete(familiar).where(which.in_(old))).rowcount


def remove_tallies(tx: Writer, by: dt.date, limit: int) -> int:
    """Forget up to `limit` counts of the days before one, and return how many were forgotten."""
    which = sa.tuple_(tally.c.day, tally.c.action, tally.c.address)
    columns = (tally.c.day, tally.c.action, tally.c.address)
    old = sa.select(*columns).where(tally.c.day < by).limit(limit)
    return tx.execute(sa.delete(tally).where(which.in_(old))).rowcount


def succeed(tx: Writer, person_id: int, address: str, at: dt.datetime) -> None:
    """Keep that somebody signed in from an address."""
    theirs = sa.and_(familiar.c.person_id == person_id, familiar.c.address == address)
    tx.execute(sa.delete(familiar).where(theirs))
    tx.execute(sa.insert(familiar).values(person_id=person_id, address=address, at=at))


def count(tx: Writer, action: str, address: str, at: dt.datetime) -> None:
    """Count what somebody tried who is not signed in."""
    today = sa.and_(tally.c.day == at.date(), tally.c.action == action)
    if _counted(tx, today, address, at):
        return
    place = _told_apart(tx, today, address)
    if place == address or not _counted(tx, today, place, at):
        tx.execute(sa.delete(tally).where(tally.c.day < (at - TOLD_FOR).date()))
        values = {"day": at.date(), "action": action, "address": place, "count": 1, "last_at": at}
        tx.execute(sa.insert(tally).values(values))


def tallies(tx: Reader) -> list[Tally]:
    """Return what was counted, the newest day first and the most of it first."""
    columns = (tally.c[field] for field in Tally.__struct_fields__)
    order = (tally.c.day.desc(), tally.c.count.desc(), tally.c.action, tally.c.address)
    return [Tally(*row) for row in tx.execute(sa.select(*columns).order_by(*order))]


def _counted(tx: Writer, today: sa.ColumnElement[bool], address: str, at: dt.datetime) -> bool:
    """Count one more where there is a count to add to; return whether there is."""
    one = sa.update(tally).where(today, tally.c.address == address)
    return tx.execute(one.values(count=tally.c.count + 1, last_at=at)).rowcount > 0


def _told_apart(tx: Reader, today: sa.ColumnElement[bool], address: str) -> str:
    """Return an address if there is room for one more on the day, else what stands for others."""
    many = sa.select(sa.func.count()).select_from(tally).where(today)
    return address if tx.execute(many).scalar_one() < _TOLD_APART else ELSEWHERE
