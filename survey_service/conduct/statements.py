"""What a report states of itself, signed, so that anybody can check it with nothing but the file.

A claim is what stands on a report's cover, with the digest of the answers behind it and the step that
it reports. It is recorded in the log when the report is first made, under its code: whoever signs two
different ones has both in the log. A statement binds a file to a claim:

    claim  ── is word for word the entry `log.leaf`, which is in the log under `log.checkpoint`
      │ names the leaf of its step, which is in the same log before it (`log.step`)
    statement ── `file`: the bytes, but for the place where the statement itself lies
                 `attachments`: what is enclosed, by digest

The log is taken as it was right after the claim's entry, so that the same report gives the same
statement to the last byte. It is signed as a JWS (RFC 7515, flattened JSON; Ed25519 as in RFC 9864) by
the key that signs the log's heads. `kid` is that key as it is handed out, which says nothing about
whose it is.
"""

import datetime as dt
import hashlib
from base64 import b64decode, urlsafe_b64decode
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Struct

from survey_service.conduct.checkpoints import Checkpoint, PublicKey, key_in, public_key
from survey_service.conduct.life import Stage, State
from survey_service.conduct.merkle import Inclusion, leaf_hash, root_from
from survey_service.conduct.trail import Entry
from survey_service.maturity.texts import Text

ACTION = "report.issue"
"""What the log calls that a claim is made."""

NAME = "statement.json"
"""What a statement is called among what its file encloses."""

OPENING = b'{"payload":"'
"""How every statement begins, and nothing else in a report."""

_ALGORITHM: Literal["Ed25519"] = "Ed25519"
_TYPE: Literal["survey-report+jws"] = "survey-report+jws"
_LONGEST = 400_000  # letters of a signed statement: ours have some thousands


class Reported(Struct, frozen=True, forbid_unknown_fields=True):
    """The step whose result a report tells: what was done, when, and the hash of its leaf in hex."""

    step: str
    at: dt.datetime
    leaf: str


class Released(Struct, frozen=True, forbid_unknown_fields=True):
    """Which release of a cycle it is, of how many organisations, and whether it names them.

    The `number` is 0 of one that was written and that nobody published.
    """

    number: int
    organisations: int
    named: bool


class Claim(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a report says on its cover, and what that rests on.

    `index` is an exact fraction as `393/100`, shown with `digits` decimals, and `grade` a code; None
    where there is none. `answers`
    and `questionnaire_sha256` are digests of what is enclosed; `at` is the moment that the answers
    stand for, and `reported` None where no step is on record. Of a `released` cycle `assessment` is 0,
    `organisation` the one that publishes, `index` the mean and `answers` the digest of the list of
    digests in the release; claims on reports are without it, to the letter as before there were any.
    """

    code: str
    assessment: int
    organisation: str
    questionnaire: str
    name: Text
    cycle: str
    state: State
    stage: Stage
    at: dt.datetime
    index: str | None
    digits: int
    grade: str | None
    graded: Text | None
    answers: str
    questionnaire_sha256: str
    reported: Reported | None
    released: Released | None = None


class Bytes(Struct, frozen=True, forbid_unknown_fields=True):
    """A file by the digest of its bytes, with those left out where the statement lies.

    `sha256` is that of the `size` bytes without those from `start` to `end`.
    """

    sha256: str
    size: int
    start: int
    end: int


class Enclosure(Struct, frozen=True, forbid_unknown_fields=True):
    """A file inside a report, by its digest."""

    name: str
    sha256: str


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a leaf is in the log: its index from 0, and the hashes that lead to the root, in base64."""

    index: int
    hashes: tuple[str, ...]


class Logged(Struct, frozen=True, forbid_unknown_fields=True):
    """That a claim is in the log: the entry to the letter, its place, that of the step, and the head."""

    leaf: str
    claim: Place
    step: Place | None
    checkpoint: str


class Statement(Struct, frozen=True, forbid_unknown_fields=True):
    """What is signed of one file: which paper it is, in which language, what it claims and holds.

    `address` is where the service is found that signs, and `seal` the digest of the certificate with which
    the file is sealed as well; None where it is not.
    """

    paper: str
    language: str
    address: str
    claim: Claim
    file: Bytes
    attachments: tuple[Enclosure, ...]
    log: Logged
    seal: str | None = None
    format: Literal[1] = 1


def bytes_of(content: bytes, start: int, end: int) -> Bytes:
    """Return a file by its digest, without the bytes from `start` to `end`."""
    digest = hashlib.sha256(content[:start])
    digest.update(content[end:])
    return Bytes(digest.hexdigest(), len(content), start, end)


class Signed(Struct, frozen=True):
    """A statement, and the key that signed it."""

    statement: Statement
    key: PublicKey


class _Flattened(Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    protected: str
    signature: str


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    alg: Literal["Ed25519"]
    kid: str
    typ: Literal["survey-report+jws"]


class _Key(Struct, frozen=True):
    kid: str
    x: str


class _Keys(Struct, frozen=True):
    keys: tuple[_Key, ...]


def sign(statement: Statement, name: str, private: bytes) -> bytes:
    """Return a statement as a JWS, signed with the key of the log that is called `name`."""
    header = _Header(_ALGORITHM, public_key(name, private).line, _TYPE)
    key = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(private))
    payload = msgspec.json.encode(statement, order="deterministic")
    made = jws.serialize_json(
        {"protected": msgspec.to_builtins(header)}, payload, key, [_ALGORITHM]
    )
    return msgspec.json.encode(msgspec.convert(made, _Flattened))


def read(content: bytes) -> Signed | None:
    """Return the statement in a JWS, and whose key signed it; None where it is not what was signed.

    White space behind it is passed over. Whoever reads it holds the key against one that they know.
    """
    try:
        kept = msgspec.json.decode(content, type=_Flattened)
        if len(content) > _LONGEST or msgspec.json.encode(kept) != content.rstrip(b" "):
            return None
        key = _named(kept)
        payload = jws.deserialize_json(
            msgspec.to_builtins(kept), _imported(key), [_ALGORITHM]
        ).payload
        return Signed(msgspec.json.decode(payload, type=Statement), key)
    except (msgspec.MsgspecError, ValueError, RecursionError, JoseError):
        return None


def _named(kept: _Flattened) -> PublicKey:
    """Return the key that a JWS names as its own."""
    header = urlsafe_b64decode(kept.protected + "=" * (-len(kept.protected) % 4))
    key = key_in(msgspec.json.decode(header, type=_Header).kid)
    if key is None:
        raise ValueError(kept.protected)
    return key


def _imported(key: PublicKey) -> OKPKey:
    return OKPKey.import_key(Ed25519PublicKey.from_public_bytes(key.key))


def key_set(key: PublicKey) -> bytes:
    """Return a public key as a JSON Web Key Set, as programs ask for it."""
    own = {**_imported(key).as_dict(private=False), "use": "sig", "kid": key.line}
    return msgspec.json.encode({"keys": [own]})


def key_from(content: bytes) -> PublicKey | None:
    """Return the key that a file hands out, as a line or as the only one of a key set; else None."""
    try:
        text = content.decode().strip()
        if not text.startswith("{"):
            return key_in(text)
        (found,) = msgspec.json.decode(text, type=_Keys).keys
        key = key_in(found.kid)
        return key if key is not None and _imported(key).as_dict()["x"] == found.x else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def is_recorded(statement: Statement) -> bool:
    """Whether the entry of the log that a statement shows says word for word what it claims."""
    try:
        entry = msgspec.json.decode(statement.log.leaf, type=Entry)
        claim = msgspec.json.decode(entry.after or "", type=Claim)
    except msgspec.MsgspecError:
        return False
    return entry.action == ACTION and claim == statement.claim


def is_in_log(statement: Statement, head: Checkpoint) -> bool:
    """Whether the claim, and the step that it reports, are in the log under a head."""
    logged, reported = statement.log, statement.claim.reported
    if _root(leaf_hash(logged.leaf.encode()), logged.claim, head) != head.root:
        return False
    if reported is None or logged.step is None:
        return reported is None and logged.step is None
    try:
        leaf = bytes.fromhex(reported.leaf)
    except ValueError:
        return False
    return _root(leaf, logged.step, head) == head.root


def _root(leaf: bytes, place: Place, head: Checkpoint) -> bytes | None:
    try:
        hashes = tuple(b64decode(one, validate=True) for one in place.hashes)
    except ValueError:
        return None
    return root_from(leaf, Inclusion(place.index, head.size, hashes))
