"""Sessions of people and tokens of their programs, kept by digest; and one-time links."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.access import Actor, Scope
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import above
from survey_service.store.tables import one_time_link, organisation, person, session

_NAMED = 12  # letters of a token's digest
_ACTOR = (
    sa.select(
        person.c.id,
        person.c.name,
        person.c.role,
        person.c.organisation_id,
        person.c.login,
        session.c.scope,
    )
    .join_from(session, person)
    .where(
        session.c.token == sa.bindparam("given"),
        session.c.expires_at > sa.bindparam("at"),
        person.c.active,
        sa.or_(session.c.label != "", session.c.seen_at > sa.bindparam("idle_since")),
    )
)


class Token(Struct, frozen=True):
    """A token for a program: its id, what its owner calls it, what it may do, and until when."""

    id: str
    label: str
    scope: Scope
    expires_at: dt.datetime


class Session(Struct, frozen=True):
    """A person's session: its id, when it was last used, and when it ends at the latest."""

    id: str
    seen_at: dt.datetime
    expires_at: dt.datetime


def actor(
    tx: Reader, token: str, address: str, at: dt.datetime, idle: dt.timedelta
) -> Actor | None:
    """Return the person whose session bears the token's digest at this moment.

    A session ends as well where nothing came for as long as `idle`; a program's token does not.
    """
    row = tx.execute(_ACTOR, {"given": token, "at": at, "idle_since": at - idle}).first()
    return Actor(*row, address) if row else None


def add(
    tx: Writer,
    token: str,
    person_id: int,
    at: dt.datetime,
    expires_at: dt.datetime,
    *,
    scope: Scope = "write",
    label: str = "",
) -> None:
    """Open a session under the token's digest; a program's has a label."""
    values = {"token": token, "person_id": person_id, "seen_at": at, "expires_at": expires_at}
    tx.execute(sa.insert(session).values(**values, scope=scope, label=label))


def touch(tx: Writer, token: str, at: dt.datetime) -> None:
    """Record that a session is in use."""
    tx.execute(sa.update(session).where(session.c.token == token).values(seen_at=at))


def token_id(digest: str) -> str:
    """Return what a token is called: enough of its digest to tell it from others, and no more."""
    return digest[:_NAMED]


def tokens(tx: Reader, person_id: int, at: dt.datetime) -> list[Token]:
    """Return the tokens of a person's programs that hold at a moment, by label."""
    columns = (session.c.token, session.c.label, session.c.scope, session.c.expires_at)
    theirs = sa.and_(_program(person_id), session.c.expires_at > at)
    rows = tx.execute(sa.select(*columns).where(theirs).order_by(session.c.label))
    return [Token(token_id(row.token), row.label, row.scope, row.expires_at) for row in rows]


def sessions(tx: Reader, person_id: int, at: dt.datetime) -> list[Session]:
    """Return a person's sessions that have not expired, the one used last first."""
    columns = (session.c.token, session.c.seen_at, session.c.expires_at)
    theirs = sa.and_(
        session.c.person_id == person_id, session.c.label == "", session.c.expires_at > at
    )
    rows = tx.execute(sa.select(*columns).where(theirs).order_by(session.c.seen_at.desc()))
    return [Session(token_id(row.token), row.seen_at, row.expires_at) for row in rows]


def remove_token(tx: Writer, person_id: int, given: str) -> bool:
    """End a token of a person's programs; return whether there was such a one."""
    called = sa.func.substr(session.c.token, 1, _NAMED) == given
    return tx.execute(sa.delete(session).where(_program(person_id), called)).rowcount > 0


def _program(person_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(session.c.person_id == person_id, session.c.label != "")


def remove(tx: Writer, token: str, expired_by: dt.datetime) -> None:
    """Close a session, and with it every session that has expired."""
    gone = sa.or_(session.c.token == token, session.c.expires_at <= expired_by)
    tx.execute(sa.delete(session).where(gone))


def remove_all(tx: Writer, person_id: int, *, but: str = "") -> None:
    """Close every session of a person and end their tokens, but the session under one digest."""
    theirs = sa.and_(session.c.person_id == person_id, session.c.token != but)
    tx.execute(sa.delete(session).where(theirs))


def lacks_second_factor(tx: Reader, person_id: int) -> bool:
    """Whether a person has none, and their organisation or one above it requires one."""
    theirs = sa.select(person.c.organisation_id).where(person.c.id == person_id).scalar_subquery()
    requiring = sa.select(organisation.c.id).where(
        organisation.c.id.in_(above(theirs)), organisation.c.second_factor
    )
    lacking = sa.select(person.c.id).where(
        person.c.id == person_id, person.c.totp.is_(None), requiring.exists()
    )
    return tx.execute(lacking).first() is not None


def add_links(tx: Writer, tokens: Mapping[int, str], expires_at: dt.datetime) -> None:
    """Keep one-time links under their tokens' digests, by person, instead of any that they had."""
    tx.execute(sa.delete(one_time_link).where(one_time_link.c.person_id.in_(tokens)))
    rows = [
        {"token": token, "person_id": person_id, "expires_at": expires_at}
        for person_id, token in tokens.items()
    ]
    if rows:
        tx.execute(sa.insert(one_time_link), rows)


def has_link(tx: Reader, person_id: int, expires_after: dt.datetime) -> bool:
    """Whether a person has a one-time link that holds beyond a moment."""
    holds = sa.and_(
        one_time_link.c.person_id == person_id, one_time_link.c.expires_at > expires_after
    )
    return tx.execute(sa.select(one_time_link.c.token).where(holds)).first() is not None


def linked(tx: Reader, token: str, at: dt.datetime) -> int | None:
    """Return the id of the person whose one-time link it is; None where it holds no longer."""
    holds = sa.and_(
        one_time_link.c.token == token, one_time_link.c.expires_at > at, person.c.active
    )
    query = sa.select(person.c.id).join_from(one_time_link, person).where(holds)
    return tx.execute(query).scalar()


def spend_link(tx: Writer, token: str) -> None:
    """Let a one-time link be used no more."""
    tx.execute(sa.delete(one_time_link).where(one_time_link.c.token == token))


def remove_ended(tx: Writer, by: dt.datetime, idle_since: dt.datetime, limit: int) -> int:
    """Remove up to `limit` sessions and tokens that have ended, and return how many were removed."""
    idle = sa.and_(session.c.label == "", session.c.seen_at <= idle_since)
    over = sa.or_(session.c.expires_at <= by, idle)
    old = sa.select(session.c.token).where(over).limit(limit)
    return tx.execute(sa.delete(session).where(session.c.token.in_(old))).rowcount


def remove_links(tx: Writer, by: dt.datetime, limit: int) -> int:
    """Remove up to `limit` one-time links that hold no longer, and return how many were removed."""
    over = one_time_link.c.expires_at <= by
    old = sa.select(one_time_link.c.token).where(over).limit(limit)
    return tx.execute(sa.delete(one_time_link).where(one_time_link.c.token.in_(old))).rowcount
