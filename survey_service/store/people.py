"""People: who they are, where they belong, and how they sign in."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.characters import normal
from survey_service.conduct.access import Actor, Role
from survey_service.errors import NotFoundError
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST, below, possible
from survey_service.store.tables import organisation, person


class Person(Struct, frozen=True):
    """Somebody to add: sign-in name, role, organisation; the hash of a password once there is one."""

    login: str
    name: str
    role: Role
    organisation_id: int
    password: str | None = None
    email: str | None = None


class Account(Struct, frozen=True):
    """A person as those see them who look after people.

    `invited` is True until there is a password or single sign-on to sign in with; `vouched_for` says
    whether a provider of single sign-on vouches for them.
    """

    id: int
    login: str
    name: str
    role: Role
    organisation_id: int
    organisation: str
    email: str | None
    active: bool
    invited: bool
    second_factor: bool
    vouched_for: bool


class Credential(Struct, frozen=True):
    """What somebody signs in with: the password's hash, and the sealed secret of a second factor.

    `step` is the last one for which a code of the second factor was accepted.
    """

    person_id: int
    login: str
    name: str
    password: str | None
    totp: str | None
    step: int | None


_place = organisation.alias("place")


def may_sign_in() -> sa.ColumnElement[bool]:
    """Return what is true of a person who is not deactivated, nor is the organisation they belong to.

    Whatever acts as somebody asks this when it does: sessions, tokens, links.
    """
    place = sa.select(_place.c.id).where(_place.c.id == person.c.organisation_id, _place.c.active)
    return sa.and_(person.c.active, place.exists())


def at_top() -> sa.ColumnElement[bool]:
    """Return whether nothing stands above the organisation that a person belongs to."""
    above = sa.select(_place.c.parent_id.is_(None)).where(_place.c.id == person.c.organisation_id)
    return sa.type_coerce(above.scalar_subquery(), sa.Boolean)


def in_team(organisation_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return what is true of a person who can be given a part to answer by an organisation."""
    answers = person.c.role.in_(("respondent", "coordinator"))
    return sa.and_(person.c.organisation_id == organisation_id, answers, may_sign_in())


_NO_WAY_IN = sa.and_(person.c.password.is_(None), person.c.subject.is_(None))
_ACCOUNT = sa.select(
    person.c.id,
    person.c.login,
    person.c.name,
    person.c.role,
    person.c.organisation_id,
    organisation.c.name,
    person.c.email,
    person.c.active,
    _NO_WAY_IN,
    person.c.totp.is_not(None),
    person.c.subject.is_not(None),
).join_from(person, organisation)
_CREDENTIAL = sa.select(
    person.c.id,
    person.c.login,
    person.c.name,
    person.c.password,
    person.c.totp,
    person.c.totp_step,
).where(may_sign_in())
_TEAM = (
    sa.select(person.c.id, person.c.name)
    .where(in_team(sa.bindparam("organisation", type_=sa.Integer)))
    .order_by(person.c.name)
)


def save_person(tx: Writer, given: Person) -> int:
    """Add a person, or give the one with this sign-in name a new password; return their id."""
    one = sa.select(person.c.id).where(_named(given.login)).order_by(_exactly(given.login)).limit(1)
    known = sa.update(person).where(person.c.id == one.scalar_subquery())
    changed = known.values(password=given.password).returning(person.c.id)
    found = tx.execute(changed).scalar()
    return add(tx, given) if found is None else found


def add(tx: Writer, given: Person) -> int:
    """Add a person and return their id."""
    keys = {"login_key": normal(given.login), "email_key": _email_key(given.email)}
    added = sa.insert(person).values(**structs.asdict(given), **keys).returning(person.c.id)
    return int(tx.execute(added).scalar_one())


def is_taken(tx: Reader, login: str) -> bool:
    """Whether somebody, active or not, signs in under a name or one that differs in capitals only."""
    return tx.execute(sa.select(person.c.id).where(_named(login))).first() is not None


def taken(tx: Reader, logins: Sequence[str]) -> set[str]:
    """Return those of some sign-in names that somebody has."""
    keys = {login: normal(login) for login in logins}
    named = sa.select(person.c.login_key).where(person.c.login_key.in_(set(keys.values())))
    found = set(tx.execute(named).scalars())
    return {login for login, key in keys.items() if key in found}


def account(tx: Reader, person_id: int, *, visible_to: Actor) -> Account:
    """Return the account of somebody of the actor's organisation or of one below it.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    one = sa.and_(person.c.id == person_id, _visible(visible_to))
    row = tx.execute(_ACCOUNT.where(one)).first() if 0 < person_id <= HIGHEST else None
    if row is None:
        raise NotFoundError(person=person_id)
    return Account(*row)


def own_account(tx: Reader, person_id: int) -> Account:
    """Return a person's own account."""
    return Account(*tx.execute(_ACCOUNT.where(person.c.id == person_id)).one())


def by_login(tx: Reader, login: str) -> Account | None:
    """Return the account of whoever signs in under just this name; None where nobody does."""
    row = tx.execute(_ACCOUNT.where(person.c.login == login)).first()
    return None if row is None else Account(*row)


def accounts(
    tx: Reader, actor: Actor, *, organisation_id: int | None, after: int, limit: int
) -> list[Account]:
    """Return up to `limit` accounts that the actor may see, with ids above `after`.

    Args:
        tx: A snapshot.
        actor: Whose organisation it is, or stands above.
        organisation_id: Just the people of this one; None for all.
        after: The id of the last one known.
        limit: How many at the most.
    """
    wanted = sa.and_(person.c.id > after, _visible(actor))
    if organisation_id is not None:
        wanted = sa.and_(wanted, person.c.organisation_id == possible(organisation_id))
    rows = tx.execute(_ACCOUNT.where(wanted).order_by(person.c.id).limit(limit))
    return [Account(*row) for row in rows]


def without_way_in(tx: Reader, actor: Actor, ids: Collection[int] | None) -> list[Account]:
    """Return those of some people whom the actor may see and who were invited and never came in.

    None for `ids`: of all.
    """
    these = sa.true() if ids is None else person.c.id.in_(ids)
    wanted = sa.and_(these, may_sign_in(), _NO_WAY_IN, _visible(actor))
    return [Account(*row) for row in tx.execute(_ACCOUNT.where(wanted).order_by(person.c.id))]


def update(tx: Writer, changed: Account) -> None:
    """Record what can be changed of an account."""
    values = {
        field: getattr(changed, field)
        for field in ("name", "role", "organisation_id", "email", "active")
    } | {"email_key": _email_key(changed.email)}
    tx.execute(sa.update(person).where(person.c.id == changed.id).values(values))


def actor(tx: Reader, person_id: int) -> Actor | None:
    """Return a person as they act where no request is theirs; None if they may not sign in."""
    columns = (
        person.c.id,
        person.c.name,
        person.c.role,
        person.c.organisation_id,
        person.c.login,
        sa.literal("write"),
        sa.literal(""),
        at_top(),
    )
    row = tx.execute(sa.select(*columns).where(person.c.id == person_id, may_sign_in())).first()
    return Actor(*row) if row else None


def credential(tx: Reader, typed: str) -> Credential | None:
    """Return the credential for a sign-in name, or for the address of one person.

    None if that is nobody, or several, who may sign in. A name that is written just so goes before
    one that differs in capitals, and a name before an address.
    """
    named, address = _named(typed), person.c.email_key == normal(typed)
    query = _CREDENTIAL.add_columns(named).where(sa.or_(named, address))
    order = (named.desc(), _exactly(typed))
    rows = tx.execute(query.order_by(*order).limit(2)).all()
    if not rows or not (rows[0][-1] or len(rows) == 1):
        return None
    return Credential(*rows[0][:-1])


def credential_of(tx: Reader, person_id: int) -> Credential | None:
    """Return a person's credential; None if they may not sign in."""
    row = tx.execute(_CREDENTIAL.where(person.c.id == person_id)).first()
    return Credential(*row) if row else None


def by_subject(tx: Reader, subject: str) -> Credential | None:
    """Return the credential of whom a provider vouches for; None if that is nobody here."""
    row = tx.execute(_CREDENTIAL.where(person.c.subject == subject)).first()
    return Credential(*row) if row else None


def by_email(tx: Reader, email: str) -> list[Credential]:
    """Return the credentials of those who have an address; of many two, which tell as much."""
    theirs = sa.func.lower(person.c.email) == email.lower()
    return [Credential(*row) for row in tx.execute(_CREDENTIAL.where(theirs).limit(2))]


def is_bound(tx: Reader, person_id: int) -> bool:
    """Whether a provider vouches for a person."""
    one = sa.and_(person.c.id == person_id, person.c.subject.is_not(None))
    return tx.execute(sa.select(person.c.id).where(one)).first() is not None


def bind(tx: Writer, person_id: int, subject: str | None) -> None:
    """Let a provider vouch for a person from now on; None: nobody any more."""
    tx.execute(sa.update(person).where(person.c.id == person_id).values(subject=subject))


def save_password(tx: Writer, person_id: int, password: str) -> None:
    """Keep the hash of a new password."""
    tx.execute(sa.update(person).where(person.c.id == person_id).values(password=password))


def save_second_factor(tx: Writer, person_id: int, totp: str | None, step: int | None) -> None:
    """Keep the sealed secret of a second factor, and the step whose code was accepted last."""
    values = {"totp": totp, "totp_step": step}
    tx.execute(sa.update(person).where(person.c.id == person_id).values(values))


def second_factors(tx: Reader) -> dict[int, str]:
    """Return the sealed secret of everybody who has a second factor, by the person's id."""
    query = sa.select(person.c.id, person.c.totp).where(person.c.totp.is_not(None))
    return {row.id: row.totp for row in tx.execute(query)}


def save_sealed(tx: Writer, person_id: int, totp: str) -> None:
    """Keep a second factor's secret under another seal."""
    tx.execute(sa.update(person).where(person.c.id == person_id).values(totp=totp))


def colleague(tx: Reader, organisation_id: int, person_id: int) -> int | None:
    """Return a person's id if just this organisation can give them a part to answer; else None."""
    one = sa.and_(person.c.id == person_id, in_team(sa.literal(organisation_id, sa.Integer)))
    return tx.execute(sa.select(person.c.id).where(one)).scalar()


def team(tx: Reader, organisation_id: int) -> list[tuple[int, str]]:
    """Return the ids and names of those of an organisation who can be given a part to answer."""
    rows = tx.execute(_TEAM, {"organisation": organisation_id})
    return [(row.id, row.name) for row in rows]


def active_logins(tx: Reader) -> list[str]:
    """Return the sign-in names of those who are not deactivated."""
    return list(tx.execute(sa.select(person.c.login).where(person.c.active)).scalars())


def _email_key(email: str | None) -> str | None:
    return None if email is None else normal(email)


def _named(login: str) -> sa.ColumnElement[bool]:
    """Return what is true of a person who signs in under a name, however it is written."""
    return sa.or_(person.c.login == login.strip(), person.c.login_key == normal(login))


def _exactly(login: str) -> sa.ColumnElement[int]:
    """Return what puts a name that is written just so before one that resembles it."""
    return sa.case((person.c.login == login.strip(), 0), else_=1)


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    return person.c.organisation_id.in_(below(sa.literal(actor.organisation_id, sa.Integer)))
