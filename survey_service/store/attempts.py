"""Attempts to sign in, as long as they matter to throttling; and how many of what there were.

What was typed is known by a keyed digest alone: people type their passwords where names belong.
"""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.throttling import KNOWN_FOR, WINDOW, Failures
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import attempt, familiar, tally

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


def failures(
    tx: Reader, login: str, person_id: int | None, address: str, now: dt.datetime
) -> Failures:
    """Return what is known of an account and an address.

    Args:
        tx: A snapshot.
        login: The digest of the name that was typed.
        person_id: Whose name it is; None for nobody's.
        address: From where it came.
        now: The end of the window that counts.
    """
    recent = attempt.c.at > now - WINDOW
    counts = [
        tx.execute(sa.select(sa.func.count()).select_from(attempt).where(which)).scalar_one()
        for which in (
            sa.and_(recent, attempt.c.login == login, attempt.c.address == address),
            sa.and_(recent, attempt.c.address == address),
            sa.and_(recent, attempt.c.login == login),
        )
    ]
    theirs = sa.and_(familiar.c.person_id == person_id, familiar.c.address == address)
    known = sa.select(familiar.c.at).where(theirs, familiar.c.at > now - KNOWN_FOR)
    return Failures(counts[0], counts[1], counts[2], known=tx.execute(known).first() is not None)


def add(tx: Writer, login: str, address: str, at: dt.datetime) -> None:
    """Keep that an attempt failed, and forget those that matter no longer."""
    tx.execute(sa.delete(attempt).where(attempt.c.at <= at - WINDOW))
    tx.execute(sa.insert(attempt).values(login=login, address=address, at=at))


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
    """Keep that somebody signed in from an address, and forget from where nobody does any more."""
    theirs = sa.and_(familiar.c.person_id == person_id, familiar.c.address == address)
    tx.execute(sa.delete(familiar).where(sa.or_(theirs, familiar.c.at <= at - KNOWN_FOR)))
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
