"""Looking after people: inviting, changing, deactivating and resetting them."""

import secrets
from collections.abc import Sequence

from msgspec import Struct, structs

from survey_service.conduct.access import ROLES, Actor, Role, require
from survey_service.conduct.names import require_name
from survey_service.conduct.organisations import KINDS, Listed
from survey_service.conduct.people import Admission, ListedPerson, admission
from survey_service.errors import (
    ForbiddenError,
    LoginTakenError,
    NotFoundError,
    OwnAccountError,
    UnknownRoleError,
)
from survey_service.maturity.conditions import Attributes
from survey_service.operations import audit, one_time_links, second_factors
from survey_service.operations.one_time_links import Link
from survey_service.operations.organisations import all_seen, enter_once
from survey_service.operations.passwords import hashed
from survey_service.operations.preconditions import require_match
from survey_service.store import organisations, people, sessions
from survey_service.store.database import Reader, Writer
from survey_service.store.people import Account, Person


class Change(Struct, frozen=True):
    """What an account is to be from now on; who is not `active` can no longer sign in."""

    name: str
    role: Role
    organisation_id: int
    email: str | None = None
    active: bool = True


def add(
    tx: Writer,
    login: str,
    name: str,
    role: Role,
    organisation: str,
    kind: str,
    attributes: Attributes,
) -> str:
    """Add a person, and their organisation where it is not there yet; return their password.

    Somebody who is there already gets a new password, and their sessions end.

    Raises:
        UnknownRoleError: There is no such role, or no such kind of organisation.
        InvalidNameError: Nobody, or nothing, is called so.
    """
    for found, expected in ((role, ROLES), (kind, KINDS)):
        if found not in expected:
            raise UnknownRoleError(found=found, expected=", ".join(expected))
    require_name(name)
    require_name(organisation)
    password = secrets.token_urlsafe(12)
    belongs_to = enter_once(tx, Listed(organisation, kind, attributes=attributes))
    person_id = enter(tx, Person(login, name, role, belongs_to, hashed(password)))
    sessions.remove_all(tx, person_id)
    return password


def enter(tx: Writer, given: Person) -> int:
    """Add a person from the command line, or give the one of this login a new password.

    Either is recorded. Return their id.
    """
    action = "person.reset" if people.is_taken(tx, given.login) else "person.add"
    person_id = people.save_person(tx, given)
    account = people.own_account(tx, person_id)
    audit.record_system(
        tx, action, f"people/{person_id}", account if action == "person.add" else None
    )
    return person_id


def invite(tx: Writer, actor: Actor, wanted: Person) -> Link:
    """Invite a person, and return the link with which they set their password.

    Raises:
        ForbiddenError: The actor may not, or not into this role.
        NotFoundError: There is no such organisation for this actor.
        InvalidNameError: Nobody is called so.
        LoginTakenError: Somebody signs in under this name.
    """
    _require_admits(tx, actor, wanted.role, wanted.organisation_id)
    require_name(wanted.name)
    if people.is_taken(tx, wanted.login):
        raise LoginTakenError(login=wanted.login)
    person_id = people.add(tx, wanted)
    account = people.account(tx, person_id, visible_to=actor)
    audit.record(tx, actor, "person.invite", f"people/{person_id}", after=account)
    return one_time_links.make(tx, account)


def preview(tx: Reader, actor: Actor, rows: Sequence[ListedPerson]) -> Admission:
    """Return whom a list would invite, and what is wrong in it.

    Raises:
        ForbiddenError: The actor looks after nobody.
    """
    require(actor, "admit")
    found = all_seen(tx, actor)
    known = people.taken(tx, [row.login for row in rows])
    return admission(rows, known, {one.name: one.id for one in found}, actor.admits)


def import_list(
    tx: Writer, actor: Actor, rows: Sequence[ListedPerson]
) -> tuple[Admission, list[Link]]:
    """Invite whom a list invites, all of them or, where anything is wrong in it, nobody."""
    plan = preview(tx, actor, rows)
    wanted = [
        Person(one.login, one.name, one.role, one.organisation_id, email=one.email)
        for one in plan.invited
    ]
    return plan, [invite(tx, actor, one) for one in wanted]


def change(tx: Writer, actor: Actor, person_id: int, wanted: Change, seen: str) -> Account:
    """Change an account, on what its editor has `seen`; who is deactivated is signed out.

    Raises:
        NotFoundError: There is no such person, or organisation, for this actor.
        ForbiddenError: The actor may not, or not from or into this role.
        InvalidNameError: Nobody is called so.
        OwnAccountError: It is the actor's own, and not only the name or the address is changed.
        StaleEditError: Somebody else changed it since.
    """
    before = people.account(tx, person_id, visible_to=actor)
    _require_admits(tx, actor, before.role, before.organisation_id)
    _require_admits(tx, actor, wanted.role, wanted.organisation_id)
    require_match(before, seen)
    require_name(wanted.name)
    organisation = organisations.fetch(tx, wanted.organisation_id)
    after = structs.replace(before, **structs.asdict(wanted), organisation=organisation.name)
    theirs = ("role", "organisation_id", "active")
    if person_id == actor.id and any(getattr(after, x) != getattr(before, x) for x in theirs):
        raise OwnAccountError
    people.update(tx, after)
    if any(getattr(after, field) != getattr(before, field) for field in theirs):
        sessions.remove_all(tx, person_id)
        sessions.remove_all_of_those_out(tx)
    audit.record(tx, actor, "person.change", f"people/{person_id}", before=before, after=after)
    return after


def reset(tx: Writer, actor: Actor, person_id: int) -> Link:
    """Return a link with which a person sets a new password; the present one holds until then.

    Raises:
        NotFoundError: There is no such person for this actor.
        ForbiddenError: The actor may not.
    """
    account = people.account(tx, person_id, visible_to=actor)
    _require_admits(tx, actor, account.role, account.organisation_id)
    audit.record(tx, actor, "person.reset", f"people/{person_id}")
    return one_time_links.make(tx, account)


def remove_second_factor(tx: Writer, actor: Actor, person_id: int) -> Account:
    """Take away the second factor of a person who lost it; they are signed out.

    Raises:
        NotFoundError: There is no such person for this actor.
        ForbiddenError: The actor may not.
        OwnAccountError: It is the actor's own.
    """
    account = people.account(tx, person_id, visible_to=actor)
    _require_admits(tx, actor, account.role, account.organisation_id)
    if person_id == actor.id:
        raise OwnAccountError
    second_factors.remove(tx, person_id)
    audit.record(tx, actor, "second_factor.remove", f"people/{person_id}")
    return people.account(tx, person_id, visible_to=actor)


def unbind(tx: Writer, actor: Actor, person_id: int) -> Account:
    """Have the provider of single sign-on vouch for a person no more; they are signed out.

    Raises:
        NotFoundError: There is no such person for this actor.
        ForbiddenError: The actor may not.
    """
    account = people.account(tx, person_id, visible_to=actor)
    _require_admits(tx, actor, account.role, account.organisation_id)
    people.bind(tx, person_id, None)
    sessions.remove_all(tx, person_id)
    audit.record(tx, actor, "person.unbind", f"people/{person_id}")
    return people.account(tx, person_id, visible_to=actor)


def view(tx: Reader, actor: Actor, person_id: int) -> Account:
    """Return an account; addresses are for those who look after people, and for oneself.

    Raises:
        NotFoundError: There is none for this actor.
    """
    require(actor, "read")
    return _shown(actor, people.account(tx, person_id, visible_to=actor))


def myself(tx: Reader, actor: Actor) -> Account:
    """Return the actor's own account."""
    return people.own_account(tx, actor.id)


def list_all(
    tx: Reader, actor: Actor, *, organisation_id: int | None, after: int, limit: int
) -> list[Account]:
    """Return the accounts of the actor's organisation and of those below it, or of just one."""
    require(actor, "read")
    found = people.accounts(tx, actor, organisation_id=organisation_id, after=after, limit=limit)
    return [_shown(actor, account) for account in found]


def _shown(actor: Actor, account: Account) -> Account:
    seen = bool(actor.admits) or account.id == actor.id
    return account if seen else structs.replace(account, email=None)


def _require_admits(tx: Reader, actor: Actor, role: Role, organisation_id: int) -> None:
    """Raise unless the actor looks after people of a role in an organisation."""
    if organisation_id not in organisations.visible(tx, actor.organisation_id):
        raise NotFoundError(organisation=organisation_id)
    require(actor, "admit", owner=organisation_id)
    if role not in actor.admits:
        raise ForbiddenError(role=actor.role, action="admit")
