"""Secrets that the service makes for itself at its first start and keeps sealed."""

import hashlib
import hmac
import secrets as random

from survey_service.installation_errors import LogKeyError
from survey_service.operations import audit, second_factors, webhooks
from survey_service.operations.sealing import Sealer
from survey_service.store import secrets
from survey_service.store.database import Reader, Writer
from survey_service.store.secrets import Kept, Name

_BYTES = 32


def attempts_key(tx: Writer, sealer: Sealer) -> bytes:
    """Return the key under which what strangers type is digested, made now where there is none.

    One that was sealed with a secret which is gone is made anew: what failed before is forgotten.
    """
    known = _opened(tx, "attempts", sealer)
    if known is None:
        known = random.token_bytes(_BYTES)
        secrets.keep(tx, "attempts", Kept(sealer.seal(known.hex())))
    return known


def typed(tx: Reader, login: str, sealer: Sealer) -> str:
    """Return what is kept of a name that somebody typed; "" while there is no key to digest it."""
    key = _opened(tx, "attempts", sealer)
    return "" if key is None else digested(key, login)


def digested(key: bytes, login: str) -> str:
    """Return the keyed digest of what was typed."""
    return hmac.new(key, login.encode(), hashlib.sha256).hexdigest()


def log_key(tx: Reader, sealer: Sealer) -> bytes:
    """Return the key that signs the log's checkpoints.

    Raises:
        LogKeyError: It cannot be opened, or there is none yet.
    """
    known = _opened(tx, "log", sealer)
    if known is None:
        raise LogKeyError
    return known


def reseal(tx: Writer, sealer: Sealer) -> int:
    """Seal everything with the newest of our secrets, and return how many pieces there are.

    From then on the secrets that it replaces can be forgotten.
    """
    found = secrets.all_kept(tx)
    for name, kept in found.items():
        renewed = sealer.renew(kept.sealed)
        if renewed is not None:
            secrets.keep(tx, name, Kept(renewed, kept.public))
    count = len(found) + second_factors.reseal(tx, sealer) + webhooks.reseal(tx, sealer)
    audit.record_system(tx, "secret.reseal", "-", {"count": count})
    return count


def _opened(tx: Reader, name: Name, sealer: Sealer) -> bytes | None:
    kept = secrets.secret_for(tx, name)
    known = None if kept is None else sealer.open(kept.sealed)
    return None if known is None else bytes.fromhex(known)
