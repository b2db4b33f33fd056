"""Secrets that the service makes for itself at its first start and keeps sealed."""

import hashlib
import hmac
import secrets as random

from survey_service.errors.installation import LogKeyError
from survey_service.operations import audit, webhooks
from survey_service.operations.sealing import Sealer
from survey_service.settings import Settings
from survey_service.store import people, secrets
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.own_secret import own_secret
from survey_service.store.secrets import Kept, Name

_BYTES = 32
_SHARED = "demo"  # by everybody who set none, before each installation made its own


def attempts_key(tx: Writer, sealer: Sealer) -> bytes:
    """Return the key under which what strangers type is digested, made now where there is none.

    One that was sealed with a secret which is gone is made anew: what failed before is forgotten.
    """
    known = _opened(tx, "attempts", sealer)
    if known is None:
        known = random.token_bytes(_BYTES)
        secrets.keep(tx, "attempts", Kept(sealer.seal(known.hex())))
    return known


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


async def take_over(db: Database, settings: Settings) -> None:
    """Seal anew what was sealed with the secret that all installations shared, where none was set.

    From then on that one opens nothing.
    """
    if settings.secret:
        return
    kept = await db.read(secrets.secret_for, "log")
    own = own_secret(settings)
    if kept is not None and Sealer(own).open(kept.sealed) is None:
        await db.write(reseal, Sealer(f"{own},{_SHARED}"))


def reseal(tx: Writer, sealer: Sealer) -> int:
    """Seal everything with the newest of our secrets, and return how many pieces there are.

    From then on the secrets that it replaces can be forgotten.
    """
    found = secrets.all_kept(tx)
    for name, kept in found.items():
        renewed = sealer.renew(kept.sealed)
        if renewed is not None:
            secrets.keep(tx, name, Kept(renewed, kept.public))
    count = len(found) + _reseal_second_factors(tx, sealer) + webhooks.reseal(tx, sealer)
    audit.record_system(tx, "secret.reseal", "-", {"count": count})
    return count


def _reseal_second_factors(tx: Writer, sealer: Sealer) -> int:
    found = people.second_factors(tx)
    for person_id, sealed in found.items():
        renewed = sealer.renew(sealed)
        if renewed is not None:
            people.save_sealed(tx, person_id, renewed)
    return len(found)


def _opened(tx: Reader, name: Name, sealer: Sealer) -> bytes | None:
    kept = secrets.secret_for(tx, name)
    known = None if kept is None else sealer.open(kept.sealed)
    return None if known is None else bytes.fromhex(known)
