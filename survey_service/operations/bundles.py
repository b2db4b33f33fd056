"""Handing out the evidence of an assessment as one ZIP, while it is read from where it is kept.

It proves itself as a paper does: with the answers and the questionnaire in it, and a signed statement.
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Sequence

from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.statements import NAME, Enclosure, Statement
from survey_service.conduct.trail import Entry as Recorded
from survey_service.operations import audit
from survey_service.operations.evidence import path
from survey_service.operations.issuing import Signing, issue
from survey_service.operations.record import Shown, gathered
from survey_service.operations.sealing import Sealer
from survey_service.reports.assessment import Report
from survey_service.reports.attachments import attachments
from survey_service.reports.bundle import (
    PAGE,
    Attached,
    Entry,
    attached,
    index,
    listed,
    sums,
    whole,
    zipped,
)
from survey_service.reports.statements import NOWHERE, claim_of
from survey_service.store import issued
from survey_service.store.database import Database, Writer
from survey_service.store.files import Files

PAPER = "evidence"
"""What the statement of a bundle calls it."""


class Wanted(Struct, frozen=True):
    """The evidence of an assessment, in a language, and the step that it reports; None for none."""

    report: Report
    step: Recorded | None
    language: str


class Stated(Struct, frozen=True):
    """What is stated of a bundle, but for what it holds; and what that is signed with."""

    statement: Statement
    signing: Signing


def hand_out(tx: Writer, actor: Actor, assessment_id: int, shown: Shown, language: str) -> Wanted:
    """Return what the evidence of an assessment is told by; record that the actor gets each file.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    report = gathered(tx, actor, assessment_id, shown)
    for one in report.record.evidence if report.record is not None else ():
        if one.digest is not None:
            below, after = f"evidence/{one.id}", {"digest": one.digest}
            audit.record_about(tx, actor, "evidence.download", assessment_id, below, after=after)
    return Wanted(report, issued.newest_step(tx, assessment_id), language)


async def state(db: Database, sealer: Sealer, address: str, wanted: Wanted) -> Stated:
    """Return what a bundle states, once the log has what it claims.

    Raises:
        LogKeyError: The log's key cannot be opened with the secret that is set.
    """
    claim = await asyncio.to_thread(claim_of, wanted.report, wanted.step)
    signing = await issue(db, sealer, address, claim, wanted.step)
    said = Statement(PAPER, wanted.language, address, claim, NOWHERE, (), signing.logged)
    return Stated(said, signing)


async def bundle(files: Files, wanted: Wanted, stated: Stated) -> AsyncIterator[bytes]:
    """Return the evidence of an assessment as a ZIP, piece by piece."""
    record = wanted.report.record
    evidence = record.evidence if record is not None else ()
    digests = {one.digest for one in evidence if one.digest is not None}
    lost = {digest for digest in sorted(digests) if not await files.has(path(digest))}
    found = attached(evidence, lost)
    made, enclosed = await asyncio.to_thread(_made, wanted, found)
    said = structs.replace(stated.statement, attachments=enclosed)
    return zipped(
        _entries(files, made, found, wanted.report.at),
        lambda file: Entry(
            NAME,
            wanted.report.at,
            whole(stated.signing.sign(structs.replace(said, file=file))),
        ),
    )


def _made(
    wanted: Wanted, found: Sequence[Attached]
) -> tuple[dict[str, bytes], tuple[Enclosure, ...]]:
    """Return the files that are made for a bundle, by name, and the digests of all that is in it."""
    report, language = wanted.report, wanted.language
    made = {
        PAGE: index(report, found, language),
        "list.csv": listed(found, language),
        **{one.name: one.content for one in attachments(report, language, "report")},
    }
    known = [(hashlib.sha256(content).hexdigest(), name) for name, content in made.items()]
    known += [(one.evidence.digest or "", one.path) for one in found if one.path]
    made["SHA256SUMS"] = sums(known)
    known.append((hashlib.sha256(made["SHA256SUMS"]).hexdigest(), "SHA256SUMS"))
    return made, tuple(Enclosure(name, digest) for digest, name in known)


async def _entries(
    files: Files, made: dict[str, bytes], found: Sequence[Attached], at: dt.datetime
) -> AsyncIterator[Entry]:
    for name, content in made.items():
        yield Entry(name, at, whole(content))
    for one in found:
        pieces = await files.stream(path(one.evidence.digest or "")) if one.path else None
        if pieces is not None:
            yield Entry(one.path, one.evidence.at, pieces)
