"""Attempts to sign in, kept as long as they matter to throttling."""

import datetime as dt

import sqlalchemy as sa

from survey_service.conduct.throttling import KNOWN_FOR, WINDOW, Failures
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import attempt


def failures(tx: Reader, login: str, address: str, now: dt.datetime) -> Failures:
    """Return what is known of an account and an address."""
    recent = sa.and_(attempt.c.succeeded.is_(False), attempt.c.at > now - WINDOW)
    pair = sa.and_(recent, attempt.c.login == login, attempt.c.address == address)
    known = sa.and_(
        attempt.c.succeeded.is_(True),
        attempt.c.login == login,
        attempt.c.address == address,
        attempt.c.at > now - KNOWN_FOR,
    )
    counts = [
        tx.execute(sa.select(sa.func.count()).select_from(attempt).where(which)).scalar_one()
        for which in (
            pair,
            sa.and_(recent, attempt.c.address == address),
            sa.and_(recent, attempt.c.login == login),
            known,
        )
    ]
    return Failures(counts[0], counts[1], counts[2], known=counts[3] > 0)


def add(tx: Writer, login: str, address: str, at: dt.datetime, *, succeeded: bool) -> None:
    """Keep an attempt, and forget those that matter no longer."""
    tx.execute(sa.delete(attempt).where(attempt.c.at <= at - KNOWN_FOR))
    values = {"login": login, "address": address, "at": at, "succeeded": succeeded}
    tx.execute(sa.insert(attempt).values(values))


def remove(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Forget up to `limit` attempts that were made by a moment, and return how many were forgotten."""
    old = sa.select(attempt.c.id).where(attempt.c.at <= by).limit(limit)
    return tx.execute(sa.delete(attempt).where(attempt.c.id.in_(old))).rowcount
