"""Proofs of the log, as they are handed out to whoever checks them elsewhere."""

from base64 import b64encode

from msgspec import Struct


class Proof(Struct, frozen=True):
    """That an entry is in the log: what it says, and what leads from there to a signed head.

    `leaf` is the entry's JSON to the letter, `index` its number less one, `hashes` lead up from it in
    base64, and `checkpoint` is the signed note of the head, of this `size`.
    """

    number: int
    leaf: str
    index: int
    size: int
    hashes: list[str]
    checkpoint: str

    @property
    def text(self) -> str:
        """The proof in the format C2SP tlog-proof, with the leaf as its extra data."""
        extra = b64encode(self.leaf.encode()).decode()
        lines = ["c2sp.org/tlog-proof@v1", f"extra {extra}", f"index {self.index}", *self.hashes]
        return "\n".join([*lines, "", self.checkpoint])


class Growth(Struct, frozen=True):
    """That the log at size `size`, signed, begins with what it was at size `old`: hashes in base64."""

    old: int
    size: int
    hashes: list[str]
    checkpoint: str
