"""Tokens with which programs act as a person: named, limited in time, and perhaps only reading."""

import datetime as dt
import secrets

from msgspec import Struct

from survey_service import clock
from survey_service.errors import NotFoundError
from survey_service.maturity.access import Actor, Scope, require
from survey_service.operations import audit
from survey_service.operations.sessions import digest
from survey_service.store import people
from survey_service.store.database import Reader, Writer
from survey_service.store.people import Token


class Issued(Struct, frozen=True):
    """A new token, and the secret that is shown this once."""

    token: Token
    secret: str


def issue(tx: Writer, actor: Actor, label: str, scope: Scope, days: int) -> Issued:
    """Issue a token to the actor; only its digest is kept.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    secret = secrets.token_urlsafe(32)
    expires_at = clock.now() + dt.timedelta(days=days)
    token = Token(_name(digest(secret)), label, scope, expires_at)
    people.add_session(tx, digest(secret), actor.id, expires_at, scope=scope, label=label)
    audit.record(tx, actor, "token.issue", f"tokens/{token.id}", after=token)
    return Issued(token, secret)


def everything(tx: Reader, actor: Actor) -> list[Token]:
    """Return the actor's tokens that still hold, by name."""
    found = people.tokens(tx, actor.id, clock.now())
    return [Token(_name(one.id), one.label, one.scope, one.expires_at) for one in found]


def revoke(tx: Writer, actor: Actor, token_id: str) -> None:
    """End a token of the actor's.

    Raises:
        NotFoundError: There is no such token, or it is somebody else's.
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    for one in people.tokens(tx, actor.id, clock.now()):
        if _name(one.id) == token_id:
            people.remove_session(tx, one.id, clock.now())
            audit.record(tx, actor, "token.revoke", f"tokens/{token_id}")
            return
    raise NotFoundError(token=token_id)


def _name(digest_: str) -> str:
    """Return what a token is called: enough of its digest to tell it from others, and no more."""
    return digest_[:12]
