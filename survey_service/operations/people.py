"""Looking after people: inviting, changing, deactivating and resetting them."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

import msgspec
from msgspec import Struct, structs

from survey_service.conduct.access import ROLES, Actor, Role, require
from survey_service.conduct.names import require_name
from survey_service.conduct.organisations import KINDS, Listed
from survey_service.conduct.people import Admission, Invited, ListedPerson, admission
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.accounts import LoginTakenError, OwnAccountError, UnknownRoleError
from survey_service.errors.writing import CannotBeUndoneError
from survey_service.maturity.conditions import Attributes
from survey_service.operations import audit, jobs, one_time_links, second_factors
from survey_service.operations.jobs import Tools, enqueue, in_time, rest
from survey_service.operations.one_time_links import HandedOver, Link, Mailing, hand_over
from survey_service.operations.organisations import all_seen, by_name, enter_once
from survey_service.operations.passwords import hashed
from survey_service.operations.preconditions import require_match
from survey_service.store import jobs as stored_jobs
from survey_service.store import organisations, people, sessions
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.people import Account, Person


class Change(Struct, frozen=True):
    """What an account is to be from now on; who is not `active` can no longer sign in."""

    name: str
    role: Role
    organisation_id: int
    email: str | None = None
    active: bool = True


class Invitations(Struct, frozen=True):
    """Whom a list invites, or what undoes that: then they are deactivated."""

    invited: tuple[Invited, ...]
    mailing: Mailing | None
    undoing: bool = False


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
    person_id = people.save_person(tx, structs.replace(given, login=given.login.strip()))
    account = people.own_account(tx, person_id)
    audit.record_system(
        tx, action, f"people/{person_id}", account if action == "person.add" else None
    )
    return person_id


def invite(tx: Writer, actor: Actor, wanted: Person, mailing: Mailing | None) -> HandedOver:
    """Invite a person, and send or return the link with which they set their password.

    Raises:
        ForbiddenError: The actor may not, or not into this role.
        NotFoundError: There is no such organisation for this actor.
        InvalidNameError: Nobody is called so.
        LoginTakenError: Somebody signs in under this name.
    """
    seen = organisations.visible(tx, actor.organisation_id)
    return hand_over(tx, actor, _invited(tx, actor, wanted, seen), mailing)


def _invited(tx: Writer, actor: Actor, wanted: Person, seen: AbstractSet[int]) -> Account:
    """Add a person to one of the organisations that an actor has `seen`."""
    _require_admits(actor, wanted.role, wanted.organisation_id, seen)
    require_name(wanted.name)
    if people.is_taken(tx, wanted.login):
        raise LoginTakenError(login=wanted.login)
    account = people.own_account(tx, people.add(tx, wanted))
    audit.record(tx, actor, "person.invite", f"people/{account.id}", after=account)
    return account


def preview(tx: Reader, actor: Actor, rows: Sequence[ListedPerson]) -> Admission:
    """Return whom a list would invite, and what is wrong in it.

    Raises:
        ForbiddenError: The actor looks after nobody.
    """
    require(actor, "admit")
    found = all_seen(tx, actor)
    known = people.taken(tx, [row.login for row in rows])
    return admission(rows, known, by_name(found), actor.admits)


def request_import(tx: Writer, actor: Actor, plan: Admission, mailing: Mailing | None) -> int:
    """Return the id of the job that invites whom a list invites that somebody has looked at."""
    require(actor, "admit")
    return request(tx, actor, Invitations(plan.invited, mailing))


def request(tx: Writer, actor: Actor, wanted: Invitations) -> int:
    """Return the id of the job that does what is wanted with a list of people."""
    payload = msgspec.json.encode(wanted)
    key = f"people:{actor.id}:{hashlib.sha256(payload).hexdigest()}"
    total = len(wanted.invited)
    return enqueue(tx, actor, Wanted("people", key, payload.decode(), "people", total=total))


async def take_in(tools: Tools, claimed: Claimed) -> str:
    """Invite whom a list invites, in pieces, from where it was left; return who needs a link.

    Or undo that.

    Raises:
        LoginTakenError: Somebody signs in so since the list was looked at.
        CannotBeUndoneError: An account that is to be deactivated was changed since.
        SurveyError: See `invite`.
    """
    wanted = msgspec.json.decode(claimed.payload, type=Invitations)
    done, unsent = claimed.progress, msgspec.json.decode(claimed.result or "[]", type=list[int])
    while done < len(wanted.invited):
        done, unsent = await tools.db.write(_take_in_piece, claimed, wanted, done, unsent)
        await rest()
    return msgspec.json.encode(unsent).decode()


def _take_in_piece(
    tx: Writer, claimed: Claimed, wanted: Invitations, done: int, unsent: list[int]
) -> tuple[int, list[int]]:
    actor, unsent = jobs.acting(tx, claimed), [*unsent]
    seen = organisations.visible(tx, actor.organisation_id)
    for one in in_time(wanted.invited[done:]):
        done += 1
        if wanted.undoing:
            _undo(tx, actor, one, seen)
            continue
        person = Person(one.login, one.name, one.role, one.organisation_id, email=one.email)
        account = _invited(tx, actor, person, seen)
        if wanted.mailing is None or account.email is None:
            unsent.append(account.id)
        else:
            hand_over(tx, actor, account, wanted.mailing, followed=False)
    jobs.advance(tx, claimed, done, msgspec.json.encode(unsent).decode())
    return done, unsent


def _undo(tx: Writer, actor: Actor, one: Invited, seen: AbstractSet[int]) -> None:
    before = as_invited(tx, one)
    _require_admits(actor, before.role, before.organisation_id, seen)
    after = structs.replace(before, active=False)
    people.update(tx, after)
    sessions.remove_all(tx, after.id)
    audit.record(tx, actor, "person.change", f"people/{after.id}", before=before, after=after)


def as_invited(tx: Reader, one: Invited) -> Account:
    """Return the account of whom a list invited.

    Raises:
        CannotBeUndoneError: It is another one by now than was invited.
    """
    found = people.by_login(tx, one.login)
    wanted = (one.name, one.role, one.organisation_id, one.email, True)
    now = found and (found.name, found.role, found.organisation_id, found.email, found.active)
    if found is None or now != wanted:
        raise CannotBeUndoneError(name=one.name)
    return found


def links(tx: Writer, actor: Actor, job_id: int) -> list[Link]:
    """Return new links for those whom a list invited and to whom none was sent, to hand over.

    Those made before hold no longer; whoever has a password by now needs none.

    Raises:
        NotFoundError: The actor asked for no such job.
    """
    require(actor, "admit")
    unsent = awaiting_links(tx, actor, job_id)
    made = one_time_links.make_all(tx, unsent)
    after = [account.login for account in unsent]
    audit.record(tx, actor, "person.links", f"jobs/{job_id}", after=after)
    return made


def renew_links(
    tx: Writer, actor: Actor, ids: Collection[int] | None, mailing: Mailing | None
) -> list[HandedOver]:
    """Send or return new links for those of some people, or of all, who were invited and never came in.

    Whom the actor does not look after is left out, as is whoever has a way in by now.

    Raises:
        ForbiddenError: The actor looks after nobody.
    """
    require(actor, "admit")
    found = people.without_way_in(tx, actor, ids)
    waiting = [one for one in found if one.role in actor.admits]
    after = [one.login for one in waiting]
    audit.record(tx, actor, "person.links", "people", after=after)
    unsent = [one for one in waiting if mailing is None or one.email is None]
    made = [HandedOver(link.account, link) for link in one_time_links.make_all(tx, unsent)]
    sent = (one for one in waiting if mailing is not None and one.email is not None)
    return [*made, *(hand_over(tx, actor, one, mailing, followed=False) for one in sent)]


def awaiting_links(tx: Reader, actor: Actor, job_id: int) -> list[Account]:
    """Return those whom the job of a list invited, without mail, and who have no way in yet.

    Raises:
        NotFoundError: The actor asked for no such job.
    """
    found = jobs.view(tx, actor, job_id)
    if found.kind != "people" or not found.mine:
        raise NotFoundError(job=job_id)
    unsent = msgspec.json.decode(stored_jobs.result(tx, job_id) or "[]", type=list[int])
    return people.without_way_in(tx, actor, unsent)


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
    seen_by_actor = organisations.visible(tx, actor.organisation_id)
    _require_admits(actor, before.role, before.organisation_id, seen_by_actor)
    _require_admits(actor, wanted.role, wanted.organisation_id, seen_by_actor)
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


def reset(tx: Writer, actor: Actor, person_id: int, mailing: Mailing | None) -> HandedOver:
    """Send or return a link with which a person sets a new password; the present one holds until then.

    Raises:
        NotFoundError: There is no such person for this actor.
        ForbiddenError: The actor may not.
    """
    account = people.account(tx, person_id, visible_to=actor)
    seen = organisations.visible(tx, actor.organisation_id)
    _require_admits(actor, account.role, account.organisation_id, seen)
    audit.record(tx, actor, "person.reset", f"people/{person_id}")
    return hand_over(tx, actor, account, mailing)


def remove_second_factor(tx: Writer, actor: Actor, person_id: int) -> Account:
    """Remove the second factor of a person who lost it; they are signed out.

    Raises:
        NotFoundError: There is no such person for this actor.
        ForbiddenError: The actor may not.
        OwnAccountError: It is the actor's own.
    """
    account = people.account(tx, person_id, visible_to=actor)
    seen = organisations.visible(tx, actor.organisation_id)
    _require_admits(actor, account.role, account.organisation_id, seen)
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
    seen = organisations.visible(tx, actor.organisation_id)
    _require_admits(actor, account.role, account.organisation_id, seen)
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


def _require_admits(actor: Actor, role: Role, organisation_id: int, seen: AbstractSet[int]) -> None:
    """Raise unless the actor looks after people of a role in one of the organisations they have `seen`."""
    if organisation_id not in seen:
        raise NotFoundError(organisation=organisation_id)
    require(actor, "admit", owner=organisation_id)
    if role not in actor.admits:
        raise ForbiddenError(role=actor.role, action="admit")
