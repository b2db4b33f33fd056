"""Making an assessment's report, once for each content; and knowing again what was handed out."""

import asyncio
import hashlib
import logging
import zoneinfo
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.statements import Claim, Enclosure, Statement
from survey_service.conduct.trail import Entry
from survey_service.errors.jobs import OtherEditionError
from survey_service.errors.papers import NoPaperError, TemplateFaultError
from survey_service.i18n import describe
from survey_service.operations import audit
from survey_service.operations.issuing import issue
from survey_service.operations.jobs import Tools, acting, enqueue
from survey_service.operations.record import Shown, gathered
from survey_service.operations.sealing import sealer_of
from survey_service.reports.assessment import Report, content
from survey_service.reports.attachments import Attachment, attachments
from survey_service.reports.edition import edition
from survey_service.reports.papers import Paper, file_name, is_there, shipped
from survey_service.reports.rendering import Renderer
from survey_service.reports.sealing import Seal
from survey_service.reports.statements import NOWHERE, claim_of, enclosures, place_for, placed
from survey_service.settings import Settings
from survey_service.store import assessments, issued, reports
from survey_service.store.database import Reader, Writer
from survey_service.store.files import Files
from survey_service.store.jobs import Claimed, Wanted
from survey_service.store.reports import HandedOut

_LOG = logging.getLogger(__name__)


class _Wanted(Struct, frozen=True):
    assessment_id: int
    language: str
    edition: str
    paper: Paper = "report"


class Asked(Struct, frozen=True):
    """A paper in a language, made of the templates in a folder, and sealed where there is a seal."""

    paper: Paper
    language: str
    templates: Path
    seal: Seal | None = None


def load(tx: Reader, actor: Actor, assessment_id: int, paper: Paper, shown: Shown) -> Report:
    """Return what a paper on an assessment is made of.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        NoPaperError: Its state allows no such paper yet.
    """
    report = gathered(tx, actor, assessment_id, shown)
    record = report.record
    if record is not None and not is_there(paper, record.state):
        raise NoPaperError(paper=paper, state=record.state)
    return report


async def kept(files: Files, report: Report, asked: Asked) -> bytes | None:
    """Return a paper as a PDF, where the same one was made before; else None."""
    return await files.get(path(report, asked))


def request(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    report: Report,
    asked: Asked,
    *,
    followed: bool = True,
) -> int:
    """Return the id of the job that makes a paper, one for all who ask for the same content.

    It is among what the actor asked for if it is `followed`; see `jobs.enqueue`.
    """
    require(actor, "read")
    wanted = _Wanted(assessment_id, asked.language, edition(asked.templates), asked.paper)
    payload = msgspec.json.encode(wanted).decode()
    about = f"assessments/{assessment_id}/report?lang={asked.language}"
    if asked.paper != "report":
        about += f"&paper={asked.paper}"
    wanted_ = Wanted("report", path(report, asked), payload, about, report.organisation)
    return enqueue(tx, actor, wanted_, followed=followed)


async def make(tools: Tools, claimed: Claimed) -> str:
    """Make a paper on an assessment as whoever asked for it sees it by now, and keep its file.

    Raises:
        NotFoundError: There is no longer such an assessment for them.
        OtherEditionError: Another version of the program asked, which would not find what this makes.
        RenderingError: It took too long, or too much memory.
    """
    wanted = msgspec.json.decode(claimed.payload, type=_Wanted)
    asked = asked_for(tools.settings, wanted.paper, wanted.language)
    if await asyncio.to_thread(edition, asked.templates) != wanted.edition:
        raise OtherEditionError
    shown = shown_by(tools.settings)
    report, step = await tools.db.read(
        _reporting, claimed, wanted.assessment_id, asked.paper, shown
    )
    place = path(report, asked)
    if not await tools.files.has(place):
        await tools.files.put(place, await _signed(tools, report, step, asked))
    return ""


async def _signed(tools: Tools, report: Report, step: Entry | None, asked: Asked) -> bytes:
    """Return a paper with the statement on it, once the log has what it claims."""
    settings, seal = tools.settings, asked.seal
    claim, enclosed = await asyncio.to_thread(_claimed, report, step, asked)
    signing = await issue(tools.db, sealer_of(settings), settings.address, claim, step)
    said = Statement(
        paper=asked.paper,
        language=asked.language,
        address=settings.address,
        claim=claim,
        file=NOWHERE,
        attachments=enclosed,
        log=signing.logged,
        seal=None if seal is None else await tools.renderer.certificate(seal),
    )
    room = place_for(signing.sign(said), asked.language)
    content = await rendered(tools.renderer, report, asked, (room,))
    whole = await asyncio.to_thread(
        placed, content, lambda file: signing.sign(structs.replace(said, file=file))
    )
    return whole if seal is None else await tools.renderer.sealed(whole, seal, asked.language)


def _claimed(
    report: Report, step: Entry | None, asked: Asked
) -> tuple[Claim, tuple[Enclosure, ...]]:
    return claim_of(report, step), enclosures(attachments(report, asked.language, asked.paper))


async def rendered(
    renderer: Renderer, report: Report, asked: Asked, further: Sequence[Attachment] = ()
) -> bytes:
    """Return a paper; where a template of others fails, as the shipped ones make it."""
    wanted = report, asked.language
    try:
        return await renderer.paper(*wanted, asked.templates, asked.paper, further)
    except TemplateFaultError as fault:
        _LOG.warning("the shipped template is used: %s", describe(fault, "en"))
        return await renderer.paper(*wanted, shipped(), asked.paper, further)


def asked_for(settings: Settings, paper: Paper, language: str) -> Asked:
    """Return a paper in a language as the settings have it made."""
    seal = Seal(settings.seal, settings.seal_password, settings.seal_authority)
    return Asked(paper, language, settings.report_templates, seal if settings.seal else None)


def shown_by(settings: Settings) -> Shown:
    """Return how papers show what they tell, as the settings say."""
    zone = zoneinfo.ZoneInfo(settings.time_zone)
    return Shown(zone, settings.address, codes=settings.has_codes, fewest=settings.smallest_group)


def name(report: Report, asked: Asked) -> str:
    """Return what the file of a paper is called: after the agency, what was asked, and the cycle."""
    return f"{_named(report, asked.language, asked.paper)}.pdf"


def bundle_name(report: Report, language: str) -> str:
    """Return what the bundle of an assessment's evidence is called."""
    return f"{_named(report, language, 'evidence')}.zip"


def _named(report: Report, language: str, what: str) -> str:
    cycle = report.record.cycle if report.record is not None else ""
    reference = report.questionnaire.reference
    return file_name(report.organisation, reference, cycle, language, what)


def load_for(
    tx: Reader, claimed: Claimed, assessment_id: int, paper: Paper, shown: Shown
) -> Report:
    """Return what a paper is made of, as whoever asked for a job sees it; see `load`."""
    return load(tx, acting(tx, claimed), assessment_id, paper, shown)


def _reporting(
    tx: Reader, claimed: Claimed, assessment_id: int, paper: Paper, shown: Shown
) -> tuple[Report, Entry | None]:
    """Return what `load_for` does, and the entry of the step that it reports."""
    report = load_for(tx, claimed, assessment_id, paper, shown)
    return report, issued.newest_step(tx, assessment_id)


def path(report: Report, asked: Asked) -> str:
    """Return where a paper is kept, by the digest of all that it is made of."""
    seal = None if asked.seal is None else (asked.seal.source, asked.seal.authority)
    made = (edition(asked.templates), asked.language, asked.paper, content(report), seal)
    return f"reports/{hashlib.sha256(msgspec.json.encode(made)).hexdigest()}.pdf"


class Content(Struct, frozen=True):
    """The content of a file, and its SHA-256, which no writer has to wait for."""

    content: bytes
    digest: str


def digested(content: bytes) -> Content:
    """Return a content with its digest."""
    return Content(content, hashlib.sha256(content).hexdigest())


def hand_out(tx: Writer, actor: Actor, assessment_id: int, language: str, content: Content) -> None:
    """Record that the actor gets a report, and by its digest what it was.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    found = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=found.organisation.id)
    digest, size, now = content.digest, len(content.content), clock.now()
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
