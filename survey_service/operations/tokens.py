"""Tokens with which programs act as a person: named, limited in time, and perhaps only reading."""

import datetime as dt
import secrets

from survey_service import clock
from survey_service.conduct.access import Actor, TokenScope, require
from survey_service.errors import NotFoundError
from survey_service.operations import audit
from survey_service.operations.sessions import digest
from survey_service.store import sessions
from survey_service.store.database import Reader, Writer
from survey_service.store.sessions import Token


class Issued(Token, frozen=True, kw_only=True):
    """A new token with the secret that is shown this once: send it as `Authorization: Bearer …`."""

    secret: str


def issue(tx: Writer, actor: Actor, label: str, scope: TokenScope, days: int, by: str) -> Issued:
    """Issue a token to the actor; only its digest is kept.

    Where a token issues it, it ends with that one at the latest, also where that one is revoked. `by`
    is the digest of what the actor acts with.

    Raises:
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    ends = sessions.program_ends(tx, by)
    wanted = now + dt.timedelta(days=days)
    expires_at = wanted if ends is None else min(wanted, ends)
    kept, issued_by = digest(secret), None if ends is None else by
    sessions.add(tx, kept, actor.id, now, expires_at, scope=scope, label=label, issued_by=issued_by)
    token = Token(sessions.token_id(kept), label, scope, expires_at)
    audit.record(tx, actor, "token.issue", f"tokens/{token.id}", after=token)
    return Issued(token.id, label, scope, expires_at, secret=secret)


def list_all(tx: Reader, actor: Actor) -> list[Token]:
    """Return the actor's tokens that still hold."""
    return sessions.tokens(tx, actor.id, clock.now())


def revoke(tx: Writer, actor: Actor, token_id: str) -> None:
    """End a token of the actor's.

    Raises:
        NotFoundError: There is no such token, or it is somebody else's.
        ForbiddenError: The actor acts with a token that may only read.
    """
    require(actor, "issue")
    if not sessions.remove_token(tx, actor.id, token_id):
        raise NotFoundError(token=token_id)
    audit.record(tx, actor, "token.revoke", f"tokens/{token_id}")
