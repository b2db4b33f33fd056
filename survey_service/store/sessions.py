"""Sessions of people and tokens of their programs, kept by digest; and one-time links."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct

from survey_service.conduct.access import Actor, Scope
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import above
from survey_service.store.people import at_top, may_sign_in
from survey_service.store.tables import organisation, person
from survey_service.store.tables.accounts import one_time_link, session

_NAMED = 12  # letters of a token's digest
_requiring = organisation.alias("requiring")


def _lacking(theirs: sa.ScalarSelect[int]) -> sa.ColumnElement[bool]:
    """Return what is true of a person without a second factor whose organisation requires one.

    So does whoever stands above it. The condition that costs least stands first.

    Args:
        theirs: The query for the one organisation that they belong to.
    """
    requiring = sa.select(_requiring.c.id).where(
        _requiring.c.second_factor, _requiring.c.id.in_(above(theirs))
    )
    return sa.and_(person.c.totp.is_(None), requiring.exists())


_whose = person.alias("whose")
_THEIRS = (
    sa.select(_whose.c.organisation_id)
    .join_from(session, _whose)
    .where(session.c.token == sa.bindparam("given"))
    .scalar_subquery()
)
_ACTOR = (
    sa.select(
        person.c.id,
        person.c.name,
        person.c.role,
        person.c.organisation_id,
        person.c.login,
        session.c.scope,
        session.c.label != "",
        _lacking(_THEIRS),
        at_top(),
    )
    .join_from(session, person)
    .where(
        session.c.token == sa.bindparam("given"),
        session.c.expires_at > sa.bindparam("at"),
        may_sign_in(),
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

    A session ends as well where nothing came for as long as `idle`; a program's token does not. Who
    lacks a second factor that is required can set it up and nothing else, and not by a program.
    """
    row = tx.execute(_ACTOR, {"given": token, "at": at, "idle_since": at - idle}).first()
    if row is None:
        return None
    id_, name, role, organisation_id, login, scope, is_program, lacking, is_top = row
    if lacking and is_program:
        return None
    good_for: Scope = "enrol" if lacking else scope
    return Actor(id_, name, role, organisation_id, login, good_for, address, is_top)


def add(
    tx: Writer,
    token: str,
    person_id: int,
    at: dt.datetime,
    expires_at: dt.datetime,
    *,
    scope: Scope = "write",
    label: str = "",
    issued_by: str | None = None,
) -> None:
    """Open a session under the token's digest; a program's has a label, and perhaps an issuing one."""
    values = {"token": token, "person_id": person_id, "seen_at": at, "expires_at": expires_at}
    more = {"scope": scope, "label": label, "issued_by": issued_by}
    tx.execute(sa.insert(session).values(**values, **more))


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


def program_ends(tx: Reader, token: str) -> dt.datetime | None:
    """Return when a token of a program ends; None where it is no program's."""
    one = sa.and_(session.c.token == token, session.c.label != "")
    return tx.execute(sa.select(session.c.expires_at).where(one)).scalar()


def remove_token(tx: Writer, person_id: int, given: str) -> bool:
    """End a token of a person's programs, and all that it issued; return whether there was such a one."""
    called = sa.func.substr(session.c.token, 1, _NAMED) == given
    top = sa.select(session.c.token).where(_program(person_id), called)
    ended = top.cte("ended", recursive=True)
    issued = sa.select(session.c.token).where(session.c.issued_by == ended.c.token)
    gone = sa.select(ended.union(issued).c.token)
    done = sa.delete(session).where(session.c.token.in_(gone)).returning(session.c.token)
    return tx.execute(done).first() is not None  # SQLite counts no rows of what begins with WITH


def _program(person_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(session.c.person_id == person_id, session.c.label != "")


def remove(tx: Writer, token: str) -> None:
    """Close a session."""
    tx.execute(sa.delete(session).where(session.c.token == token))


def remove_all(tx: Writer, person_id: int, *, but: str = "") -> None:
    """Close every session of a person and end their tokens, but the session under one digest."""
    theirs = sa.and_(session.c.person_id == person_id, session.c.token != but)
    tx.execute(sa.delete(session).where(theirs))


def remove_all_of_those_out(tx: Writer) -> None:
    """End every session, token and link of those who may not sign in, or lack a second factor.

    What acts as them is refused anyhow; ended, it does not come back with them.
    """
    out = sa.select(person.c.id).where(~may_sign_in())
    everywhere = sa.select(organisation.c.id).where(organisation.c.second_factor)
    requiring = everywhere.cte("requiring", recursive=True)
    below = sa.select(organisation.c.id).where(organisation.c.parent_id == requiring.c.id)
    required = sa.select(requiring.union(below).c.id)
    lacking = sa.select(person.c.id).where(
        person.c.totp.is_(None), person.c.organisation_id.in_(required)
    )
    without = sa.and_(session.c.scope != "enrol", session.c.person_id.in_(lacking))
    tx.execute(sa.delete(session).where(sa.or_(session.c.person_id.in_(out), without)))
    tx.execute(sa.delete(one_time_link).where(one_time_link.c.person_id.in_(out)))


def lacks_second_factor(tx: Reader, person_id: int) -> bool:
    """Whether a person has none, and their organisation or one above it requires one."""
    one = _whose.c.id == person_id
    theirs = sa.select(_whose.c.organisation_id).where(one).scalar_subquery()
    lacking = sa.select(person.c.id).where(person.c.id == person_id, _lacking(theirs))
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
    holds = sa.and_(one_time_link.c.token == token, one_time_link.c.expires_at > at, may_sign_in())
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
