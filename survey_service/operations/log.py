"""The log over the audit trail: its key, its signed head, proofs from it, and whether it is whole."""

import asyncio
import logging
import secrets as random
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from survey_service.conduct.access import Actor
from survey_service.conduct.checkpoints import (
    Checkpoint,
    PublicKey,
    key_in,
    new_key,
    opened,
    public_key,
    signed,
)
from survey_service.conduct.merkle import consistency, inclusion
from survey_service.conduct.proofs import Growth, Proof
from survey_service.conduct.trail import Break, Entry, Head, breaks
from survey_service.conduct.verification import verified
from survey_service.errors import NotFoundError, UnknownEntryError
from survey_service.errors.installation import LogKeyError
from survey_service.operations import audit
from survey_service.operations.sealing import Sealer
from survey_service.operations.secrets import log_key
from survey_service.store import audit as trail
from survey_service.store import log, secrets
from survey_service.store.database import Database, PostgreSQL, Reader, Writer
from survey_service.store.secrets import Kept

_EVERY = 0.3  # seconds between two looks for entries without a number: they get it within one
_AFTER_FAILURE = 5.0
_log = logging.getLogger(__name__)


async def require_key(db: Database, sealer: Sealer, address: str) -> None:
    """Make the log's key and give the log its name, after where it is reached, unless it has them."""
    if await db.read(secrets.secret_for, "log") is None:
        await db.write(_make_key, sealer, address)


def _make_key(tx: Writer, sealer: Sealer, address: str) -> None:
    if secrets.secret_for(tx, "log") is None:  # nobody was quicker
        private = new_key()
        key = public_key(f"{urlsplit(address).hostname}/audit/{random.token_hex(4)}", private)
        secrets.keep(tx, "log", Kept(sealer.seal(private.hex()), key.line))
        audit.record_system(tx, "log.key", "log", {"key": key.line})


def key(tx: Reader) -> PublicKey:
    """Return the public half of the log's key; its name is the log's.

    Raises:
        LogKeyError: There is none yet.
    """
    kept = secrets.secret_for(tx, "log")
    found = None if kept is None or kept.public is None else key_in(kept.public)
    if found is None:
        raise LogKeyError
    return found


def checkpoint(tx: Reader, sealer: Sealer) -> str:
    """Return the head of the log as a signed note.

    Raises:
        LogKeyError: The key cannot be opened.
    """
    return _signed(tx, log.size(tx), sealer)


def prove(tx: Reader, number: int, sealer: Sealer) -> Proof:
    """Return the proof that the entry with a number is in the log.

    Raises:
        UnknownEntryError: There is no entry with this number.
        LogKeyError: The key cannot be opened.
    """
    entry = log.numbered(tx, number)
    if entry is None:
        raise UnknownEntryError(number=number)
    return _proof(tx, number, entry, sealer)


def prove_to(tx: Reader, actor: Actor, assessment_id: int, number: int, sealer: Sealer) -> Proof:
    """Return the proof for an entry in an assessment's trail to somebody who sees all of it there.

    Raises:
        NotFoundError: There is no such entry for this actor.
        LogKeyError: The key cannot be opened.
    """
    entry = log.numbered(tx, number)
    if not audit.is_seen(tx, actor, assessment_id, entry) or entry is None:
        raise NotFoundError(entry=number)
    return _proof(tx, number, entry, sealer)


def growth(tx: Reader, old: int, sealer: Sealer, until: int | None = None) -> Growth:
    """Return the proof that the log only grew between two sizes, or since the first one.

    Raises:
        UnknownEntryError: It has not so many entries, or the second size is the smaller one.
        LogKeyError: The key cannot be opened.
    """
    now = log.size(tx)
    size = now if until is None else until
    if not 0 < old <= size <= now:
        raise UnknownEntryError(number=old if old > now else size)
    hashes = log.proof(tx, consistency(old, size))
    return Growth(old, size, _encoded(hashes), _signed(tx, size, sealer))


def verify(tx: Reader, notes: Mapping[str, str]) -> list[Break]:
    """Return where the log is broken, held against notes of its head that were kept, by file.

    Raises:
        InvalidCheckpointError: One of the notes is no checkpoint.
        ForeignCheckpointError: One is of another log.
        UnsignedCheckpointError: One lacks the signature of our key, or was changed.
    """
    return _breaks(tx, [opened(note, key(tx), file) for file, note in notes.items()])


def since(tx: Reader, head: Head | None, *, chained: bool) -> list[Break]:
    """Return where the log is broken, held against the end that it, or the chain, had at a backup."""
    if head is None:
        return _breaks(tx, [])
    if not chained:
        return _breaks(tx, [Checkpoint("", head.size, bytes.fromhex(head.digest))])
    last = log.numbered(tx, head.size)
    forked = head.size > 0 and (last is None or last.digest != head.digest)
    return [*([Break("forked", head.size)] if forked else ()), *_breaks(tx, [])]


def _breaks(tx: Reader, kept: Sequence[Checkpoint]) -> list[Break]:
    found = [*verified(log.leaves(tx), kept), *breaks(trail.chained(tx))]
    return [*found, *(Break("unnumbered", one) for one in log.unnumbered(tx))]


async def keep_numbered(db: Database) -> None:
    """Number entries as they come, for ever; on SQLite there are never any left to number."""
    while isinstance(db, PostgreSQL):
        try:
            pause = 0 if await db.sequence() else _EVERY
        except Exception:  # noqa: BLE001 - whatever it is, it may be over by the next time
            _log.exception("entries could not be numbered")
            pause = _AFTER_FAILURE
        await asyncio.sleep(pause)


async def number_all(db: Database) -> None:
    """Number every entry that waits; where others are at it, after them."""
    while isinstance(db, PostgreSQL) and await db.sequence(wait=True):
        pass


def _proof(tx: Reader, number: int, entry: Entry, sealer: Sealer) -> Proof:
    size = log.size(tx)
    hashes = log.proof(tx, inclusion(number - 1, size))
    note = _signed(tx, size, sealer)
    return Proof(number, entry.leaf.decode(), number - 1, size, _encoded(hashes), note)


def _signed(tx: Reader, size: int, sealer: Sealer) -> str:
    head = Checkpoint(key(tx).name, size, log.root(tx, size))
    return signed(head, log_key(tx, sealer))


def decoded(encoded: str) -> bytes:
    """Return a hash from a proof."""
    return b64decode(encoded)


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]
