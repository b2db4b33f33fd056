"""One-time links with which somebody sets a password: invited, or having forgotten theirs."""

import datetime as dt
import logging
import secrets

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.errors import MailError, SpentLinkError, WrongPasswordError
from survey_service.i18n import translate
from survey_service.operations import audit
from survey_service.operations.passwords import hashed_aside, matches, require_strong
from survey_service.operations.sealing import Sealer
from survey_service.operations.sessions import digest
from survey_service.operations.throttling import Trial, trying
from survey_service.outside.mail import Mail
from survey_service.store import attempts, people, sessions
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Writer
from survey_service.store.people import Account

_log = logging.getLogger(__name__)

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


def make(tx: Writer, account: Account) -> Link:
    """Return a new link for an account; one made before holds no longer."""
    token, expires_at = secrets.token_urlsafe(32), clock.now() + LASTS
    sessions.add_link(tx, digest(token), account.id, expires_at)
    return Link(account, token, expires_at)


def address(link: Link, public: str) -> str:
    """Return where the link leads."""
    return f"{public}/password/{link.token}"


async def send(mail: Mail, link: Link, public: str, language: str) -> bool:
    """Send the link to the account's address; return whether it has one.

    Raises:
        MailError: The server did not take it; the link can be made anew.
    """
    if link.account.email is None:
        return False
    subject = translate("Set your password", language)
    text = translate(
        "Hello {name},\n\nset your password here; the link works once, within {days} days:\n\n{link}\n",
        language,
        name=link.account.name,
        days=LASTS.days,
        link=address(link, public),
    )
    await mail.send(link.account.email, subject, text)
    return True


async def redeem(db: Database, token: str, password: str, caller: str) -> None:
    """Set the password of whoever has the link; all their sessions end.

    Raises:
        SpentLinkError: It was used, replaced, or is too old.
        WeakPasswordError: The password will not do; the link still works.
    """
    person_id = await db.read(sessions.linked, digest(token), clock.now())
    known = None if person_id is None else await db.read(people.credential_of, person_id)
    if known is None:
        await db.write(attempts.count, "password.spent_link", caller, clock.now())
        raise SpentLinkError
    require_strong(password, known.login, known.name)
    await db.write(_set, token, await hashed_aside(password), caller)


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
        require_strong(change.wanted, known.login, known.name)
        password = await hashed_aside(change.wanted)
        await db.write(_change, actor, password, change.token, reserved)


def _change(tx: Writer, actor: Actor, password: str, token: str, reserved: Reserved) -> None:
    people.save_password(tx, actor.id, password)
    sessions.remove_all(tx, actor.id, but=digest(token))
    attempts.release(tx, reserved)
    audit.record(tx, actor, "password.change", f"people/{actor.id}")


async def send_forgotten(
    db: Database, mail: Mail, login: str, public: str, language: str, caller: str
) -> None:
    """Send a link to whoever forgot their password, if they have an address; tell nobody whether.

    What goes wrong goes to the log: whoever asked has their answer already.
    """
    link = await db.write(forgotten, login, caller)
    if link is not None:
        try:
            await send(mail, link, public, language)
        except MailError:
            _log.exception("a link could not be sent")


def forgotten(tx: Writer, login: str, caller: str) -> Link | None:
    """Make a link for whoever has a name, once they have an address and none that is still fresh."""
    now = clock.now()
    attempts.count(tx, "password.forgotten", caller, now)
    known = people.credential(tx, login)
    if known is None or sessions.has_link(tx, known.person_id, now + LASTS - _AGAIN):
        return None
    account = people.own_account(tx, known.person_id)
    if account.email is None:
        return None
    audit.record_system(tx, "password.link", f"people/{account.id}")
    return make(tx, account)
