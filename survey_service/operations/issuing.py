"""Issuing reports: what each one claims goes into the log, and a signed statement into its file."""

import hashlib
from base64 import b64encode

import msgspec
from msgspec import Struct
from typing_extensions import override

from survey_service.conduct.checkpoints import Checkpoint, signed
from survey_service.conduct.merkle import inclusion
from survey_service.conduct.statements import ACTION, Claim, Logged, Place, Statement, sign
from survey_service.conduct.trail import Entry
from survey_service.operations import audit, log
from survey_service.operations.sealing import Sealer
from survey_service.operations.secrets import log_key
from survey_service.store import issued
from survey_service.store import log as tree
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.issued import Issued


class Signing(Struct, frozen=True):
    """What a statement is signed with: the key by its name, and what is to be said of the log."""

    name: str
    private: bytes
    logged: Logged

    @override
    def __repr__(self) -> str:
        """Tell nothing of the key: this may end up in a log."""
        return f"Signing({self.name})"

    def sign(self, statement: Statement) -> bytes:
        """Return a statement as it is signed."""
        return sign(statement, self.name, self.private)


async def issue(
    db: Database, sealer: Sealer, address: str, claim: Claim, step: Entry | None
) -> Signing:
    """Put a claim into the log, unless it is there, and return what statements on it are signed with.

    Raises:
        LogKeyError: The log's key cannot be opened with the secret that is set.
    """
    await log.require_key(db, sealer, address)
    await db.read(log_key, sealer)
    await db.write(_record, claim, None if step is None else step.id)
    await log.number_all(db)
    return await db.read(_signing_of, claim, sealer)


async def signing_on(db: Database, sealer: Sealer, address: str, entry_id: int) -> Signing:
    """Return what statements are signed with on a claim that is in the log, by its entry's id.

    Raises:
        LogKeyError: The log's key cannot be opened with the secret that is set.
    """
    await log.require_key(db, sealer, address)
    await db.read(log_key, sealer)
    await log.number_all(db)
    return await db.read(_signing, sealer, entry_id)


def record(tx: Writer, claim: Claim) -> int:
    """Put a claim into the log, and return the id of its entry."""
    about, after = f"reports/{claim.code}", msgspec.json.encode(claim).decode()
    audit.record_system(tx, ACTION, about, claim)
    return issued.newest_about(tx, ACTION, about, after)


def _record(tx: Writer, claim: Claim, step_id: int | None) -> None:
    digest = digest_of(claim)
    if issued.of_claim(tx, digest) is None:
        entry_id = record(tx, claim)
        issued.add(tx, Issued(digest, claim.code, claim.assessment, entry_id, step_id))


def _signing_of(tx: Reader, claim: Claim, sealer: Sealer) -> Signing:
    made = issued.of_claim(tx, digest_of(claim))
    assert made is not None  # it is never removed
    return _signing(tx, sealer, made.entry_id, made.step_id)


def _signing(tx: Reader, sealer: Sealer, entry_id: int, step_id: int | None = None) -> Signing:
    """Return what is to be said of the log, as it was when it had the claim and its step."""
    numbers = issued.numbers(tx, [id_ for id_ in (entry_id, step_id) if id_ is not None])
    size, name, private = max(numbers.values()), log.key(tx).name, log_key(tx, sealer)
    logged = Logged(
        leaf=issued.entry_of(tx, entry_id).leaf.decode(),
        claim=_place(tx, numbers[entry_id], size),
        step=None if step_id is None else _place(tx, numbers[step_id], size),
        checkpoint=signed(Checkpoint(name, size, tree.root(tx, size)), private),
    )
    return Signing(name, private, logged)


def _place(tx: Reader, number: int, size: int) -> Place:
    hashes = tree.proof(tx, inclusion(number - 1, size))
    return Place(number - 1, tuple(b64encode(one).decode() for one in hashes))


def digest_of(claim: Claim) -> str:
    """Return the digest by which it is known that a claim is in the log."""
    return hashlib.sha256(msgspec.json.encode(claim)).hexdigest()
