"""Handing out the evidence of an assessment as one ZIP, while it is read from where it is kept."""

import hashlib
from collections.abc import AsyncIterator, Sequence

from survey_service.conduct.access import Actor
from survey_service.operations import audit
from survey_service.operations.evidence import path
from survey_service.operations.record import Shown, gathered
from survey_service.reports.assessment import Report
from survey_service.reports.bundle import Attached, Entry, attached, index, listed, sums, zipped
from survey_service.store.database import Writer
from survey_service.store.files import Files


def hand_out(tx: Writer, actor: Actor, assessment_id: int, shown: Shown) -> Report:
    """Return what the evidence of an assessment is told by; record that the actor gets each file.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    report = gathered(tx, actor, assessment_id, shown)
    for one in report.record.evidence if report.record is not None else ():
        if one.digest is not None:
            below, after = f"evidence/{one.id}", {"digest": one.digest}
            audit.record_about(tx, actor, "evidence.download", assessment_id, below, after=after)
    return report


async def bundle(files: Files, report: Report, language: str) -> AsyncIterator[bytes]:
    """Return the evidence of an assessment as a ZIP, piece by piece."""
    evidence = report.record.evidence if report.record is not None else ()
    digests = {one.digest for one in evidence if one.digest is not None}
    lost = {digest for digest in sorted(digests) if not await files.has(path(digest))}
    return zipped(_entries(files, report, attached(evidence, lost), language))


async def _entries(
    files: Files, report: Report, found: Sequence[Attached], language: str
) -> AsyncIterator[Entry]:
    made = {"index.html": index(report, found, language), "list.csv": listed(found, language)}
    known = [(hashlib.sha256(content).hexdigest(), name) for name, content in made.items()]
    known += [(one.evidence.digest or "", one.path) for one in found if one.path]
    for name, content in (made | {"SHA256SUMS": sums(known)}).items():
        yield Entry(name, report.at, _whole(content))
    for one in found:
        pieces = await files.stream(path(one.evidence.digest or "")) if one.path else None
        if pieces is not None:
            yield Entry(one.path, one.evidence.at, pieces)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
