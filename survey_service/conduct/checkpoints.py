"""Checkpoints: the head of the log as a signed note, which anybody can keep and hold against it.

    survey.example.go.id/audit/5f0c12ab      the origin: which log it is
    20852163                                 its size
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2…        its root

    — survey.example.go.id/audit/5f0c12ab Az3grlgtzPICa5OS8npVmf1Myq/5IZni…

Others may sign below; their lines are passed over. The public half of the key is one line as well:
name, key id and key, with a `+` between them.

Source: C2SP signed-note and tlog-checkpoint, version 1.
"""

import hashlib
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from survey_service.errors.installation import (
    ForeignCheckpointError,
    InvalidCheckpointError,
    UnsignedCheckpointError,
)

_ED25519 = b"\x01"
_ID = 4  # bytes of a key's id
_DASH = "— "
_HASH = 32  # bytes
_LONGEST = 100_000  # letters: a note of sixteen witnesses has less


class Checkpoint(Struct, frozen=True):
    """The head of a log: which log, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


class PublicKey(Struct, frozen=True):
    """The half of a key that everybody may have; `name` is the origin that it signs for."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """What tells the key's signatures from those of others of its name."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:_ID]

    @property
    def line(self) -> str:
        """The key as it is handed out."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.key).decode()}"


def new_key() -> bytes:
    """Return a new private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(name: str, private: bytes) -> PublicKey:
    """Return the public half of a private key."""
    key = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return PublicKey(name, key)


def key_in(line: str) -> PublicKey | None:
    """Return the key that a line hands out; None where it is no such line."""
    name, _, rest = line.partition("+")
    key = _decoded(rest.partition("+")[2]) or b""
    found = PublicKey(name, key[1:])
    return found if found.line == line else None


def signed(checkpoint: Checkpoint, private: bytes) -> str:
    """Return a checkpoint as a note with our signature."""
    ours = public_key(checkpoint.origin, private)
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(checkpoint.text.encode())
    line = b64encode(ours.id + signature).decode()
    return f"{checkpoint.text}\n{_DASH}{checkpoint.origin} {line}\n"


def opened(note: str, key: PublicKey, file: str = "-") -> Checkpoint:
    """Return the checkpoint in a note that a key has signed; `file` names the note in errors.

    Raises:
        InvalidCheckpointError: It is no note with a checkpoint.
        ForeignCheckpointError: It is of another log.
        UnsignedCheckpointError: The key's signature is missing or broken.
    """
    text, blank, signatures = note.rpartition("\n\n")
    found = _read(f"{text}\n") if blank and len(note) <= _LONGEST else None
    if found is None:
        raise InvalidCheckpointError(file=file)
    if found.origin != key.name:
        raise ForeignCheckpointError(file=file, origin=found.origin, expected=key.name)
    if not _has_signed(key, f"{text}\n", signatures):
        raise UnsignedCheckpointError(file=file, origin=found.origin)
    return found


def _read(text: str) -> Checkpoint | None:
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or not lines[1].isascii():  # noqa: PLR2004 - and the end
        return None
    root = _decoded(lines[2])
    number = lines[1].isdecimal() and str(int(lines[1][:18])) == lines[1]
    if not number or root is None or len(root) != _HASH:
        return None
    return Checkpoint(lines[0], int(lines[1]), root)


def _has_signed(key: PublicKey, text: str, signatures: str) -> bool:
    for line in signatures.split("\n"):
        name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
        signature = _decoded(encoded) or b""
        if line.startswith(_DASH) and name == key.name and signature[:_ID] == key.id:
            return _is_genuine(key, text, signature[_ID:])
    return False


def _is_genuine(key: PublicKey, text: str, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _decoded(encoded: str) -> bytes | None:
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return None
