"""One-time links with which somebody sets a password: invited, or having forgotten theirs.

A link that goes by mail is made when the mail is sent: what waits in the meantime names the person,
and holds no secret.
"""

import datetime as dt
import secrets
from collections.abc import Sequence

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.errors import NotOfferedError
from survey_service.errors.accounts import SpentLinkError, WrongPasswordError
from survey_service.i18n import translate
from survey_service.operations import audit
from survey_service.operations.jobs import Tools, enqueue
from survey_service.operations.passwords import hashed_aside, matches, require_strong_aside
from survey_service.operations.sealing import Sealer
from survey_service.operations.sessions import digest
from survey_service.operations.throttling import Trial, trying
from survey_service.store import attempts, people, sessions
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.people import Account

LASTS = dt.timedelta(days=3)
_AGAIN = dt.timedelta(minutes=10)  # until another one is sent: nobody's mailbox is to be filled


class Link(Struct, frozen=True):
    """A link's secret, told this once, for an account, and until when it holds."""

    account: Account
    token: str
    expires_at: dt.datetime


class PasswordChange(Struct, frozen=True):
    """The present password and the wanted one; `token` is that of the session that goes on."""

    present: str
    wanted: str
    token: str


class Mailing(Struct, frozen=True):
    """How links are sent: to which address of the service they lead, and in which language."""

    public: str
    language: str


class HandedOver(Struct, frozen=True):
    """An account, and the link to hand over; None where it goes by mail."""

    account: Account
    link: Link | None


class _Letter(Struct, frozen=True):
    person_id: int
    mailing: Mailing


def make(tx: Writer, account: Account) -> Link:
    """Return a new link for an account; one made before holds no longer."""
    return make_all(tx, [account])[0]


def make_all(tx: Writer, accounts: Sequence[Account]) -> list[Link]:
    """Return a new link for each account; those made before hold no longer."""
    expires_at = clock.now() + LASTS
    made = [Link(account, secrets.token_urlsafe(32), expires_at) for account in accounts]
    kept = {link.account.id: digest(link.token) for link in made}
    sessions.add_links(tx, kept, expires_at)
    return made


def address(link: Link, public: str) -> str:
    """Return where the link leads."""
    return f"{public}/password/{link.token}"


def hand_over(
    tx: Writer,
    actor: Actor,
    account: Account,
    mailing: Mailing | None,
    *,
    followed: bool = True,
) -> HandedOver:
    """Have a link sent to an account that has an address; else return one to hand over.

    Args:
        tx: What was invited or reset is kept with it, or neither.
        actor: On whose behalf it is sent.
        account: Whose link it is.
        mailing: None where there is no mail server.
        followed: Whether the mail is shown to the actor, and not only if it fails.
    """
    if mailing is None or account.email is None:
        return HandedOver(account, make(tx, account))
    payload = msgspec.json.encode(_Letter(account.id, mailing)).decode()
    key, about = f"mail:{account.id}", f"people/{account.id}"
    wanted = Wanted("mail", key, payload, about, account.name)
    enqueue(tx, actor, wanted, followed=followed)
    return HandedOver(account, None)


async def deliver(tools: Tools, claimed: Claimed) -> str:
    """Send a link, made now, to whom a job is for.

    Raises:
        NotOfferedError: There is no mail server any more.
        MailError: The server did not take it.
    """
    letter = msgspec.json.decode(claimed.payload, type=_Letter)
    if tools.mail is None:
        raise NotOfferedError(setting="SURVEY_MAIL")
    link = await tools.db.write(_make_if_wanted, letter.person_id)
    if link is not None:
        to, subject, text = _letter(link, letter.mailing)
        await tools.mail.send(to, subject, text)
    return ""


def _make_if_wanted(tx: Writer, person_id: int) -> Link | None:
    account = people.own_account(tx, person_id)
    return make(tx, account) if account.active and account.email is not None else None


def _letter(link: Link, mailing: Mailing) -> tuple[str, str, str]:
    """Return whom a link goes to, and what the mail says: its subject and its text."""
    text = translate(
        "Hello {name},\n\nset your password here; the link works once, within {days} days:\n\n{link}\n\n"
        "From then on you sign in as {login}, or with this mail address.\n",
        mailing.language,
        name=link.account.name,
        login=link.account.login,
        days=LASTS.days,
        link=address(link, mailing.public),
    )
    return link.account.email or "", translate("Set your password", mailing.language), text


def holder(tx: Reader, token: str) -> Account:
    """Return the account of whoever has the link.

    Raises:
        SpentLinkError: It was used, replaced, or is too old.
    """
    person_id = sessions.linked(tx, digest(token), clock.now())
    if person_id is None:
        raise SpentLinkError
    return people.own_account(tx, person_id)


async def redeem(db: Database, token: str, password: str, caller: str) -> int:
    """Set the password of whoever has the link, and return their id; all their sessions end.

    Raises:
        SpentLinkError: It was used, replaced, or is too old.
        WeakPasswordError: The password will not do; the link still works.
    """
    person_id = await db.read(sessions.linked, digest(token), clock.now())
    known = None if person_id is None else await db.read(people.credential_of, person_id)
    if known is None:
        await db.write(attempts.count, "password.spent_link", caller, clock.now())
        raise SpentLinkError
    await require_strong_aside(password, known.login, known.name)
    await db.write(_set, token, await hashed_aside(password), caller)
    return known.person_id


def _set(tx: Writer, token: str, password: str, caller: str) -> None:
    person_id = sessions.linked(tx, digest(token), clock.now())
    known = None if person_id is None else people.credential_of(tx, person_id)
    if known is None:
        raise SpentLinkError
    people.save_password(tx, known.person_id, password)
    sessions.spend_link(tx, digest(token))
    sessions.remove_all(tx, known.person_id)
    audit.record_account(tx, known, caller, "password.set")


async def change_password(
    db: Database, actor: Actor, change: PasswordChange, trial: Trial, sealer: Sealer
) -> None:
    """Change the actor's own password; their other sessions and tokens end.

    Raises:
        WrongPasswordError: `present` is not the password.
        WeakPasswordError: The new one will not do.
        TooManyAttemptsError: Too many attempts failed of late.
    """
    async with trying(db, trial, sealer, "password") as reserved:
        known = await db.read(people.credential_of, actor.id)
        if known is None or not await matches(known.password, change.present):
            await db.write(audit.record, actor, "password.refuse", f"people/{actor.id}")
            raise WrongPasswordError
        await require_strong_aside(change.wanted, known.login, known.name)
        password = await hashed_aside(change.wanted)
        await db.write(_change, actor, password, change.token, reserved)


def _change(tx: Writer, actor: Actor, password: str, token: str, reserved: Reserved) -> None:
    people.save_password(tx, actor.id, password)
    sessions.remove_all(tx, actor.id, but=digest(token))
    attempts.release(tx, reserved)
    audit.record(tx, actor, "password.change", f"people/{actor.id}")


def ask_forgotten(tx: Writer, typed: str, caller: str, mailing: Mailing) -> None:
    """Have a link sent to whoever forgot their password, by name or address, if they have an address; tell nobody whether.

    None is sent while an earlier one is still fresh.
    """
    now = clock.now()
    attempts.count(tx, "password.forgotten", caller, now)
    known = people.credential(tx, typed)
    if known is None or sessions.has_link(tx, known.person_id, now + LASTS - _AGAIN):
        return
    account, owner = people.own_account(tx, known.person_id), people.actor(tx, known.person_id)
    if account.email is not None and owner is not None:
        audit.record_system(tx, "password.link", f"people/{account.id}")
        hand_over(tx, structs.replace(owner, address=caller), account, mailing)
