"""Making an assessment's report, once for each content; and knowing again what was handed out."""

import datetime as dt
import hashlib
from pathlib import Path

import msgspec
from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.maturity.scoring import Cards
from survey_service.operations import audit
from survey_service.operations.assessments import Sheet
from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.edition import edition
from survey_service.reports.rendering import Renderer
from survey_service.store import assessments, reports
from survey_service.store.database import Reader, Writer
from survey_service.store.files import Files
from survey_service.store.reports import HandedOut


def report_of(sheet: Sheet, zone: dt.tzinfo) -> Report:
    """Return what the report of an assessment is made of, as of its last change, seen in `zone`."""
    moments = [response.saved_at for response in sheet.responses.values()]
    handed_in = sheet.assessment.submitted_at
    return Report(
        questionnaire=sheet.questionnaire,
        digest=sheet.assessment.digest,
        organisation=sheet.assessment.organisation.name,
        profile=sheet.profile,
        answers=sheet.answers,
        notes={code: response.note for code, response in sheet.responses.items()},
        cards=Cards(sheet.running, sheet.official),
        at=(handed_in or max(moments, default=sheet.assessment.opened_at)).astimezone(zone),
    )


async def pdf(
    files: Files, renderer: Renderer, report: Report, language: str, templates: Path
) -> bytes:
    """Return the report as a PDF, from the files where the same one was made before."""
    name = f"reports/{_identity(report, language, templates)}.pdf"
    content = await files.get(name)
    if content is None:
        content = await renderer.pdf(assessment.page(report, language, templates))
        await files.put(name, content)
    return content


def _identity(report: Report, language: str, templates: Path) -> str:
    """Return the digest of all that a report is made of; the questionnaire's stands for it."""
    said = {**structs.asdict(report), "questionnaire": None}
    made = msgspec.json.encode((edition(templates), language, said), order="deterministic")
    return hashlib.sha256(made).hexdigest()


def hand_out(tx: Writer, actor: Actor, assessment_id: int, language: str, content: bytes) -> None:
    """Record that the actor gets a report, and by its digest what it was.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    found = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=found.organisation.id)
    digest = hashlib.sha256(content).hexdigest()
    size, now = len(content), clock.now()
    made = HandedOut(digest, assessment_id, language, found.state, size, actor.name, now)
    reports.keep(tx, made)
    after = {"language": language, "digest": digest}
    audit.record_about(tx, actor, "report.download", assessment_id, "report", after=after)


def known(tx: Reader, actor: Actor, digest: str) -> list[tuple[HandedOut, Assessment]]:
    """Return what this service handed out under a digest, as far as the actor may see it.

    Each comes with its assessment as it is now.
    """
    require(actor, "read")
    return [
        (one, assessments.fetch(tx, one.assessment_id, visible_to=actor))
        for one in reports.handed_out(tx, actor, digest)
    ]
