"""What a report's statement says, held against the file around it, the log, and a head that was kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from survey_service.conduct.checkpoints import Checkpoint, PublicKey, opened
from survey_service.conduct.merkle import is_consistent
from survey_service.conduct.statements import (
    Bytes,
    Claim,
    Signed,
    Statement,
    is_in_log,
    is_recorded,
)
from survey_service.conduct.verdicts import Finding
from survey_service.errors.installation import (
    ForeignCheckpointError,
    InvalidCheckpointError,
    UnsignedCheckpointError,
)


class Held(Struct, frozen=True):
    """What lies in a file that is said to be a report.

    `covered` are the bytes that the statement is of as they are found, and `extent` how many there are
    with what stands behind them. `sealed` is whether that is a
    seal over all of it. `enclosed` are the digests of the other files inside, by name, and `cover` the
    words of its first page; both are None where the file can be read no further.
    """

    covered: Bytes
    extent: int
    sealed: bool
    enclosed: Mapping[str, Sequence[str]] | None
    cover: str | None


class Recomputed(Struct, frozen=True):
    """What the enclosed answers are worth, and how a first page in the report's language shows it."""

    index: Fraction | None
    grade: str | None
    shown: str


class Grown(Struct, frozen=True):
    """That a log only grew between two sizes: the hashes of a consistency proof, decoded."""

    old: int
    size: int
    hashes: tuple[bytes, ...]


def check_signature(signed: Signed, key: PublicKey | None) -> Finding:
    """Return whose the statement is; `key` is the one that is known, None for none."""
    found = signed.key
    told: dict[str, str | int] = {"name": found.name, "key": found.id.hex()}
    if key is None:
        return Finding("statement", "open", "key_unknown", told)
    if key != found:
        return Finding(
            "statement", "fails", "other_key", {**told, "expected": f"{key.name}+{key.id.hex()}"}
        )
    return Finding("statement", "holds", "signed", told)


def check_bytes(statement: Statement, held: Held) -> Iterator[Finding]:
    """Yield whether the file is, to the last byte, the one that the statement is of."""
    size, extent = statement.file.size, held.extent
    if held.covered != statement.file:
        of_another = held.cover is not None and statement.claim.code not in held.cover.replace(
            " ", ""
        )
        told: dict[str, str | int] = {"code": statement.claim.code, "size": size, "extent": extent}
        reason = "replayed" if of_another else "cut_off" if extent < size else "changed"
        yield Finding("statement", "fails", reason, told)
    elif extent > size and not held.sealed:
        yield Finding("statement", "fails", "appended", {"count": extent - size})
    elif extent == size and statement.seal is not None:
        yield Finding("statement", "fails", "seal_missing")
    else:
        yield Finding("statement", "holds", "unchanged")


def check_attachments(statement: Statement, held: Held) -> Iterator[Finding]:
    """Yield whether what is enclosed is what the statement names."""
    if held.enclosed is None:
        yield Finding("attachments", "fails", "unreadable")
        return
    named = {one.name: one.sha256 for one in statement.attachments}
    for name in sorted({*named, *held.enclosed}):
        found = held.enclosed.get(name, ())
        if name not in named:
            yield Finding("attachments", "fails", "attachment_added", {"name": name})
        elif not found:
            yield Finding("attachments", "fails", "attachment_missing", {"name": name})
        elif list(found) != [named[name]]:
            yield Finding("attachments", "fails", "attachment_changed", {"name": name})
        else:
            yield Finding("attachments", "holds", "attachment_unchanged", {"name": name})
    if not named and not held.enclosed:
        yield Finding("attachments", "open", "nothing_enclosed")


def check_index(claim: Claim, found: Recomputed) -> Finding:
    """Return whether the enclosed answers give what the statement says."""
    index = None if found.index is None else f"{found.index.numerator}/{found.index.denominator}"
    told: dict[str, str | int] = {
        "index": index or "-",
        "said": claim.index or "-",
        "shown": found.shown,
    }
    if index != claim.index:
        return Finding("index", "fails", "other_index", told)
    if found.grade != claim.grade:
        told = {"found": found.grade or "-", "said": claim.grade or "-"}
        return Finding("index", "fails", "other_grade", told)
    return Finding("index", "holds", "recomputed", told)


def check_cover(cover: str, shown: str) -> Finding:
    """Return whether a first page shows an index as a number of its own."""
    whole = re.compile(rf"(?<![\d.,]){re.escape(shown)}(?![\d]|[.,]\d)")
    if whole.search(cover):
        return Finding("index", "holds", "shown", {"shown": shown})
    return Finding("index", "fails", "not_shown", {"shown": shown})


def check_log(statement: Statement, key: PublicKey) -> tuple[Finding, Checkpoint | None]:
    """Return whether claim and step are in the log under the statement's own head, and that head."""
    try:
        head = opened(statement.log.checkpoint, key)
    except ForeignCheckpointError as error:
        return Finding("log", "fails", "other_log", {"origin": str(error.details["origin"])}), None
    except (InvalidCheckpointError, UnsignedCheckpointError):
        return Finding("log", "fails", "head_unsigned"), None
    told: dict[str, str | int] = {
        "origin": head.origin,
        "number": statement.log.claim.index + 1,
        "size": head.size,
    }
    if not is_recorded(statement):
        return Finding("log", "fails", "other_claim", told), None
    if not is_in_log(statement, head):
        return Finding("log", "fails", "not_in_log", told), None
    reported = statement.claim.reported
    if reported is None or statement.log.step is None:
        return Finding("log", "holds", "in_log", told), head
    told |= {
        "step": reported.step,
        "at": reported.at.isoformat(),
        "entry": statement.log.step.index + 1,
    }
    return Finding("log", "holds", "step_in_log", told), head


def check_kept(head: Checkpoint, key: PublicKey, note: str, grown: Grown | None) -> Finding:
    """Return whether a head is of the same log as one that somebody kept.

    Args:
        head: The one in the statement.
        key: The log's.
        note: The one that was kept.
        grown: The proof between the two; None where it is not at hand.
    """
    try:
        kept = opened(note, key)
    except ForeignCheckpointError as error:
        return Finding("log", "fails", "kept_foreign", {"origin": str(error.details["origin"])})
    except (InvalidCheckpointError, UnsignedCheckpointError):
        return Finding("log", "fails", "kept_unsigned")
    old, new = sorted((kept, head), key=lambda one: one.size)
    told: dict[str, str | int] = {"size": kept.size, "old": old.size, "new": new.size}
    if old.size in {0, new.size}:
        same = old.size == 0 or kept.root == head.root
        return Finding(
            "log", "holds" if same else "fails", "consistent" if same else "forked", told
        )
    if grown is None or (grown.old, grown.size) != (old.size, new.size):
        return Finding("log", "open", "growth_missing", told)
    if is_consistent(old.size, new.size, (old.root, new.root), grown.hashes):
        return Finding("log", "holds", "consistent", told)
    return Finding("log", "fails", "forked", told)
