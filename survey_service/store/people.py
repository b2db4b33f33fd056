"""People and their sessions."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.maturity.access import Actor, Role, Scope
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import person, session

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
    .where(session.c.token == sa.bindparam("given"), session.c.expires_at > sa.bindparam("at"))
)


class Token(Struct, frozen=True):
    """A token for a program: its id, what its owner calls it, what it may do, and until when."""

    id: str
    label: str
    scope: Scope
    expires_at: dt.datetime


_NAMED = 12  # letters of a token's digest


class Credential(Struct, frozen=True):
    """A person's id and argon2id password hash."""

    person_id: int
    password: str


class Person(Struct, frozen=True):
    """Somebody to add: their sign-in name, role, organisation and password hash."""

    login: str
    name: str
    role: Role
    organisation_id: int
    password: str


def save_person(tx: Writer, given: Person) -> None:
    """Add a person, or give the one with this sign-in name a new password."""
    known = sa.update(person).where(person.c.login == given.login).values(password=given.password)
    if tx.execute(known).rowcount == 0:
        tx.execute(sa.insert(person).values(**structs.asdict(given)))


def credential(tx: Reader, login: str) -> Credential | None:
    """Return the credential for a sign-in name; None if nobody has it."""
    columns = (person.c.id, person.c.password)
    row = tx.execute(sa.select(*columns).where(person.c.login == login)).first()
    return Credential(*row) if row else None


def add_session(
    tx: Writer,
    token: str,
    person_id: int,
    expires_at: dt.datetime,
    *,
    scope: Scope = "write",
    label: str = "",
) -> None:
    """Open a session under the token's digest; a program's has a label."""
    values = {"token": token, "person_id": person_id, "expires_at": expires_at}
    tx.execute(sa.insert(session).values(**values, scope=scope, label=label))


def token_id(digest: str) -> str:
    """Return what a token is called: enough of its digest to tell it from others, and no more."""
    return digest[:_NAMED]


def tokens(tx: Reader, person_id: int, at: dt.datetime) -> list[Token]:
    """Return the tokens of a person's programs that hold at a moment, by label."""
    columns = (session.c.token, session.c.label, session.c.scope, session.c.expires_at)
    theirs = sa.and_(_program(person_id), session.c.expires_at > at)
    rows = tx.execute(sa.select(*columns).where(theirs).order_by(session.c.label))
    return [Token(token_id(row.token), row.label, row.scope, row.expires_at) for row in rows]


def remove_token(tx: Writer, person_id: int, given: str) -> bool:
    """End a token of a person's programs; return whether there was such a one."""
    called = sa.func.substr(session.c.token, 1, _NAMED) == given
    return tx.execute(sa.delete(session).where(_program(person_id), called)).rowcount > 0


def _program(person_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(session.c.person_id == person_id, session.c.label != "")


def remove_session(tx: Writer, token: str, expired_by: dt.datetime) -> None:
    """Close a session, and with it every session that has expired."""
    tx.execute(
        sa.delete(session).where(
            sa.or_(session.c.token == token, session.c.expires_at <= expired_by)
        )
    )


def remove_sessions(tx: Writer, person_id: int) -> None:
    """Close every session of a person."""
    tx.execute(sa.delete(session).where(session.c.person_id == person_id))


def actor(tx: Reader, token: str, address: str, at: dt.datetime) -> Actor | None:
    """Return the person whose session bears the token's digest at this moment."""
    row = tx.execute(_ACTOR, {"given": token, "at": at}).first()
    return Actor(*row, address) if row else None


def colleague(tx: Reader, organisation_id: int, person_id: int) -> int | None:
    """Return a person's id if they belong to just this organisation; else None."""
    one = sa.and_(person.c.id == person_id, person.c.organisation_id == organisation_id)
    return tx.execute(sa.select(person.c.id).where(one)).scalar()
