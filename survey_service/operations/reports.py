"""Making an assessment's report, once for each content; and knowing again what was handed out."""

import asyncio
import datetime as dt
import hashlib
import zoneinfo
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment, Response, reasoned
from survey_service.conduct.life import STAGES
from survey_service.job_errors import OtherEditionError
from survey_service.maturity.scoring import Cards
from survey_service.operations import audit
from survey_service.operations.assessments import Sheet, view
from survey_service.operations.jobs import Tools, acting, enqueue
from survey_service.reports.assessment import Report
from survey_service.reports.edition import edition
from survey_service.store import assessments, reports
from survey_service.store.database import Reader, Writer
from survey_service.store.files import Files
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.reports import HandedOut


class _Wanted(Struct, frozen=True):
    assessment_id: int
    language: str
    edition: str


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
        reasoned=_reasoned(sheet),
        at=(handed_in or max(moments, default=sheet.assessment.opened_at)).astimezone(zone),
    )


def _reasoned(sheet: Sheet) -> dict[str, list[Response]]:
    """Return what the stages that count said of answers, where a later one said anything."""
    counting = STAGES[: STAGES.index(sheet.stage) + 1]
    found = {}
    for code in sheet.responses:
        given = {
            one: sheet.readable[one][code]
            for one in counting
            if code in sheet.readable.get(one, {})
        }
        if len(scores := reasoned(given)) > 1:
            found[code] = scores
    return found


async def kept(files: Files, report: Report, language: str, templates: Path) -> bytes | None:
    """Return the report as a PDF, where the same one was made before; else None."""
    return await files.get(_path(report, language, templates))


def request(
    tx: Writer, actor: Actor, assessment_id: int, report: Report, language: str, templates: Path
) -> int:
    """Return the id of the job that makes a report, one for all who ask for the same content."""
    require(actor, "read")
    wanted = _Wanted(assessment_id, language, edition(templates))
    payload = msgspec.json.encode(wanted).decode()
    about = f"assessments/{assessment_id}/report?lang={language}"
    key = _path(report, language, templates)
    return enqueue(tx, actor, Wanted("report", key, payload, about, report.organisation))


async def make(tools: Tools, claimed: Claimed) -> str:
    """Make the report of an assessment as whoever asked for it sees it by now, and keep its file.

    Raises:
        NotFoundError: There is no longer such an assessment for them.
        OtherEditionError: Another version of the program asked, which would not find what this makes.
        RenderingError: It took too long, or too much memory.
    """
    wanted, templates = (
        msgspec.json.decode(claimed.payload, type=_Wanted),
        tools.settings.report_templates,
    )
    if await asyncio.to_thread(edition, templates) != wanted.edition:
        raise OtherEditionError
    sheet = await tools.db.read(_sheet, claimed, wanted.assessment_id)
    report = report_of(sheet, zoneinfo.ZoneInfo(tools.settings.time_zone))
    path = _path(report, wanted.language, templates)
    if not await tools.files.has(path):
        content = await tools.renderer.report(report, wanted.language, templates)
        await tools.files.put(path, content)
    return ""


def _sheet(tx: Reader, claimed: Claimed, assessment_id: int) -> Sheet:
    return view(tx, acting(tx, claimed), assessment_id)


def _path(report: Report, language: str, templates: Path) -> str:
    """Return where a report is kept, by the digest of all that it is made of.

    The questionnaire's own digest stands for it.
    """
    said = {**structs.asdict(report), "questionnaire": None}
    made = msgspec.json.encode((edition(templates), language, said), order="deterministic")
    return f"reports/{hashlib.sha256(made).hexdigest()}.pdf"


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
